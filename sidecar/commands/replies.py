"""`recado replies`: what customers wrote."""

from typing import Any

import click

from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.phone import mask
from sidecar.domain.refused import Refused
from sidecar.ledger.conversations import incoming, list_replies
from sidecar.storage.replies import NOBODY
from sidecar.storage.types import AnyRow

COLUMNS = ["at", "number", "order_id", "meaning", "text", "read", "id"]


@click.command()
@click.argument("shop_name", metavar="SHOP", required=False)
@click.option("--unread", is_flag=True, help="Only what waits for the owner.")
@click.option("--of-nobody", is_flag=True, help="What belongs to no shop: by whom it is cannot be told.")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), show_default=True)
@click.option("--reveal", is_flag=True, help="Show whole numbers.")
@json_option
@pass_cli
def replies(
    cli: Cli, shop_name: str | None, unread: bool, of_nobody: bool, limit: int, reveal: bool, as_json: bool
) -> None:
    """List what customers wrote to a shop, newest first."""
    if (shop_name is None) != of_nobody:
        raise Refused("which_replies", "Give a SHOP, or --of-nobody for what belongs to none.")
    shop_id = cli.shop(shop_name).id if shop_name else NOBODY
    with cli.recado.database.read() as connection:
        rows = [_row(row, reveal) for row in list_replies(connection, shop_id, unread, limit)]
    if not as_json:
        rows = [{**row, "at": row["at"][:19].replace("T", " "), "read": "yes" if row["read"] else "no"} for row in rows]
    show(as_json, rows, COLUMNS, "Nobody has written yet.")


def _row(row: AnyRow, reveal: bool) -> dict[str, Any]:
    told = {name: value for name, value in incoming(row).items() if name not in ("direction", "status")}
    return {**told, "number": row.number if reveal else mask(row.number), "answers": row.message_id}
