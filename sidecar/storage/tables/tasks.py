"""What is to be written back to shops: their own outbox."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, UniqueConstraint

from sidecar.storage.tables.base import OUR_ID, metadata, partial
from sidecar.storage.types import Moment

shop_tasks = Table(
    "shop_tasks",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("dedupe_key", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("order_id", String(64), nullable=False),
    Column("data", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("note", Text, nullable=False, server_default=""),
    Column("held_by", String(OUR_ID), nullable=False, server_default=""),
    Column("held_until", Moment),
    UniqueConstraint("shop_id", "dedupe_key"),
    Index("ix_shop_tasks_order", "shop_id", "order_id"),
    partial("ix_shop_tasks_waiting", "state = 'waiting'", "shop_id", "due_at"),
)
