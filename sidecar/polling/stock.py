"""The stock of those products that somebody waits for, and of no other."""

from collections.abc import Iterator, Sequence
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
        """What ends the turn comes last in the next."""
        early: list[str] = list(visit.memory.get("early", ()))
        last = asking[0]
        try:
            for key, product in _each(visit, office, asking):
                last = key
                if product is None:
                    continue
                is_ripe = not product.early or product.key in early
                early = [each for each in early if each != product.key] + [product.key] * product.early
                if is_ripe:
                    _tell_if_new(visit, product)
        finally:
            visit.remember(last=list(last), early=early[-MOST_REMEMBERED:])


def _each(visit: Visit, office: ShowsStock, asking: Sequence[ProductKey]) -> Iterator[tuple[ProductKey, Found | None]]:
    """A product that the shop cannot show is passed over and keeps no other waiting; two in a row, or the only one, are
    the shop's own trouble."""
    left, is_in_trouble = list(asking), len(asking) == 1
    while left:
        try:
            for product in office.stock(tuple(left)):
                key, left = _up_to(left, product)
                yield key, product
                is_in_trouble = False
            return
        except ShopProblem as problem:
            key = left.pop(0)
            yield key, None
            if is_in_trouble or problem.retry_after:
                raise
            log.warning("a product's stock was not shown", shop_id=visit.shop.id, product=key, problem=problem.code)
            is_in_trouble = True


def _up_to(left: list[ProductKey], shown: Found) -> tuple[ProductKey, list[ProductKey]]:
    """The product that is shown, and those after it: of one that no shop could have, nothing is shown."""
    at = next((at for at, key in enumerate(left) if ":".join(key) == shown.key), 0)
    return left[at], left[at + 1 :]


def _tell_if_new(visit: Visit, product: Found) -> None:
    looks: dict[str, str] = dict(visit.memory.get("looks", {}))
    if looks.get(product.key) != (seen := digest(product.looks.encode() or product.body)):
        looks = {key: look for key, look in looks.items() if key != product.key} | {product.key: seen}
        looks = dict(islice(looks.items(), max(len(looks) - MOST_REMEMBERED, 0), None))
        visit.keep(POLLER, [product], {**visit.memory, "looks": looks})


def _next(wanted: Sequence[ProductKey], last: tuple[str, ...]) -> list[ProductKey]:
    later = [key for key in wanted if key > last]
    return [*later, *wanted[: len(wanted) - len(later)]][:MOST_AT_ONCE]
