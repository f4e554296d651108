"""From a change of an order to the texts about it: one to the customer, and one to each of the shop's staff who are
to know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sidecar.catalog.context import Context
from sidecar.catalog.templates import Template, key_for_status
from sidecar.domain import phone
from sidecar.domain.event import Order, Parcel, ParcelStatus, ShopEvent
from sidecar.domain.order_record import OrderRecord
from sidecar.domain.phone import NoNumber, Number
from sidecar.domain.shop import Shop
from sidecar.intake.wish import Wish
from sidecar.intake.wording import Wording
from sidecar.policy.occasion import Entrance
from sidecar.policy.orders import Change, NoteWritten, ParcelMoved, Placed, RefundedInPart
from sidecar.policy.timing import due_after

STAFF_TEXT = "staff_new_order"
_KEY_OF_PARCEL: Mapping[ParcelStatus, str] = {
    ParcelStatus.SHIPPED: "order_shipped",
    ParcelStatus.OUT_FOR_DELIVERY: "out_for_delivery",
    ParcelStatus.EXCEPTION: "delivery_exception",
    ParcelStatus.READY_FOR_PICKUP: "ready_for_pickup",
    ParcelStatus.DELIVERED: "delivered",
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """A change of an order as it is to be told: `record` is the order after it, `came` where the report came from."""

    shop: Shop
    order_id: str
    record: OrderRecord
    change: Change
    event: ShopEvent
    number: Number | NoNumber
    received_at: datetime
    came: Mapping[str, Any]

    @property
    def name(self) -> str:
        match self.change:
            case Placed():
                return "order_placed"
            case ParcelMoved():
                return "parcel"
            case NoteWritten():
                return "note"
            case RefundedInPart():
                return "refund"
        return "status_changed"

    @property
    def settles(self) -> bool:
        """Whether the next change of the order makes this one not worth telling."""
        return self.name in ("order_placed", "status_changed")


def wishes(told: Announcement, wording: Wording) -> Iterator[Wish]:
    """The customer's text first."""
    template = wording.text(told.shop, _key(told), told.record.facts.get("locale", ""))
    customers = Wish(
        shop=told.shop,
        entrance=Entrance.CHANGE,
        event=told.name,
        dedupe_key=f"{told.order_id}:{told.change.key}",
        template=template,
        context=_with_news(context_of(told.shop, told.record), told),
        number=told.number,
        event_at=told.received_at,
        change=told.change,
        ordered_at=_ordered_at(told.record),
        happened_at=_happened_at(told),
        ready_at=_ready_at(told, template),
        country=told.record.facts.get("country", ""),
        region=told.record.facts.get("region", ""),
        order_id=told.order_id,
        settles=told.settles,
        why={**told.came, "before": getattr(told.change, "before", ""), "status": told.record.status},
    )
    yield customers
    if told.shop.settings.staff_numbers and template.key in told.shop.settings.staff_events:
        yield from _for_staff(told, customers, wording)


def _happened_at(told: Announcement) -> datetime:
    """By the shop's own clock where it tells the time: a change may reach us long after it was made."""
    order = told.event.order
    return order.modified_at if order else told.received_at


def _ready_at(told: Announcement, template: Template) -> datetime | None:
    """By the shop's own delay for this text, else the usual one."""
    settings = told.shop.settings
    delay = settings.delays.get(template.key, template.kind.delay)
    return due_after(told.received_at, delay, ZoneInfo(settings.timezone)) if delay else None


def _for_staff(told: Announcement, customers: Wish, wording: Wording) -> Iterator[Wish]:
    """A new order has words for the staff; of anything else they read what the customer reads."""
    template = wording.text(told.shop, STAFF_TEXT) if isinstance(told.change, Placed) else customers.template
    for number in told.shop.settings.staff_numbers:
        yield replace(
            customers,
            entrance=Entrance.STAFF,
            event="staff",
            dedupe_key=f"{customers.dedupe_key}:staff:{number}",
            template=template,
            number=phone.read(number, ""),
            settles=False,
            ready_at=None,
        )


def _key(told: Announcement) -> str:
    match told.change:
        case Placed():
            return "confirm_order" if told.record.asked == "open" else "order_placed"
        case ParcelMoved(parcel=parcel):
            return _KEY_OF_PARCEL[parcel.status]
        case NoteWritten():
            return "customer_note"
        case RefundedInPart():
            return "order_part_refunded"
    return key_for_status(told.record.status)


def facts_of(order: Order, first_name: str) -> dict[str, str]:
    """What texts may say of an order, and what tells how to say it: kept with the order."""
    facts = {
        "first_name": first_name,
        "customer_name": f"{order.first_name} {order.last_name}".strip(),
        "total": order.total,
        "currency": order.currency,
        "country": order.country,
        "region": order.region,
        "locale": order.locale,
        "payment": order.payment,
        "status_name": order.status_name,
        "items": str(order.items) if order.items else "",
        "customer_id": order.customer_id,
        "created_at": order.created_at.isoformat() if order.created_at else "",
    }
    return {name: value for name, value in facts.items() if value}


def context_of(shop: Shop, record: OrderRecord) -> Context:
    facts = record.facts
    return Context(
        number=record.number,
        first_name=facts.get("first_name", ""),
        status=record.status,
        status_name=facts.get("status_name", ""),
        total=facts.get("total", ""),
        currency=facts.get("currency", ""),
        shop=shop.settings.sender or shop.name,
        customer_name=facts.get("customer_name", ""),
        payment_method=facts.get("payment", ""),
        items=facts.get("items", ""),
    )


def _with_news(context: Context, told: Announcement) -> Context:
    if isinstance(told.change, ParcelMoved):
        return _with_parcel(context, told.change.parcel)
    if told.event.refund:
        return replace(context, total=told.event.refund.amount, currency=told.event.refund.currency or context.currency)
    return replace(context, note=told.event.note.text) if told.event.note else context


def _with_parcel(context: Context, parcel: Parcel) -> Context:
    return replace(
        context,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_url=parcel.tracking_url,
        pickup_place=parcel.place,
    )


def _ordered_at(record: OrderRecord) -> datetime | None:
    written = record.facts.get("created_at")
    return datetime.fromisoformat(written) if written else None
