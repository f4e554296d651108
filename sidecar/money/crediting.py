"""Shops that pay before they send: what they bought, what it may be spent on, and what waits for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.domain.status import MessageState
from sidecar.domain.timetable import Timetable
from sidecar.money.purses import open_account, prepays
from sidecar.policy.opening import NeverOpens
from sidecar.storage import credits, outbox, shops
from sidecar.storage.credits import Entry, Kind
from sidecar.storage.database import Database
from sidecar.storage.messages import MessageKey, Messages, Step
from sidecar.storage.outbox import Claimed
from sidecar.storage.types import AnyRow

WorkingDay = Callable[[str, ZoneInfo, datetime], datetime]
"""From when on the first working day after a moment runs, in a country and zone."""

MOST = 1_000_000_000
LONGEST_NOTE = 60
_TOGETHER = 200

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Balance:
    """What a shop may spend now, and what it has bought that counts later. Without numbers: it does not prepay."""

    billing: str
    balance: int | None = None
    low: bool = False
    waiting: int = 0
    coming: tuple[AnyRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Crediting:
    """`working_day` says when bought credit begins to count, `opening` from when on a message may leave; below `low`
    credits a shop is warned."""

    database: Database
    messages: Messages
    clock: Callable[[], datetime]
    random_bits: RandomBits
    working_day: WorkingDay
    opening: Callable[[Claimed, datetime], datetime]
    low: int

    def timetable(self) -> Timetable:
        return [(1.0, self.count), (1.0, self.release), (10.0, self.warn)]

    def buy(self, shop: Shop, amount: int, *, at_once: bool = False, note: str = "") -> Entry:
        """Record a purchase, which counts from the shop's next working day. Raises `Refused`."""
        with self.database.write() as connection:
            return self.buy_within(connection, shop, amount, at_once=at_once, note=note)

    def buy_within(
        self,
        connection: Connection,
        shop: Shop,
        amount: int,
        *,
        at_once: bool = False,
        note: str = "",
        entry_id: str = "",
    ) -> Entry:
        """`entry_id` is one of `new_entry_id`: under the same id it is recorded once."""
        now = self.clock()
        zone = ZoneInfo(shop.settings.timezone)
        counts_from = now if at_once else self.working_day(shop.settings.country, zone, now)
        if not 0 < amount <= MOST:
            raise Refused("bad_amount", f"Buy 1 to {MOST} credits.")
        entry = self._entry(shop, Kind.PURCHASE, amount, now, counts_from, note, entry_id)
        open_account(connection, shop, self.random_bits, now)
        credits.promise(connection, entry)
        credits.count_due(connection, now)
        return entry

    def adjust(self, shop: Shop, amount: int, note: str) -> Entry:
        """Set a balance right by hand, up or down but not below nothing. Raises `Refused`."""
        with self.database.write() as connection:
            return self.adjust_within(connection, shop, amount, note)

    def adjust_within(self, connection: Connection, shop: Shop, amount: int, note: str, entry_id: str = "") -> Entry:
        """As `buy_within`."""
        now = self.clock()
        if amount == 0 or abs(amount) > MOST:
            raise Refused("bad_amount", f"Adjust by up to {MOST} credits, up or down.")
        entry = self._entry(shop, Kind.ADJUST, amount, now, now, note, entry_id)
        open_account(connection, shop, self.random_bits, now)
        balance = credits.hold(connection, [shop.id])[shop.id]
        if credits.is_booked(connection, entry):
            return entry
        if balance + amount < 0:
            raise Refused("not_enough", f"The shop has {balance} credits: take no more than that.")
        credits.book(connection, [entry])
        return entry

    def new_entry_id(self) -> str:
        return new_id("led", self.clock(), self.random_bits)

    def balance(self, shop: Shop) -> Balance:
        if not prepays(shop):
            return Balance(shop.settings.billing)
        with self.database.read() as connection:
            balance = credits.balance_of(connection, shop.id)
            coming = credits.coming(connection, shop.id)
            waiting = credits.unpaid_counts(connection, shop.id).get(shop.id, 0)
        if balance is None:
            self._open(shop)
            return self.balance(shop)
        return Balance(shop.settings.billing, balance, balance < self.low, waiting, tuple(coming))

    def ledger(self, shop: Shop, limit: int) -> list[AnyRow]:
        """Newest first."""
        with self.database.read() as connection:
            return credits.ledger_of(connection, shop.id, limit)

    def count(self) -> int:
        """Let what has come due count, a purchase or a return; returns how many shops have more now."""
        now = self.clock()
        with self.database.read() as connection:
            if not credits.any_due(connection, now):
                return 0
        with self.database.write() as connection:
            return len(credits.count_due(connection, now))

    def release(self) -> int:
        """Let go what waited for credit and can be paid now, in the order in which it was written, inside the hours;
        returns how many."""
        with self.database.read() as connection:
            waiting = credits.shops_waiting(connection)
            found = shops.several(connection, waiting).values() if waiting else ()
        return sum(self._release(shop) for shop in found)

    def warn(self) -> None:
        """Once for each time that a balance falls below what the operator finds enough."""
        with self.database.read() as connection:
            if not credits.any_crossed(connection, self.low):
                return
        with self.database.write() as connection:
            fallen = credits.crossed(connection, self.low, self.clock())
            found = shops.several(connection, set(fallen))
        for shop in filter(prepays, found.values()):
            log.warning("a shop is low on credit", shop_id=shop.id, balance=fallen[shop.id], low=self.low)

    def _open(self, shop: Shop) -> None:
        with self.database.write() as connection:
            open_account(connection, shop, self.random_bits, self.clock())

    def _release(self, shop: Shop) -> int:
        released = 0
        while keys := self._ready(shop):
            with self.database.write() as connection:
                paid = self._let_go(connection, shop, keys)
                self.database.ring(connection)
            released += paid
            if paid < len(keys):
                break
        return released

    def _ready(self, shop: Shop) -> list[MessageKey]:
        """The oldest of those whose hours are open."""
        after_id, now = "", self.clock()
        ready: list[MessageKey] = []
        with self.database.read() as connection:
            if prepays(shop) and not credits.balance_of(connection, shop.id):
                return []
            while len(ready) < _TOGETHER and (page := outbox.unpaid(connection, shop.id, now, after_id, _TOGETHER)):
                ready += [message.key for message in page if self._is_open(message, now)]
                after_id = page[-1].id
        return ready[:_TOGETHER]

    def _is_open(self, message: Claimed, now: datetime) -> bool:
        try:
            return self.opening(message, now) <= now
        except NeverOpens:
            return False

    def _let_go(self, connection: Connection, shop: Shop, keys: list[MessageKey]) -> int:
        now = self.clock()
        left = credits.hold(connection, [shop.id])[shop.id]
        costs = credits.hold_unpaid(connection, keys)
        if not prepays(shop):
            costs = dict.fromkeys(costs, 0)
        payable = dict(_affordable(costs, left))
        self.messages.advance(connection, [_step(key, cost, now) for key, cost in payable.items()], now)
        self.messages.pay(connection, {key: cost for key, cost in payable.items() if cost}, now)
        return len(payable)

    def _entry(
        self, shop: Shop, kind: Kind, amount: int, now: datetime, counts_from: datetime, note: str, entry_id: str
    ) -> Entry:
        if len(note) > LONGEST_NOTE or not note.isprintable():
            raise Refused("bad_note", f"A note has {LONGEST_NOTE} printable characters at most.")
        return Entry(entry_id or self.new_entry_id(), shop.id, kind, amount, now, counts_from, note=note)


def _affordable(costs: dict[MessageKey, int], left: int) -> Iterator[tuple[MessageKey, int]]:
    """As many as can be paid for, one after the other: a cheap one does not overtake a dear one."""
    for key, cost in costs.items():
        left -= cost
        if left < 0:
            return
        yield key, cost


def _step(key: MessageKey, cost: int, now: datetime) -> Step:
    columns = {"reason": "", "due_at": now, "check_at": None, "credits": cost}
    return Step(*key, MessageState.QUEUED, columns, {"rule": "credit has come", "credits": cost})
