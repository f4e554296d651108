"""`recado messages`, `message show`, `test` and `send`."""

import time
from typing import Any

import click

from sidecar.catalog import templates
from sidecar.catalog.placeholders import OrderContext, UnknownPlaceholder
from sidecar.catalog.templates import Template, UnknownTemplate
from sidecar.commands.support import Cli, Refused, json_option, pass_cli, show
from sidecar.domain.shop import Shop
from sidecar.domain.status import FINAL, MessageState
from sidecar.intake import ByHand
from sidecar.ledger import reports
from sidecar.storage.types import AnyRow
from sidecar.wiring import Recado

COLUMNS = ["id", "order_id", "template", "to", "status", "reason", "segments", "provider", "created_at"]
LONGEST_TEXT = 700
FREE_TEXT_HOURS = 24
_SAMPLE = OrderContext(number="10482", first_name="Maria", status="processing", total="149.90", currency="")


@click.command()
@click.option("--shop", "shop_name", default=None, metavar="SHOP")
@click.option("--status", default=None, type=click.Choice([s.value for s in MessageState]))
@click.option("--order", "order_id", default=None, metavar="ID")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), show_default=True)
@click.option("--reveal", is_flag=True, help="Show whole numbers.")
@json_option
@pass_cli
def messages(
    cli: Cli, shop_name: str | None, status: str | None, order_id: str | None, limit: int, reveal: bool, as_json: bool
) -> None:
    """List messages, newest first."""
    shop_id = cli.shop(shop_name).id if shop_name else None
    with cli.recado.database.read() as connection:
        rows = reports.list_messages(connection, shop_id, status, order_id, limit)
    data = [reports.as_json(row, reveal) for row in rows]
    show(as_json, data, COLUMNS, "No messages yet.")


@click.group()
def message() -> None:
    """One message."""


@message.command(name="show")
@click.argument("message_id", metavar="ID")
@click.option("--reveal", is_flag=True, help="Show the whole number.")
@json_option
@pass_cli
def show_(cli: Cli, message_id: str, reveal: bool, as_json: bool) -> None:
    """Show a message and what became of it, step by step."""
    data = _with_timeline(cli.recado, message_id, reveal)
    if as_json:
        show(True, data)
        return
    steps = data.pop("timeline")
    show(False, data)
    rows = [
        {"at": step.pop("at"), "state": step.pop("state"), "detail": ", ".join(f"{k}: {v}" for k, v in step.items())}
        for step in steps
    ]
    show(False, rows, ["at", "state", "detail"])


@click.command()
@click.argument("shop_name", metavar="SHOP")
@click.option("--to", required=True, help="Number, as you would type it.")
@click.option("--template", "key", default="test_message", show_default=True, help="Key of an approved text.")
@click.option(
    "--wait", default=5.0, show_default=True, type=click.FloatRange(0, 60), help="Seconds to wait for the outcome."
)
@json_option
@pass_cli
def test(cli: Cli, shop_name: str, to: str, key: str, wait: float, as_json: bool) -> None:
    """The test button: send one approved text at once, in any mode, and show what becomes of it."""
    shop = cli.shop(shop_name)
    wish = ByHand(to, _template(key, shop), _SAMPLE, is_test=True)
    show(as_json, _submit(cli.recado, shop, wish, wait))


@click.command()
@click.argument("shop_name", metavar="SHOP")
@click.option("--to", required=True, help="Number, as you would type it.")
@click.option("--template", "key", default=None, help="Key of an approved text.")
@click.option("--text", default=None, help="Free text instead; {order_number} and the like are filled in.")
@click.option("--order", "order_id", default=None, metavar="ID", help="The order it is about.")
@click.option(
    "--wait", default=5.0, show_default=True, type=click.FloatRange(0, 60), help="Seconds to wait for the outcome."
)
@json_option
@pass_cli
def send(
    cli: Cli,
    shop_name: str,
    to: str,
    key: str | None,
    text: str | None,
    order_id: str | None,
    wait: float,
    as_json: bool,
) -> None:
    """Send one text by hand, in mode 1 or more, inside the shop's hours."""
    shop = cli.shop(shop_name)
    if (key is None) == (text is None):
        raise Refused("text_or_template", "Give either --template or --text.")
    template = _template(key, shop) if key else _free_text(text or "", shop)
    context = OrderContext(number=order_id or "", shop=shop.name)
    show(as_json, _submit(cli.recado, shop, ByHand(to, template, context, False, order_id), wait))


def _template(key: str, shop: Shop) -> Template:
    try:
        return templates.template_for(key, shop.settings.locale)
    except UnknownTemplate as unknown:
        raise Refused("unknown_template", f"{str(unknown)[:1].upper()}{str(unknown)[1:]}.") from None


def _free_text(text: str, shop: Shop) -> Template:
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise Refused("bad_text", f"A text has 1 to {LONGEST_TEXT} characters.")
    try:
        return Template("free_text", shop.settings.locale, text.strip(), "transactional", FREE_TEXT_HOURS)
    except UnknownPlaceholder as unknown:
        raise Refused("unknown_placeholder", f"{unknown}.") from None


def _submit(recado: Recado, shop: Shop, wish: ByHand, wait: float) -> dict[str, Any]:
    with recado.database.write() as connection:
        message_id = recado.intake.submit(connection, shop, wish)
        recado.database.ring(connection)
    _await_outcome(recado, message_id, wait)
    return _with_timeline(recado, message_id, reveal=False)


def _await_outcome(recado: Recado, message_id: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and MessageState(_row(recado, message_id).state) not in FINAL:
        time.sleep(0.1)


def _with_timeline(recado: Recado, message_id: str, reveal: bool) -> dict[str, Any]:
    row = _row(recado, message_id)
    with recado.database.read() as connection:
        steps = reports.timeline_of(connection, row.shop_id, row.id)
    return {**reports.as_json(row, reveal), "timeline": steps}


def _row(recado: Recado, message_id: str) -> AnyRow:
    with recado.database.read() as connection:
        row = reports.find_message(connection, message_id)
    if row is None:
        raise Refused("unknown_message", f"There is no message {message_id!r}: see `recado messages`.")
    return row
