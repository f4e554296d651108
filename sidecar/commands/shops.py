"""`recado shop`: add a shop, change its settings, look at it."""

import secrets
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

import click
from sqlalchemy.exc import IntegrityError

from sidecar.commands.shopkeys import CREDENTIALS, Introduced, introduce, make_webhooks
from sidecar.commands.support import Cli, F, json_option, pass_cli, show
from sidecar.domain.mode import Mode
from sidecar.domain.refused import Refused
from sidecar.domain.shop import PLACED_STATUSES, Platform, Shop, ShopSettings
from sidecar.keeping.shopkeeping import change_settings
from sidecar.ledger import reports
from sidecar.policy.modes import alerts_pause
from sidecar.policy.saving import changed
from sidecar.storage import polls, shops, tryouts
from sidecar.storage.routes import routes_of
from sidecar.storage.types import AnyRow
from sidecar.tryout.replay import summed
from sidecar.tryout.tryouts import DAYS, MOST_DAYS, MOST_ORDERS
from sidecar.wiring import utc_now

_LISTS, _PAIRS = (
    {name for name, value in ShopSettings().model_dump().items() if isinstance(value, kind)} for kind in (tuple, dict)
)


def settings_options(command: F) -> F:
    """One flag for every shop setting, under the setting's own name."""
    for name in reversed(ShopSettings.model_fields):
        command = click.option(f"--{name.replace('_', '-')}", name, default=None, metavar="VALUE")(command)
    return command


def key_options(command: F) -> F:
    for flag, words in (
        ("--consumer-key", "WooCommerce REST API key, with the right to read and write; Magento: of the integration."),
        ("--consumer-secret", "WooCommerce REST API secret; Magento: of the integration."),
        ("--access-token", "Magento: access token of the integration."),
        ("--access-token-secret", "Magento: its secret; with the consumer's key and secret, requests are signed."),
        ("--store-codes", "Magento: the store views that are this shop, comma between; all."),
    ):
        command = click.option(flag, default="", help=words)(command)
    return click.option("--unchecked", is_flag=True, help="Keep the keys without asking the shop.")(command)


@click.group()
def shop() -> None:
    """Shops and their settings."""


@shop.command()
@click.argument("platform", type=click.Choice([p.value for p in Platform]))
@click.option("--name", required=True, help="What you call the shop; must be unique.")
@click.option("--url", required=True, help="The shop's address.")
@key_options
@settings_options
@json_option
@pass_cli
def add(cli: Cli, /, platform: str, name: str, url: str, as_json: bool, **flags: Any) -> None:
    """Add a shop; prints what its own settings need, once. With keys, what is not given is asked of the shop, and its
    webhooks are made."""
    credentials = {key: value for key in CREDENTIALS if (value := flags.pop(key))}
    home = _address(url)
    found = Introduced() if flags.pop("unchecked") else introduce(cli.recado, Platform(platform), home, credentials)
    defaults = ShopSettings(placed_statuses=PLACED_STATUSES[Platform(platform)], **found.settings)
    settings = _changed(defaults, flags)
    new = Shop(f"shop_{secrets.token_hex(5)}", Platform(platform), _named(name), home, settings)
    made = register(cli.recado, new, credentials)
    with cli.recado.database.write() as connection:
        cli.recado.rounds.enrol(connection, new, has_keys=bool(credentials))
    show(as_json, {**made, **found.told, **(make_webhooks(cli.recado, new) if found.told else {})})


@shop.command(name="set")
@click.argument("shop_name", metavar="SHOP")
@click.option("--url", default=None, help="The shop's new address.")
@key_options
@settings_options
@json_option
@pass_cli
def set_(cli: Cli, /, shop_name: str, url: str | None, as_json: bool, **flags: Any) -> None:
    """Change settings of a shop, give it keys or new ones."""
    found = cli.shop(shop_name)
    credentials = {key: value for key in CREDENTIALS if (value := flags.pop(key))}
    home = _address(url) if url else found.url
    if not flags.pop("unchecked"):
        introduce(cli.recado, found.platform, home, credentials)
    with cli.recado.database.write() as connection:
        settings = change_settings(connection, found.id, _given(flags), utc_now(), by_operator=True)
        kept = shops.give(connection, cli.recado.vault, found.id, home, credentials)
        cli.recado.rounds.enrol(connection, found, has_keys=bool(kept))
    show(as_json, {"shop_id": found.id, **settings.model_dump(mode="json")})


@shop.command(name="show")
@click.argument("shop_name", metavar="SHOP")
@json_option
@pass_cli
def show_(cli: Cli, shop_name: str, as_json: bool) -> None:
    """Show a shop: addresses, settings, route, and how its feeds fare."""
    found = cli.shop(shop_name)
    with cli.recado.database.read() as connection:
        route = routes_of(connection, {found.id}).accounts_for(found.id)
        feeds = reports.feeds_of(connection, found.id)
        asked = polls.of_shops(connection, {found.id})
    data = {
        "shop_id": found.id,
        "name": found.name,
        "platform": found.platform.value,
        "url": found.url,
        **addresses(cli.settings.public_url, found),
        "route": [account.name for account in route],
        **found.settings.model_dump(mode="json"),
        "alerts": _alerts(found.settings),
        "feeds": [{key: str(value) for key, value in feed._mapping.items() if key != "shop_id"} for feed in feeds],
        "asked": [_asked(row) for row in asked],
    }
    show(as_json, data)


