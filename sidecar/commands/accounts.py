"""`recado provider`: accounts at providers, and the routes of shops."""

import re
from decimal import Decimal
from typing import Any

import click

from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.capabilities import Capabilities, Carrier
from sidecar.domain.refused import Refused
from sidecar.keeping import accounts as keeping
from sidecar.keeping import routing
from sidecar.keeping.routing import Place
from sidecar.policy.senders import NUMBER_NEEDED, UNREGISTERED, UNSUPPORTED, objection_to
from sidecar.providers.base import CheckFailed, capability_words
from sidecar.providers.registry import PROVIDERS, matrix
from sidecar.storage import accounts
from sidecar.storage.accounts import Account
from sidecar.wiring import utc_now

COUNTRY = re.compile("[A-Z]{2}")
_WHY_NOT = {
    NUMBER_NEEDED: "this country lets no names through: give a number.",
    UNREGISTERED: "this country wants names registered: give it for the country.",
    UNSUPPORTED: "the provider does not offer senders of this kind.",
}
CATEGORIES = ("transactional", "marketing", "code", "staff")


@click.group()
def provider() -> None:
    """Provider accounts and routes."""


@provider.command()
@click.argument("kind")
@click.option("--name", required=True, help="What you call the account; must be unique.")
@click.option(
    "--option", "pairs", multiple=True, metavar="KEY=VALUE", help="As the provider's page in docs/ names them."
)
@click.option(
    "--channel", type=click.Choice(["sms", "whatsapp"]), help="Where the provider has both: by which it sends."
)
@json_option
@pass_cli
def add(cli: Cli, kind: str, name: str, pairs: tuple[str, ...], channel: str | None, as_json: bool) -> None:
    """Add an account at a provider; `recado provider kinds` lists them."""
    account_id = create_account(cli.recado, kind, name, _options(pairs), channel)
    data = {"account_id": account_id, "kind": kind, "name": name}
    show(as_json, {**data, **{f"{what}_url": callback_url(cli, account_id, what) for what in ("status", "inbound")}})


@provider.command()
@click.option("--markdown", is_flag=True, help="As docs/providers.md has it.")
@json_option
@pass_cli
def kinds(_cli: Cli, markdown: bool, as_json: bool) -> None:
    """List the providers there are, and what each can do."""
    if markdown:
        click.echo(matrix())
        return
    rows = [{"kind": kind, **capability_words(PROVIDERS[kind].capabilities)} for kind in sorted(PROVIDERS)]
    show(as_json, rows, ["kind", *capability_words(Capabilities())])


@provider.command(name="set")
@click.argument("name")
@click.option("--rate", type=click.IntRange(0, 10_000), help="Messages a second it takes, from all workers; 0: any.")
@click.option("--answers-stop", type=click.Choice(["yes", "no", "unknown"]), help="Whether it answers STOP itself.")
@click.option(
    "--sender", "senders", multiple=True, metavar="COUNTRY=SENDER", help="Sender for one country; empty removes."
)
@click.option("--low-balance", default=None, metavar="AMOUNT", help="Warn below so much credit; empty: never.")
@json_option
@pass_cli
def set_(
    cli: Cli,
    name: str,
    rate: int | None,
    answers_stop: str | None,
    senders: tuple[str, ...],
    low_balance: str | None,
    as_json: bool,
) -> None:
    """Change how an account is used."""
    account = _account(cli, name)
    given: dict[str, Any] = {"rate": rate, "answers_stop": answers_stop}
    changes = {key: value for key, value in given.items() if value is not None}
    if low_balance is not None:
        changes["low_balance"] = _amount(low_balance)
    by_country = _senders(cli.recado.providers.carrier_of(account), senders)
    with cli.recado.database.write() as connection:
        saved = keeping.change_use(connection, account.id, changes, by_country)
    told = {
        "account_id": saved.id,
        "name": saved.name,
        "rate": saved.rate,
        "answers_stop": saved.answers_stop,
        "senders": saved.senders,
        "low_balance": None if saved.low_balance is None else str(saved.low_balance),
    }
    show(as_json, told)


