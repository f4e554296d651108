"""What is asked of shops by themselves: each errand's turn, whose it is, and what it remembers."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from sidecar.storage.tables.base import OUR_ID, WORD, metadata
from sidecar.storage.types import Moment

polls = Table(
    "polls",
    metadata,
    Column("shop_id", String(OUR_ID), primary_key=True),
    Column("errand", String(20), primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("lease", String(OUR_ID), nullable=False, server_default=""),
    Column("leased_until", Moment),
    Column("memory", JSON, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("tried_at", Moment),
    Column("good_at", Moment),
    Column("problem", String(WORD), nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("last_problem", String(WORD), nullable=False, server_default=""),
    Column("last_detail", Text, nullable=False, server_default=""),
    Column("last_problem_at", Moment),
    Index("ix_polls_due", "due_at"),
)
