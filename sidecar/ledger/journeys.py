"""How far an order has come, for the customer's own eyes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from sidecar.domain.shop import Shop
from sidecar.storage import shops
from sidecar.storage.links import ShortLink
from sidecar.storage.tables import messages
from sidecar.storage.types import AnyRow

_STATUS_OF_TEXT: Mapping[str, str] = {
    "order_placed": "new",
    "confirm_order": "new",
    "order_pending": "pending",
    "order_processing": "processing",
    "order_on_hold": "on_hold",
    "order_completed": "completed",
    "order_cancelled": "cancelled",
    "order_refunded": "refunded",
    "order_failed": "failed",
    "order_shipped": "shipped",
    "out_for_delivery": "out_for_delivery",
    "ready_for_pickup": "ready_for_pickup",
    "delivered": "delivered",
}
_OTHERS = ("staff", "test", "manual")


@dataclass(frozen=True, slots=True)
class Step:
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """`message_id` is of the text that carried the link: the right to end such texts goes with it."""

    shop: Shop
    message_id: str
    locale: str
    order: str
    carrier: str
    tracking_number: str
    steps: tuple[Step, ...]


def journey(connection: Connection, link: ShortLink) -> Journey | None:
    """None where the shop or the text is gone."""
    shop = shops.several(connection, {link.shop_id}).get(link.shop_id)
    told = connection.execute(
        select(messages.c.order_id, messages.c.locale).where(
            messages.c.shop_id == link.shop_id, messages.c.id == link.message_id
        )
    ).first()
    if shop is None or told is None:
        return None
    facts = link.facts
    return Journey(
        shop=shop,
        message_id=link.message_id,
        locale=told.locale or shop.settings.locale,
        order=facts.get("order", ""),
        carrier=facts.get("carrier", ""),
        tracking_number=facts.get("tracking_number", ""),
        steps=tuple(_steps(connection, link.shop_id, told.order_id)) if told.order_id else (),
    )


def _steps(connection: Connection, shop_id: str, order_id: str) -> Iterator[Step]:
    """Whether or not a text about it left. A status that the order came back to is a step of its own."""
    rows = connection.execute(
        select(messages.c.template, messages.c.event_at)
        .where(messages.c.shop_id == shop_id, messages.c.order_id == order_id, messages.c.event.not_in(_OTHERS))
        .order_by(messages.c.event_at, messages.c.id)
    )
    before = ""
    for row in _known(rows):
        if (status := _STATUS_OF_TEXT[row.template]) != before:
            yield Step(status, row.event_at)
        before = status


def _known(rows: Iterator[AnyRow]) -> Iterator[AnyRow]:
    return (row for row in rows if row.template in _STATUS_OF_TEXT)
