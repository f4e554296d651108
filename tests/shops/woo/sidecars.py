"""The sidecar of a WooCommerce shop, and how the shop is told of it without a browser."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..sidecars import SidecarOfShop
from .shop import WooShop

_CONNECT = """
$made   = json_decode( '{made}', true );
$plugin = Recado\\Plugin::instance();
$plugin->connection()->save( $made );
$plugin->settings()->keep( array( 'mode' => 3 ), array( 'name' => 'Loja da Ana' ) );
$plugin->delivery()->wake();
return $plugin->connection()->is_made();
"""


class ShopSidecar(SidecarOfShop):
    def __init__(self, folder: Path, shop: WooShop, **flags: str) -> None:
        super().__init__(folder, "woocommerce", name=shop.wanted.title, url=shop.url, **flags)
        self.shop = shop

    @property
    def code(self) -> str:
        """What an owner pastes into the settings page."""
        return f"{self.url}#{self.made['api_token']}"

    def connect(self, address: str = "") -> None:
        """As the settings page does it, without the page, and without asking the sidecar."""
        kept = {
            "address": address or self.url,
            "token": self.made["api_token"],
            "shop_id": self.made["shop_id"],
            "events_secret": self.made["events_secret"],
        }
        self.shop.php(_CONNECT.replace("{made}", json.dumps(kept)))


@contextmanager
def sidecar_of(shop: WooShop, folder: Path, **flags: str) -> Iterator[ShopSidecar]:
    """A new installation whose only shop is this one; not running yet, and not after."""
    sidecar = ShopSidecar(folder, shop, **flags)
    try:
        yield sidecar
    finally:
        sidecar.installation.close()
