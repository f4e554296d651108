"""What was counted before it is asked for."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table

from sidecar.storage.tables.base import metadata
from sidecar.storage.types import Moment

# A shop's day in its own time zone, written 2026-11-25. The shop "" is all of them together. How many messages there
# were, and how many of them arrived and did not, is in the figures as well: here it can be summed.
days = Table(
    "days",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("figures", JSON, nullable=False),
    Column("counted_at", Moment, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("arrived", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Index("ix_days_day", "day"),
    sqlite_with_rowid=False,
)
