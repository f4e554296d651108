"""The back offices of all platforms."""

from collections.abc import Mapping
from dataclasses import dataclass

from sidecar.domain.backoffice import About
from sidecar.domain.shop import Platform
from sidecar.polling.visit import Errand
from sidecar.wiring.magento import MagentoOffices
from sidecar.wiring.reaching import Reach
from sidecar.wiring.woocommerce import WooOffices

_OFFICES: Mapping[Platform, type[WooOffices | MagentoOffices]] = {
    Platform.WOOCOMMERCE: WooOffices,
    Platform.MAGENTO: MagentoOffices,
}


@dataclass(frozen=True)
class BackOffices:
    reach: Reach

    def about(self, platform: Platform, url: str, keys: Mapping[str, str]) -> About:
        """What a shop tells of itself to who has its keys. Raises `ShopProblem`."""
        return _OFFICES[platform](self.reach).about(url, keys)

    def errands(self) -> Mapping[Platform, Mapping[str, Errand]]:
        return {platform: offices(self.reach).errands() for platform, offices in _OFFICES.items()}
