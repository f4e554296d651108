"""What the overview shows, read from figures that were counted before. Nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import Connection, func, select

from sidecar.domain.shop import Shop
from sidecar.ledger import reports
from sidecar.ledger.counting import day_in
from sidecar.ledger.figures import Figures, read, together
from sidecar.storage import accounts, credits, days, shops
from sidecar.storage.accounts import Account
from sidecar.storage.days import Totals
from sidecar.storage.routes import routes_of
from sidecar.storage.tables import accounts as accounts_table
from sidecar.storage.tables import deliverability, inbox, literally, messages
from sidecar.storage.types import AnyRow

CHARTED = 30
SHOPS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ShopLine:
    """A shop at a glance: today, and the month."""

    shop: Shop
    route: Sequence[Account]
    feeds: Sequence[AnyRow]
    today: Totals
    month: Totals
    credit: int | None


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """`delivered` and `failed`: of its texts of the last hour whose fate is known."""

    account: Account
    delivered: int
    failed: int

    @property
    def share(self) -> float | None:
        known = self.delivered + self.failed
        return self.delivered / known if known else None


@dataclass(frozen=True)
class Overview:
    """`last_beat` is None when no worker has ever lived here; `days` are the last thirty, oldest first."""

    lines: Sequence[ShopLine]
    all_shops: int
    last_beat: datetime | None
    counted_at: datetime | None
    providers: Sequence[ProviderLine]
    queue_age: timedelta
    days: Mapping[str, Figures]
    today: str

    @property
    def now(self) -> Figures:
        return self.days[self.today]

    @cached_property
    def month(self) -> Figures:
        return together(self.days.values())


def overview(connection: Connection, now: datetime, zone: str, shop: Shop | None = None) -> Overview:
    """By the clock of this time zone."""
    today = day_in(zone, now)
    named = [str(today - timedelta(back)) for back in range(CHARTED - 1, -1, -1)]
    kept = days.of_shop(connection, shop.id if shop else days.ALL, named[0])
    shown = [shop] if shop else shops.first(connection, SHOPS_SHOWN)
    lines = _lines(connection, shown, now)
    route = {account.id for account in lines[0].route} if shop else None
    return Overview(
        lines=lines,
        all_shops=1 if shop else shops.count(connection),
        last_beat=reports.last_beat(connection),
        counted_at=days.newest(connection),
        providers=[line for line in provider_lines(connection) if route is None or line.account.id in route],
        queue_age=_queue_age(connection, now, route),
        days={day: read(kept.get(day, {})) for day in named},
        today=named[-1],
    )


def shop_lines(connection: Connection, now: datetime, words: str, limit: int, offset: int) -> list[ShopLine]:
    """Of shops with these words in their name or address."""
    return _lines(connection, shops.like(connection, words, limit, offset), now)


def failed_deliveries(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(inbox).where(inbox.c.state == literally("failed"))) or 0


def _lines(connection: Connection, shown: Sequence[Shop], now: datetime) -> list[ShopLine]:
    ids = {shop.id for shop in shown}
    routes = routes_of(connection, ids)
    feeds = reports.feeds_of_several(connection, ids)
    today = {
        day: days.totals(connection, ids, day, day)
        for day in {str(day_in(shop.settings.timezone, now)) for shop in shown}
    }
    month = days.totals(connection, ids, str(now.date() - timedelta(CHARTED)))
    balances = credits.balances(connection, ids)
    return [
        ShopLine(
            shop,
            routes.accounts_for(shop.id),
            feeds.get(shop.id, ()),
            today[str(day_in(shop.settings.timezone, now))].get(shop.id, Totals()),
            month.get(shop.id, Totals()),
            balances.get(shop.id) if shop.settings.billing == "prepaid" else None,
        )
        for shop in shown
    ]


def provider_lines(connection: Connection) -> list[ProviderLine]:
    query = select(
        deliverability.c.account_id, func.sum(deliverability.c.delivered), func.sum(deliverability.c.failed)
    ).group_by(deliverability.c.account_id)
    shares = {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(query)}
    return [ProviderLine(account, *shares.get(account.id, (0, 0))) for account in accounts.every(connection)]


def _queue_age(connection: Connection, now: datetime, account_ids: set[str] | None) -> timedelta:
    """How long the oldest message in line has been due: one probe of an index for each account."""
    known = account_ids if account_ids is not None else set(connection.execute(select(accounts_table.c.id)).scalars())
    oldest = (
        select(messages.c.due_at)
        .where(messages.c.state == literally("queued"), messages.c.account_id == account_id, messages.c.due_at <= now)
        .order_by(messages.c.due_at)
        .limit(1)
        for account_id in sorted(known)
    )
    due = [found for query in oldest if (found := connection.scalar(query))]
    return now - min(due) if due else timedelta()
