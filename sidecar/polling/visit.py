"""One errand at one shop: what it remembers, and how what it finds gets onto the road."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeAlias, TypeVar

from sidecar.domain.backoffice import Found
from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.shop import Shop
from sidecar.storage import feeds, inbox, polls
from sidecar.storage.database import Database
from sidecar.storage.inbox import Delivery
from sidecar.storage.polls import Memory, Turn

Clock = Callable[[], datetime]
Office = TypeVar("Office")
OpenOffice: TypeAlias = Callable[[Shop], AbstractContextManager[Office]]
"""Whoever is asked, for as long as it takes. Raises `ShopProblem`."""


class TurnLost(Exception):
    """The lease ran out, and somebody else may be at it now: whoever finds this out writes nothing more."""


class Visit:
    """`found` counts what was put on the road."""

    def __init__(self, database: Database, turn: Turn, shop: Shop, clock: Clock, random_bits: RandomBits) -> None:
        self.database = database
        self.shop = shop
        self.clock = clock
        self.memory: Memory = turn.memory
        self.failures = turn.failures
        self.holder = turn.lease
        self.found = 0
        self._turn = turn
        self.next_in: float | None = None
        self.random_bits = random_bits

    def keep(self, source: str, found: Sequence[Found], memory: Memory) -> None:
        """Put what was found into the inbox and remember how far that is, both or neither. Raises `TurnLost`."""
        now = self.clock()
        with self.database.write() as connection:
            if not polls.remember(connection, self._turn, memory, now):
                raise TurnLost(self.shop.id)
            inbox.add(connection, [self._delivery(source, each, now) for each in found])
            if found:
                feeds.note(connection, self.shop.id, source, len(found), 0, "", now)
                self.database.ring(connection)
        self.memory = memory
        self.found += len(found)

    def rest(self, seconds: float) -> None:
        """Have the next turn only then."""
        self.next_in = seconds

    def remember(self, **changes: Any) -> None:
        """Keep these besides what is remembered already, and the lease. Raises `TurnLost`."""
        self.keep("", [], {**self.memory, **changes})

    def _delivery(self, source: str, found: Found, now: datetime) -> Delivery:
        new = new_id("in", now, self.random_bits)
        return Delivery(self.shop.id, new, source, found.topic, found.body, now, found.event_id)


class Errand(Protocol):
    """`every`: seconds between two turns at a shop where all goes well. `needs_keys`: of the shop's back office."""

    every: float
    needs_keys: bool

    def run(self, visit: Visit) -> None:
        """Raises `ShopProblem`, `TurnLost`."""
        ...
