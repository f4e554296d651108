"""What is asked of Magento stores, and how."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from connectors.magento.poller import Poller
from connectors.magento.rest import Keys, Rest
from connectors.magento.stock import Stock
from connectors.magento.stores import Stores
from sidecar.domain.shop import Shop
from sidecar.polling.changes import ChangeRound
from sidecar.polling.stock import StockRound
from sidecar.polling.visit import Errand
from sidecar.storage.polls import ORDERS, SHIPMENTS, STOCK, TRACKS
from sidecar.wiring.reaching import Reach

KEYS = ("access_token", "access_token_secret", "consumer_key", "consumer_secret")
_TRACKS_EVERY, _TRACKS_FOR = 1200.0, timedelta(days=5)
"""A number added to a shipment later shows nowhere but in the shipment itself."""


@dataclass(frozen=True)
class MagentoOffices:
    reach: Reach

    def errands(self) -> Mapping[str, Errand]:
        return {
            ORDERS: ChangeRound(self._poller, Poller.orders),
            SHIPMENTS: ChangeRound(self._poller, Poller.shipments),
            TRACKS: ChangeRound(self._poller, Poller.shipments, _TRACKS_EVERY, _TRACKS_FOR),
            STOCK: StockRound(self._stock),
        }

    @contextmanager
    def _poller(self, shop: Shop) -> Iterator[Poller]:
        with self._rest(shop) as (rest, stores):
            yield Poller(rest, stores)

    @contextmanager
    def _stock(self, shop: Shop) -> Iterator[Stock]:
        with self._rest(shop) as (rest, stores):
            yield Stock(rest, stores, self.reach.clock())

    @contextmanager
    def _rest(self, shop: Shop) -> Iterator[tuple[Rest, Stores]]:
        found = self.reach.keys_of(shop, "access_token")
        keys = Keys(**{name: found.get(name, "") for name in KEYS})
        with self.reach.exchange(shop.url) as exchange:
            rest = Rest(shop.url, keys, exchange)
            yield rest, Stores(rest, found.get("store_codes", "").split())
