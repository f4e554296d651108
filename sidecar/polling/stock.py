"""The stock of those products that somebody waits for, and of no other."""

from collections.abc import Sequence
from itertools import islice

from sidecar.domain.backoffice import Found, ProductKey, ShowsStock
from sidecar.polling.changes import digest
from sidecar.polling.visit import OpenOffice, Visit
from sidecar.storage import alerts
from sidecar.storage.inbox import POLLER

MOST_AT_ONCE = 50
MOST_REMEMBERED = 500


class StockRound:
    """Where more products are waited for than a turn can ask about, the turns go round."""

    every = 60.0
    needs_keys = True

    def __init__(self, office_of: OpenOffice[ShowsStock]) -> None:
        self._office_of = office_of

    def run(self, visit: Visit) -> None:
        with visit.database.read() as connection:
            wanted = alerts.waited_for(connection, visit.shop.id)
        asking = _next(wanted, tuple(visit.memory.get("last", ("", ""))))
        if asking:
            with self._office_of(visit.shop) as office:
                self._look(visit, office, asking)

    def _look(self, visit: Visit, office: ShowsStock, asking: Sequence[ProductKey]) -> None:
        """What the shop cannot show ends the turn, and comes last in the next: it must not keep the others waiting."""
        early: list[str] = list(visit.memory.get("early", ()))
        shown = 0
        try:
            for product in office.stock(asking):
                shown += 1
                is_ripe = not product.early or product.key in early
                early = [key for key in early if key != product.key] + [product.key] * product.early
                if is_ripe:
                    _tell_if_new(visit, product)
        finally:
            last = asking[min(shown, len(asking) - 1)]
            visit.remember(last=list(last), early=early[-MOST_REMEMBERED:])


def _tell_if_new(visit: Visit, product: Found) -> None:
    looks: dict[str, str] = dict(visit.memory.get("looks", {}))
    if looks.get(product.key) != (seen := digest(product.looks.encode() or product.body)):
        looks = {key: look for key, look in looks.items() if key != product.key} | {product.key: seen}
        looks = dict(islice(looks.items(), max(len(looks) - MOST_REMEMBERED, 0), None))
        visit.keep(POLLER, [product], {**visit.memory, "looks": looks})


def _next(wanted: Sequence[ProductKey], last: tuple[str, ...]) -> list[ProductKey]:
    later = [key for key in wanted if key > last]
    return [*later, *wanted[: len(wanted) - len(later)]][:MOST_AT_ONCE]
