"""From what Magento's REST interface shows, and our module tells in the same shape, to what it means."""

import re
from collections.abc import Mapping

from connectors.magento.payload import OrderPayload, Shipment, Track
from connectors.reading.carriers import carrier_name, known_link
from connectors.reading.checks import Fault, JsonObject, json_object, validated
from connectors.reading.envelope import Reader, note, order_id, read_envelope, refund
from connectors.reading.stock import STOCK, read_stock
from sidecar.domain.event import EventKind, Order, Parcel, ParcelStatus, ShopEvent, Transition
from sidecar.domain.reading import Ignored, Unreadable
from sidecar.domain.spoken import Spoken, order_consents

CLOSED = "closed"
ORDER, PARCEL, NOTE, REFUND = "order.updated", "order.parcel", "order.note", "order.refund"
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4}){0,2}")


def read_event(_topic: str, body: bytes, timezone: str) -> ShopEvent | Spoken | Ignored:
    """What is in our module's envelope. Raises `Unreadable`."""
    return read_envelope(body, timezone, READERS)


def read(topic: str, body: bytes, timezone: str) -> ShopEvent | Ignored:
    """The same as the poller found it, under its topic. Raises `Unreadable`."""
    return READERS[topic](json_object(body), timezone)


def _order_event(data: JsonObject, _timezone: str) -> ShopEvent:
    payload = validated(OrderPayload, data)
    return ShopEvent(EventKind.ORDER_SEEN, payload.entity_id, _order(payload))


def _order(payload: OrderPayload) -> Order:
    billing, delivery = payload.billing, payload.delivery
    return Order(
        id=payload.entity_id,
        number=payload.increment_id or payload.entity_id,
        status=_told_as(payload.status, payload.state),
        state=payload.state,
        modified_at=payload.updated_at,
        created_at=payload.created_at,
        phone=payload.mobile or billing.telephone,
        country=billing.country_id or delivery.country_id,
        receiver_phone=delivery.telephone,
        receiver_country=delivery.country_id or billing.country_id,
        region=(delivery if delivery.country_id else billing).region_code,
        first_name=billing.firstname or payload.customer_firstname,
        last_name=billing.lastname or payload.customer_lastname,
        receiver_first_name=delivery.firstname,
        total=payload.grand_total,
        currency=payload.order_currency_code,
        payment=payload.payment,
        items=payload.items,
        customer_id=payload.customer_id,
        locale=payload.locale if _LANGUAGE.fullmatch(payload.locale) else "",
        replaces=payload.relation_parent_id,
        replaced_by=payload.relation_child_id,
        consents=order_consents(payload.consents),
        transition=_transition(payload),
        status_name=payload.status_label,
    )


def _told_as(status: str, state: str) -> str:
    """A new order's usual status is `pending`, by which WooCommerce and customers mean that it has not been paid."""
    return "new" if (status, state) == ("pending", "new") else status


def _transition(payload: OrderPayload) -> Transition | None:
    told = payload.transition
    return Transition(_told_as(told.from_status, told.from_state), told.at) if told else None


def _parcel_event(data: JsonObject, _timezone: str) -> ShopEvent:
    told = data.get("shipment")
    if not isinstance(told, dict):
        raise Unreadable(Fault.MISSING_FIELD, "The event has no `shipment`: put there what left.")
    return ShopEvent(EventKind.PARCEL_SEEN, order_id(data), _beside(data), parcel=_parcel(told))


def _parcel(told: JsonObject) -> Parcel:
    """A number that is added later is a parcel of its own: the customer was told of one that could not be followed."""
    shipment = validated(Shipment, told, "shipment")
    tracks = [each for each in shipment.tracks if isinstance(each, dict)] if isinstance(shipment.tracks, list) else []
    track = validated(Track, tracks[0], "track") if tracks else Track()
    carrier = track.title or ("" if track.carrier_code == "custom" else track.carrier_code)
    return Parcel(
        id=track.track_number or shipment.entity_id,
        status=ParcelStatus.SHIPPED,
        carrier=carrier_name(carrier),
        tracking_number=track.track_number,
        tracking_url=known_link(track.carrier_code, track.track_number) or known_link(carrier, track.track_number),
        at=track.created_at or shipment.created_at,
    )


def _note_event(data: JsonObject, _timezone: str) -> ShopEvent:
    return ShopEvent(EventKind.NOTE_WRITTEN, order_id(data), _beside(data), note=note(data))


def _refund_event(data: JsonObject, timezone: str) -> ShopEvent | Ignored:
    """A refund in full closes the order, which is told by its status."""
    shown = data.get("order")
    if not isinstance(shown, dict):
        return Ignored("a refund without its order")
    seen = _order_event(shown, timezone)
    told = refund(data.get("creditmemo"), "entity_id", "grand_total", "order_currency_code")
    if told is None or (seen.order and seen.order.state == CLOSED):
        return seen
    return ShopEvent(EventKind.REFUNDED_IN_PART, seen.order_id, seen.order, refund=told)


def _beside(data: JsonObject) -> Order | None:
    order = data.get("order")
    return _order(validated(OrderPayload, order)) if isinstance(order, dict) else None


READERS: Mapping[str, Reader] = {
    ORDER: _order_event,
    PARCEL: _parcel_event,
    NOTE: _note_event,
    REFUND: _refund_event,
    STOCK: lambda data, _: read_stock(data),
}
