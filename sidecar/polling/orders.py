"""Orders that changed since we last looked: asked for again from a little earlier each time, and told once."""

from datetime import datetime, timedelta
from hashlib import sha256

from sidecar.domain.backoffice import Found, ShowsOrders
from sidecar.polling.visit import OpenOffice, Visit
from sidecar.storage.inbox import POLLER

OVERLAP = timedelta(minutes=2)
"""Shops stamp an order before they store it, and their clocks tick in seconds."""
PAGE_SIZES = (100, 100, 50, 20)
"""By failures in a row: a shop that cannot show a hundred orders in time may manage twenty."""

Told = dict[str, list[str]]
"""By order: when it changed by the shop's clock, and a digest of how it looked then."""


class OrderRound:
    every = 60.0
    needs_keys = True

    def __init__(self, office_of: OpenOffice[ShowsOrders]) -> None:
        self._office_of = office_of

    def run(self, visit: Visit) -> None:
        with self._office_of(visit.shop) as office:
            self._look(visit, office)

    def _look(self, visit: Visit, office: ShowsOrders) -> None:
        since = datetime.fromisoformat(visit.memory["since"])
        told: Told = dict(visit.memory.get("told", {}))
        size = PAGE_SIZES[min(visit.failures, len(PAGE_SIZES) - 1)]
        for page in office.orders(since - OVERLAP, size):
            news = [order for order in page.found if told.get(order.key) != _looks(order)]
            told.update({order.key: _looks(order) for order in page.found})
            if page.up_to:
                # A date of the future must not have us skip what changes until then.
                since = max(since, min(page.up_to, visit.clock()))
                told = _since(told, since - OVERLAP)
            visit.keep(POLLER, news, {"since": since.isoformat(), "told": told})


def from_then_on(moment: datetime) -> dict[str, object]:
    """What the round remembers before it has been there, or when it is to look again."""
    return {"since": moment.isoformat()}


def _looks(order: Found) -> list[str]:
    changed = order.modified_at.isoformat() if order.modified_at else ""
    return [changed, digest(order.body)]


def _since(told: Told, moment: datetime) -> Told:
    return {key: looks for key, looks in told.items() if looks[0] and datetime.fromisoformat(looks[0]) >= moment}


def digest(body: bytes) -> str:
    return sha256(body).hexdigest()[:16]