def _asked(row: AnyRow) -> dict[str, str]:
    """How an errand at the shop fares."""
    told = {"errand": row.errand, "good_at": str(row.good_at or ""), "due_at": str(row.due_at)}
    return {**told, **({"problem": f"{row.problem}: {row.detail}"} if row.problem else {})}


def _alerts(settings: ShopSettings) -> str:
    pause = alerts_pause(settings.mode, settings.stock_managed, settings.alerts_enabled)
    return pause or ("on" if settings.mode.sends_alerts else "not in this mode")


@shop.command(name="try")
@click.argument("shop_name", metavar="SHOP")
@click.option("--mode", type=click.IntRange(0, 6), help="The mode to try; the shop's own, or 3.")
@click.option("--days", default=DAYS, show_default=True, type=click.IntRange(1, MOST_DAYS))
@json_option
@pass_cli
def try_(cli: Cli, shop_name: str, mode: int | None, days: int, as_json: bool) -> None:
    """Try a mode out on the shop's last orders: what would have been texted, at what price, and what held back."""
    found, desk = cli.shop(shop_name), cli.recado.tryouts
    wanted = Mode(mode if mode is not None else int(found.settings.mode) or 3)
    with cli.recado.database.write() as connection:
        if not desk.ask(connection, found, wanted, days):
            raise Refused("under_way", "A try-out of this shop is under way: wait until it is done.")
    desk.run(found.id)
    with cli.recado.database.read() as connection:
        tried = tryouts.find(connection, found.id)
    if tried is None or tried.state != tryouts.DONE:
        raise Refused("try_failed", tried.problem if tried and tried.problem else "Somebody else is at it.")
    summary = {
        "mode": tried.mode,
        "days": tried.days,
        "orders": tried.orders,
        "cut_off": tried.orders >= MOST_ORDERS,
        **asdict(summed(tried.lines)),
    }
    if as_json:
        show(True, {**summary, "lines": tried.lines})
        return
    show(False, summary)
    show(False, list(tried.lines), ["at", "order", "key", "to", "fate", "reason", "text"], "No text at all.")


@shop.command()
@click.argument("shop_name", metavar="SHOP")
@json_option
@pass_cli
def connect(cli: Cli, shop_name: str, as_json: bool) -> None:
    """Make a new connection code for the shop's plugin; the token before it ends."""
    found = cli.shop(shop_name)
    with cli.recado.database.write() as connection:
        token = shops.renew_token(connection, found.id)
    show(as_json, {"shop_id": found.id, "connection_code": connection_code(cli.settings.public_url, token)})


@shop.command(name="list")
@json_option
@pass_cli
def list_(cli: Cli, as_json: bool) -> None:
    """List all shops."""
    with cli.recado.database.read() as connection:
        rows = [
            {
                "shop_id": found.id,
                "name": found.name,
                "platform": found.platform.value,
                "url": found.url,
                "mode": int(found.settings.mode),
            }
            for found in shops.every(connection)
        ]
    show(as_json, rows, ["shop_id", "name", "platform", "url", "mode"], "No shops yet: `recado shop add --help`.")


def register(recado: Any, new: Shop, credentials: dict[str, str]) -> dict[str, str]:
    """Save a new shop; returns its id, addresses and secrets, which are not shown again."""
    made = shops.new_secrets()
    try:
        with recado.database.write() as connection:
            shops.add(connection, recado.vault, new, made, credentials, utc_now())
    except IntegrityError:
        raise Refused("name_taken", f"There is a shop named {new.name!r} already: choose another name.") from None
    where = addresses(recado.settings.public_url, new)
    return {
        "shop_id": new.id,
        "webhook_url": where["webhook_url"],
        "webhook_secret": made.webhook_secret,
        "events_url": where["events_url"],
        "events_secret": made.events_secret,
        "api_token": made.api_token,
        "connection_code": connection_code(recado.settings.public_url, made.api_token),
    }


def connection_code(public_url: str, api_token: str) -> str:
    """All that an owner pastes into the shop."""
    return f"{public_url}#{api_token}"


def addresses(public_url: str, of: Shop) -> dict[str, str]:
    return {
        "webhook_url": f"{public_url}/hooks/{of.platform.value}/{of.id}",
        "events_url": f"{public_url}/hooks/events/{of.id}",
    }


def _given(flags: dict[str, Any]) -> dict[str, Any]:
    return {name: _typed(name, value) for name, value in flags.items() if value is not None}


def _changed(settings: ShopSettings, flags: dict[str, Any]) -> ShopSettings:
    return changed(settings, _given(flags), utc_now())


def _typed(name: str, value: str) -> Any:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if name in _LISTS:
        return tuple(parts)
    if name in _PAIRS:
        return {key.strip(): text.strip() for key, _, text in (part.partition("=") for part in parts)}
    return int(value) if name == "mode" and value.isdecimal() else value


def _named(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 120:
        raise Refused("bad_name", "A shop's name has 1 to 120 characters.")
    return cleaned


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 500:
        raise Refused("bad_url", f"{url!r} is not a shop's address: write it as https://shop.example.org.")
    return url.rstrip("/")
