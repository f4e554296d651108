"""How long a one-time code is good, how many were sent lately, and how many came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

MINUTES = 5
VALID = timedelta(minutes=MINUTES)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """The last codes to numbers that begin alike, old enough to have come back."""

    sent: int = 0
    confirmed: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """Codes of the last hour: to the number, asked from the address, to numbers that begin alike, and of the whole
    shop by country; and of the last day to the number."""

    to_number: int = 0
    to_number_in_a_day: int = 0
    from_address: int = 0
    to_prefix: int = 0
    by_country: Mapping[str, int] = field(default_factory=dict)
    sample: Sample = field(default_factory=Sample)
