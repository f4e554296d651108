"""The last net under the events of a shop's plugin: what it could not deliver is fetched."""

from collections.abc import Sequence
from contextlib import suppress

from sidecar.domain.backoffice import NO_PLUGIN, Found, HandsOutEvents, ShopProblem
from sidecar.domain.ids import new_id
from sidecar.polling.visit import OpenOffice, Visit
from sidecar.storage import feeds, inbox
from sidecar.storage.inbox import PLUGIN

MOST_AT_ONCE, MOST_BATCHES = 50, 40
LONG_REST = 600.0


class OutboxRound:
    """An event is told done only after it is on disk. Thirty seconds between two turns and one for the way: within a
    minute it is here, whether or not the shop has visitors."""

    every = 30.0
    needs_keys = False

    def __init__(self, office_of: OpenOffice[HandsOutEvents]) -> None:
        self._office_of = office_of

    def run(self, visit: Visit) -> None:
        if not visit.shop.settings.pull_events:
            visit.rest(LONG_REST)
            return
        try:
            self.fetch(visit)
        except ShopProblem as problem:
            if problem.code != NO_PLUGIN or self.is_known(visit):
                raise
            visit.rest(LONG_REST)

    def run_first(self, visit: Visit) -> None:
        """Before something else is asked of the shop, which does not depend on this."""
        if visit.shop.settings.pull_events and self.is_known(visit):
            with suppress(ShopProblem):
                self.fetch(visit)

    def is_known(self, visit: Visit) -> bool:
        """Whether the shop's plugin has ever told anything."""
        with visit.database.read() as connection:
            return feeds.has_told(connection, visit.shop.id, PLUGIN)

    def fetch(self, visit: Visit) -> None:
        with self._office_of(visit.shop) as office:
            for _ in range(MOST_BATCHES):
                done: list[str] = list(visit.memory.get("done", []))
                handed = office.take(MOST_AT_ONCE, done, new_id("pull", visit.clock(), visit.random_bits))
                ids = [event.event_id for event in handed.events]
                self._keep(visit, handed.events, ids)
                if not set(ids) - set(done):
                    return

    def _keep(self, visit: Visit, events: Sequence[Found], ids: list[str]) -> None:
        if not ids and not visit.memory.get("done"):
            return
        with visit.database.read() as connection:
            known = inbox.known_events(connection, visit.shop.id, ids)
        visit.keep(PLUGIN, [event for event in events if event.event_id not in known], {**visit.memory, "done": ids})
