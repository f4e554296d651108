"""The back offices of all platforms."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sidecar.domain.backoffice import About, Page
from sidecar.domain.shop import Platform, Shop
from sidecar.polling.visit import Errand
from sidecar.wiring.magento import MagentoOffices
from sidecar.wiring.reaching import Reach
from sidecar.wiring.woocommerce import WooOffices

_OFFICES: Mapping[Platform, type[WooOffices | MagentoOffices]] = {
    Platform.WOOCOMMERCE: WooOffices,
    Platform.MAGENTO: MagentoOffices,
}


class ShowsOrders(Protocol):
    def orders(self, since: datetime, page_size: int) -> Iterator[Page]: ...


@dataclass(frozen=True)
class BackOffices:
    reach: Reach

    def about(self, platform: Platform, url: str, keys: Mapping[str, str]) -> About:
        """What a shop tells of itself to who has its keys. Raises `ShopProblem`."""
        return _OFFICES[platform](self.reach).about(url, keys)

    def orders_of(self, shop: Shop) -> AbstractContextManager[ShowsOrders]:
        """What shows a shop's orders, as long as it is asked. Raises `ShopProblem`."""
        return _OFFICES[shop.platform](self.reach).orders(shop)

    def errands(self) -> Mapping[Platform, Mapping[str, Errand]]:
        return {platform: offices(self.reach).errands() for platform, offices in _OFFICES.items()}
