"""Why a text is written, and all that bears on whether and when it may leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.phone import NoNumber, Number
from sidecar.domain.recent import Recent
from sidecar.domain.shop import ShopSettings
from sidecar.policy.carriage import CONVERSATION
from sidecar.policy.orders import Change
from sidecar.policy.switch import Switch

MARKETING = "marketing"


class Entrance(StrEnum):
    """Which way a text came about: the shop reported a change (to the customer, or to its staff); somebody pressed
    Send, or Test; a product is back; a person is to confirm a request of theirs, or a yes that the shop passed on; they
    want a one-time code; they wrote something that is answered by itself, or by the owner."""

    CHANGE = "change"
    STAFF = "staff"
    MANUAL = "manual"
    TEST = "test"
    ALERT = "alert"
    REQUEST = "request"
    QUESTION = "question"
    CODE = "code"
    ANSWER = "answer"
    CONVERSATION = "conversation"


AT_ONCE = frozenset({Entrance.TEST, Entrance.CODE, Entrance.ANSWER, Entrance.REQUEST, Entrance.CONVERSATION})
"""A person waits for these, awake. The event of such a text has the same name."""


def entrance_to(wrote_at: datetime | None, category: str, now: datetime) -> Entrance:
    """That of what an owner writes to a customer whose latest message is of that moment."""
    in_conversation = wrote_at is not None and now - wrote_at < CONVERSATION and category != MARKETING
    return Entrance.CONVERSATION if in_conversation else Entrance.MANUAL


@dataclass(frozen=True, slots=True)
class Facts:
    """All that bears on the decision. `reaches_people` is None for a shop without a route, `credit` for one that
    does not prepay; `unfit` is why no account of the route can carry the text. `happened_at` is the moment of the
    change by the shop's clock, `ready_at` when the text is due by its own delay; `country` and `region` are where the
    recipient's address is, as far as the shop tells."""

    settings: ShopSettings
    entrance: Entrance
    key: str
    text: str
    number: Number | NoNumber
    now: datetime
    reaches_people: bool | None
    switch: Switch
    unfit: str = ""
    category: str = "transactional"
    change: Change | None = None
    ordered_at: datetime | None = None
    happened_at: datetime | None = None
    ready_at: datetime | None = None
    country: str = ""
    region: str = ""
    standings: Mapping[Purpose, Standing] = field(default_factory=dict)
    recent: Recent = field(default_factory=Recent)
    credit: int | None = None
    cost: int = 0

    @property
    def purpose(self) -> Purpose:
        if self.category == MARKETING:
            return Purpose.MARKETING
        alert = self.entrance in (Entrance.ALERT, Entrance.REQUEST)
        return Purpose.STOCK_ALERTS if alert else Purpose.ORDERS
