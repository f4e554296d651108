"""Events in our own envelope, `{"type": "order.updated", "data": {…}}`: what a plugin in the shop sends.

An order is given as the shop's REST interface shows it; a parcel as `{"order_id", "parcel": {…}, "order"}` and a note
to the customer as `{"order_id", "note_id", "note", "order"}`, both with the order beside them where there is one;
`product.stock` says what can be bought now. `alert.asked`, `alert.ended` and `consent.said` carry what a person told
the shop while the API could not be reached, as the API would have been told."""

from collections.abc import Callable, Mapping
from datetime import datetime

from connectors.woocommerce import parcels, products
from connectors.woocommerce.checks import Fault, JsonObject, fetch_again, json_object
from connectors.woocommerce.normalise import KIND_OF_TOPIC, read_payload
from connectors.woocommerce.payload import LONGEST_ID, clean
from sidecar.domain import spoken
from sidecar.domain.event import EventKind, Note, Order, Parcel, ParcelStatus, ShopEvent
from sidecar.domain.reading import Ignored, Unreadable
from sidecar.domain.spoken import Spoken

LONGEST_NOTE = 1000


def read_event(_topic: str, body: bytes, timezone: str) -> ShopEvent | Spoken | Ignored:
    """What is in an envelope. Raises `Unreadable`."""
    envelope = json_object(body)
    kind, data = envelope.get("type"), envelope.get("data")
    if not isinstance(kind, str):
        raise Unreadable(Fault.MISSING_FIELD, "The event has no `type`: send one such as order.updated.")
    reader = _READERS.get(kind)
    if reader is None and kind not in KIND_OF_TOPIC and kind not in spoken.KINDS:
        return Ignored(f"type {clean(kind, 64)}".rstrip())
    if not isinstance(data, dict):
        raise Unreadable(Fault.MISSING_FIELD, "The event has no `data`: put what it is about there as an object.")
    if kind in spoken.KINDS:
        return spoken.read(kind, data)
    return reader(data, timezone) if reader else read_payload(kind, data, timezone)


def _parcel(data: JsonObject, timezone: str) -> ShopEvent:
    told = data.get("parcel")
    parcel = told if isinstance(told, dict) else {}
    number = clean(parcel.get("tracking_number"), 64)
    parcel_id = number or clean(parcel.get("id"), 64)
    if not parcel_id:
        raise Unreadable(Fault.MISSING_FIELD, "The parcel has neither `tracking_number` nor `id`: give one of them.")
    return ShopEvent(
        EventKind.PARCEL_SEEN,
        _order_id(data),
        _order(data, timezone),
        parcel=Parcel(
            id=parcel_id,
            status=_status(parcel),
            carrier=parcels.carrier_name(clean(parcel.get("carrier"), 64)),
            tracking_number=number,
            tracking_url=parcels.link(parcel.get("tracking_url"))
            or parcels.known_link(clean(parcel.get("carrier"), 64), number),
            place=clean(parcel.get("place"), 64),
            at=_moment(parcel.get("at")),
        ),
    )


def _note(data: JsonObject, timezone: str) -> ShopEvent:
    note_id, text = clean(data.get("note_id"), 64), clean(data.get("note"), LONGEST_NOTE)
    if not note_id or not text:
        raise Unreadable(Fault.MISSING_FIELD, "A note to the customer has a `note_id` and its words in `note`.")
    return ShopEvent(EventKind.NOTE_WRITTEN, _order_id(data), _order(data, timezone), note=Note(note_id, text))


_READERS: Mapping[str, Callable[[JsonObject, str], ShopEvent | Ignored]] = {
    "order.parcel": _parcel,
    "order.note": _note,
    products.STOCK: lambda data, _: products.read_stock(data),
}


def _order_id(data: JsonObject) -> str:
    digits = clean(data.get("order_id"), LONGEST_ID + 1)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ID and int(digits)):
        raise Unreadable(Fault.BAD_FIELD, f"The event's `order_id` is not a number above zero. {fetch_again()}")
    return str(int(digits))


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
