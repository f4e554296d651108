"""Short links in texts, and who opened them."""

from sqlalchemy import JSON, Column, Integer, String, Table, Text

from sidecar.storage.tables.base import metadata
from sidecar.storage.types import Moment

# Without a target it leads to a page of our own about the parcel that `facts` tell of.
short_links = Table(
    "short_links",
    metadata,
    Column("shop_id", String(40), primary_key=True),
    Column("code", String(16), primary_key=True, unique=True),
    Column("message_id", String(40), nullable=False, index=True),
    Column("target", Text, nullable=False),
    Column("devices", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("opens", Integer, nullable=False, server_default="0"),
    Column("first_opened_at", Moment),
    Column("last_opened_at", Moment),
)
