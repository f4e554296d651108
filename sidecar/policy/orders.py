"""From reports of an order to its changes: one change once, whatever arrives and in whatever order."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sidecar.domain.event import EventKind, Order, ShopEvent
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


Change = Placed | StatusChanged


@dataclass(frozen=True, slots=True)
class Observation:
    """The order as we know it after a report, what changed if anything, and the report's fate in a word."""

    record: OrderRecord | None
    change: Change | None
    note: str


def observe(known: OrderRecord | None, event: ShopEvent, placed_statuses: Collection[str]) -> Observation:
    """Take in one report of an order. Never announces a trashed or restored order."""
    order = event.order
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
        return order.status in known.seen and order.status != known.status
    return order.modified_at < known.modified_at


def _remembered(known: OrderRecord | None, order: Order) -> OrderRecord:
    if known is None:
        return OrderRecord(order.status, order.modified_at, (order.status,))
    same_moment = known.seen if order.modified_at == known.modified_at else ()
    seen = tuple(dict.fromkeys((*same_moment, order.status)))
    return replace(known, status=order.status, modified_at=order.modified_at, seen=seen, trashed=False)


def _changed(known: OrderRecord | None, order: Order, placed_statuses: Collection[str]) -> Observation:
    record = _remembered(known, order)
    if not record.placed and order.status in placed_statuses:
        return Observation(replace(record, placed=True), Placed(), "placed")
    if known is None:
        return Observation(record, None, "first sight")
    number = record.changes + 1
    return Observation(replace(record, changes=number), StatusChanged(known.status, number), "status changed")
