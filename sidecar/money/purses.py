"""What the shops of a transaction have left to spend on texts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.shop import Shop
from sidecar.storage import credits, tariffs
from sidecar.storage.credits import Entry, Kind
from sidecar.storage.tariffs import Tariffs

FREE_MESSAGES = 10
"""With how many texts of one segment, to its own country, a shop that prepays begins."""


def prepays(shop: Shop) -> bool:
    return shop.settings.billing == "prepaid"


def open_account(connection: Connection, shop: Shop, random_bits: RandomBits, now: datetime) -> None:
    """Give a shop its balance with the free credit; nothing happens where it has one."""
    free = tariffs.every(connection).credits(shop.settings.country, FREE_MESSAGES)
    credits.open_account(connection, Entry(new_id("led", now, random_bits), shop.id, Kind.FREE, free, now, now))


class Purses:
    """Nothing is asked of the database, and no balance held, before the first text of a shop that prepays. Then all
    its shops' balances are held until the transaction ends, so that two workers cannot spend the same credit."""

    def __init__(
        self, connection: Connection, shop_ids: Collection[str], random_bits: RandomBits, now: datetime
    ) -> None:
        self._connection = connection
        self._shop_ids = shop_ids
        self._random_bits = random_bits
        self._now = now
        self._left: dict[str, int] = {}
        self._tariffs: Tariffs | None = None

    def cost(self, shop: Shop, country: str, segments: int) -> int:
        """In credits; 0 for a shop that does not prepay."""
        if not prepays(shop):
            return 0
        if self._tariffs is None:
            self._tariffs = tariffs.every(self._connection)
        return self._tariffs.credits(country, segments)

    def left(self, shop: Shop) -> int | None:
        """Credit that no text of this transaction has used up; None for a shop that does not prepay."""
        if not prepays(shop):
            return None
        if shop.id not in self._left:
            self._hold(shop)
        return self._left[shop.id]

    def spend(self, shop: Shop, cost: int) -> None:
        if cost:
            self._left[shop.id] -= cost

    def _hold(self, shop: Shop) -> None:
        self._left = {**credits.hold(self._connection, self._shop_ids), **self._left}
        if shop.id not in self._left:
            open_account(self._connection, shop, self._random_bits, self._now)
            self._left |= credits.hold(self._connection, [shop.id])
