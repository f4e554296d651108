"""Where a number is written down: the rows of some shops that are about it."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, func, select, update

from sidecar.domain.status import WAITING
from sidecar.storage.blanks import ALERT, CODE, ORDER, RECEIPT, REPLY, TASK, WORKED_OFF, Blank, Key
from sidecar.storage.keys import among
from sidecar.storage.tables import (
    callbacks,
    inbox,
    messages,
    orders,
    receipts,
    replies,
    routes,
    shop_tasks,
    stock_alerts,
    timeline,
    verifications,
)
from sidecar.storage.types import AnyRow

_PAGE = 100
_OPEN_ALERTS = ("pending", "waiting", "texting")


def orders_of(connection: Connection, number: str, shop_ids: Collection[str]) -> list[AnyRow]:
    return _of(connection, orders, orders.c.to == number, shop_ids)


def messages_about(
    connection: Connection, number: str, shop_ids: Collection[str], order_keys: Collection[Key]
) -> list[AnyRow]:
    """Those to this number, and those about its orders: the staff's name their customer, too."""
    found = {(row.shop_id, row.id): row for row in _of(connection, messages, messages.c.to == number, shop_ids)}
    if order_keys:
        about = select(messages).where(among(messages.c.shop_id, messages.c.order_id, order_keys))
        found |= {(row.shop_id, row.id): row for row in connection.execute(about)}
    return [found[key] for key in sorted(found)]


def still_waiting(connection: Connection, keys: Collection[Key]) -> set[Key]:
    """Those of these messages that no worker has in hand; held until the transaction ends."""
    query = select(messages.c.shop_id, messages.c.id).where(
        among(messages.c.shop_id, messages.c.id, keys), messages.c.state.in_([str(state) for state in WAITING])
    )
    rows = connection.execute(query.order_by(messages.c.shop_id, messages.c.id).with_for_update())
    return {(row.shop_id, row.id) for row in rows}


def tasks_about(connection: Connection, order_keys: Collection[Key]) -> list[AnyRow]:
    if not order_keys:
        return []
    about = select(shop_tasks).where(among(shop_tasks.c.shop_id, shop_tasks.c.order_id, order_keys))
    return list(connection.execute(about))


def replies_of(connection: Connection, number: str, shop_ids: Collection[str]) -> list[AnyRow]:
    return _of(connection, replies, replies.c.number == number, shop_ids)


def alerts_of(connection: Connection, number: str, shop_ids: Collection[str]) -> list[AnyRow]:
    return _of(connection, stock_alerts, stock_alerts.c.number == number, shop_ids)


def codes_of(connection: Connection, number: str, shop_ids: Collection[str]) -> list[AnyRow]:
    return _of(connection, verifications, verifications.c.number == number, shop_ids)


def receipts_of(connection: Connection, number: str, account_ids: Collection[str]) -> list[AnyRow]:
    """What providers reported of a number. No index leads there: it is asked for seldom."""
    query = select(receipts).where(receipts.c.account_id.in_(sorted(account_ids)), receipts.c.recipient == number)
    return list(connection.execute(query))


def own_accounts(connection: Connection, shop_ids: Collection[str]) -> list[str]:
    """Accounts on the routes of these shops and of no other: what came in by them is about these shops alone."""
    mine = func.count().filter(routes.c.shop_id.in_(sorted(shop_ids)))
    query = select(routes.c.account_id).group_by(routes.c.account_id).having(mine == func.count())
    return sorted(connection.scalars(query))


def deliveries_with(connection: Connection, number: str, shop_id: str) -> Iterator[AnyRow]:
    """What a shop delivered that holds the number, in whatever way it is written there."""
    return _with(connection, inbox, number, inbox.c.shop_id == shop_id)


def callbacks_with(connection: Connection, number: str, account_id: str) -> Iterator[AnyRow]:
    return _with(connection, callbacks, number, callbacks.c.account_id == account_id)


def callbacks_named(connection: Connection, keys: Collection[Key]) -> list[AnyRow]:
    """Callbacks by account and id, as timelines name them."""
    if not keys:
        return []
    return list(connection.execute(select(callbacks).where(among(callbacks.c.account_id, callbacks.c.id, keys))))


def callbacks_told_of(connection: Connection, message_keys: Sequence[Key]) -> set[Key]:
    """Account and id of each callback that a timeline of these messages names."""
    if not message_keys:
        return set()
    lines = connection.execute(
        select(messages.c.account_id, timeline.c.detail)
        .join(messages, and_(messages.c.shop_id == timeline.c.shop_id, messages.c.id == timeline.c.message_id))
        .where(among(timeline.c.shop_id, timeline.c.message_id, message_keys))
    )
    return {(row.account_id, row.detail["callback"]) for row in lines if row.account_id and row.detail.get("callback")}


def erase_rows(connection: Connection, number: str, shop_ids: Collection[str], now: datetime) -> dict[str, int]:
    """Blank everything found by the number itself but messages; returns how many rows of which kind."""
    of_orders = orders_of(connection, number, shop_ids)
    order_keys = [ORDER.key(row) for row in of_orders]
    _end_alerts(connection, number, shop_ids, now)
    found: dict[str, tuple[Blank, Sequence[AnyRow]]] = {
        "replies": (REPLY, replies_of(connection, number, shop_ids)),
        "alerts": (ALERT, alerts_of(connection, number, shop_ids)),
        "verifications": (CODE, codes_of(connection, number, shop_ids)),
        "tasks": (TASK, [row for row in tasks_about(connection, order_keys) if row.state in WORKED_OFF]),
        "orders": (ORDER, of_orders),
    }
    return {name: blank.put(connection, [blank.key(row) for row in rows]) for name, (blank, rows) in found.items()}


def erase_receipts(connection: Connection, rows: Sequence[AnyRow]) -> int:
    return RECEIPT.put(connection, [RECEIPT.key(row) for row in rows])


def _end_alerts(connection: Connection, number: str, shop_ids: Collection[str], now: datetime) -> None:
    connection.execute(
        update(stock_alerts)
        .where(
            stock_alerts.c.number == number,
            stock_alerts.c.shop_id.in_(sorted(shop_ids)),
            stock_alerts.c.state.in_(_OPEN_ALERTS),
        )
        .values(state="ended", reason="erased", ended_at=now)
    )


def _of(connection: Connection, table: Table, about: Any, shop_ids: Collection[str]) -> list[AnyRow]:
    query = select(table).where(about, table.c.shop_id.in_(sorted(shop_ids)))
    return list(connection.execute(query.order_by(*table.primary_key.columns)))


def _with(connection: Connection, table: Table, number: str, where: Any) -> Iterator[AnyRow]:
    """Read page by page; what waits to be worked on is passed over."""
    holds, after_id = _pattern(number), ""
    query = select(table).where(where, table.c.state.in_(WORKED_OFF)).order_by(table.c.id).limit(_PAGE)
    while page := connection.execute(query.where(table.c.id > after_id)).all():
        yield from (row for row in page if holds.search(row.body) or holds.search(_address(row)))
        after_id = page[-1].id


def _address(row: AnyRow) -> bytes:
    return getattr(row, "url", "").encode()


def _pattern(number: str) -> re.Pattern[bytes]:
    """The number's last digits, which are written alike at home and abroad, with whatever people put between."""
    digits = number.removeprefix("+")
    last = digits[-8:] if len(digits) > 10 else digits[-7:]
    return re.compile(rb"[\s().\-/]{0,2}".join(digit.encode() for digit in last) + rb"(?!\d)")
