"""`recado consent`: what people agreed to."""

from typing import Any

import click

from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.consent.agreeing import Agreement
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.phone import mask

COLUMNS = ["at", "purpose", "standing", "source", "wording", "evidence"]
ALL = "all"


@click.group()
def consent() -> None:
    """What people agreed to, and what they refused."""


@consent.command(name="list")
@click.argument("shop_name", metavar="SHOP")
@click.option("--number", required=True, help="As you would type it.")
@json_option
@pass_cli
def list_(cli: Cli, shop_name: str, number: str, as_json: bool) -> None:
    """Show what stands for a number at a shop, and every change of mind."""
    shop = cli.shop(shop_name)
    register = cli.recado.agreements.of(shop, number)
    told = (*COLUMNS[1:], "locale", "ip")
    rows = [{"at": row.at.isoformat(), **{name: getattr(row, name) for name in told}} for row in register.history]
    standings = {str(purpose): str(standing) for purpose, standing in register.standings.items()}
    if as_json:
        show(True, {"number": mask(register.number.e164), "standings": standings, "history": rows})
        return
    show(False, {"number": mask(register.number.e164), **standings})
    show(False, rows, COLUMNS, "This number has said nothing to this shop.")


@consent.command(name="set")
@click.argument("shop_name", metavar="SHOP")
@click.option("--number", required=True, help="As you would type it.")
@click.option("--purpose", required=True, type=click.Choice([*map(str, Purpose), ALL]))
@click.option("--standing", required=True, type=click.Choice(["in", "out"]))
@click.option("--wording", default="", help="What the person was shown or said; a yes needs it.")
@json_option
@pass_cli
def set_(cli: Cli, shop_name: str, number: str, purpose: str, standing: str, wording: str, as_json: bool) -> None:
    """Record what a person told you: a yes or a no."""
    shop = cli.shop(shop_name)
    purposes = list(Purpose) if purpose == ALL else [Purpose(purpose)]
    stands: dict[str, Any] = {}
    for each in purposes:
        told = Agreement(number, "", each, Standing(standing), "operator", wording)
        stands[str(each)] = str(cli.recado.agreements.say(shop, told))
    show(as_json, stands)
