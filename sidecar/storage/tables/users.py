"""Who may use the pages, and what they did there."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from sidecar.storage.tables.base import metadata
from sidecar.storage.types import Moment

# `epoch` counts how often all sessions were ended; `totp_step` is the last half minute whose code was used.
users = Table(
    "users",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("email", String(120), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("shop_ids", JSON, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", Text, nullable=False, server_default=""),
    Column("totp_on", Boolean, nullable=False),
    Column("totp_step", Integer, nullable=False),
    Column("language", String(12), nullable=False, server_default=""),
    Column("epoch", Integer, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("entered_at", Moment),
)

# What concerns no single shop has the shop "".
audit = Table(
    "audit",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("user_id", String(40), nullable=False),
    Column("who", String(120), nullable=False),
    Column("address", String(45), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_audit_id", "id"),
)
