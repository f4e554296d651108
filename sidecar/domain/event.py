"""What a shop tells us, in one form for every platform."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    ORDER_SEEN = "order_seen"
    ORDER_RESTORED = "order_restored"
    ORDER_TRASHED = "order_trashed"


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the shop last showed it. Times are aware; `modified_at` is the shop's own clock and is
    compared only with other times of the same shop. `total` is kept as the shop wrote it."""

    id: str
    number: str
    status: str
    modified_at: datetime
    created_at: datetime | None = None
    phone: str = ""
    country: str = ""
    first_name: str = ""
    total: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class ShopEvent:
    """One report about one order, from any entrance (webhook, plugin, poller)."""

    kind: EventKind
    order_id: str
    order: Order | None = None
