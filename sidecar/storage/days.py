"""The figures of shops' days: written by who counts, read by who shows."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from sidecar.storage.tables import days
from sidecar.storage.upserts import insert_or

Json = dict[str, Any]

ALL = ""
"""The shop that stands for all of them."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many messages there were, and of those whose fate is known how many arrived and how many did not."""

    messages: int = 0
    arrived: int = 0
    lost: int = 0

    @property
    def delivered_share(self) -> float | None:
        known = self.arrived + self.lost
        return self.arrived / known if known else None


_SUMMED = [field.name for field in fields(Totals)]


def save(connection: Connection, figures: Mapping[tuple[str, str], tuple[Json, Totals]], now: datetime) -> None:
    """By shop and day. Of two who count at once, the later one counts."""
    if not figures:
        return
    statement = insert_or(connection, days)
    statement = statement.on_conflict_do_update(
        index_elements=[days.c.shop_id, days.c.day],
        set_={name: statement.excluded[name] for name in ("figures", "counted_at", *_SUMMED)},
    )
    rows = [
        {"shop_id": shop_id, "day": day, "figures": told, "counted_at": now, **asdict(totals)}
        for (shop_id, day), (told, totals) in sorted(figures.items())
    ]
    connection.execute(statement, rows)


def of_shop(connection: Connection, shop_id: str, since: str) -> dict[str, Json]:
    """By day, from this one on."""
    rows = connection.execute(select(days).where(days.c.shop_id == shop_id, days.c.day >= since))
    return {row.day: row.figures for row in rows}


def of_day(connection: Connection, day: str) -> dict[str, Json]:
    """By shop, without that of all together."""
    rows = connection.execute(select(days).where(days.c.day == day, days.c.shop_id != ALL))
    return {row.shop_id: row.figures for row in rows}


def totals(connection: Connection, shop_ids: Collection[str], since: str, until: str = "9") -> dict[str, Totals]:
    """By shop, of these days together."""
    sums = [func.sum(days.c[name]) for name in _SUMMED]
    query = select(days.c.shop_id, *sums).where(days.c.shop_id.in_(sorted(shop_ids)))
    rows = connection.execute(query.where(days.c.day >= since, days.c.day <= until).group_by(days.c.shop_id))
    return {shop_id: Totals(*map(int, summed)) for shop_id, *summed in rows}


def counted(connection: Connection, since: str) -> set[str]:
    """The days that have been counted for all shops together."""
    return set(connection.execute(select(days.c.day).where(days.c.shop_id == ALL, days.c.day >= since)).scalars())


def newest(connection: Connection) -> datetime | None:
    query = select(days.c.counted_at).where(days.c.shop_id == ALL).order_by(days.c.day.desc()).limit(1)
    found: datetime | None = connection.scalar(query)
    return found
