"""What the operator's pages show, read in one go. Nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from sidecar.domain.ids import first_id
from sidecar.domain.shop import Shop
from sidecar.ledger import reports
from sidecar.storage import accounts, shops
from sidecar.storage.accounts import Account
from sidecar.storage.routes import routes_of
from sidecar.storage.tables import inbox, literally, messages
from sidecar.storage.types import AnyRow

COUNTED = timedelta(days=7)
SHOPS_SHOWN = 100
MESSAGES_SHOWN = 50
DELIVERIES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ShopLine:
    """A shop at a glance. `counts`: its messages of the last days by state."""

    shop: Shop
    route: Sequence[Account]
    feeds: Sequence[AnyRow]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """`last_beat` is None when no worker has ever lived here."""

    lines: Sequence[ShopLine]
    all_shops: int
    last_beat: datetime | None
    troubled: Sequence[Account]
    queue_age: timedelta
    messages: Sequence[AnyRow]
    shop_names: Mapping[str, str]


def overview(connection: Connection, now: datetime, shop_id: str = "") -> Overview:
    every = [shop for shop in shops.every(connection) if not shop_id or shop.id == shop_id]
    return Overview(
        lines=_lines(connection, every[:SHOPS_SHOWN], now),
        all_shops=len(every),
        last_beat=reports.last_beat(connection),
        troubled=[account for account in accounts.every(connection) if account.problem],
        queue_age=_queue_age(connection, now),
        messages=reports.list_messages(connection, shop_id or None, limit=MESSAGES_SHOWN),
        shop_names={shop.id: shop.name for shop in every},
    )


def failed_deliveries(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(inbox).where(inbox.c.state == literally("failed"))) or 0


def _lines(connection: Connection, shown: Sequence[Shop], now: datetime) -> list[ShopLine]:
    ids = {shop.id for shop in shown}
    routes, counts = routes_of(connection, ids), _counts(connection, ids, now - COUNTED)
    return [
        ShopLine(shop, routes.accounts_for(shop.id), reports.feeds_of(connection, shop.id), counts.get(shop.id, {}))
        for shop in shown
    ]


def _counts(connection: Connection, shop_ids: set[str], since: datetime) -> dict[str, dict[str, int]]:
    """Ids begin with the moment they were made, so the days are a range of the primary key."""
    rows = connection.execute(
        select(messages.c.shop_id, messages.c.state, func.count())
        .where(messages.c.shop_id.in_(sorted(shop_ids)), messages.c.id >= first_id("msg", since))
        .group_by(messages.c.shop_id, messages.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for shop_id, state, count in rows:
        found.setdefault(shop_id, {})[state] = count
    return found


def _queue_age(connection: Connection, now: datetime) -> timedelta:
    oldest: datetime | None = connection.scalar(
        select(func.min(messages.c.due_at)).where(messages.c.state == literally("queued"), messages.c.due_at <= now)
    )
    return now - oldest if oldest else timedelta()
