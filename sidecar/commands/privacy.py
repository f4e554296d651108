"""`recado privacy`: what is held under a number, told or taken out."""

import click

from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.keeping.privacy import NotANumber, read_number

_of_one_shop = click.option("--shop", "shop_name", default=None, metavar="SHOP", help="Only what this shop holds.")


@click.group()
def privacy() -> None:
    """What is held under a number: to be shown to its owner, or erased."""


@privacy.command()
@click.argument("number")
@_of_one_shop
@json_option
@pass_cli
def export(cli: Cli, number: str, shop_name: str | None, as_json: bool) -> None:
    """Tell everything held under a number; as JSON to hand it over."""
    shop = cli.shop(shop_name) if shop_name else None
    found = cli.recado.privacy.export(_number(number, shop), shop)
    if not as_json:
        found = {name: len(rows) if isinstance(rows, list) else rows for name, rows in found.items()}
    show(as_json, found)


@privacy.command()
@click.argument("number")
@_of_one_shop
@json_option
@pass_cli
def erase(cli: Cli, number: str, shop_name: str | None, as_json: bool) -> None:
    """Take a number, and all texts to and from it, out of everything; an opt-out still holds."""
    shop = cli.shop(shop_name) if shop_name else None
    show(as_json, cli.recado.privacy.erase(_number(number, shop), shop))


def _number(written: str, shop: Shop | None) -> str:
    try:
        return read_number(written, shop.settings.country if shop else "")
    except NotANumber:
        raise Refused("bad_number", "This is no phone number: write it as +5511912345678.") from None
