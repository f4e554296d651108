"""A new shop: checked, kept with secrets of its own, and asked for what it knows from then on."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from sidecar.domain.backoffice import About
from sidecar.domain.refused import Refused
from sidecar.domain.shop import PLACED_STATUSES, Platform, Shop, ShopSettings
from sidecar.keeping.neighbours import STORE_CODES, host_of, refuse_shared
from sidecar.policy.saving import changed
from sidecar.storage import locks, routes, shops
from sidecar.storage.database import Database
from sidecar.storage.shops import ShopSecrets
from sidecar.storage.vault import Vault

LONGEST_NAME, LONGEST_URL = 120, 500
KEYS = {
    Platform.WOOCOMMERCE: ("consumer_key", "consumer_secret"),
    Platform.MAGENTO: ("access_token", "access_token_secret", "consumer_key", "consumer_secret", STORE_CODES),
}


BAD_NAME, BAD_URL, NAME_TAKEN, KEYS_NEEDED = "bad_name", "bad_url", "name_taken", "keys_needed"
_NO_KEY = {STORE_CODES}
_MOVED = (
    "The keys kept for {} would go to {}: give the shop's keys with its new address, so that they go where you mean."
)


class OpeningRefused(Refused):
    """`field` is what was wrong."""

    def __init__(self, code: str, field: str, sentence: str) -> None:
        super().__init__(code, sentence, {field: sentence})


@dataclass(frozen=True, slots=True)
class Application:
    """What a person says of a new shop. `keys` open its back office; without them it tells us by itself. The shop is
    asked whether they do, unless they are `unchecked`."""

    platform: Platform
    name: str
    url: str
    settings: Mapping[str, Any]
    keys: Mapping[str, str]
    account_id: str = ""
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A new shop, its secrets, which are shown once, and what it told of itself where it was asked."""

    shop: Shop
    secrets: ShopSecrets
    about: About | None


class Opening:
    """`about` asks a shop, with its keys, what it tells of itself; `enrol` has it asked from then on."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Callable[[], datetime],
        about: Callable[[Platform, str, Mapping[str, str]], About],
        enrol: Callable[[Connection, Shop, bool], None],
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._about = about
        self._enrol = enrol

    def open(self, wanted: Application) -> Opened:
        """Raises `Refused` and `SettingsRefused`, and `ShopProblem` when the keys do not open the shop."""
        name, url = _checked_name(wanted.name), checked_address(wanted.url)
        asked = wanted.keys and not wanted.unchecked
        about = self._about(wanted.platform, url, wanted.keys) if asked else None
        defaults = ShopSettings(placed_statuses=PLACED_STATUSES[wanted.platform])
        settings = changed(defaults, {**settings_told(about), **wanted.settings}, self._clock())
        shop, made = Shop(f"shop_{secrets.token_hex(5)}", wanted.platform, name, url, settings), shops.new_secrets()
        try:
            with self._database.write() as connection:
                refuse_shared(connection, self._vault, shop, wanted.keys, about.addresses if about else ())
                shops.add(connection, self._vault, shop, made, dict(wanted.keys), self._clock())
                if wanted.account_id:
                    routes.set_route(connection, shop.id, [wanted.account_id])
                self._enrol(connection, shop, bool(wanted.keys))
        except IntegrityError:
            raise OpeningRefused(
                NAME_TAKEN, "name", f"There is a shop named {name!r} already: choose another name."
            ) from None
        return Opened(shop, made, about)

    def rekey(
        self,
        shop: Shop,
        url: str,
        keys: Mapping[str, str],
        also: Callable[[Connection], None],
        *,
        same_keys: bool = False,
        unchecked: bool = False,
    ) -> None:
        """Another address, other keys, or both; those that are not given stay. Only `same_keys` lets those that are
        kept go to another host. `also` is done in the same transaction. Raises `Refused`, and `ShopProblem` when
        the keys do not open the shop."""
        home = checked_address(url)
        with self._database.read() as connection:
            to_try = self._keys_at(connection, shop.id, home, keys, same_keys)
        asked = to_try and (keys or same_keys) and not unchecked
        about = self._about(shop.platform, home, to_try) if asked else None
        with self._database.write() as connection:
            locks.hold_shop(connection, shop.id)
            kept = self._keys_at(connection, shop.id, home, keys, same_keys)
            moved = replace(shop, url=home)
            if keys or same_keys or home != shop.url:
                refuse_shared(connection, self._vault, moved, kept, about.addresses if about else ())
            shops.give(connection, self._vault, shop.id, home, kept)
            self._enrol(connection, shop, bool(kept))
            also(connection)

    def _keys_at(
        self, connection: Connection, shop_id: str, home: str, given: Mapping[str, str], same_keys: bool
    ) -> dict[str, str]:
        """All keys that the shop would have at this address."""
        shop, kept = shops.several(connection, {shop_id})[shop_id], shops.credentials(connection, self._vault, shop_id)
        if same_keys or not kept.keys() - _NO_KEY or host_of(shop.url) == host_of(home):
            return {**kept, **given}
        if not given.keys() - _NO_KEY:
            raise OpeningRefused(KEYS_NEEDED, "url", _MOVED.format(host_of(shop.url), host_of(home)))
        return {**{name: value for name, value in kept.items() if name in _NO_KEY}, **given}


def settings_told(about: About | None) -> dict[str, Any]:
    """What a shop tells of itself that is a setting of ours."""
    told = ("country", "locale", "timezone", "stock_managed")
    return {name: value for name in told if (value := getattr(about, name, None))}


def checked_address(url: str) -> str:
    """A host without a dot is one of a network of its own, and meant only where it is written out as an address."""
    typed = url.strip()
    cleaned = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(cleaned)
        fits = parts.scheme in ("http", "https") and parts.port != 0 and _is_host(parts.hostname, cleaned == typed)
    except ValueError:
        fits = False
    if not fits or len(cleaned) > LONGEST_URL:
        raise OpeningRefused(
            BAD_URL, "url", f"{url[:80]!r} is not a shop's address: write it as https://shop.example.org."
        )
    return cleaned.rstrip("/")


def _is_host(host: str | None, written_out: bool) -> bool:
    return bool(host) and (written_out or "." in str(host))


def _checked_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > LONGEST_NAME or not cleaned.isprintable():
        raise OpeningRefused(BAD_NAME, "name", f"A shop's name has 1 to {LONGEST_NAME} characters.")
    return cleaned
