"""The road: inbox, orders, outbox, and what providers report."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from sidecar.storage.tables.base import CURRENCY, NUMBER, PROVIDER_ID, WORD, metadata, partial
from sidecar.storage.types import Moment, Sealed

inbox = Table(
    "inbox",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("source", String(20), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("delivery_id", String(80), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", String(12), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("processed_at", Moment),
    partial("ix_inbox_waiting", "state = 'received'", "id"),
    partial("ix_inbox_failed", "state = 'failed'", "id"),
    partial("ix_inbox_events", "source = 'plugin'", "shop_id", "delivery_id", "id"),
)

orders = Table(
    "orders",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("order_id", String(64), primary_key=True),
    Column("status", String(64), nullable=False),
    Column("modified_at", Moment, nullable=False),
    Column("seen", JSON, nullable=False),
    Column("placed", Boolean, nullable=False),
    Column("trashed", Boolean, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("number", String(64), nullable=False, server_default=""),
    Column("to", String(NUMBER), nullable=False, server_default=""),
    Column("facts", JSON, nullable=False, server_default="{}"),
    Column("asked", String(12), nullable=False, server_default=""),
    Column("parcels", JSON, nullable=False, server_default="[]"),
    Column("seen_at", Moment),
    Column("moved_at", Moment),
    Index("ix_orders_to", "to", "shop_id"),
    Index("ix_orders_number", "shop_id", "number"),
    sqlite_with_rowid=False,
)

# How an index is written on an expression, and how a query has to name it, for a planner to see it.
_LAST_DIGITS = 'substr("to", length("to") - 3)'


def last_digits() -> ColumnElement[str]:
    """The last four of the number of a message."""
    return literal_column(_LAST_DIGITS, String)


# `templates`: by kind of provider, the template that says the same as the text. `unfit`: accounts that could not
# carry it.
messages = Table(
    "messages",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("dedupe_key", String(120), nullable=False),
    Column("order_id", String(64)),
    Column("event", String(40), nullable=False),
    Column("template", String(60), nullable=False),
    Column("category", String(20), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("to", String(NUMBER), nullable=False),
    Column("text", Text, nullable=False),
    Column("sealed", Sealed),
    Column("locale", String(12), nullable=False, server_default=""),
    Column("templates", JSON(none_as_null=True)),
    Column("encoding", String(8), nullable=False),
    Column("segments", Integer, nullable=False),
    Column("credits", Integer, nullable=False, server_default="0"),
    Column("country", String(2), nullable=False, server_default=""),
    Column("batch_key", String(40)),
    Column("subject_id", String(40)),
    Column("unfit", JSON, nullable=False, server_default="[]"),
    Column("state", String(12), nullable=False),
    Column("reason", String(WORD), nullable=False),
    Column("account_id", String(40)),
    Column("provider", String(40), nullable=False),
    Column("provider_id", String(PROVIDER_ID)),
    Column("price", Numeric(12, 6)),
    Column("currency", String(CURRENCY)),
    Column("attempts", Integer, nullable=False),
    Column("checks", Integer, nullable=False),
    Column("check_at", Moment),
    Column("claimed_by", String(40)),
    Column("claimed_at", Moment),
    Column("event_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("settles_at", Moment),
    Column("due_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("delivered_at", Moment),
    UniqueConstraint("shop_id", "dedupe_key"),
    Index("ix_messages_id", "id"),
    Index("ix_messages_order", "shop_id", "order_id"),
    Index("ix_messages_to", "to", "shop_id", "id"),
    Index("ix_messages_provider_id", "account_id", "provider_id"),
    Index("ix_messages_state", "shop_id", "state", "id"),
    Index("ix_messages_template", "shop_id", "template", "id"),
    Index("ix_messages_last_digits", text(_LAST_DIGITS), "id"),
    partial("ix_messages_queued", "state = 'queued'", "account_id", "due_at", "id"),
    partial("ix_messages_alike", "state = 'queued' and batch_key is not null", "account_id", "batch_key"),
    partial("ix_messages_tests", "event = 'test'", "shop_id", "id"),
    partial("ix_messages_held", "state = 'held'", "due_at"),
    partial("ix_messages_waiting_expiry", "state = 'held' or state = 'queued'", "expires_at"),
    partial("ix_messages_sending", "state = 'sending'", "claimed_by"),
    partial("ix_messages_unpaid", "state = 'held' and reason = 'no_credit'", "shop_id", "id"),
    partial("ix_messages_unknown", "state = 'unknown'", "check_at"),
)

timeline = Table(
    "timeline",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("message_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("state", String(12), nullable=False),
    Column("detail", JSON, nullable=False),
    sqlite_with_rowid=False,
)

# Callbacks and receipts reach an account, and only its messages tell the shop: these lead with the account.
callbacks = Table(
    "callbacks",
    metadata,
    Column("account_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("method", String(8), nullable=False),
    Column("url", Text, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", String(12), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    partial("ix_callbacks_waiting", "state = 'received'", "id"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("account_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("callback_id", String(40), nullable=False),
    Column("provider_id", String(PROVIDER_ID), nullable=False),
    Column("message_id", String(40)),
    Column("recipient", String(NUMBER)),
    Column("state", String(12)),
    Column("word", String(WORD), nullable=False),
    Column("reason", String(WORD), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("verdict", String(12), nullable=False),
    partial("ix_receipts_unmatched", "verdict = 'unmatched'", "account_id", "provider_id"),
)
