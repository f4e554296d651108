"""What can be bought in each shop, as it last told: under a lock, so that one wave is written once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, tuple_, update

from sidecar.domain.stock import StockRecord
from sidecar.storage.keys import among
from sidecar.storage.locks import hold_names
from sidecar.storage.tables import stock
from sidecar.storage.types import AnyRow
from sidecar.storage.upserts import insert_or

ProductKey = tuple[str, str]
"""Shop id and product id."""
StockKey = tuple[str, str, str]
"""Shop id, product id and variation id, which may be empty."""

_REMEMBERED = tuple(StockRecord.__dataclass_fields__)
_KEY = (stock.c.shop_id, stock.c.product_id, stock.c.variation_id)


def lock(connection: Connection, keys: Iterable[ProductKey]) -> dict[ProductKey, dict[str, StockRecord]]:
    """All that is known of these products, by variation, locked in one fixed order."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    hold_names(connection, [f"stock:{shop_id}:{product_id}" for shop_id, product_id in wanted])
    rows = connection.execute(
        select(stock).where(among(stock.c.shop_id, stock.c.product_id, wanted)).order_by(*_KEY).with_for_update()
    )
    shelves: dict[ProductKey, dict[str, StockRecord]] = {}
    for row in rows:
        shelves.setdefault((row.shop_id, row.product_id), {})[row.variation_id] = _record(row)
    return shelves


def save(connection: Connection, records: Mapping[StockKey, StockRecord]) -> None:
    if not records:
        return
    statement = insert_or(connection, stock)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(_KEY), set_={name: statement.excluded[name] for name in _REMEMBERED}
        ),
        [_columns(key, record) for key, record in records.items()],
    )


def find(connection: Connection, key: StockKey) -> StockRecord | None:
    row = connection.execute(select(stock).where(*_is(key))).first()
    return _record(row) if row else None


def due(connection: Connection, now: datetime, limit: int) -> list[StockKey]:
    """Where a wave is to be written, the longest due first. A look that locks nothing."""
    query = select(*_KEY).where(stock.c.next_wave_at.is_not(None), stock.c.next_wave_at <= now)
    return [(row[0], row[1], row[2]) for row in connection.execute(query.order_by(stock.c.next_wave_at).limit(limit))]


def take_due(connection: Connection, key: StockKey, now: datetime) -> StockRecord | None:
    """Ours until the transaction ends; None if somebody else has it, or has done what was due."""
    query = select(stock).where(*_is(key), stock.c.next_wave_at <= now).with_for_update(skip_locked=True)
    row = connection.execute(query).first()
    return _record(row) if row else None


def postpone(connection: Connection, key: StockKey, until: datetime) -> None:
    connection.execute(update(stock).where(*_is(key), stock.c.next_wave_at.is_not(None)).values(next_wave_at=until))


def wake(connection: Connection, keys: Collection[StockKey], at: datetime) -> None:
    """Somebody waits: have a wave written then, where there is something for sale and none is planned."""
    if keys:
        connection.execute(
            update(stock)
            .where(tuple_(*_KEY).in_(sorted(keys)), stock.c.saleable, stock.c.next_wave_at.is_(None))
            .values(next_wave_at=at)
        )


def _is(key: StockKey) -> list[Any]:
    return [column == value for column, value in zip(_KEY, key, strict=True)]


def _columns(key: StockKey, record: StockRecord) -> dict[str, Any]:
    named = dict(zip(("shop_id", "product_id", "variation_id"), key, strict=True))
    return {**named, **{name: getattr(record, name) for name in _REMEMBERED}}


def _record(row: AnyRow) -> StockRecord:
    return StockRecord(**{name: getattr(row, name) for name in _REMEMBERED})
