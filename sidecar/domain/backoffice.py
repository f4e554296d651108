"""A shop's back office, as far as we read it and write in it: each platform's connector makes its own of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class ShopProblem(Exception):
    """The shop did not do what it was asked for: `code` is stable, the sentence says what was wrong and what to do.
    `retry_after`: how many seconds it asks to be left alone. `uncertain`: it may have done it all the same.
    `hopeless`: asking for the same thing again cannot help."""

    def __init__(
        self,
        code: str,
        sentence: str,
        retry_after: float | None = None,
        *,
        uncertain: bool = False,
        hopeless: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.retry_after = retry_after
        self.uncertain = uncertain
        self.hopeless = hopeless


@dataclass(frozen=True, slots=True)
class About:
    """What a shop tells of itself; empty for what it does not. `addresses`: where else the same installation is
    found."""

    country: str
    currency: str
    timezone: str
    locale: str
    stock_managed: bool
    version: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Something the shop showed, in the form in which its deliveries come. `key` names the thing, whatever its
    state; `event_id` is the shop's own id of an event, where it is one; `modified_at` is by the shop's clock. `looks`
    is what tells it from how it was before, where the body holds the moment of asking. `early`: its own
    pages may not show it yet, so it is told once it is still so at the next look."""

    key: str
    topic: str
    body: bytes
    event_id: str = ""
    modified_at: datetime | None = None
    looks: str = ""
    early: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """`up_to`: everything that changed until then has been shown, with this page; None while that is not certain."""

    found: Sequence[Found]
    up_to: datetime | None = None


ProductKey = tuple[str, str]
"""A product's id, and its variation's, which may be empty."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Events that a shop's plugin hands out, and the plugin's version."""

    events: Sequence[Found]
    plugin: str


NO_PLUGIN = "no_plugin"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found of the webhooks, by topic: made, woken after the shop had switched them off, and those that
    somebody has put to sleep, which is left to them."""

    made: Sequence[str]
    revived: Sequence[str]
    paused: Sequence[str]


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be written on an order, once. `mark` tells this writing from all others; `again` says that it was
    tried before, and may have been done."""

    mark: str
    order_id: str
    note: str
    status: str
    again: bool


@dataclass(frozen=True, slots=True)
class ToldState:
    """What became of one message about an order."""

    id: str
    template: str
    status: str
    reason: str


class ShowsStock(Protocol):
    def stock(self, wanted: Sequence[ProductKey]) -> Iterator[tuple[ProductKey, Found | ShopProblem]]:
        """These products and variations as they are now, or why one cannot be shown. Raises `ShopProblem` where none
        can."""
        ...


class KeepsStates(Protocol):
    def show_states(self, order_id: str, states: Sequence[ToldState]) -> None:
        """Have the order hold these, in place of what it held of them. Raises `ShopProblem`."""
        ...


class TakesNotes(Protocol):
    def write(self, writing: Writing) -> None:
        """Write it, unless it is there already. Raises `ShopProblem`."""
        ...


class HandsOutEvents(Protocol):
    def take(self, most: int, done: Sequence[str], request_id: str) -> Handed:
        """The oldest events that have not arrived; `done` names those that have. Raises `ShopProblem`, with the code
        `NO_PLUGIN` where there is nobody to ask."""
        ...


class KeepsWebhooks(Protocol):
    def keep(self, *, products: bool) -> Kept:
        """Make what is missing, and wake what the shop has switched off. Raises `ShopProblem`."""
        ...


class Wakes(Protocol):
    def wake(self) -> None:
        """Have the shop do what waits for a visitor. Raises `ShopProblem`."""
        ...
