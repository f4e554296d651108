"""What somebody or something wants sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sidecar.catalog.compose import ComposedText
from sidecar.catalog.context import Context
from sidecar.catalog.templates import Template
from sidecar.domain.phone import NoNumber, Number
from sidecar.domain.shop import Shop
from sidecar.policy.occasion import Entrance
from sidecar.policy.orders import Change

Person = tuple[str, str]
"""A shop's id and a number."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A text that somebody or something wants sent. `dedupe_key` is the same however often and by whichever way
    the occasion is reported; `subject_id` names the alert or code it is about; `settles` is true where a newer
    change of the order may take its place; `words` are there where they have been filled before; `why` opens the
    message's timeline."""

    shop: Shop
    entrance: Entrance
    event: str
    dedupe_key: str
    template: Template
    context: Context
    number: Number | NoNumber
    event_at: datetime
    change: Change | None = None
    ordered_at: datetime | None = None
    happened_at: datetime | None = None
    ready_at: datetime | None = None
    country: str = ""
    region: str = ""
    order_id: str | None = None
    subject_id: str | None = None
    settles: bool = False
    devices: Mapping[str, str] = field(default_factory=dict)
    words: ComposedText | None = None
    why: Mapping[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> Person | None:
        return person(self.shop, self.number)

    @property
    def to(self) -> str:
        """Where it goes: elsewhere in shops that are tried out; empty where there is no number."""
        return "" if isinstance(self.number, NoNumber) else self.shop.settings.redirect_to or self.number.e164

    @property
    def calling_country(self) -> str:
        """Of the number, whatever the address says."""
        return self.number.country if isinstance(self.number, Number) else ""


def person(shop: Shop, number: Number | NoNumber) -> Person | None:
    return None if isinstance(number, NoNumber) else (shop.id, number.e164)
