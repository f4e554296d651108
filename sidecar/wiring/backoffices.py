"""How shops are reached: by their own keys, at addresses that are allowed, and by which errands."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from connectors.woocommerce.poller import Poller
from connectors.woocommerce.rest import Keys, Rest
from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.exchange import Limits
from sidecar.domain.shop import Platform, Shop
from sidecar.http.addresses import Guard, Network
from sidecar.http.client import HttpClient
from sidecar.polling.orders import OrderRound
from sidecar.polling.stock import StockRound
from sidecar.polling.visit import Errand
from sidecar.storage import shops
from sidecar.storage.database import Database
from sidecar.storage.polls import ORDERS, STOCK
from sidecar.storage.vault import Vault

LIMITS = Limits(pool_size=2, total_seconds=20.0, answer_bytes=16 * 1024 * 1024)
"""A hundred orders of a shop with talkative plugins are some megabytes."""


class BackOffices:
    """`allowed`: networks in which shops may be, besides the public internet."""

    def __init__(self, database: Database, vault: Vault, allowed: tuple[Network, ...]) -> None:
        self._database = database
        self._vault = vault
        self._guard = Guard(allowed)

    def errands(self) -> Mapping[Platform, Mapping[str, Errand]]:
        return {
            Platform.WOOCOMMERCE: {ORDERS: OrderRound(self.woo_poller), STOCK: StockRound(self.woo_poller)},
            Platform.MAGENTO: {},
        }

    @contextmanager
    def woo_poller(self, shop: Shop) -> Iterator[Poller]:
        with self._database.read() as connection:
            found = shops.credentials(connection, self._vault, shop.id)
        if not found.get("consumer_key"):
            raise ShopProblem("no_keys", "The shop has no keys: give them by `recado shop set`.")
        with self.woo_rest(shop.url, Keys(found["consumer_key"], found.get("consumer_secret", ""))) as rest:
            yield Poller(rest)

    @contextmanager
    def woo_rest(self, url: str, keys: Keys) -> Iterator[Rest]:
        client = self.client(url)
        try:
            yield Rest(url, keys, client.exchange)
        finally:
            client.close()

    def client(self, url: str) -> HttpClient:
        return HttpClient(url, limits=LIMITS, plain_anywhere=True, resolve=self._guard)
