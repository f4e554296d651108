"""What was counted before it is asked for."""

from sqlalchemy import JSON, Column, Index, String, Table

from sidecar.storage.tables.base import metadata
from sidecar.storage.types import Moment

# A shop's day in its own time zone, written 2026-11-25. The shop "" is all of them together.
days = Table(
    "days",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("figures", JSON, nullable=False),
    Column("counted_at", Moment, nullable=False),
    Index("ix_days_day", "day"),
    sqlite_with_rowid=False,
)
