"""From an order as its shop shows it today to the reports that are certain to have been made of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sidecar.domain.event import ShopEvent
from sidecar.domain.shop import ShopSettings

NEVER_PLACED = frozenset({"pending", "failed", "cancelled", "canceled", "pending_payment", "trash", "holded"})
"""Statuses of which nobody can say whether the order was ever placed before."""

FINISHED = frozenset({"completed", "complete"})
"""Statuses that most orders reach after another, and some, of goods that are not shipped, at once."""
AT_ONCE = timedelta(minutes=1)

Stage = tuple[datetime, ShopEvent]


def stages(event: ShopEvent, settings: ShopSettings) -> Iterator[Stage]:
    """That it was placed when it was made, and that it has come to today's status when it was last changed. What it
    passed between the two, no shop tells afterwards."""
    order = event.order
    if order is None or order.created_at is None:
        return
    is_later = order.status in FINISHED and order.modified_at > order.created_at + AT_ONCE
    if order.status in settings.placed_statuses and not is_later:
        yield order.created_at, event
        return
    if order.status not in NEVER_PLACED:
        yield order.created_at, _as(event, settings.placed_statuses[0], order.created_at)
    yield max(order.modified_at, order.created_at), event


def _as(event: ShopEvent, status: str, at: datetime) -> ShopEvent:
    order = event.order
    # With the parcels it had not sent yet, it would be told of them too early.
    return replace(event, order=replace(order, status=status, modified_at=at, parcels=())) if order else event
