"""What we remember of a product's stock, and of somebody's wish to be told that it is back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertState(StrEnum):
    """`PENDING`: not yet confirmed by whoever has the number. `TEXTING`: their text is written and has not left.
    `TEXTED`: it has left. `ENDED`: nobody will be told; the reason says why."""

    PENDING = "pending"
    WAITING = "waiting"
    TEXTING = "texting"
    TEXTED = "texted"
    ENDED = "ended"


OPEN = frozenset({AlertState.PENDING, AlertState.WAITING, AlertState.TEXTING})


@dataclass(frozen=True, slots=True)
class StockRecord:
    """`modified_at` is None until the shop itself has told of it: we know the product only by somebody's wish.
    `wave` numbers the wave of texts that is being written, or is next; `drafted` counts the texts of it so far;
    `next_wave_at` is when there is more to write, None while nothing is for sale or nobody waits."""

    name: str = ""
    url: str = ""
    saleable: bool = False
    quantity: int | None = None
    modified_at: datetime | None = None
    wave: int = 1
    drafted: int = 0
    next_wave_at: datetime | None = None
