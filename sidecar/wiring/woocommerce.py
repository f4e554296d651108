"""What is asked of WooCommerce shops, and how."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from connectors.woocommerce.about import about
from connectors.woocommerce.alarm import Alarm
from connectors.woocommerce.outbox import PluginOutbox
from connectors.woocommerce.poller import Poller
from connectors.woocommerce.rest import Keys, Rest
from connectors.woocommerce.scribe import Scribe
from connectors.woocommerce.subscriptions import Subscriptions
from sidecar.domain.backoffice import About
from sidecar.domain.exchange import Limits
from sidecar.domain.shop import Shop
from sidecar.polling.alarm import AlarmRound
from sidecar.polling.changes import ChangeRound
from sidecar.polling.outbox import OutboxRound
from sidecar.polling.states import StateRound
from sidecar.polling.stock import StockRound
from sidecar.polling.visit import Errand
from sidecar.polling.webhooks import WebhookRound
from sidecar.polling.writing import WritingRound
from sidecar.storage import shops
from sidecar.storage.polls import ALARM, ORDERS, OUTBOX, STATES, STOCK, WEBHOOKS, WRITING
from sidecar.wiring.reaching import Reach, complete

SHORT = Limits(pool_size=1, total_seconds=10.0)


@dataclass(frozen=True)
class WooOffices:
    reach: Reach

    def errands(self) -> Mapping[str, Errand]:
        outbox = OutboxRound(self._outbox)
        return {
            ORDERS: ChangeRound(self.orders, Poller.orders, plugin=outbox),
            STOCK: StockRound(self.orders),
            WRITING: WritingRound(self._scribe),
            STATES: StateRound(self._scribe),
            WEBHOOKS: WebhookRound(self._subscriptions),
            OUTBOX: outbox,
            ALARM: AlarmRound(self._alarm),
        }

    def about(self, url: str, keys: Mapping[str, str]) -> About:
        """What a shop tells of itself to who has its keys. Raises `ShopProblem`."""
        with self._rest(url, keys) as rest:
            return about(rest)

    @contextmanager
    def orders(self, shop: Shop) -> Iterator[Poller]:
        with self._rest_of(shop) as rest:
            yield Poller(rest)

    @contextmanager
    def _scribe(self, shop: Shop) -> Iterator[Scribe]:
        with self._rest_of(shop) as rest:
            yield Scribe(rest)

    @contextmanager
    def _subscriptions(self, shop: Shop) -> Iterator[Subscriptions]:
        with self.reach.database.read() as connection:
            secret = shops.webhook_secret(connection, self.reach.vault, shop.id) or ""
        delivery_url = f"{self.reach.public_url}/hooks/{shop.platform}/{shop.id}"
        with self._rest_of(shop) as rest:
            yield Subscriptions(rest, shop.url, delivery_url, secret)

    @contextmanager
    def _outbox(self, shop: Shop) -> Iterator[PluginOutbox]:
        with self.reach.database.read() as connection:
            secret = shops.events_secret(connection, self.reach.vault, shop.id) or ""
        with self.reach.exchange(shop.url) as exchange:
            yield PluginOutbox(exchange, secret, self.reach.clock)

    @contextmanager
    def _alarm(self, shop: Shop) -> Iterator[Alarm]:
        with self.reach.exchange(shop.url, SHORT) as exchange:
            yield Alarm(exchange)

    @contextmanager
    def _rest_of(self, shop: Shop) -> Iterator[Rest]:
        with self._rest(shop.url, self.reach.keys_of(shop)) as rest:
            yield rest

    @contextmanager
    def _rest(self, url: str, keys: Mapping[str, str]) -> Iterator[Rest]:
        found = complete(keys, "consumer_key", "consumer_secret")
        with self.reach.exchange(url) as exchange:
            yield Rest(url, Keys(found["consumer_key"], found["consumer_secret"]), exchange)
