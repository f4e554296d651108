"""Whose number an order's texts go to."""

from collections.abc import Iterator
from dataclasses import dataclass

from sidecar.domain import phone
from sidecar.domain.event import Order
from sidecar.domain.phone import NoNumber, NoNumberReason, Number
from sidecar.domain.shop import ShopSettings


@dataclass(frozen=True, slots=True)
class Recipient:
    """`first_name` is that of whoever has the number."""

    number: Number | NoNumber
    first_name: str


def recipient_of(order: Order, settings: ShopSettings) -> Recipient:
    """The first of the order's numbers that can be texted, in the shop's order of preference; if none can, why the
    most preferred one cannot."""
    candidates = [
        Recipient(phone.read(raw, country or settings.country), name)
        for raw, country, name in _fields(order, settings)
        if raw
    ]
    good = (candidate for candidate in candidates if isinstance(candidate.number, Number))
    nobody = Recipient(NoNumber(NoNumberReason.NO_NUMBER), order.first_name)
    return next(good, candidates[0] if candidates else nobody)


def _fields(order: Order, settings: ShopSettings) -> Iterator[tuple[str, str, str]]:
    """Number as typed, the country it was typed in, the first name beside it."""
    buyer = (order.phone, order.country, order.first_name)
    receiver = (
        order.receiver_phone,
        order.receiver_country or order.country,
        order.receiver_first_name or order.first_name,
    )
    if settings.phone_meta_key:
        yield order.meta.get(settings.phone_meta_key, ""), order.country, order.first_name
    yield from (receiver, buyer) if settings.recipient == "receiver" else (buyer, receiver)