@provider.command(name="list")
@json_option
@pass_cli
def list_(cli: Cli, as_json: bool) -> None:
    """List all provider accounts."""
    with cli.recado.database.read() as connection:
        rows = [
            {"account_id": a.id, "name": a.name, "kind": a.kind, "problem": a.problem, "balance": _credit(a)}
            for a in accounts.every(connection)
        ]
    columns = ["account_id", "name", "kind", "problem", "balance"]
    show(as_json, rows, columns, "No accounts yet: `recado provider add --help`.")


@provider.command()
@click.argument("name")
@json_option
@pass_cli
def test(cli: Cli, name: str, as_json: bool) -> None:
    """Make the cheapest authenticated call there is: ask for the balance where the provider tells it."""
    account = _account(cli, name)
    try:
        told = keeping.checked(cli.recado.providers(account.id))
    except CheckFailed as problem:
        raise Refused("provider_test_failed", f"{account.name}: {problem}") from None
    show(as_json, {"name": account.name, "kind": account.kind, **told})


@provider.command()
@click.argument("shop_name", metavar="SHOP")
@click.argument("names", nargs=-1)
@click.option("--country", default="", metavar="CC", help="Only for numbers of this country, two letters.")
@click.option("--category", default="", type=click.Choice(["", *CATEGORIES]), help="Only for texts of this kind.")
@json_option
@pass_cli
def route(cli: Cli, shop_name: str, names: tuple[str, ...], country: str, category: str, as_json: bool) -> None:
    """Set the accounts a shop sends by, in order of preference: for all its texts, or for a country or a category
    only; there, no names at all fall back on the general list. What the order was before does not matter."""
    shop = cli.shop(shop_name)
    _check_route(names, country, category)
    account_ids = [_account(cli, name).id for name in names]
    with cli.recado.database.write() as connection:
        routing.put(connection, shop.id, Place(country, category), account_ids)
    particular = {name: value for name, value in (("country", country), ("category", category)) if value}
    show(as_json, {"shop_id": shop.id, **particular, "route": list(names)})


def _check_route(names: tuple[str, ...], country: str, category: str) -> None:
    if not names and not (country or category):
        raise click.UsageError("Name at least one account: without any the shop could send nothing.")
    if len(set(names)) < len(names):
        raise Refused("named_twice", "An account is named twice: name each once, in the order of preference.")
    if country and not COUNTRY.fullmatch(country):
        raise Refused("bad_country", f"--country {country!r}: write the two capital letters of a country, such as BR.")


def create_account(recado: Any, kind: str, name: str, options: dict[str, str], channel: str | None = None) -> str:
    with recado.database.write() as connection:
        return keeping.create(connection, recado.vault, kind, name, options, channel, utc_now())


def callback_url(cli: Cli, account_id: str, what: str) -> str:
    with cli.recado.database.read() as connection:
        token = accounts.token(connection, cli.recado.vault, account_id)
    return f"{cli.settings.public_url}/callbacks/{account_id}/{token}/{what}"


def _credit(account: Account) -> str:
    """As it last told."""
    return "" if account.balance is None else f"{account.balance.normalize():f} {account.balance_unit}"


def _amount(written: str) -> Decimal | None:
    if not written.strip():
        return None
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,4})?", written.strip(), re.ASCII):
        raise Refused("bad_amount", f"--low-balance {written!r}: write an amount such as 20 or 12.50.")
    return Decimal(written.strip())


def _senders(carrier: Carrier, pairs: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        country, sign, sender = pair.partition("=")
        if not sign or not (country == "" or COUNTRY.fullmatch(country)) or len(sender) > 20:
            raise Refused("bad_sender", f"--sender {pair!r}: write a country and a sender, such as US=+12025550123.")
        if objection := sender.strip() and objection_to(sender.strip(), carrier, country):
            raise Refused(objection, f"--sender {pair!r}: {_WHY_NOT[objection]}")
        found[country] = sender.strip()
    return found


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
