"""The latest try-out of each shop: what its last weeks' orders would have had texted."""

from sqlalchemy import JSON, Column, Integer, String, Table, Text

from sidecar.storage.tables.base import metadata, partial
from sidecar.storage.types import Moment

# While `state` is asked or running, whoever has the lease is at it. `orders` counts how far it is.
tryouts = Table(
    "tryouts",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("mode", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    Column("asked_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("finished_at", Moment),
    Column("orders", Integer, nullable=False, server_default="0"),
    Column("lines", JSON, nullable=False, server_default="[]"),
    partial("ix_tryouts_waiting", "state in ('asked', 'running')", "asked_at"),
)
