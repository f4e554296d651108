"""What people told a shop: what they agreed to, what they wrote, and the codes they were asked for.

A number is found by its keyed hash, so that an erased number's opt-out still holds."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from sidecar.storage.tables.base import DOMAIN, NUMBER, PROVIDER_ID, metadata, partial
from sidecar.storage.types import Moment

consents = Table(
    "consents",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("number_hash", String(64), primary_key=True),
    Column("purpose", String(20), primary_key=True),
    Column("number", String(NUMBER)),
    Column("standing", String(8), nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_consents_hash", "number_hash"),
    sqlite_with_rowid=False,
)

# Every change of mind is kept: it is the proof.
consent_log = Table(
    "consent_log",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("number_hash", String(64), nullable=False),
    Column("number", String(NUMBER)),
    Column("purpose", String(20), nullable=False),
    Column("standing", String(8), nullable=False),
    Column("at", Moment, nullable=False),
    Column("source", String(20), nullable=False),
    Column("wording", Text, nullable=False, server_default=""),
    Column("locale", String(12), nullable=False, server_default=""),
    Column("ip", String(45), nullable=False, server_default=""),
    Column("evidence", String(64), nullable=False, server_default=""),
    Index("ix_consent_log_number", "number_hash", "shop_id"),
)

replies = Table(
    "replies",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("account_id", String(40), nullable=False),
    Column("provider_id", String(PROVIDER_ID), nullable=False),
    Column("number", String(NUMBER), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("meaning", String(20), nullable=False),
    Column("order_id", String(64)),
    Column("message_id", String(40)),
    Column("received_at", Moment, nullable=False),
    Column("read_at", Moment),
    UniqueConstraint("account_id", "provider_id"),
    Index("ix_replies_number", "number", "shop_id", "id"),
    Index("ix_replies_order", "shop_id", "order_id"),
    partial("ix_replies_unread", "read_at is null", "shop_id", "id"),
)

verifications = Table(
    "verifications",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("number", String(NUMBER), nullable=False),
    Column("country", String(2), nullable=False),
    Column("prefix", String(12), nullable=False),
    Column("ip", String(45), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("locale", String(12), nullable=False, server_default=""),
    Column("domain", String(DOMAIN), nullable=False, server_default=""),
    Column("code_digest", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sends", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Index("ix_verifications_number", "shop_id", "number", "created_at"),
    Index("ix_verifications_ip", "shop_id", "ip", "created_at"),
    Index("ix_verifications_prefix", "shop_id", "prefix", "created_at"),
    Index("ix_verifications_created", "shop_id", "created_at"),
)

# Codes sent before `lifted_at` no longer count against numbers that begin so.
lifted_stops = Table(
    "lifted_stops",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("prefix", String(12), primary_key=True),
    Column("lifted_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
