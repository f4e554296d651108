"""The shops' own texts, on their way to approval, and the codes by which providers know approved ones."""

from sqlalchemy import JSON, Column, Integer, String, Table, Text

from sidecar.storage.tables.base import metadata, partial
from sidecar.storage.types import Moment

texts = Table(
    "texts",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("key", String(60), nullable=False),
    Column("locale", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("category", String(20), nullable=False),
    Column("validity_hours", Integer, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("submitted_at", Moment),
    Column("decided_at", Moment),
    partial("uq_texts_approved", "state = 'approved'", "shop_id", "key", "locale", unique=True),
    partial("ix_texts_submitted", "state = 'submitted'", "submitted_at"),
)

# The shop "" stands for all shops: built-in texts may be registered once for an account that many shops share.
text_codes = Table(
    "text_codes",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("key", String(60), primary_key=True),
    Column("locale", String(12), primary_key=True),
    Column("provider", String(40), primary_key=True),
    Column("code", String(120), nullable=False),
    Column("language", String(20), nullable=False),
    Column("parameters", JSON, nullable=False),
)
