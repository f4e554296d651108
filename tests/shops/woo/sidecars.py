"""The sidecar that belongs to a shop: a real one on the simulator, and how the shop is told of it without a browser."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.acceptance.processes import Sidecar, wait_until
from tests.bench import procs

from .shop import WooShop

# A machine on which other tests run takes its time.
_PATIENCE = 120.0
_CONNECT = """
$made   = json_decode( '{made}', true );
$plugin = Recado\\Plugin::instance();
$plugin->connection()->save( $made );
$plugin->settings()->keep( array( 'mode' => 3 ), array( 'name' => 'Loja da Ana' ) );
$plugin->delivery()->wake();
return $plugin->connection()->is_made();
"""


def _nothing() -> None:
    """What goes on while one waits."""


class ShopSidecar:
    """`made` is what `recado shop add` printed; `process` is `recado serve` while it runs."""

    def __init__(self, folder: Path, shop: WooShop, **flags: str) -> None:
        self.shop = shop
        self.installation = Sidecar(folder)
        self.made = self.installation.open_shop(name=shop.wanted.title, url=shop.url, **flags)
        self.installation.route_by("simulator", self.made["shop_id"])
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return self.installation.url

    @property
    def code(self) -> str:
        """What an owner pastes into the settings page."""
        return f"{self.url}#{self.made['api_token']}"

    def start(self) -> None:
        self.process = self.installation.start("serve")
        procs.wait_ready(f"{self.url}/readyz", _PATIENCE, self.process)

    def stop(self) -> None:
        if self.process:
            procs.stop(self.process, 30)

    def kill(self) -> None:
        """As the machine's own end would."""
        if self.process:
            procs.kill(self.process)

    def messages(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return self.installation.messages()[::-1]

    def told(self, order_id: int, count: int, meanwhile: Callable[[], None] = _nothing) -> list[tuple[str, str]]:
        """Template and state of an order's messages once there are so many and each has its receipt."""

        def messages() -> list[tuple[str, str]]:
            meanwhile()
            found = [(m["template"], m["status"]) for m in self.messages() if m["order_id"] == str(order_id)]
            return found if len(found) >= count and all(state == "delivered" for _, state in found) else []

        return wait_until(messages, _PATIENCE, pause=0.2)

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
