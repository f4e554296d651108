"""What changed in a shop since we last looked, orders above all: asked for again from a little earlier each time, and
told once."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Generic, TypeVar

from sidecar.domain.backoffice import Found, Page
from sidecar.polling.outbox import OutboxRound
from sidecar.polling.visit import OpenOffice, Visit
from sidecar.storage.inbox import POLLER

OVERLAP = timedelta(minutes=2)
"""Shops stamp an order before they store it, and their clocks tick in seconds."""
SLOWEST = timedelta(hours=1)
"""How far behind ours a shop's clock may be when it is connected. From then on it is the shop's own that counts."""
PAGE_SIZES = (100, 100, 50, 20)
"""By failures in a row: a shop that cannot show a hundred orders in time may manage twenty."""

Told = dict[str, list[str]]
"""By its key: when it changed by the shop's clock, and a digest of how it looked then."""


Office = TypeVar("Office")
Shows = Callable[[Office, datetime, int], Iterator[Page]]
"""A method of the office: all that changed after a moment, in whatever state it is, so many on a page. Raises
`ShopProblem`."""


class ChangeRound(Generic[Office]):
    """`overlap`: how far back each look goes again, by the shop's clock. What a shop's `plugin` has to tell is
    fetched first: it knows each change, where the list shows the last one."""

    needs_keys = True

    def __init__(
        self,
        office_of: OpenOffice[Office],
        shows: Shows[Office],
        every: float = 60.0,
        overlap: timedelta = OVERLAP,
        plugin: OutboxRound | None = None,
    ) -> None:
        self.every = every
        self._office_of = office_of
        self._shows = shows
        self._overlap = overlap
        self._plugin = plugin

    def run(self, visit: Visit) -> None:
        if self._plugin:
            self._plugin.run_first(visit)
        with self._office_of(visit.shop) as office:
            self._look(visit, office)

    def _look(self, visit: Visit, office: Office) -> None:
        since = datetime.fromisoformat(visit.memory["since"])
        told: Told = dict(visit.memory.get("told", {}))
        old_until = visit.memory.get("old_until", "")
        size = PAGE_SIZES[min(visit.failures, len(PAGE_SIZES) - 1)]
        # A protocol's own method shows nothing: it names the one that the office has.
        shows = getattr(office, self._shows.__name__)
        for page in shows(since - self._overlap, size):
            news = [each for each in page.found if told.get(each.key) != _looks(each) and not _is_old(each, old_until)]
            told.update({each.key: _looks(each) for each in page.found})
            if page.up_to:
                # A date of the future must not have us skip what changes until then.
                since = max(since, min(page.up_to, visit.clock()))
                told = _since(told, since - self._overlap)
            visit.keep(POLLER, news, {**visit.memory, "since": since.isoformat(), "told": told})
        if old_until:
            visit.remember(old_until="")


def from_then_on(moment: datetime) -> dict[str, object]:
    """What the round remembers when it is to tell all that has changed since then."""
    return {"since": moment.isoformat()}


def newly_connected(moment: datetime) -> dict[str, object]:
    """What the round remembers before it has been there. What the shop shows as changed by then is old news; but by a
    slow clock of the shop's, what changes from now on is older still, and so the first look goes further back."""
    return {"since": (moment - SLOWEST).isoformat(), "old_until": (moment - OVERLAP).isoformat()}


def _is_old(found: Found, old_until: str) -> bool:
    changed = found.modified_at
    return bool(old_until and changed and changed < datetime.fromisoformat(old_until))


def _looks(found: Found) -> list[str]:
    changed = found.modified_at.isoformat() if found.modified_at else ""
    return [changed, digest(found.body)]


def _since(told: Told, moment: datetime) -> Told:
    return {key: looks for key, looks in told.items() if looks[0] and datetime.fromisoformat(looks[0]) >= moment}


def digest(body: bytes) -> str:
    return sha256(body).hexdigest()[:16]
