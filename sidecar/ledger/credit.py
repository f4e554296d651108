"""Which shops prepay, and what they have left. Nothing here writes."""

from dataclasses import dataclass

from sqlalchemy import Connection

from sidecar.domain.shop import Shop
from sidecar.storage import credits, shops


@dataclass(frozen=True, slots=True)
class CreditLine:
    """`balance` is None while nothing has been booked; `waiting` counts the texts that wait for credit."""

    shop: Shop
    balance: int | None
    is_low: bool
    waiting: int


def prepaying(connection: Connection, low: int) -> list[CreditLine]:
    """The emptiest first."""
    found = [shop for shop in shops.every(connection) if shop.settings.billing == "prepaid"]
    balances = credits.balances(connection, {shop.id for shop in found})
    waiting = credits.unpaid_counts(connection)
    lines = [
        CreditLine(shop, balances.get(shop.id), balances.get(shop.id, low) < low, waiting.get(shop.id, 0))
        for shop in found
    ]
    return sorted(lines, key=lambda line: (line.balance is None, line.balance or 0, line.shop.name))
