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
    "{} is asked at the same installation, which shows the orders of all its store views: say by --store-codes of each "
    "which store views are this shop, and which are that one, or each would text about the other's orders."
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
    asked about store views of this one; of two that are asked already, one must be the first to say which are its own.
    Holds the installation until the transaction ends."""
    if shop.platform is not Platform.MAGENTO or not _asks(keys):
        return
    homes, mine = {_home(url) for url in (shop.url, *elsewhere)}, codes_in(keys)
    locks.hold_names(connection, [f"installation:{home}" for home in homes])
    is_asked_already = _asks(shops.credentials(connection, vault, shop.id))
    for other in shops.every(connection):
        if other.id == shop.id or other.platform is not Platform.MAGENTO or _home(other.url) not in homes:
            continue
        theirs = shops.credentials(connection, vault, other.id)
        clash = not mine or bool(mine & codes_in(theirs)) or not (codes_in(theirs) or is_asked_already)
        if _asks(theirs) and clash:
            sentence = _SHARED.format(other.name)
            raise Refused(STORE_CODES_NEEDED, sentence, {STORE_CODES: sentence})


def _asks(keys: Mapping[str, str]) -> bool:
    return bool(keys.get("access_token"))


def _home(url: str) -> str:
    """With its path: one host may have several installations."""
    return host_of(url) + urlsplit(url).path.rstrip("/")
