"""What we remember of an order between two reports of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """`seen`: the statuses reported with this same `modified_at`, for shops whose clock ticks in seconds.
    `changes` counts the status changes so far and numbers the messages about them."""

    status: str
    modified_at: datetime
    seen: tuple[str, ...] = ()
    placed: bool = False
    trashed: bool = False
    changes: int = 0
