"""`recado shop`: add a shop, change its settings, look at it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy import Connection

from sidecar.commands.shopkeys import CREDENTIALS, make_webhooks, told_by
from sidecar.commands.support import Cli, F, json_option, pass_cli, show
from sidecar.domain.mode import Mode
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.keeping.opening import KEYS_NEEDED, Application, Opened, OpeningRefused
from sidecar.keeping.shopkeeping import change_settings
from sidecar.ledger import reports
from sidecar.policy.modes import alerts_pause
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
    wanted = Application(
        Platform(platform), name, url, _settings_in(flags), _keys_in(flags), unchecked=flags["unchecked"]
    )
    opened = cli.recado.opening.open(wanted)
    told = told_by(opened.about)
    made = {**_shown_once(cli.settings.public_url, opened), **told}
    show(as_json, {**made, **(make_webhooks(cli.recado, opened.shop) if told else {})})


@shop.command(name="set")
@click.argument("shop_name", metavar="SHOP")
@click.option("--url", default=None, help="The shop's new address.")
@click.option("--same-keys", is_flag=True, help="The keys it has open the shop at its new address, too.")
@key_options
@settings_options
@json_option
@pass_cli
def set_(cli: Cli, /, shop_name: str, url: str | None, same_keys: bool, as_json: bool, **flags: Any) -> None:
    """Change settings of a shop, give it keys or new ones. The keys it has go to no other host unless you say so."""
    found = cli.shop(shop_name)

    def save(connection: Connection) -> None:
        change_settings(connection, found.id, _settings_in(flags), utc_now(), by_operator=True)

    where, keys, unchecked = url or found.url, _keys_in(flags), flags["unchecked"]
    try:
        cli.recado.opening.rekey(found, where, keys, save, same_keys=same_keys, unchecked=unchecked)
    except OpeningRefused as refused:
        aside = " If those it has open it there, too, say --same-keys." if refused.code == KEYS_NEEDED else ""
        raise Refused(refused.code, f"{refused}{aside}") from None
    show(as_json, {"shop_id": found.id, **cli.shop(found.id).settings.model_dump(mode="json")})


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


def _shown_once(public_url: str, opened: Opened) -> dict[str, str]:
    """What the shop's own settings need."""
    where, made = addresses(public_url, opened.shop), opened.secrets
    return {
        "shop_id": opened.shop.id,
        "webhook_url": where["webhook_url"],
        "webhook_secret": made.webhook_secret,
        "events_url": where["events_url"],
        "events_secret": made.events_secret,
        "api_token": made.api_token,
        "connection_code": connection_code(public_url, made.api_token),
    }


def connection_code(public_url: str, api_token: str) -> str:
    """All that an owner pastes into the shop."""
    return f"{public_url}#{api_token}"


def addresses(public_url: str, of: Shop) -> dict[str, str]:
    return {
        "webhook_url": f"{public_url}/hooks/{of.platform.value}/{of.id}",
        "events_url": f"{public_url}/hooks/events/{of.id}",
    }


def _settings_in(flags: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _typed(name, value) for name in ShopSettings.model_fields if (value := flags[name]) is not None}


def _keys_in(flags: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name in CREDENTIALS if (value := flags[name])}


def _typed(name: str, value: str) -> Any:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if name in _LISTS:
        return tuple(parts)
    if name in _PAIRS:
        return {key.strip(): text.strip() for key, _, text in (part.partition("=") for part in parts)}
    return int(value) if name == "mode" and value.isdecimal() else value
