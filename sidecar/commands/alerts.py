"""`recado alerts`: who waits for which product."""

from typing import Any

import click

from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.stock import AlertState
from sidecar.ledger import alerts as ledger
from sidecar.ledger.alerts import ProductLine
from sidecar.policy.modes import alerts_pause

COLUMNS = ["product", "variation", "name", "stock", "waiting", "texting", "texted", "ended"]


@click.command()
@click.argument("shop_name", metavar="SHOP")
@click.option("--product", default="", metavar="ID", help="Only this product and its variations.")
@json_option
@pass_cli
def alerts(cli: Cli, shop_name: str, product: str, as_json: bool) -> None:
    """Count who waits to be told that a product is back, by product, where most wait first."""
    shop = cli.shop(shop_name)
    with cli.recado.database.read() as connection:
        rows = [_row(line) for line in ledger.by_product(connection, shop.id, product)]
    show(as_json, rows, COLUMNS, "Nobody has asked for an alert yet.")
    if pause := alerts_pause(shop.settings.mode, shop.settings.stock_managed, shop.settings.alerts_enabled):
        click.echo(f"Note: {pause}", err=True)


def _row(line: ProductLine) -> dict[str, Any]:
    return {
        "product": line.product_id,
        "variation": line.variation_id,
        "name": line.name,
        "stock": _stock(line),
        **{str(state): line.counts.get(state, 0) for state in AlertState},
        "next_wave_at": line.next_wave_at.isoformat() if line.next_wave_at else None,
    }


def _stock(line: ProductLine) -> str:
    if not line.saleable:
        return "sold out"
    return "for sale" if line.quantity is None else str(line.quantity)
