"""Try-outs from the asking to going live: the shop's orders are fetched outside any transaction, replayed where
nothing can leave, and what came of it is kept for the shop to read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import Connection

from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.event import ShopEvent
from sidecar.domain.mode import Mode
from sidecar.domain.shop import Shop
from sidecar.domain.timetable import Timetable
from sidecar.intake.desk import Stationery
from sidecar.keeping.shopkeeping import change_settings
from sidecar.policy.saving import SettingsRefused
from sidecar.storage import shops, tryouts
from sidecar.storage.database import Database
from sidecar.storage.routes import routes_of
from sidecar.storage.tryouts import DONE, FAILED, TryOut
from sidecar.tryout.replay import replay, told
from sidecar.tryout.scratch import clear_left, scratch_of
from sidecar.tryout.stages import Stage, stages

DAYS = 30
MOST_DAYS = 90
KEPT = timedelta(days=7)
MOST_ORDERS = 20_000
LEASE = timedelta(minutes=10)
LEFT_FOR = timedelta(hours=1)
"""What was not written to for so long, whoever made it died over."""

log = structlog.get_logger()


Found = tuple[datetime | None, ShopEvent]
"""A report and when it was made; without a moment it is an order as it stands today."""


class Source(Protocol):
    """Where a shop's orders come from, a page at a time. Raises `ShopProblem`."""

    def __call__(self, shop: Shop, since: datetime) -> Iterator[list[Found]]: ...


class CannotGoLive(Exception):
    """The text is a sentence saying what is missing."""


@dataclass(frozen=True, slots=True)
class TryOuts:
    database: Database
    stationery: Stationery
    source: Source
    clock: Callable[[], datetime]

    def timetable(self) -> Timetable:
        return [(2.0, self.work), (3600.0, self.clear)]

    def ask(self, connection: Connection, shop: Shop, mode: Mode, days: int = DAYS) -> bool:
        """Returns whether none was under way."""
        return tryouts.ask(connection, shop.id, int(mode), min(max(days, 1), MOST_DAYS), self.clock())

    def work(self) -> int:
        """Run what waits, one after the other; returns how many."""
        with self.database.read() as connection:
            waiting = tryouts.waiting(connection, self.clock())
        return sum(self.run(shop_id) for shop_id in waiting)

    def clear(self) -> int:
        clear_left(self.clock() - LEFT_FOR)
        with self.database.write() as connection:
            return tryouts.forget_old(connection, self.clock() - KEPT)

    def run(self, shop_id: str) -> bool:
        """Never raises: what became of it is written down. Killed in the middle, it is begun anew by the next."""
        now = self.clock()
        with self.database.write() as connection:
            tried = tryouts.take(connection, shop_id, now, now + LEASE)
            shop = shops.several(connection, {shop_id}).get(shop_id)
        if tried is None or shop is None:
            return False
        try:
            self._try(shop, tried)
        except ShopProblem as problem:
            self._finish(tried, state=FAILED, problem=problem.sentence)
        except Exception as error:
            log.exception("a try-out stumbled", shop_id=shop_id)
            self._finish(tried, state=FAILED, problem=f"Something went wrong here ({type(error).__name__}).")
        return True

    def go_live(self, connection: Connection, shop: Shop, mode: Mode) -> None:
        """From now on: what changed before is noted and told to nobody. Twice is once. Raises `CannotGoLive`."""
        settings = shop.settings
        if not routes_of(connection, {shop.id}).accounts_for(shop.id):
            raise CannotGoLive("Nobody carries the shop's texts yet: choose a provider account under Setting up.")
        if not settings.sender:
            raise CannotGoLive("The texts have no sender yet: set it under Settings.")
        is_live = settings.mode is mode and settings.told_from
        told_from = settings.told_from if is_live else self.clock().isoformat()
        changes = {"mode": int(mode), "told_from": told_from, "redirect_to": ""}
        try:
            change_settings(connection, shop.id, changes, self.clock(), by_operator=True)
        except SettingsRefused as refused:
            raise CannotGoLive(str(refused)) from None

    def _try(self, shop: Shop, tried: TryOut) -> None:
        since = tried.asked_at - timedelta(days=tried.days)
        found = list(self._stages(shop, tried, since))
        with scratch_of(self.database, shop, Mode(tried.mode)) as scratch:
            orders = len({event.order_id for _, event in found})
            for _ in replay(scratch, shop, found, self.stationery, self.clock()):
                self._go_on(tried, orders)
            lines = list(told(scratch, shop, since))
        self._finish(tried, state=DONE, problem="", lines=lines)

    def _stages(self, shop: Shop, tried: TryOut, since: datetime) -> Iterator[Stage]:
        """A shop that is asked may show an order twice, as it changes; what was told at its moment counts each time."""
        orders: set[str] = set()
        for page in self.source(shop, since):
            for moment, event in page:
                known = event.order_id in orders
                if event.stock or (not known and len(orders) >= MOST_ORDERS):
                    continue
                orders.add(event.order_id)
                if moment:
                    yield moment, event
                elif not known:
                    yield from stages(event, shop.settings)
            self._go_on(tried, len(orders))

    def _go_on(self, tried: TryOut, orders: int) -> None:
        with self.database.write() as connection:
            if not tryouts.go_on(connection, tried, orders, self.clock() + LEASE):
                raise ShopProblem("taken_back", "This try-out was taken back.")

    def _finish(self, tried: TryOut, **ended: object) -> None:
        with self.database.write() as connection:
            tryouts.finish(connection, tried, self.clock(), **ended)
