"""The three things that can be decided about a message."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Send:
    rule: str = "nothing stands against it"


@dataclass(frozen=True, slots=True)
class Hold:
    """Until `until`, then send. `reason` is a stable code."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Suppress:
    """Not to be sent. `reason` is a stable code."""

    reason: str


Decision = Send | Hold | Suppress
