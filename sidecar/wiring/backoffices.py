"""How shops are reached: by their own keys, at addresses that are allowed, and by which errands."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta

from connectors.magento.poller import Poller as MagentoPoller
from connectors.magento.rest import Keys as MagentoKeys
from connectors.magento.rest import Rest as MagentoRest
from connectors.magento.stock import Stock
from connectors.magento.stores import Stores
from connectors.woocommerce.poller import Poller as WooPoller
from connectors.woocommerce.rest import Keys as WooKeys
from connectors.woocommerce.rest import Rest as WooRest
from sidecar.domain.backoffice import ShopProblem, ShowsOrders, ShowsShipments
from sidecar.domain.exchange import Limits
from sidecar.domain.shop import Platform, Shop
from sidecar.http.addresses import Guard, Network
from sidecar.http.client import HttpClient
from sidecar.polling.changes import ChangeRound
from sidecar.polling.stock import StockRound
from sidecar.polling.visit import Clock, Errand
from sidecar.storage import shops
from sidecar.storage.database import Database
from sidecar.storage.polls import ORDERS, SHIPMENTS, STOCK, TRACKS
from sidecar.storage.vault import Vault

LIMITS = Limits(pool_size=2, total_seconds=20.0, answer_bytes=16 * 1024 * 1024)
"""A hundred orders of a shop with talkative plugins are some megabytes."""
KEYS = {
    Platform.WOOCOMMERCE: ("consumer_key", "consumer_secret"),
    Platform.MAGENTO: ("access_token", "access_token_secret", "consumer_key", "consumer_secret"),
}
_TRACKS_EVERY, _TRACKS_FOR = 1200.0, timedelta(days=5)
"""A number added to a shipment later shows nowhere but in the shipment itself."""


class BackOffices:
    """`allowed`: networks in which shops may be, besides the public internet."""

    def __init__(self, database: Database, vault: Vault, allowed: tuple[Network, ...], clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._guard = Guard(allowed)
        self._clock = clock

    def errands(self) -> Mapping[Platform, Mapping[str, Errand]]:
        return {
            Platform.WOOCOMMERCE: {
                ORDERS: ChangeRound(self.woo_poller, ShowsOrders.orders),
                STOCK: StockRound(self.woo_poller),
            },
            Platform.MAGENTO: {
                ORDERS: ChangeRound(self.magento_poller, ShowsOrders.orders),
                SHIPMENTS: ChangeRound(self.magento_poller, ShowsShipments.shipments),
                TRACKS: ChangeRound(self.magento_poller, ShowsShipments.shipments, _TRACKS_EVERY, _TRACKS_FOR),
                STOCK: StockRound(self.magento_stock),
            },
        }

    @contextmanager
    def woo_poller(self, shop: Shop) -> Iterator[WooPoller]:
        found = self._keys_of(shop, "consumer_key")
        with self.woo_rest(shop.url, WooKeys(found["consumer_key"], found.get("consumer_secret", ""))) as rest:
            yield WooPoller(rest)

    @contextmanager
    def woo_rest(self, url: str, keys: WooKeys) -> Iterator[WooRest]:
        with closing(self.client(url)) as client:
            yield WooRest(url, keys, client.exchange)

    @contextmanager
    def magento_poller(self, shop: Shop) -> Iterator[MagentoPoller]:
        with self._magento(shop) as (rest, stores):
            yield MagentoPoller(rest, stores)

    @contextmanager
    def magento_stock(self, shop: Shop) -> Iterator[Stock]:
        with self._magento(shop) as (rest, stores):
            yield Stock(rest, stores, self._clock())

    @contextmanager
    def _magento(self, shop: Shop) -> Iterator[tuple[MagentoRest, Stores]]:
        found = self._keys_of(shop, "access_token")
        keys = MagentoKeys(**{name: found.get(name, "") for name in KEYS[Platform.MAGENTO]})
        with self.magento_rest(shop.url, keys) as rest:
            yield rest, Stores(rest, found.get("store_codes", "").split())

    @contextmanager
    def magento_rest(self, url: str, keys: MagentoKeys) -> Iterator[MagentoRest]:
        with closing(self.client(url)) as client:
            yield MagentoRest(url, keys, client.exchange)

    def client(self, url: str) -> HttpClient:
        return HttpClient(url, limits=LIMITS, plain_anywhere=True, resolve=self._guard)

    def _keys_of(self, shop: Shop, needed: str) -> Mapping[str, str]:
        with self._database.read() as connection:
            found = shops.credentials(connection, self._vault, shop.id)
        if not found.get(needed):
            raise ShopProblem("no_keys", "The shop has no keys: give them by `recado shop set`.")
        return found
