"""The figures of shops' days: written by who counts, read by who shows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from sidecar.storage.tables import days

Json = dict[str, Any]

ALL = ""
"""The shop that stands for all of them."""


def save(connection: Connection, figures: Mapping[tuple[str, str], Json], now: datetime) -> None:
    """By shop and day. Of two who count at once, the later one counts."""
    if not figures:
        return
    make_insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make_insert(days)
    statement = statement.on_conflict_do_update(
        index_elements=[days.c.shop_id, days.c.day],
        set_={"figures": statement.excluded.figures, "counted_at": statement.excluded.counted_at},
    )
    rows = sorted(figures.items())
    connection.execute(
        statement, [{"shop_id": k[0], "day": k[1], "figures": value, "counted_at": now} for k, value in rows]
    )


def of_shop(connection: Connection, shop_id: str, since: str) -> dict[str, Json]:
    """By day, from this one on."""
    rows = connection.execute(select(days).where(days.c.shop_id == shop_id, days.c.day >= since))
    return {row.day: row.figures for row in rows}


def of_day(connection: Connection, day: str) -> dict[str, Json]:
    """By shop, without that of all together."""
    rows = connection.execute(select(days).where(days.c.day == day, days.c.shop_id != ALL))
    return {row.shop_id: row.figures for row in rows}


def of_several(connection: Connection, shop_ids: Collection[str], named: Collection[str]) -> dict[str, dict[str, Json]]:
    """By shop and day."""
    found: dict[str, dict[str, Json]] = {}
    query = select(days).where(days.c.shop_id.in_(sorted(shop_ids)), days.c.day.in_(sorted(named)))
    for row in connection.execute(query):
        found.setdefault(row.shop_id, {})[row.day] = row.figures
    return found


def counted(connection: Connection, since: str) -> set[str]:
    """The days that have been counted for all shops together."""
    return set(connection.execute(select(days.c.day).where(days.c.shop_id == ALL, days.c.day >= since)).scalars())


def newest(connection: Connection) -> datetime | None:
    query = select(days.c.counted_at).where(days.c.shop_id == ALL).order_by(days.c.day.desc()).limit(1)
    found: datetime | None = connection.scalar(query)
    return found
