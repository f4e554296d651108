"""A queue that only visitors move is moved by us."""

from sidecar.domain.backoffice import Wakes
from sidecar.polling.outbox import LONG_REST
from sidecar.polling.visit import OpenOffice, Visit


class AlarmRound:
    every = 60.0
    needs_keys = False

    def __init__(self, office_of: OpenOffice[Wakes]) -> None:
        self._office_of = office_of

    def run(self, visit: Visit) -> None:
        if not visit.shop.settings.wake_queue:
            visit.rest(LONG_REST)
            return
        with self._office_of(visit.shop) as office:
            office.wake()
