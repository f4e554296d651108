"""Shops: their settings in the open, their secrets sealed."""

import base64
import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, or_, select, update

from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.storage.tables import shops
from sidecar.storage.types import AnyRow
from sidecar.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class ShopSecrets:
    """Made once, shown once: what the shop's own settings need."""

    webhook_secret: str
    events_secret: str
    api_token: str


def new_secrets() -> ShopSecrets:
    return ShopSecrets(
        webhook_secret=secrets.token_urlsafe(32),
        events_secret="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        api_token="rct_" + secrets.token_urlsafe(32),
    )


def digest(api_token: str) -> str:
    """Tokens have full entropy, so a plain hash hides them well."""
    return hashlib.sha256(api_token.encode()).hexdigest()


def add(
    connection: Connection,
    vault: Vault,
    shop: Shop,
    made: ShopSecrets,
    credentials: dict[str, str],
    now: datetime,
) -> None:
    connection.execute(
        insert(shops).values(
            id=shop.id,
            platform=shop.platform,
            name=shop.name,
            url=shop.url,
            settings=shop.settings.model_dump(mode="json"),
            webhook_secret=vault.seal(made.webhook_secret),
            events_secret=vault.seal(made.events_secret),
            api_token_digest=digest(made.api_token),
            shop_credentials=vault.seal_map(credentials),
            created_at=now,
        )
    )


def renew_token(connection: Connection, shop_id: str) -> str:
    """A new token for the shop's plugin; the one before opens nothing any more."""
    token = new_secrets().api_token
    connection.execute(update(shops).where(shops.c.id == shop_id).values(api_token_digest=digest(token)))
    return token


def save_settings(connection: Connection, shop_id: str, settings: ShopSettings) -> None:
    connection.execute(update(shops).where(shops.c.id == shop_id).values(settings=settings.model_dump(mode="json")))


def find(connection: Connection, id_or_name: str) -> Shop | None:
    row = connection.execute(select(shops).where((shops.c.id == id_or_name) | (shops.c.name == id_or_name))).first()
    return _shop(row) if row else None


def by_token(connection: Connection, api_token: str) -> Shop | None:
    row = connection.execute(select(shops).where(shops.c.api_token_digest == digest(api_token))).first()
    return _shop(row) if row else None


def every(connection: Connection) -> list[Shop]:
    return [_shop(row) for row in connection.execute(select(shops).order_by(shops.c.created_at, shops.c.id))]


def first(connection: Connection, limit: int) -> list[Shop]:
    """The oldest."""
    query = select(shops).order_by(shops.c.created_at, shops.c.id).limit(limit)
    return [_shop(row) for row in connection.execute(query)]


def like(connection: Connection, words: str, limit: int, offset: int) -> list[Shop]:
    """Those with these words in their name or address, by name."""
    query = select(shops).order_by(func.lower(shops.c.name), shops.c.id).limit(limit).offset(offset)
    if words:
        named = [func.lower(column).contains(words.lower(), autoescape=True) for column in (shops.c.name, shops.c.url)]
        query = query.where(or_(*named))
    return [_shop(row) for row in connection.execute(query)]


def count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(shops)) or 0


def names(connection: Connection, limit: int, only: Collection[str] | None = None) -> dict[str, str]:
    """Ids and names, by name; with `only`, of these shops."""
    query = select(shops.c.id, shops.c.name).order_by(func.lower(shops.c.name)).limit(limit)
    if only is not None:
        query = query.where(shops.c.id.in_(sorted(only)))
    return {row.id: row.name for row in connection.execute(query)}


def common_zone(connection: Connection) -> str | None:
    """By whose clock most of them live."""
    zone = shops.c.settings["timezone"].as_string()
    found: str | None = connection.scalar(select(zone).group_by(zone).order_by(func.count().desc(), zone).limit(1))
    return found


def several(connection: Connection, shop_ids: set[str]) -> dict[str, Shop]:
    rows = connection.execute(select(shops).where(shops.c.id.in_(sorted(shop_ids))))
    return {row.id: _shop(row) for row in rows}


def webhook_secret(connection: Connection, vault: Vault, shop_id: str) -> str | None:
    sealed = connection.scalar(select(shops.c.webhook_secret).where(shops.c.id == shop_id))
    return vault.open(sealed) if sealed else None


def events_secret(connection: Connection, vault: Vault, shop_id: str) -> str | None:
    sealed = connection.scalar(select(shops.c.events_secret).where(shops.c.id == shop_id))
    return vault.open(sealed) if sealed else None


def credentials(connection: Connection, vault: Vault, shop_id: str) -> dict[str, str]:
    """The keys of its back office, where it gave any."""
    sealed = connection.scalar(select(shops.c.shop_credentials).where(shops.c.id == shop_id))
    return vault.open_map(sealed) if sealed else {}


def give(connection: Connection, vault: Vault, shop_id: str, url: str, keys: Mapping[str, str]) -> None:
    """Where a shop is, and what opens it there."""
    new = {"url": url, "shop_credentials": vault.seal_map(keys)}
    connection.execute(update(shops).where(shops.c.id == shop_id).values(**new))


def _shop(row: AnyRow) -> Shop:
    return Shop(row.id, Platform(row.platform), row.name, row.url, ShopSettings.model_validate(row.settings))
