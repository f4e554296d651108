"""Events in our own envelope, `{"type": "order.updated", "data": {…}}`: what a plugin in the shop sends.

An order is given as the shop's REST interface shows it; a parcel as `{"order_id", "parcel": {…}, "order"}` and a note
to the customer as `{"order_id", "note_id", "note", "order"}`, both with the order beside them where there is one; a
refund as `{"order_id", "refund": {…}, "order"}`;
`product.stock` says what can be bought now."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from connectors.reading.carriers import carrier_name, known_link, link
from connectors.reading.checks import Fault, JsonObject
from connectors.reading.envelope import Reader, note, order_id, read_envelope, refund
from connectors.reading.stock import STOCK, read_stock
from connectors.reading.text import clean
from connectors.woocommerce.normalise import KIND_OF_TOPIC, read_payload
from sidecar.domain.event import EventKind, Order, Parcel, ParcelStatus, ShopEvent
from sidecar.domain.reading import Ignored, Unreadable
from sidecar.domain.spoken import Spoken


def read_event(_topic: str, body: bytes, timezone: str) -> ShopEvent | Spoken | Ignored:
    """What is in an envelope. Raises `Unreadable`."""
    return read_envelope(body, timezone, _READERS)


def _parcel(data: JsonObject, timezone: str) -> ShopEvent:
    told = data.get("parcel")
    parcel = told if isinstance(told, dict) else {}
    number = clean(parcel.get("tracking_number"), 64)
    parcel_id = number or clean(parcel.get("id"), 64)
    if not parcel_id:
        raise Unreadable(Fault.MISSING_FIELD, "The parcel has neither `tracking_number` nor `id`: give one of them.")
    return ShopEvent(
        EventKind.PARCEL_SEEN,
        order_id(data),
        _order(data, timezone),
        parcel=Parcel(
            id=parcel_id,
            status=_status(parcel),
            carrier=carrier_name(clean(parcel.get("carrier"), 64)),
            tracking_number=number,
            tracking_url=link(parcel.get("tracking_url")) or known_link(clean(parcel.get("carrier"), 64), number),
            place=clean(parcel.get("place"), 64),
            at=_moment(parcel.get("at")),
        ),
    )


def _note(data: JsonObject, timezone: str) -> ShopEvent:
    return ShopEvent(EventKind.NOTE_WRITTEN, order_id(data), _order(data, timezone), note=note(data))


def _order(data: JsonObject, timezone: str) -> Order | None:
    order = data.get("order")
    event = read_payload("order.updated", order, timezone) if isinstance(order, dict) else None
    return event.order if isinstance(event, ShopEvent) else None


def _status(parcel: Mapping[str, object]) -> ParcelStatus:
    word = clean(parcel.get("status"), 64) or ParcelStatus.SHIPPED
    if word not in list(ParcelStatus):
        known = ", ".join(ParcelStatus)
        raise Unreadable(Fault.BAD_FIELD, f"The parcel's `status` is {word!r}; a parcel is {known}.")
    return ParcelStatus(word)


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(clean(value, 40))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _refund(data: JsonObject, timezone: str) -> ShopEvent | Ignored:
    """Of a part; one in full is told by the order's status."""
    told = refund(data.get("refund"), "id", "amount", "currency")
    if told is None:
        return Ignored("a refund")
    return ShopEvent(EventKind.REFUNDED_IN_PART, order_id(data), _order(data, timezone), refund=told)


_READERS: Mapping[str, Reader] = {
    **{topic: partial(read_payload, topic) for topic in KIND_OF_TOPIC},
    "order.parcel": _parcel,
    "order.note": _note,
    "order.refund": _refund,
    STOCK: lambda data, _: read_stock(data),
}
