"""The spine: from reports of a shop to decided, composed messages in the outbox, in one transaction.

Every way a change can reach us (webhook, plugin, poller, replay) ends in `accept`; what a person asks for
ends in `submit`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sidecar.catalog.placeholders import OrderContext
from sidecar.catalog.templates import Template, key_for_status, template_for
from sidecar.domain import phone
from sidecar.domain.event import Order, ShopEvent
from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.order_record import OrderRecord
from sidecar.domain.shop import Shop
from sidecar.domain.status import MessageState
from sidecar.drafting import Occasion, compose_for, draft
from sidecar.policy.decide import Facts, decide, decide_by_hand
from sidecar.policy.decision import Suppress
from sidecar.policy.orders import Change, Placed, observe
from sidecar.policy.switch import Switch
from sidecar.storage import accounts, occasions, orders, shops
from sidecar.storage.accounts import Account
from sidecar.storage.messages import Messages, NewMessage, Pending, Step, held_of

Clock = Callable[[], datetime]
OrderKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """An event as it reached us: from which shop, by which way, when, and under which inbox id."""

    shop_id: str
    event: ShopEvent
    source: str
    received_at: datetime
    inbox_id: str = ""

    @property
    def order_key(self) -> OrderKey:
        return self.shop_id, self.event.order_id


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person asks to send."""

    to: str
    template: Template
    context: OrderContext
    is_test: bool
    order_id: str | None = None


class KeyReused(Exception):
    """A dedupe key came back with another wish than the one it was first used for."""


class _Batch:
    """What one transaction knows and collects while it works through its reports."""

    def __init__(self, connection: Connection, reports: Sequence[Report]) -> None:
        shop_ids = {report.shop_id for report in reports}
        self.records: dict[OrderKey, OrderRecord] = orders.lock(connection, [r.order_key for r in reports])
        self.shops = shops.several(connection, shop_ids)
        self.routes = accounts.routes_of(connection, shop_ids)
        self.pending: dict[OrderKey, list[Pending]] = held_of(connection, self.records)
        self.new: dict[str, NewMessage] = {}
        self.ended: list[Step] = []

    def add(self, order_key: OrderKey, message: NewMessage) -> None:
        columns = message.columns
        self.new[columns["id"]] = message
        if columns["state"] == MessageState.HELD:
            self.pending.setdefault(order_key, []).append(Pending(columns["id"], columns["settles_at"]))

    def overtake(self, order_key: OrderKey, state: MessageState, reason: str, settling_at: datetime | None) -> None:
        """End what this order has waiting: all of it, or what still settles at a moment."""
        ending = [p for p in self.pending.get(order_key, []) if settling_at is None or p.settles_at > settling_at]
        for pending in ending:
            self.pending[order_key].remove(pending)
            if fresh := self.new.get(pending.message_id):
                ended = {**fresh.columns, "state": state, "reason": reason}
                self.new[pending.message_id] = NewMessage(ended, {**fresh.why, "ended": str(state), "reason": reason})
            else:
                self.ended.append(Step(order_key[0], pending.message_id, state, {"reason": reason}, {"reason": reason}))


class Intake:
    """`reaches_people` tells of a provider kind whether its texts arrive at phones."""

    def __init__(
        self,
        messages: Messages,
        clock: Clock,
        random_bits: RandomBits,
        switch: Switch,
        reaches_people: Callable[[str], bool],
    ) -> None:
        self._messages = messages
        self._clock = clock
        self._random_bits = random_bits
        self._switch = switch
        self._reaches_people = reaches_people

    def accept(self, connection: Connection, reports: Sequence[Report]) -> list[str]:
        """Take in reports, oldest first; returns the fate of each in a word or two."""
        now = self._clock()
        batch = _Batch(connection, reports)
        notes = [self._take_in(batch, report, now) for report in reports]
        orders.save(connection, batch.records)
        self._messages.advance(connection, batch.ended, now)
        self._messages.add(connection, list(batch.new.values()), now)
        return notes

    def submit(self, connection: Connection, shop: Shop, wish: ByHand, dedupe_key: str | None = None) -> str:
        """Decide on what a person asks for and put it in the outbox; returns the message's id. The same wish
        under the same `dedupe_key` is the same message. Raises `KeyReused` for another wish."""
        now = self._clock()
        account = _first_account(accounts.routes_of(connection, {shop.id}), shop.id)
        number = phone.read(wish.to, shop.settings.country)
        decision = decide_by_hand(shop.settings, wish.is_test, number, self._reaches(account), self._switch, now)
        event = "test" if wish.is_test else "manual"
        key = dedupe_key or new_id(event, now, self._random_bits)
        occasion = Occasion(shop, event, key, number, account, now, wish.order_id)
        text = compose_for(shop, wish.template, wish.context)
        message = draft(occasion, wish.template, text, decision, now, self._random_bits, {"source": event})
        self._messages.add(connection, [message], now)
        stored = occasions.message_of(connection, shop.id, key)
        if any(getattr(stored, name) != message.columns[name] for name in ("to", "template", "text", "order_id")):
            raise KeyReused(key)
        return str(stored.id)

    def _take_in(self, batch: _Batch, report: Report, now: datetime) -> str:
        shop = batch.shops.get(report.shop_id)
        if shop is None:
            return "shop unknown"
        seen = observe(batch.records.get(report.order_key), report.event, shop.settings.placed_statuses)
        if seen.record:
            batch.records[report.order_key] = seen.record
        if seen.note == "trashed":
            batch.overtake(report.order_key, MessageState.CANCELLED, "order_trashed", settling_at=None)
        if seen.change and report.event.order:
            self._announce(batch, shop, report, report.event.order, seen.change, now)
        return seen.note

    def _announce(self, batch: _Batch, shop: Shop, report: Report, order: Order, change: Change, now: datetime) -> None:
        account = _first_account(batch.routes, shop.id)
        number = phone.read(order.phone, order.country or shop.settings.country)
        decision = decide(
            Facts(shop.settings, change, number, order.created_at, now, self._reaches(account), self._switch)
        )
        if not isinstance(decision, Suppress):
            batch.overtake(report.order_key, MessageState.SUPERSEDED, "newer_change", settling_at=now)
        placed = isinstance(change, Placed)
        occasion = Occasion(
            shop=shop,
            event="order_placed" if placed else "status_changed",
            dedupe_key=f"{order.id}:{change.key}",
            number=number,
            account=account,
            event_at=report.received_at,
            order_id=order.id,
        )
        template = template_for("order_placed" if placed else key_for_status(order.status), shop.settings.locale)
        text = compose_for(shop, template, _context(shop, order))
        why = _circumstances(report, order, change)
        batch.add(report.order_key, draft(occasion, template, text, decision, now, self._random_bits, why))

    def _reaches(self, account: Account | None) -> bool | None:
        return self._reaches_people(account.kind) if account else None


def _first_account(routes: dict[str, list[Account]], shop_id: str) -> Account | None:
    return next(iter(routes.get(shop_id, [])), None)


def _context(shop: Shop, order: Order) -> OrderContext:
    return OrderContext(
        number=order.number,
        first_name=order.first_name,
        status=order.status,
        total=order.total,
        currency=order.currency,
        shop=shop.settings.sender or shop.name,
    )


def _circumstances(report: Report, order: Order, change: Change) -> dict[str, Any]:
    before = "" if isinstance(change, Placed) else change.before
    return {"source": report.source, "inbox_id": report.inbox_id, "status": order.status, "before": before}
