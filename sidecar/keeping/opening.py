"""A new shop: checked, kept with secrets of its own, and asked for what it knows from then on."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from sidecar.domain.backoffice import About
from sidecar.domain.shop import PLACED_STATUSES, Platform, Shop, ShopSettings
from sidecar.policy.saving import SettingsRefused, changed
from sidecar.storage import routes, shops
from sidecar.storage.database import Database
from sidecar.storage.shops import ShopSecrets
from sidecar.storage.vault import Vault

LONGEST_NAME, LONGEST_URL = 120, 500
KEYS = {
    Platform.WOOCOMMERCE: ("consumer_key", "consumer_secret"),
    Platform.MAGENTO: ("access_token",),
}


class OpeningRefused(Exception):
    """`field` is what was wrong; the text a sentence saying what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Application:
    """What a person says of a new shop. `keys` open its back office; without them it tells us by itself."""

    platform: Platform
    name: str
    url: str
    settings: Mapping[str, Any]
    keys: Mapping[str, str]
    account_id: str = ""


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

    def open(self, wanted: Application) -> tuple[Shop, ShopSecrets]:
        """The shop, and its secrets, which are shown once. Raises `OpeningRefused`, and `ShopProblem` when its keys
        do not open it."""
        name, url = _checked_name(wanted.name), checked_address(wanted.url)
        found = _settings_in(self._about(wanted.platform, url, wanted.keys)) if wanted.keys else {}
        settings = self._settings(wanted, found)
        shop, made = Shop(f"shop_{secrets.token_hex(5)}", wanted.platform, name, url, settings), shops.new_secrets()
        try:
            with self._database.write() as connection:
                shops.add(connection, self._vault, shop, made, dict(wanted.keys), self._clock())
                if wanted.account_id:
                    routes.set_route(connection, shop.id, [wanted.account_id])
                self._enrol(connection, shop, bool(wanted.keys))
        except IntegrityError:
            raise OpeningRefused("name", f"There is a shop named {name!r} already: choose another name.") from None
        return shop, made

    def rekey(self, shop: Shop, url: str, keys: Mapping[str, str], also: Callable[[Connection], None]) -> None:
        """Another address, other keys, or both; those that are not given stay. `also` is done in the same
        transaction. Raises `OpeningRefused`, and `ShopProblem` when the keys do not open the shop."""
        home = checked_address(url)
        if keys:
            self._about(shop.platform, home, keys)
        with self._database.write() as connection:
            kept = shops.give(connection, self._vault, shop.id, home, dict(keys))
            self._enrol(connection, shop, bool(kept))
            also(connection)

    def _settings(self, wanted: Application, found: Mapping[str, Any]) -> ShopSettings:
        defaults = ShopSettings(placed_statuses=PLACED_STATUSES[wanted.platform])
        told = {name: value for name, value in wanted.settings.items() if value not in ("", None)}
        try:
            return changed(defaults, {**found, **told}, self._clock())
        except SettingsRefused as refused:
            field, sentence = next(iter(refused.problems.items()))
            raise OpeningRefused(field, sentence) from None


def _settings_in(about: About) -> dict[str, Any]:
    told: dict[str, Any] = {"country": about.country, "locale": about.locale, "timezone": about.timezone}
    told["stock_managed"] = about.stock_managed
    return {name: value for name, value in told.items() if value}


def checked_address(url: str) -> str:
    cleaned = url.strip()
    if "://" not in cleaned:
        cleaned = f"https://{cleaned}"
    try:
        parts = urlsplit(cleaned)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and "." in (parts.hostname or "")
    except ValueError:
        fits = False
    if not fits or len(cleaned) > LONGEST_URL:
        raise OpeningRefused("url", f"{url[:80]!r} is not a shop's address: write it as https://shop.example.org.")
    return cleaned.rstrip("/")


def _checked_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > LONGEST_NAME or not cleaned.isprintable():
        raise OpeningRefused("name", f"A shop's name has 1 to {LONGEST_NAME} characters.")
    return cleaned
