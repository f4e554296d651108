"""`recado codes`: how one-time codes fare, and where they are stopped."""

from typing import Any

import click

from sidecar.codes import CodeRefused
from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.refused import Refused


@click.group()
def codes() -> None:
    """How shoppers' one-time codes fare, and where they are stopped."""


@codes.command("show")
@click.argument("shop_name", metavar="SHOP")
@json_option
@pass_cli
def show_codes(cli: Cli, shop_name: str, as_json: bool) -> None:
    """How many went out in the last hour, and to which numbers they are stopped because few come back."""
    found = cli.recado.codes.overview(cli.shop(shop_name))
    stopped: list[dict[str, Any]] = [
        {"prefix": prefix, "sent": sample.sent, "confirmed": sample.confirmed}
        for prefix, sample in found.stopped.items()
    ]
    if as_json:
        show(True, {"sent_in_the_last_hour": found.sent, "limit_per_hour": found.limit, "stopped": stopped})
        return
    click.echo(f"{found.sent} sent in the last hour, of {found.limit} at most.")
    show(False, stopped, ["prefix", "sent", "confirmed"], "They are stopped nowhere.")


@codes.command()
@click.argument("shop_name", metavar="SHOP")
@click.argument("prefix")
@pass_cli
def lift(cli: Cli, shop_name: str, prefix: str) -> None:
    """Send codes to numbers that begin with PREFIX again. Should few come back again, they are stopped again."""
    shop = cli.shop(shop_name)
    try:
        cli.recado.codes.lift(shop, f"+{prefix.removeprefix('+')}")
    except CodeRefused:
        raise Refused("not_stopped", f"Codes to {prefix} are not stopped: see `recado codes show`.") from None
    click.echo(f"Codes to +{prefix.removeprefix('+')}… go out again.")
