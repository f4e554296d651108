"""What a shop tells us, in one form for every platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sidecar.domain.spoken import OrderConsent


class EventKind(StrEnum):
    ORDER_SEEN = "order_seen"
    ORDER_RESTORED = "order_restored"
    ORDER_TRASHED = "order_trashed"
    PARCEL_SEEN = "parcel_seen"
    NOTE_WRITTEN = "note_written"
    REFUNDED_IN_PART = "refunded_in_part"
    STOCK_SEEN = "stock_seen"


@dataclass(frozen=True, slots=True)
class Transition:
    """The very change of status that a report is about, where the shop tells it: the status `before`, and the moment,
    finer than the shop's own clock."""

    before: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the shop last showed it. Times are aware; `modified_at` is the shop's own clock and is
    compared only with other times of the same shop. `state` is the shop's own coarser word for the status, where it has
    one. `total` is kept as the shop wrote it.

    `phone` is the customer's, `receiver_phone` the one given with the delivery address, both with their countries;
    `meta` holds the shop's own fields of short text, `region` the state within the country. An order edited into a
    new one is `replaced_by` that, which `replaces` it. `customer_id` is empty for guests, `payment` the shop's word
    for the way of paying, `items` how many things were bought, `consents` what the buyer ticked, `transition` how it
    came by its status, `status_name` what the shop's customers read for it."""

    id: str
    number: str
    status: str
    modified_at: datetime
    state: str = ""
    created_at: datetime | None = None
    phone: str = ""
    country: str = ""
    receiver_phone: str = ""
    receiver_country: str = ""
    region: str = ""
    first_name: str = ""
    last_name: str = ""
    receiver_first_name: str = ""
    total: str = ""
    currency: str = ""
    payment: str = ""
    items: int = 0
    customer_id: str = ""
    locale: str = ""
    replaces: str = ""
    replaced_by: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    parcels: tuple["Parcel", ...] = ()
    consents: tuple[OrderConsent, ...] = ()
    transition: Transition | None = None
    status_name: str = ""


class ParcelStatus(StrEnum):
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    EXCEPTION = "exception"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of an order, known by its tracking number or, without one, by the shop's own id of the shipment.
    `at` is when it reached this status, where the shop tells."""

    id: str
    status: ParcelStatus
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    place: str = ""
    at: datetime | None = None

    @property
    def step(self) -> str:
        """What is told once."""
        return f"{self.id}:{self.status}"


@dataclass(frozen=True, slots=True)
class Note:
    """What the shop wrote to the customer on an order."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Refund:
    """A part of an order's total that was paid back; `amount` as the shop wrote it. One in full is a status."""

    id: str
    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Whether a product or a variation can be bought now. `variation_id` is empty for a product as a whole, `quantity`
    None where the shop does not count. `modified_at` is the shop's own clock; None when the product is gone, with all
    its variations, of which shops tell nothing but the id."""

    product_id: str
    variation_id: str
    name: str
    url: str
    saleable: bool
    quantity: int | None
    modified_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShopEvent:
    """One report, from any entrance (webhook, plugin, poller): about an order, or about a product's stock, which
    belongs to no order."""

    kind: EventKind
    order_id: str
    order: Order | None = None
    parcel: Parcel | None = None
    note: Note | None = None
    refund: Refund | None = None
    stock: StockLevel | None = None
