"""Every table. A shop's rows lead with its id, so that they can be spread over machines by shop."""

from sqlalchemy import (
    JSON,
    BindParameter,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    text,
)

from sidecar.storage.types import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Widths of what strangers fill: clipped on the way in, since PostgreSQL refuses what is longer.
OUR_ID = 40
NUMBER = 20
WORD = 60
PROVIDER_ID = 120
CURRENCY = 8


def literally(value: str) -> BindParameter[str]:
    """A state written into the statement: a planner cannot see that a partial index serves a bound parameter."""
    return bindparam(None, str(value), literal_execute=True)


def _partial(name: str, condition: str, *columns: str) -> Index:
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


shops = Table(
    "shops",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("name", String(120), nullable=False, unique=True),
    Column("url", String(500), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("webhook_secret", Text, nullable=False),
    Column("events_secret", Text, nullable=False),
    Column("api_token_digest", String(64), nullable=False, unique=True),
    Column("shop_credentials", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

accounts = Table(
    "provider_accounts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("name", String(80), nullable=False, unique=True),
    Column("options", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("problem", String(60), nullable=False, server_default=""),
    Column("problem_at", Moment),
    Column("created_at", Moment, nullable=False),
)

routes = Table(
    "routes",
    metadata,
    Column("shop_id", ForeignKey("shops.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("account_id", ForeignKey("provider_accounts.id"), nullable=False),
)

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
    _partial("ix_inbox_waiting", "state = 'received'", "id"),
    _partial("ix_inbox_failed", "state = 'failed'", "id"),
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
    sqlite_with_rowid=False,
)

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
    Column("encoding", String(8), nullable=False),
    Column("segments", Integer, nullable=False),
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
    Index("ix_messages_provider_id", "account_id", "provider_id"),
    Index("ix_messages_state", "shop_id", "state"),
    _partial("ix_messages_queued", "state = 'queued'", "account_id", "due_at", "id"),
    _partial("ix_messages_held", "state = 'held'", "due_at"),
    _partial("ix_messages_waiting_expiry", "state = 'held' or state = 'queued'", "expires_at"),
    _partial("ix_messages_sending", "state = 'sending'", "claimed_by"),
    _partial("ix_messages_unknown", "state = 'unknown'", "check_at"),
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
    _partial("ix_callbacks_waiting", "state = 'received'", "id"),
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
    _partial("ix_receipts_unmatched", "verdict = 'unmatched'", "account_id", "provider_id"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("source", String(20), primary_key=True),
    Column("accepted", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("last_accepted_at", Moment),
    Column("last_refused_at", Moment),
    Column("last_problem", String(60), nullable=False, server_default=""),
)

workers = Table(
    "workers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("host", String(120), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("beat_at", Moment, nullable=False),
)
