"""Waking the shop's queue: WordPress does what waits when somebody visits, and a quiet shop has no visitors."""

from connectors.reading.asking import asked
from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.exchange import Exchange

CRON = "/wp-cron.php?doing_wp_cron"


class Alarm:
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def wake(self) -> None:
        """Where PHP cannot answer first and work later, the answer takes as long as the work: not to have it is
        fine."""
        try:
            asked(self._exchange, "GET", CRON, {}, None)
        except ShopProblem as problem:
            if not problem.uncertain:
                raise
