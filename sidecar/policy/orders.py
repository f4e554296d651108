"""From reports of an order to its changes: one change once, whatever arrives and in whatever order."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sidecar.domain.event import EventKind, Order, Parcel, ShopEvent, Transition
from sidecar.domain.order_record import OrderRecord


@dataclass(frozen=True, slots=True)
class Placed:
    """The order was placed: its first sight in one of the shop's placed statuses, once for ever."""

    @property
    def key(self) -> str:
        return "placed"


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """`number` counts this order's changes: a return to an earlier status is a change of its own."""

    before: str
    number: int

    @property
    def key(self) -> str:
        return f"status:{self.number}"


@dataclass(frozen=True, slots=True)
class ParcelMoved:
    """A parcel of the order reached this status, once for each."""

    parcel: Parcel

    @property
    def key(self) -> str:
        return f"parcel:{self.parcel.step}"


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """The shop wrote to the customer on the order."""

    note_id: str

    @property
    def key(self) -> str:
        return f"note:{self.note_id}"


@dataclass(frozen=True, slots=True)
class RefundedInPart:
    """A part of what was paid went back, once for each refund."""

    refund_id: str

    @property
    def key(self) -> str:
        return f"refund:{self.refund_id}"


Change = Placed | StatusChanged | ParcelMoved | NoteWritten | RefundedInPart


@dataclass(frozen=True, slots=True)
class Observation:
    """The order as we know it after a report, what changed if anything, and the report's fate in a word."""

    record: OrderRecord | None
    change: Change | None
    note: str


def observe(known: OrderRecord | None, event: ShopEvent, placed_statuses: Collection[str]) -> Observation:
    """Take in one report of an order. Never announces a trashed or restored order."""
    order = event.order
    if event.parcel or event.note or event.refund:
        return _told_of_more(known, event)
    if known and order and _is_stale(known, order):
        return Observation(known, None, "stale")
    if event.kind is EventKind.ORDER_TRASHED or order is None:
        return Observation(_trashed(known, order), None, "trashed")
    if event.kind is EventKind.ORDER_RESTORED or (known and known.trashed):
        return Observation(_remembered(known, order), None, "restored")
    if known and order.status == known.status:
        return Observation(_remembered(known, order), None, "unchanged")
    return _changed(known, order, placed_statuses)


def _trashed(known: OrderRecord | None, order: Order | None) -> OrderRecord | None:
    """With the order's own time where the report has it, so that older reports of it stay stale."""
    if order is None:
        return replace(known, trashed=True) if known else None
    record = known or OrderRecord(order.status, order.modified_at)
    return replace(record, modified_at=order.modified_at, seen=(), trashed=True)


def _is_stale(known: OrderRecord, order: Order) -> bool:
    if order.modified_at == known.modified_at:
        if order.transition:
            return not _follows(known, order, order.transition)
        return order.status in known.seen and order.status != known.status
    return order.modified_at < known.modified_at


def _follows(known: OrderRecord, order: Order, transition: Transition) -> bool:
    """Within one second a gateway takes an order through several statuses, and back to one it had. What the shop tells
    of the change itself puts them in order: one that we have passed, by whichever way we heard of it, is old news."""
    passed = known.moved_at is not None and transition.at < known.moved_at
    return not passed and (known.status in (transition.before, order.status))


def _remembered(known: OrderRecord | None, order: Order) -> OrderRecord:
    known = known or OrderRecord(order.status, order.modified_at)
    same_moment = known.seen if order.modified_at == known.modified_at else ()
    left = (order.transition.before,) if order.transition else ()
    seen = tuple(dict.fromkeys((*same_moment, *left, order.status)))
    moved_at = _moved_at(order) or known.moved_at
    return replace(
        known, status=order.status, modified_at=order.modified_at, seen=seen, trashed=False, moved_at=moved_at
    )


def _moved_at(order: Order) -> datetime | None:
    return order.transition.at if order.transition else None


def _knowing(record: OrderRecord, *parcels: Parcel) -> OrderRecord:
    return replace(record, parcels=tuple(dict.fromkeys((*record.parcels, *(parcel.step for parcel in parcels)))))


def parcels_of(before: OrderRecord | None, record: OrderRecord, order: Order) -> tuple[OrderRecord, list[ParcelMoved]]:
    """The parcels that an order brings with it and that were not told yet. Those of an order never seen before are
    old news: the sidecar was connected after they had left."""
    news = [ParcelMoved(parcel) for parcel in order.parcels if before and parcel.step not in record.parcels]
    return _knowing(record, *order.parcels) if order.parcels else record, news


def _told_of_more(known: OrderRecord | None, event: ShopEvent) -> Observation:
    """A parcel, a note or a refund: each is told once by its own id, and says nothing of the order's status."""
    record = known or (_remembered(None, event.order) if event.order else None)
    if record is None or record.trashed:
        return Observation(record, None, "order unknown" if record is None else "trashed order")
    if event.parcel:
        news = event.parcel.step not in record.parcels
        return Observation(_knowing(record, event.parcel), ParcelMoved(event.parcel) if news else None, "parcel")
    if event.refund:
        return Observation(record, RefundedInPart(event.refund.id), "refund")
    return Observation(record, NoteWritten(event.note.id), "note") if event.note else Observation(record, None, "empty")


def _changed(known: OrderRecord | None, order: Order, placed_statuses: Collection[str]) -> Observation:
    record = _remembered(known, order)
    if order.replaced_by or (order.replaces and known is None):
        # An edited order goes on under a new number; the customer has neither cancelled nor ordered anything.
        return Observation(replace(record, placed=True), None, "edited")
    if not record.placed and {order.status, order.state} & set(placed_statuses):
        return Observation(replace(record, placed=True), Placed(), "placed")
    if known is None:
        return Observation(record, None, "first sight")
    number = record.changes + 1
    return Observation(replace(record, changes=number), StatusChanged(known.status, number), "status changed")
