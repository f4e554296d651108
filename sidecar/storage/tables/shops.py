"""Shops, the provider accounts they send by, and the health of what feeds them."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, Numeric, String, Table

from sidecar.storage.tables.base import metadata
from sidecar.storage.types import Moment, Sealed

shops = Table(
    "shops",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("name", String(120), nullable=False, unique=True),
    Column("url", String(500), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("webhook_secret", Sealed, nullable=False),
    Column("events_secret", Sealed, nullable=False),
    Column("api_token_digest", String(64), nullable=False, unique=True),
    Column("shop_credentials", Sealed, nullable=False),
    Column("created_at", Moment, nullable=False),
)

accounts = Table(
    "provider_accounts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("name", String(80), nullable=False, unique=True),
    Column("options", Sealed, nullable=False),
    Column("token", Sealed, nullable=False),
    Column("channel", String(12), nullable=False, server_default="sms"),
    Column("rate", Integer, nullable=False, server_default="0"),
    Column("allowance", Float, nullable=False, server_default="0"),
    Column("allowance_at", Moment),
    Column("senders", JSON, nullable=False, server_default="{}"),
    Column("answers_stop", String(8), nullable=False, server_default=""),
    Column("problem", String(60), nullable=False, server_default=""),
    Column("problem_at", Moment),
    Column("low_balance", Numeric(14, 4)),
    Column("balance", Numeric(14, 4)),
    Column("balance_unit", String(40), nullable=False, server_default=""),
    Column("balance_at", Moment),
    Column("balance_warned_at", Moment),
    Column("created_at", Moment, nullable=False),
)

routes = Table(
    "routes",
    metadata,
    Column("shop_id", ForeignKey("shops.id"), primary_key=True),
    Column("country", String(2), primary_key=True, server_default=""),
    Column("category", String(20), primary_key=True, server_default=""),
    Column("position", Integer, primary_key=True),
    Column("account_id", ForeignKey("provider_accounts.id"), nullable=False),
)

# How many of an account's texts to a country arrived, of those of the last hour whose fate is known.
deliverability = Table(
    "deliverability",
    metadata,
    Column("account_id", String(40), primary_key=True),
    Column("country", String(2), primary_key=True),
    Column("delivered", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("measured_at", Moment, nullable=False),
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

# Made once and sealed: what is hashed with them must be found again after the secret key has changed.
kept_keys = Table(
    "kept_keys",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("sealed", Sealed, nullable=False),
)
