"""How a shop is reached, whatever its platform: at addresses that are allowed, with the keys it gave."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.exchange import Exchange, Limits
from sidecar.domain.shop import Shop
from sidecar.http.addresses import Guard, Network
from sidecar.http.client import HttpClient
from sidecar.storage import shops
from sidecar.storage.database import Database
from sidecar.storage.vault import Vault

LIMITS = Limits(pool_size=2, total_seconds=20.0, answer_bytes=16 * 1024 * 1024)
"""A hundred orders of a shop with talkative plugins are some megabytes."""


@dataclass(frozen=True)
class Reach:
    """`allowed`: networks in which shops may be, besides the public internet."""

    database: Database
    vault: Vault
    allowed: tuple[Network, ...]
    public_url: str
    clock: Callable[[], datetime]

    def keys_of(self, shop: Shop, *needed: str) -> Mapping[str, str]:
        """What the shop gave us. Raises `ShopProblem` where one of these is missing, or the shop has moved since it was
        looked up: new keys are not for its old address."""
        with self.database.read() as connection:
            found = shops.credentials(connection, self.vault, shop.id)
            now = shops.several(connection, {shop.id}).get(shop.id)
        if now is None or now.url != shop.url:
            raise ShopProblem("moved", "The shop has just moved: it is asked at its new address the next time.")
        return complete(found, *needed)

    @contextmanager
    def exchange(self, url: str, limits: Limits = LIMITS) -> Iterator[Exchange]:
        client = HttpClient(url, limits=limits, plain_anywhere=True, resolve=Guard(self.allowed))
        with closing(client):
            yield client.exchange


def complete(keys: Mapping[str, str], *needed: str) -> Mapping[str, str]:
    if missing := [name for name in needed if not keys.get(name)]:
        flags = " and ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise ShopProblem("no_keys", f"The shop's keys are missing: give {flags} to `recado shop set`.")
    return keys
