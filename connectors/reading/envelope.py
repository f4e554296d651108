"""Our own envelope, `{"type": "order.updated", "data": {…}}`: what a plugin or module in a shop sends. `alert.asked`,
`alert.ended` and `consent.said` are the same for every platform: what a person told the shop while the API could not be
reached, as the API would have been told."""

import re
from collections.abc import Callable, Mapping

from connectors.reading.checks import Fault, JsonObject, fetch_again, json_object
from connectors.reading.text import clean, order_number
from sidecar.domain import spoken
from sidecar.domain.event import Note, Refund, ShopEvent
from sidecar.domain.reading import Ignored, Unreadable
from sidecar.domain.spoken import Spoken

LONGEST_NOTE = 1000

Reader = Callable[[JsonObject, str], ShopEvent | Ignored]


def read_envelope(body: bytes, timezone: str, readers: Mapping[str, Reader]) -> ShopEvent | Spoken | Ignored:
    """What is in an envelope, read by the reader of its type; others are ignored. Raises `Unreadable`."""
    envelope = json_object(body)
    kind, data = envelope.get("type"), envelope.get("data")
    if not isinstance(kind, str):
        raise Unreadable(Fault.MISSING_FIELD, "The event has no `type`: send one such as order.updated.")
    reader = readers.get(kind)
    if reader is None and kind not in spoken.KINDS:
        return Ignored(f"type {clean(kind, 64)}".rstrip())
    if not isinstance(data, dict):
        raise Unreadable(Fault.MISSING_FIELD, "The event has no `data`: put what it is about there as an object.")
    return reader(data, timezone) if reader else spoken.read(kind, data)


def order_id(data: JsonObject) -> str:
    try:
        return order_number(data.get("order_id"))
    except ValueError as fault:
        raise Unreadable(Fault.BAD_FIELD, f"The event's `order_id` is {fault}. {fetch_again()}") from None


def refund(told: object, id_name: str, amount_name: str, currency_name: str) -> Refund | None:
    """Where it says what was paid back, under the platform's own names. Of nothing (a shop takes goods back into
    stock so) nobody is told."""
    paid = told if isinstance(told, dict) else {}
    refund_id, amount = clean(paid.get(id_name), 64), clean(paid.get(amount_name), 20)
    is_something = re.fullmatch(r"[0-9.,]*[1-9][0-9.,]*", amount, re.ASCII)
    return Refund(refund_id, amount, clean(paid.get(currency_name), 8)) if refund_id and is_something else None


def note(data: JsonObject) -> Note:
    note_id, text = clean(data.get("note_id"), 64), clean(data.get("note"), LONGEST_NOTE)
    if not note_id or not text:
        raise Unreadable(Fault.MISSING_FIELD, "A note to the customer has a `note_id` and its words in `note`.")
    return Note(note_id, text)
