"""The stock of those products that somebody waits for, and of no other."""

from collections.abc import Sequence
from itertools import islice

import structlog

from sidecar.domain.backoffice import Found, ProductKey, ShopProblem, ShowsStock
from sidecar.polling.changes import digest
from sidecar.polling.visit import OpenOffice, Visit
from sidecar.storage import alerts
from sidecar.storage.inbox import POLLER

MOST_AT_ONCE = 50
MOST_REMEMBERED = 500

log = structlog.get_logger()


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
        """A product that the shop cannot show keeps no other waiting; two in a row, or the only one, are the shop's own
        trouble. What ends the turn comes last in the next."""
        early: list[str] = list(visit.memory.get("early", ()))
        last, is_in_trouble = asking[0], len(asking) == 1
        try:
            for key, shown in office.stock(asking):
                last = key
                if isinstance(shown, ShopProblem):
                    if is_in_trouble or shown.retry_after:
                        raise shown
                    log.warning("a product's stock was not shown", shop_id=visit.shop.id, problem=shown.code)
                    is_in_trouble = True
                    continue
                is_in_trouble = False
                is_ripe = not shown.early or shown.key in early
                early = [each for each in early if each != shown.key] + [shown.key] * shown.early
                if is_ripe:
                    _tell_if_new(visit, shown)
        finally:
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
