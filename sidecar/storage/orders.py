"""The last known state of every order, under a lock: what makes one change one message."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sidecar.domain.backoffice import ToldState
from sidecar.domain.ids import first_id
from sidecar.domain.order_record import OrderRecord
from sidecar.storage.keys import among
from sidecar.storage.locks import hold_names
from sidecar.storage.tables import messages, orders
from sidecar.storage.types import AnyRow
from sidecar.storage.upserts import insert_or

OrderKey = tuple[str, str]


def lock(connection: Connection, keys: Iterable[OrderKey]) -> dict[OrderKey, OrderRecord]:
    """The records of these orders, locked in one fixed order so that two workers cannot deadlock."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    # Two workers that meet an order for the first time must queue up, though it has no row to lock yet.
    hold_names(connection, [f"{shop_id}:{order_id}" for shop_id, order_id in wanted])
    rows = connection.execute(
        select(orders)
        .where(among(orders.c.shop_id, orders.c.order_id, wanted))
        .order_by(orders.c.shop_id, orders.c.order_id)
        .with_for_update()
    )
    return {(row.shop_id, row.order_id): _record(row) for row in rows}


def find(connection: Connection, shop_id: str, order_id: str) -> OrderRecord | None:
    row = connection.execute(select(orders).where(orders.c.shop_id == shop_id, orders.c.order_id == order_id)).first()
    return _record(row) if row else None


def save(connection: Connection, records: Mapping[OrderKey, OrderRecord]) -> None:
    if not records:
        return
    statement = insert_or(connection, orders)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[orders.c.shop_id, orders.c.order_id],
            set_={name: statement.excluded[name] for name in _REMEMBERED},
        ),
        [{"shop_id": key[0], "order_id": key[1], **_columns(record)} for key, record in records.items()],
    )


_REMEMBERED = tuple(OrderRecord.__dataclass_fields__)


def _columns(record: OrderRecord) -> dict[str, Any]:
    columns = {name: getattr(record, name) for name in _REMEMBERED}
    return {**columns, "seen": list(record.seen), "parcels": list(record.parcels), "facts": dict(record.facts)}


def _record(row: AnyRow) -> OrderRecord:
    columns = {name: getattr(row, name) for name in _REMEMBERED}
    return OrderRecord(**{**columns, "seen": tuple(row.seen), "parcels": tuple(row.parcels)})


def states_of_messages(connection: Connection, shop_id: str, since: datetime) -> dict[str, list[ToldState]]:
    """By order, its messages written since then, oldest first."""
    rows = connection.execute(
        select(messages.c.order_id, messages.c.id, messages.c.template, messages.c.state, messages.c.reason)
        .where(messages.c.shop_id == shop_id, messages.c.id >= first_id("msg", since), messages.c.order_id.is_not(None))
        .order_by(messages.c.id)
    )
    found: dict[str, list[ToldState]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(ToldState(row.id, row.template, row.state, row.reason))
    return found
