"""Products that sold out, and the people who asked to be told when they are back."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from sidecar.storage.tables.base import NUMBER, WORD, metadata, partial
from sidecar.storage.types import Moment

# A product without variations has the variation "". `wave` numbers the waves of texts, `drafted` counts the texts of
# the one that is being written.
stock = Table(
    "stock",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("product_id", String(64), primary_key=True),
    Column("variation_id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("url", String(500), nullable=False),
    Column("saleable", Boolean, nullable=False),
    Column("quantity", Integer),
    Column("modified_at", Moment),
    Column("wave", Integer, nullable=False),
    Column("drafted", Integer, nullable=False),
    Column("next_wave_at", Moment),
    partial("ix_stock_waves", "next_wave_at is not null", "next_wave_at"),
    sqlite_with_rowid=False,
)

# `wave` is the last wave a request was considered for, `place` its place among those texted in it, from 1. `ip` is kept
# as proof, `network` is what limits count.
stock_alerts = Table(
    "stock_alerts",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("product_id", String(64), nullable=False),
    Column("variation_id", String(64), nullable=False),
    Column("number", String(NUMBER), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("locale", String(12), nullable=False),
    Column("wording", Text, nullable=False),
    Column("ip", String(45), nullable=False),
    Column("network", String(45), nullable=False, server_default=""),
    Column("state", String(12), nullable=False),
    Column("reason", String(WORD), nullable=False),
    Column("wave", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("texted_at", Moment),
    Column("ended_at", Moment),
    Column("expires_at", Moment, nullable=False),
    partial(
        "uq_stock_alerts_open",
        "state in ('pending', 'waiting', 'texting')",
        "shop_id",
        "product_id",
        "variation_id",
        "number",
        unique=True,
    ),
    partial("ix_stock_alerts_waiting", "state = 'waiting'", "shop_id", "product_id", "variation_id", "id"),
    partial("ix_stock_alerts_texting", "state = 'texting'", "shop_id", "product_id", "variation_id"),
    partial("ix_stock_alerts_ending", "state in ('pending', 'waiting')", "expires_at"),
    Index("ix_stock_alerts_id", "id"),
    Index("ix_stock_alerts_number", "number", "shop_id"),
    Index("ix_stock_alerts_customer", "shop_id", "customer_id"),
    Index("ix_stock_alerts_network", "shop_id", "network", "created_at"),
)
