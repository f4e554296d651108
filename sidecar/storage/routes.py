"""By which accounts a shop's texts go, and which of them is the best at a moment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from sidecar.storage.accounts import Account, account_of
from sidecar.storage.tables import accounts, deliverability, routes

AVOIDED_FOR = timedelta(seconds=30)
"""How long an account that has a problem is passed over before it is tried again."""
FEWEST_TO_JUDGE = 20
DELIVERED_SHARE_FLOOR = 0.5
JUDGED_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Routes:
    """Each shop's accounts in order of preference, some for one country or one category of texts only.

    `_failing`: account and country of which, lately, too few texts arrived, and when that was measured."""

    _lists: Mapping[tuple[str, str, str], Sequence[Account]]
    _failing: Mapping[tuple[str, str], datetime]

    def accounts_for(self, shop_id: str, country: str = "", category: str = "") -> Sequence[Account]:
        """The most particular list there is: a country counts for more than a category."""
        wanted = ((country, category), (country, ""), ("", category), ("", ""))
        lists = (self._lists.get((shop_id, *particular)) for particular in wanted)
        return next((accounts for accounts in lists if accounts), ())

    def lists_of(self, shop_id: str) -> dict[tuple[str, str], Sequence[Account]]:
        """By country and category, the most general first."""
        found = {(country, kind): there for (of, country, kind), there in self._lists.items() if of == shop_id}
        return dict(sorted(found.items()))

    def best(
        self, shop_id: str, country: str, category: str, now: datetime, without: Collection[str] = ()
    ) -> Account | None:
        """The first that nothing speaks against, else simply the first; `without` those that have failed."""
        there = [one for one in self.in_order(shop_id, country, category, now) if one.id not in without]
        return there[0] if there else None

    def in_order(self, shop_id: str, country: str, category: str, now: datetime) -> list[Account]:
        """Those that something speaks against at this moment come last."""
        return sorted(
            self.accounts_for(shop_id, country, category), key=lambda account: self.avoided(account, country, now)
        )

    def avoided(self, account: Account, country: str, now: datetime) -> bool:
        if account.problem and account.problem_at and now - account.problem_at < AVOIDED_FOR:
            return True
        judged = self._failing.get((account.id, country))
        return judged is not None and now - judged < JUDGED_FOR


def set_route(
    connection: Connection, shop_id: str, account_ids: Sequence[str], country: str = "", category: str = ""
) -> None:
    """Replace the list for this country and category; an empty one falls back on the more general."""
    same = (routes.c.shop_id == shop_id, routes.c.country == country, routes.c.category == category)
    connection.execute(delete(routes).where(*same))
    if account_ids:
        place = {"shop_id": shop_id, "country": country, "category": category}
        connection.execute(
            insert(routes), [{**place, "position": n, "account_id": a} for n, a in enumerate(account_ids)]
        )


def routes_of(connection: Connection, shop_ids: Collection[str]) -> Routes:
    rows = connection.execute(
        select(routes.c.shop_id, routes.c.country, routes.c.category, accounts)
        .join(accounts, accounts.c.id == routes.c.account_id)
        .where(routes.c.shop_id.in_(sorted(shop_ids)))
        .order_by(routes.c.shop_id, routes.c.position)
    )
    lists: dict[tuple[str, str, str], list[Account]] = {}
    for row in rows:
        lists.setdefault((row.shop_id, row.country, row.category), []).append(account_of(row))
    return Routes(lists, _failing(connection))


def _failing(connection: Connection) -> dict[tuple[str, str], datetime]:
    known = deliverability.c.delivered + deliverability.c.failed
    rows = connection.execute(
        select(deliverability.c.account_id, deliverability.c.country, deliverability.c.measured_at).where(
            known >= FEWEST_TO_JUDGE, deliverability.c.delivered < known * DELIVERED_SHARE_FLOOR
        )
    )
    return {(row.account_id, row.country): row.measured_at for row in rows}
