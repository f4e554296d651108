"""Every table. A shop's rows lead with its id, so that they can be spread over machines by shop."""

from sidecar.storage.tables.base import (
    CHANNEL,
    CURRENCY,
    NUMBER,
    OUR_ID,
    PROVIDER_ID,
    WORD,
    fitting,
    literally,
    metadata,
)
from sidecar.storage.tables.days import days
from sidecar.storage.tables.goods import stock, stock_alerts
from sidecar.storage.tables.links import short_links
from sidecar.storage.tables.money import credit_ledger, credits, tariffs
from sidecar.storage.tables.people import consent_log, consents, lifted_stops, replies, verifications
from sidecar.storage.tables.polls import polls
from sidecar.storage.tables.road import callbacks, inbox, last_digits, messages, orders, receipts, timeline
from sidecar.storage.tables.shops import accounts, deliverability, feeds, kept_keys, routes, shops, workers
from sidecar.storage.tables.tasks import shop_tasks
from sidecar.storage.tables.texts import text_codes, texts
from sidecar.storage.tables.tryouts import tryouts
from sidecar.storage.tables.users import audit, users

__all__ = [
    "CHANNEL",
    "CURRENCY",
    "NUMBER",
    "OUR_ID",
    "PROVIDER_ID",
    "WORD",
    "accounts",
    "audit",
    "callbacks",
    "consent_log",
    "consents",
    "credit_ledger",
    "credits",
    "days",
    "deliverability",
    "feeds",
    "fitting",
    "inbox",
    "kept_keys",
    "last_digits",
    "lifted_stops",
    "literally",
    "messages",
    "metadata",
    "orders",
    "polls",
    "receipts",
    "replies",
    "routes",
    "shop_tasks",
    "shops",
    "short_links",
    "stock",
    "stock_alerts",
    "tariffs",
    "text_codes",
    "texts",
    "timeline",
    "tryouts",
    "users",
    "verifications",
    "workers",
]
