"""What we remember of an order between two reports of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """`seen`: the statuses reported with this same `modified_at`, for shops whose clock ticks in seconds.
    `changes` counts the status changes so far and numbers the messages about them.

    `number` is what the customer calls the order, `to` the E.164 number to text about it (empty for none), `facts`
    what a text may say of it, `asked` whether the customer has been asked to confirm it, and what they said,
    `parcels` the steps of parcels that have been told, `moved_at` the last change of status whose very moment the shop
    told."""

    status: str
    modified_at: datetime
    seen: tuple[str, ...] = ()
    placed: bool = False
    trashed: bool = False
    changes: int = 0
    number: str = ""
    to: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    parcels: tuple[str, ...] = ()
    seen_at: datetime | None = None
    moved_at: datetime | None = None
