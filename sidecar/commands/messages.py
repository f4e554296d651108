"""`recado messages`, `message show`, `test` and `send`."""

import time
from collections.abc import Callable
from typing import Any

import click
from sqlalchemy import Connection

from sidecar.catalog import reasons
from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.domain.status import FINAL, MessageState
from sidecar.intake import byhand
from sidecar.intake.spine import ByHand
from sidecar.ledger import reports
from sidecar.money.pricing import Prices
from sidecar.storage import shops
from sidecar.storage.types import AnyRow
from sidecar.wiring import Recado

COLUMNS = ["id", "order_id", "template", "to", "status", "reason", "segments", "provider", "created_at"]


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
    if not as_json:
        data = [{**row, "created_at": row["created_at"][:19].replace("T", " ")} for row in data]
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
    _present(_with_timeline(cli.recado, message_id, reveal), as_json)


@click.command()
@click.argument("shop_name", metavar="SHOP")
@click.option("--to", default=None, help="Number, as you would type it.")
@click.option("--preview", is_flag=True, help="Only show the text as it would leave.")
@click.option("--order", "order_id", default=None, metavar="ID", help="With --preview: fill it with this order.")
@click.option("--template", "key", default=byhand.TEST_TEMPLATE, show_default=True, help="Key of an approved text.")
@click.option(
    "--wait", default=5.0, show_default=True, type=click.FloatRange(0, 60), help="Seconds to wait for the outcome."
)
@json_option
@pass_cli
def test(
    cli: Cli, shop_name: str, to: str | None, preview: bool, order_id: str | None, key: str, wait: float, as_json: bool
) -> None:
    """The test button: send one approved text at once, in any mode, and show what becomes of it."""
    shop = cli.shop(shop_name)
    if preview:
        show(as_json, _previewed(cli.recado, shop, key, order_id))
    elif to is None or order_id:
        raise click.UsageError("A test goes --to a number, about a made-up order; --order is for a --preview.")
    else:
        _present(_submit(cli.recado, shop, lambda opened: byhand.test_wish(opened, shop, to, key), wait), as_json)


@click.command()
@click.argument("shop_name", metavar="SHOP")
@click.option("--to", required=True, help="Number, as you would type it.")
@click.option("--template", "key", default=None, help="Key of an approved text.")
@click.option("--text", default=None, help="Free text instead; {order_number} and the like are filled in.")
@click.option("--order", "order_id", default=None, metavar="ID", help="The order it is about.")
@click.option("--link", default=None, metavar="URL", help="What goes in for {link}.")
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
    link: str | None,
    wait: float,
    as_json: bool,
) -> None:
    """Send one text by hand, in mode 1 or more, inside the shop's hours."""
    shop = cli.shop(shop_name)
    targets = {"link": link} if link else {}
    _present(
        _submit(
            cli.recado, shop, lambda opened: byhand.wish(opened, shop, to, key, text, order_id, targets=targets), wait
        ),
        as_json,
    )


def _present(data: dict[str, Any], as_json: bool) -> None:
    """A message, and below it what happened step by step."""
    if as_json:
        show(True, data)
        return
    show(False, {name: value for name, value in data.items() if name != "timeline" and value not in (None, "")})
    rows = [{"at": step["at"][11:23], "state": step["state"], "what": _told(step)} for step in data["timeline"]]
    show(False, rows, ["at", "state", "what"])


def _told(step: dict[str, Any]) -> str:
    told = (f"{name.replace('_', ' ')} {value}" for name, value in step.items() if name not in ("at", "state"))
    return ", ".join(told)


def _previewed(recado: Recado, shop: Shop, key: str, order_id: str | None) -> dict[str, Any]:
    with recado.database.read() as connection:
        (found,), prices = byhand.previews(connection, shop, order_id, [key]), Prices(connection)
    return {
        "template": found.template.key,
        "locale": found.template.locale,
        "own": found.is_own,
        "text": found.filled.text,
        "encoding": found.filled.encoding,
        "segments": found.filled.segments,
        "unknown": list(found.unknown),
        "provider_templates": {kind: template.as_json() for kind, template in found.templates.items()},
        **prices.of(shop, shop.settings.country, found.filled.segments),
    }


def _submit(recado: Recado, shop: Shop, wish_for: Callable[[Connection], ByHand], wait: float) -> dict[str, Any]:
    message_id = byhand.send(recado.database, recado.intake, shop, wish_for)
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
        shop = shops.several(connection, {row.shop_id}).get(row.shop_id)
    why = reasons.sentence(row.reason, shop.settings.locale) if shop and row.reason else ""
    return {**reports.as_json(row, reveal), "explanation": why, "timeline": steps}


def _row(recado: Recado, message_id: str) -> AnyRow:
    with recado.database.read() as connection:
        row = reports.find_message(connection, message_id)
    if row is None:
        raise Refused("unknown_message", f"There is no message {message_id!r}: see `recado messages`.")
    return row
