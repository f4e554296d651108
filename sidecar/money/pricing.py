"""What a text will cost a shop, told before it is sent."""

from typing import Any

from sqlalchemy import Connection

from sidecar.domain.shop import Shop
from sidecar.money.purses import prepays
from sidecar.storage import tariffs
from sidecar.storage.tariffs import Tariffs


class Prices:
    """The tariffs as they were when this was made."""

    def __init__(self, connection: Connection) -> None:
        self._tariffs: Tariffs = tariffs.every(connection)

    def of(self, shop: Shop, country: str, segments: int) -> dict[str, Any]:
        """`credits` (0 for a shop that does not prepay), and `price` in `currency` where the country's tariff has one:
        a decimal number, written out."""
        price = self._tariffs.price(country, segments)
        return {
            "credits": self._tariffs.credits(country, segments) if prepays(shop) else 0,
            "price": format(price[0].normalize(), "f") if price else None,
            "currency": price[1] if price else None,
        }
