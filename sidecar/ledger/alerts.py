"""Who waits for what: counts by product. Nothing here writes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from sidecar.domain.stock import AlertState
from sidecar.storage.tables import literally, orders, stock, stock_alerts
from sidecar.storage.types import AnyRow

_AT_ONCE = 500
ORDERED_WITHIN = timedelta(days=7)
"""So soon after the text an order of the same number counts as one that came of it."""


@dataclass(frozen=True, slots=True)
class ProductLine:
    """`counts`: wishes by state. `next_wave_at`: when the next of them are told, None while nothing is planned."""

    product_id: str
    variation_id: str
    name: str
    saleable: bool
    quantity: int | None
    next_wave_at: datetime | None
    counts: Mapping[AlertState, int]

    @property
    def waiting(self) -> int:
        """Confirmed, and not told yet."""
        return self.counts.get(AlertState.WAITING, 0) + self.counts.get(AlertState.TEXTING, 0)


def by_product(connection: Connection, shop_id: str, product_id: str = "") -> list[ProductLine]:
    """Where most wait first."""
    counts = _counts(connection, shop_id, product_id)
    known = {
        (row.product_id, row.variation_id): row
        for row in connection.execute(
            select(stock).where(stock.c.shop_id == shop_id, stock.c.product_id.in_(sorted({key[0] for key in counts})))
        )
    }
    lines = [
        ProductLine(
            *key,
            name=known[key].name if key in known else "",
            saleable=key in known and known[key].saleable,
            quantity=known[key].quantity if key in known else None,
            next_wave_at=known[key].next_wave_at if key in known else None,
            counts=of_product,
        )
        for key, of_product in counts.items()
    ]
    return sorted(lines, key=lambda line: (-line.waiting, line.product_id, line.variation_id))


def waiting(connection: Connection, shop_id: str) -> int:
    """How many a pause keeps waiting."""
    query = select(func.count()).where(
        stock_alerts.c.shop_id == shop_id, stock_alerts.c.state.in_([AlertState.WAITING, AlertState.TEXTING])
    )
    return connection.scalar(query) or 0


def people_of(connection: Connection, shop_id: str, product_id: str, variation_id: str, limit: int) -> list[AnyRow]:
    """Newest first."""
    query = select(stock_alerts).where(
        stock_alerts.c.shop_id == shop_id,
        stock_alerts.c.product_id == product_id,
        stock_alerts.c.variation_id == variation_id,
    )
    return list(connection.execute(query.order_by(stock_alerts.c.id.desc()).limit(limit)))


def ordered_afterwards(connection: Connection, shop_id: str) -> Counter[tuple[str, str]]:
    """By product and variation, how many of those who were told ordered anything soon after. What was in the order,
    shops do not tell us."""
    alerts = stock_alerts.c
    told = connection.execute(
        select(alerts.product_id, alerts.variation_id, alerts.number, alerts.texted_at).where(
            alerts.shop_id == shop_id, alerts.state == literally(AlertState.TEXTED)
        )
    ).all()
    ordered = _ordered(connection, shop_id, sorted({row.number for row in told}))
    return Counter(
        (row.product_id, row.variation_id)
        for row in told
        if any(row.texted_at < at <= row.texted_at + ORDERED_WITHIN for at in ordered.get(row.number, ()))
    )


def _ordered(connection: Connection, shop_id: str, numbers: Sequence[str]) -> dict[str, list[datetime]]:
    """When these people ordered from this shop. By number alone: a planner that is told the shop as well may read all
    of its orders for each."""
    found: dict[str, list[datetime]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        query = select(orders.c.to, orders.c.shop_id, orders.c.facts).where(orders.c.to.in_(some))
        for row in connection.execute(query):
            if row.shop_id == shop_id and (written := row.facts.get("created_at")):
                found.setdefault(row.to, []).append(datetime.fromisoformat(written))
    return found


def _counts(connection: Connection, shop_id: str, product_id: str) -> dict[tuple[str, str], dict[AlertState, int]]:
    alerts = stock_alerts.c
    query = select(alerts.product_id, alerts.variation_id, alerts.state, func.count().label("wishes"))
    query = query.where(alerts.shop_id == shop_id)
    if product_id:
        query = query.where(alerts.product_id == product_id)
    counts: dict[tuple[str, str], dict[AlertState, int]] = {}
    for row in connection.execute(query.group_by(alerts.product_id, alerts.variation_id, alerts.state)):
        counts.setdefault((row.product_id, row.variation_id), {})[AlertState(row.state)] = row.wishes
    return counts
