"""What is asked of Magento stores, and how."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import timedelta

from connectors.magento.about import about
from connectors.magento.poller import Poller
from connectors.magento.rest import Keys, Rest
from connectors.magento.scribe import Scribe
from connectors.magento.stock import Stock
from connectors.magento.stores import Stores
from sidecar.domain.backoffice import About
from sidecar.domain.shop import Shop
from sidecar.keeping.neighbours import codes_in
from sidecar.polling.changes import ChangeRound
from sidecar.polling.stock import StockRound
from sidecar.polling.visit import Errand
from sidecar.polling.writing import WritingRound
from sidecar.storage.polls import ORDERS, SHIPMENTS, STOCK, TRACKS, WRITING
from sidecar.wiring.reaching import Reach, complete

_TRACKS_EVERY, _TRACKS_FOR = 1200.0, timedelta(days=5)
"""A number added to a shipment later shows nowhere but in the shipment itself."""


@dataclass(frozen=True)
class MagentoOffices:
    reach: Reach

    def errands(self) -> Mapping[str, Errand]:
        return {
            ORDERS: ChangeRound(self.orders, Poller.orders),
            SHIPMENTS: ChangeRound(self.orders, Poller.shipments),
            TRACKS: ChangeRound(self.orders, Poller.shipments, _TRACKS_EVERY, _TRACKS_FOR),
            STOCK: StockRound(self._stock),
            WRITING: WritingRound(self._scribe),
        }

    def about(self, url: str, keys: Mapping[str, str]) -> About:
        """What a store tells of itself to who has its keys. Raises `ShopProblem`."""
        with self._rest(url, keys) as (rest, stores):
            return about(rest, stores)

    @contextmanager
    def orders(self, shop: Shop) -> Iterator[Poller]:
        with self._rest(shop.url, self.reach.keys_of(shop)) as (rest, stores):
            yield Poller(rest, stores)

    @contextmanager
    def _stock(self, shop: Shop) -> Iterator[Stock]:
        with self._rest(shop.url, self.reach.keys_of(shop)) as (rest, stores):
            yield Stock(rest, stores, self.reach.clock())

    @contextmanager
    def _scribe(self, shop: Shop) -> Iterator[Scribe]:
        with self._rest(shop.url, self.reach.keys_of(shop)) as (rest, _):
            yield Scribe(rest)

    @contextmanager
    def _rest(self, url: str, keys: Mapping[str, str]) -> Iterator[tuple[Rest, Stores]]:
        found = complete(keys, "access_token")
        with self.reach.exchange(url) as exchange:
            rest = Rest(url, Keys(**{each.name: found.get(each.name, "") for each in fields(Keys)}), exchange)
            yield rest, Stores(rest, codes_in(found))
