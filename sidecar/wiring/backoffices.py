"""The back offices of all platforms."""

from collections.abc import Mapping
from dataclasses import dataclass

from sidecar.domain.shop import Platform
from sidecar.polling.visit import Errand
from sidecar.wiring.magento import MagentoOffices
from sidecar.wiring.reaching import Reach
from sidecar.wiring.woocommerce import WooOffices


@dataclass(frozen=True)
class BackOffices:
    reach: Reach

    @property
    def woocommerce(self) -> WooOffices:
        return WooOffices(self.reach)

    def errands(self) -> Mapping[Platform, Mapping[str, Errand]]:
        return {
            Platform.WOOCOMMERCE: self.woocommerce.errands(),
            Platform.MAGENTO: MagentoOffices(self.reach).errands(),
        }
