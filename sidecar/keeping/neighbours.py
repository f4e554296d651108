"""Shops that are one Magento installation: asked for orders it shows those of all its store views, so that each shop
must say which views are its own."""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from sqlalchemy import Connection

from sidecar.domain.refused import Refused
from sidecar.domain.shop import Platform, Shop
from sidecar.storage import locks, shops
from sidecar.storage.vault import Vault

STORE_CODES = "store_codes"
STORE_CODES_NEEDED = "store_codes_needed"
_SHARED = (
    "{} is asked at the same installation, which shows the orders of all its store views: say by their codes which "
    "store views are this shop, and which are that one, or each would text about the other's orders."
)


def host_of(url: str) -> str:
    """With its port, where it has one of its own."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def codes_in(keys: Mapping[str, str]) -> frozenset[str]:
    """The store views that are the shop; none for all of them."""
    return frozenset(keys.get(STORE_CODES, "").replace(",", " ").split())


def refuse_shared(
    connection: Connection, vault: Vault, shop: Shop, keys: Mapping[str, str], elsewhere: Collection[str]
) -> None:
    """`elsewhere`: addresses at which the same installation is found, too. Raises `Refused` where another shop is
    asked about store views of this one. Holds the installation until the transaction ends."""
    if shop.platform is not Platform.MAGENTO or not _asks(keys):
        return
    hosts = {host_of(url) for url in (shop.url, *elsewhere)}
    locks.hold_names(connection, [f"installation:{host}" for host in hosts])
    for other in shops.every(connection):
        if other.id == shop.id or other.platform is not Platform.MAGENTO or host_of(other.url) not in hosts:
            continue
        theirs = shops.credentials(connection, vault, other.id)
        if _asks(theirs) and _overlap(codes_in(keys), codes_in(theirs)):
            sentence = _SHARED.format(other.name)
            raise Refused(STORE_CODES_NEEDED, sentence, {STORE_CODES: sentence})


def _asks(keys: Mapping[str, str]) -> bool:
    return bool(keys.get("access_token"))


def _overlap(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return not mine or not theirs or bool(mine & theirs)
