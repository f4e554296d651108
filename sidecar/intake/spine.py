"""The spine: from reports of a shop to decided, composed messages in the outbox, in one transaction. What is told of
stock is remembered; whom it concerns is for the alerts to find.

Every way a change can reach us (webhook, plugin, poller, replay) ends in `accept`; what a person asks for
ends in `submit`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from sidecar.catalog.context import Context
from sidecar.catalog.templates import Template
from sidecar.domain import phone
from sidecar.domain.event import Order, ShopEvent, StockLevel
from sidecar.domain.ids import new_id
from sidecar.domain.order_record import OrderRecord
from sidecar.domain.phone import NoNumber, NoNumberReason, Number
from sidecar.domain.shop import Shop
from sidecar.domain.spoken import OrderConsent
from sidecar.domain.status import MessageState
from sidecar.domain.stock import StockRecord
from sidecar.intake.announcing import Announcement, facts_of, wishes
from sidecar.intake.desk import Stationery
from sidecar.intake.wish import Person, Wish, person
from sidecar.intake.wording import Wording
from sidecar.policy.occasion import Entrance
from sidecar.policy.orders import Observation, Placed, observe, parcels_of
from sidecar.policy.recipients import Recipient, recipient_of
from sidecar.policy.stock import taken_in
from sidecar.storage import locks, occasions, orders, shops, stock
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
    """What a person asks to send. `devices`: where its link leads on phones of one make."""

    to: str
    template: Template
    context: Context
    entrance: Entrance
    order_id: str | None = None
    country: str = ""
    devices: Mapping[str, str] = field(default_factory=dict)


class KeyReused(Exception):
    """A dedupe key came back with another wish than the one it was first used for."""


Listen = Callable[[Connection, Shop, str, Number, Sequence[OrderConsent]], None]
"""Takes in what the buyer of an order ticked at the checkout."""


class _Batch:
    """What one transaction knows and collects while it works through its reports."""

    def __init__(
        self,
        connection: Connection,
        reports: Sequence[Report],
        stationery: Stationery,
        listen: Listen,
        now: datetime,
    ) -> None:
        shop_ids = {report.shop_id for report in reports}
        about_orders = [report.order_key for report in reports if report.event.stock is None]
        self.records: dict[OrderKey, OrderRecord] = orders.lock(connection, about_orders)
        self.shelves = stock.lock(connection, [(r.shop_id, r.event.stock.product_id) for r in reports if r.event.stock])
        self.shops = shops.several(connection, shop_ids)
        self.wording = Wording(connection, shop_ids)
        self.pending: dict[OrderKey, list[Pending]] = held_of(connection, self.records)
        self.recipients = [self._recipient(report) for report in reports]
        people = self._people(reports)
        if any(report.event.order and report.event.order.consents for report in reports):
            locks.hold_people(connection, people)
            self._hear(connection, reports, listen)
        self.desk = stationery.desk(connection, shop_ids, people, now)
        self.new: dict[str, NewMessage] = {}
        self.restocked: dict[stock.StockKey, StockRecord] = {}
        self.ended: list[Step] = []

    def _recipient(self, report: Report) -> Recipient:
        """From the order as reported, else as we remember it."""
        shop, order = self.shops.get(report.shop_id), report.event.order
        if shop and order:
            return recipient_of(order, shop.settings)
        record = self.records.get(report.order_key)
        known = phone.read(record.to, "") if record and record.to else NoNumber(NoNumberReason.NO_NUMBER)
        return Recipient(known, record.facts.get("first_name", "") if record else "")

    def _hear(self, connection: Connection, reports: Sequence[Report], listen: Listen) -> None:
        """Before anything is decided: whether an order may be texted about can depend on what its buyer ticked."""
        for report, recipient in zip(reports, self.recipients, strict=True):
            shop, order = self.shops.get(report.shop_id), report.event.order
            if shop and order and order.consents and isinstance(recipient.number, Number):
                listen(connection, shop, order.id, recipient.number, order.consents)

    def _people(self, reports: Sequence[Report]) -> set[Person]:
        found = {
            person(self.shops[report.shop_id], recipient.number)
            for report, recipient in zip(reports, self.recipients, strict=True)
            if report.shop_id in self.shops
        }
        return {someone for someone in found if someone}

    def add(self, message: NewMessage) -> None:
        columns = message.columns
        self.new[columns["id"]] = message
        if columns["state"] == MessageState.HELD and columns["order_id"]:
            order_key = columns["shop_id"], columns["order_id"]
            self.pending.setdefault(order_key, []).append(Pending(columns["id"], columns["settles_at"]))

    def shelve(self, shop_id: str, level: StockLevel, now: datetime) -> str:
        shelf = self.shelves.setdefault((shop_id, level.product_id), {})
        changes, note = taken_in(shelf, level, now)
        shelf.update(changes)
        self.restocked.update(((shop_id, level.product_id, variation), new) for variation, new in changes.items())
        return note

    def overtake(self, order_key: OrderKey, state: MessageState, reason: str, settling_at: datetime | None) -> None:
        """End what this order has waiting: all of it, or what still settles at a moment."""
        ending = [p for p in self.pending.get(order_key, []) if settling_at is None or p.settles_after(settling_at)]
        for pending in ending:
            self.pending[order_key].remove(pending)
            if fresh := self.new.get(pending.message_id):
                ended = {**fresh.columns, "state": state, "reason": reason}
                self.new[pending.message_id] = replace(
                    fresh, columns=ended, why={**fresh.why, "ended": str(state), "reason": reason}
                )
            else:
                self.ended.append(Step(order_key[0], pending.message_id, state, {"reason": reason}, {"reason": reason}))


class Intake:
    def __init__(self, messages: Messages, clock: Clock, stationery: Stationery, listen: Listen) -> None:
        self._messages = messages
        self._clock = clock
        self._stationery = stationery
        self._listen = listen

    def accept(self, connection: Connection, reports: Sequence[Report]) -> list[str]:
        """Take in reports, oldest first; returns the fate of each in a word or two."""
        now = self._clock()
        batch = _Batch(connection, reports, self._stationery, self._listen, now)
        notes = [self._take_in(batch, *given, now) for given in zip(reports, batch.recipients, strict=True)]
        orders.save(connection, batch.records)
        stock.save(connection, batch.restocked)
        self._messages.advance(connection, batch.ended, now)
        self._messages.add(connection, list(batch.new.values()), now)
        return notes

    def submit(self, connection: Connection, shop: Shop, asked: ByHand, dedupe_key: str | None = None) -> str:
        """Decide on what a person asks for and put it in the outbox; returns the message's id. The same wish
        under the same `dedupe_key` is the same message. Raises `KeyReused` for another wish."""
        now = self._clock()
        number = phone.read(asked.to, asked.country or shop.settings.country)
        someone = person(shop, number)
        event = str(asked.entrance)
        wish = Wish(
            shop=shop,
            entrance=asked.entrance,
            event=event,
            dedupe_key=dedupe_key or new_id(event, now, self._stationery.random_bits),
            template=asked.template,
            context=asked.context,
            number=number,
            event_at=now,
            order_id=asked.order_id,
            devices=asked.devices,
            why={"source": event},
        )
        message = self._stationery.desk(connection, {shop.id}, {someone} if someone else set(), now).write(wish)
        self._messages.add(connection, [message], now)
        stored = occasions.message_of(connection, shop.id, wish.dedupe_key)
        if any(getattr(stored, name) != message.columns[name] for name in ("to", "template", "text", "order_id")):
            raise KeyReused(wish.dedupe_key)
        return str(stored.id)

    def _take_in(self, batch: _Batch, report: Report, recipient: Recipient, now: datetime) -> str:
        shop = batch.shops.get(report.shop_id)
        if shop is None:
            return "shop unknown"
        if report.event.stock:
            return batch.shelve(shop.id, report.event.stock, now)
        before, order = batch.records.get(report.order_key), report.event.order
        seen = observe(before, report.event, shop.settings.placed_statuses)
        if seen.record is None:
            return seen.note
        record = _asking(_remembering(seen.record, order, recipient, now), seen, shop)
        record, parcels = parcels_of(before, record, order) if order else (record, [])
        batch.records[report.order_key] = record
        if seen.note == "trashed":
            batch.overtake(report.order_key, MessageState.CANCELLED, "order_trashed", settling_at=None)
        for change in (*([seen.change] if seen.change else []), *parcels):
            told = Announcement(
                shop=shop,
                order_id=report.event.order_id,
                record=record,
                change=change,
                event=report.event,
                number=recipient.number,
                received_at=report.received_at,
                came={"source": report.source, "inbox_id": report.inbox_id},
            )
            _announce(batch, told, now)
        return seen.note


def _announce(batch: _Batch, told: Announcement, now: datetime) -> None:
    for wish in wishes(told, batch.wording):
        message = batch.desk.write(wish)
        if wish.settles and message.columns["state"] != MessageState.SUPPRESSED:
            order_key = told.shop.id, told.order_id
            batch.overtake(order_key, MessageState.SUPERSEDED, "newer_change", settling_at=now)
        batch.add(message)


def _remembering(record: OrderRecord, order: Order | None, recipient: Recipient, now: datetime) -> OrderRecord:
    if order is None:
        return record
    return replace(
        record,
        number=order.number,
        to=recipient.number.e164 if isinstance(recipient.number, Number) else "",
        facts=facts_of(order, recipient.first_name),
        seen_at=now,
    )


_PAID_AT_THE_DOOR = frozenset({"cod", "cashondelivery"})


def _asking(record: OrderRecord, seen: Observation, shop: Shop) -> OrderRecord:
    """Whether the thank-you of this order asks the customer to confirm it."""
    wanted = shop.settings.confirm_orders
    asks = wanted == "always" or (wanted == "cash_on_delivery" and record.facts.get("payment") in _PAID_AT_THE_DOOR)
    return replace(record, asked="open") if isinstance(seen.change, Placed) and asks else record
