"""What became of an order's messages, written with the order in the shop: for those who look at it there."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import islice

from sidecar.domain.backoffice import KeepsStates, ShopProblem, ToldState
from sidecar.polling.changes import digest
from sidecar.polling.visit import OpenOffice, Visit
from sidecar.storage import orders

LOOKS_BACK = timedelta(days=3)
MOST_AT_ONCE = 50
LONG_REST = 600.0


class StateRound:
    """Each order whose messages have moved since it was last written. Shops see an order change by that, so it is for
    those only that want it."""

    every = 60.0
    needs_keys = True

    def __init__(self, office_of: OpenOffice[KeepsStates]) -> None:
        self._office_of = office_of

    def run(self, visit: Visit) -> None:
        if not visit.shop.settings.write_states:
            visit.rest(LONG_REST)
            return
        with visit.database.read() as connection:
            states = orders.states_of_messages(connection, visit.shop.id, visit.clock() - LOOKS_BACK)
        told: Mapping[str, str] = visit.memory.get("told", {})
        moved = [order_id for order_id, found in states.items() if told.get(order_id) != _looks(found)]
        if moved:
            self._write(visit, {order_id: states[order_id] for order_id in islice(moved, MOST_AT_ONCE)}, states)

    def _write(
        self, visit: Visit, moved: Mapping[str, Sequence[ToldState]], all_states: Mapping[str, Sequence[ToldState]]
    ) -> None:
        with self._office_of(visit.shop) as office:
            for order_id, found in moved.items():
                try:
                    office.show_states(order_id, found)
                except ShopProblem as problem:
                    # An order that is gone is as good as written.
                    if not problem.hopeless:
                        raise
                kept = {each: looks for each, looks in visit.memory.get("told", {}).items() if each in all_states}
                visit.remember(told={**kept, order_id: _looks(found)})


def _looks(found: Sequence[ToldState]) -> str:
    return digest(repr(found).encode())
