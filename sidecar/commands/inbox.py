"""`recado inbox`: what shops delivered, and what could not be understood."""

import click

from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.refused import Refused
from sidecar.ledger import reports
from sidecar.storage import inbox as storage

COLUMNS = ["id", "shop_id", "source", "topic", "received_at", "state", "note"]


@click.group(invoke_without_command=True)
@click.option("--failed", is_flag=True, help="Only deliveries that could not be understood.")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), show_default=True)
@json_option
@pass_cli
@click.pass_context
def inbox(context: click.Context, cli: Cli, failed: bool, limit: int, as_json: bool) -> None:
    """List deliveries, newest first."""
    if context.invoked_subcommand:
        return
    with cli.recado.database.read() as connection:
        rows = [
            {**row._mapping, "received_at": row.received_at.isoformat()}
            for row in reports.list_inbox(connection, failed, limit)
        ]
    show(as_json, rows, COLUMNS, "Nothing has failed." if failed else "Nothing has been delivered yet.")


@inbox.command()
@click.argument("delivery_id", metavar="ID", required=False)
@click.option("--failed", is_flag=True, help="Replay everything that failed.")
@json_option
@pass_cli
def replay(cli: Cli, delivery_id: str | None, failed: bool, as_json: bool) -> None:
    """Work through a delivery again: one by its ID, or all that failed."""
    if (delivery_id is None) != failed:
        raise Refused("which_delivery", "Give the ID of one delivery, or --failed for all that failed.")
    with cli.recado.database.write() as connection:
        count = storage.replay(connection, delivery_id)
        cli.recado.database.ring(connection)
    if delivery_id and not count:
        raise Refused("unknown_delivery", f"There is no delivery {delivery_id!r}: see `recado inbox`.")
    show(as_json, {"replayed": count})
