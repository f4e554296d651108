"""What shops pay: credit, its ledger, and what a text costs where."""

from sqlalchemy import Boolean, Column, Integer, Numeric, String, Table

from sidecar.storage.tables.base import CURRENCY, WORD, metadata, partial
from sidecar.storage.types import Moment

# The balance is the sum of the ledger's entries that count; it is kept beside it to be taken from in one statement.
credits = Table(
    "credits",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("balance", Integer, nullable=False),
    Column("warned_at", Moment),
)

credit_ledger = Table(
    "credit_ledger",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("counts_from", Moment, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("message_id", String(40)),
    Column("note", String(WORD), nullable=False, server_default=""),
    partial("uq_credit_ledger_message", "message_id is not null", "shop_id", "message_id", "kind", unique=True),
    partial("ix_credit_ledger_coming", "not counted", "counts_from"),
)

# The country "" stands for all that have no row of their own.
tariffs = Table(
    "tariffs",
    metadata,
    Column("country", String(2), primary_key=True),
    Column("credits", Integer, nullable=False),
    Column("price", Numeric(12, 6)),
    Column("currency", String(CURRENCY), nullable=False, server_default=""),
)
