"""`recado provider`: accounts at providers, and the routes of shops."""

import secrets
from typing import Any

import click
from sqlalchemy.exc import IntegrityError

from sidecar.commands.refused import Refused
from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.providers.base import CheckFailed, Provider
from sidecar.providers.registry import InvalidOptions, read_options
from sidecar.storage import accounts
from sidecar.wiring import utc_now

LONGEST_NAME = 80


@click.group()
def provider() -> None:
    """Provider accounts and routes."""


@provider.command()
@click.argument("kind")
@click.option("--name", required=True, help="What you call the account; must be unique.")
@click.option(
    "--option", "pairs", multiple=True, metavar="KEY=VALUE", help="As the provider's page in docs/ names them."
)
@json_option
@pass_cli
def add(cli: Cli, kind: str, name: str, pairs: tuple[str, ...], as_json: bool) -> None:
    """Add an account at a provider (octopush, twilio, simulator)."""
    account_id = create_account(cli.recado, kind, name, _options(pairs))
    show(as_json, {"account_id": account_id, "kind": kind, "name": name, "status_url": status_url(cli, account_id)})


@provider.command(name="list")
@json_option
@pass_cli
def list_(cli: Cli, as_json: bool) -> None:
    """List all provider accounts."""
    with cli.recado.database.read() as connection:
        rows = [
            {"account_id": a.id, "name": a.name, "kind": a.kind, "problem": a.problem}
            for a in accounts.every(connection)
        ]
    show(as_json, rows, ["account_id", "name", "kind", "problem"], "No accounts yet: `recado provider add --help`.")


@provider.command()
@click.argument("name")
@json_option
@pass_cli
def test(cli: Cli, name: str, as_json: bool) -> None:
    """Make the cheapest authenticated call there is: ask for the balance where the provider tells it."""
    account = _account(cli, name)
    try:
        told = _checked(cli.recado.providers(account.id))
    except CheckFailed as problem:
        raise Refused("provider_test_failed", f"{account.name}: {problem}") from None
    show(as_json, {"name": account.name, "kind": account.kind, **told})


def _checked(provider: Provider) -> dict[str, str]:
    """What the account answered. Raises `CheckFailed`."""
    if provider.capabilities.balance:
        balance = provider.balance()
        return {"balance": str(balance.amount), "unit": balance.unit}
    told = provider.check_account()
    if told is None:
        raise CheckFailed("only a send would tell whether its credentials are right")
    return {"answer": told}


@provider.command()
@click.argument("shop_name", metavar="SHOP")
@click.argument("names", nargs=-1, required=True)
@json_option
@pass_cli
def route(cli: Cli, shop_name: str, names: tuple[str, ...], as_json: bool) -> None:
    """Set the accounts a shop sends by, in order of preference."""
    shop = cli.shop(shop_name)
    if len(set(names)) < len(names):
        raise Refused("named_twice", "An account is named twice: name each once, in the order of preference.")
    set_route(cli.recado, shop.id, [_account(cli, name).id for name in names])
    show(as_json, {"shop_id": shop.id, "route": list(names)})


def create_account(recado: Any, kind: str, name: str, options: dict[str, str]) -> str:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Refused("bad_name", f"An account's name has 1 to {LONGEST_NAME} characters.")
    try:
        read_options(kind, options)
    except InvalidOptions as problem:
        raise Refused("bad_options", str(problem)) from None
    account_id = f"acc_{secrets.token_hex(5)}"
    try:
        with recado.database.write() as connection:
            accounts.add(connection, recado.vault, account_id, kind, name, options, utc_now())
    except IntegrityError:
        raise Refused("name_taken", f"There is an account named {name!r} already: choose another name.") from None
    return account_id


def set_route(recado: Any, shop_id: str, account_ids: list[str]) -> None:
    with recado.database.write() as connection:
        accounts.set_route(connection, shop_id, account_ids)


def status_url(cli: Cli, account_id: str) -> str:
    with cli.recado.database.read() as connection:
        token = accounts.token(connection, cli.recado.vault, account_id)
    return f"{cli.settings.public_url}/callbacks/{account_id}/{token}/status"


def _options(pairs: tuple[str, ...]) -> dict[str, str]:
    options: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise Refused("bad_option", f"--option {pair!r}: write KEY=VALUE.")
        options[key] = value
    return options


def _account(cli: Cli, name: str) -> Any:
    with cli.recado.database.read() as connection:
        account = accounts.find(connection, name)
    if account is None:
        raise Refused("unknown_account", f"There is no provider account {name!r}: see `recado provider list`.")
    return account
