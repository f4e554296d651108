"""The last known state of every order, under a lock: what makes one change one message."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from sidecar.domain.order_record import OrderRecord
from sidecar.storage.keys import among
from sidecar.storage.tables import orders

OrderKey = tuple[str, str]


def lock(connection: Connection, keys: Iterable[OrderKey]) -> dict[OrderKey, OrderRecord]:
    """The records of these orders, locked in one fixed order so that two workers cannot deadlock."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    if connection.dialect.name == "postgresql":
        _reserve(connection, wanted)
    rows = connection.execute(
        select(orders)
        .where(among(orders.c.shop_id, orders.c.order_id, wanted))
        .order_by(orders.c.shop_id, orders.c.order_id)
        .with_for_update()
    )
    return {
        (row.shop_id, row.order_id): OrderRecord(
            status=row.status,
            modified_at=row.modified_at,
            seen=tuple(row.seen),
            placed=row.placed,
            trashed=row.trashed,
            changes=row.changes,
        )
        for row in rows
    }


def _reserve(connection: Connection, keys: list[OrderKey]) -> None:
    """Make two workers that meet an order for the first time queue up, though it has no row to lock yet."""
    connection.exec_driver_sql(
        "SELECT pg_advisory_xact_lock(k) FROM "
        "(SELECT DISTINCT hashtextextended(o, 0) AS k FROM unnest(%s::text[]) AS o ORDER BY k) AS locks",
        ([f"{shop_id}:{order_id}" for shop_id, order_id in keys],),
    )


def save(connection: Connection, records: Mapping[OrderKey, OrderRecord]) -> None:
    if not records:
        return
    make_insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make_insert(orders)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[orders.c.shop_id, orders.c.order_id],
            set_={c: statement.excluded[c] for c in ("status", "modified_at", "seen", "placed", "trashed", "changes")},
        ),
        [
            {
                "shop_id": shop_id,
                "order_id": order_id,
                "status": record.status,
                "modified_at": record.modified_at,
                "seen": list(record.seen),
                "placed": record.placed,
                "trashed": record.trashed,
                "changes": record.changes,
            }
            for (shop_id, order_id), record in records.items()
        ],
    )
