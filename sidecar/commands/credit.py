"""`recado credit` and `recado tariff`: what shops have to spend, and what a text costs where."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.storage import tariffs
from sidecar.storage.credits import Entry
from sidecar.storage.tariffs import ELSEWHERE, Tariff
from sidecar.storage.types import AnyRow

LEDGER = ["id", "kind", "amount", "at", "counts_from", "counted", "message_id", "note"]
_DEFAULT = "default"
_DEAREST = 1000


@click.group()
def credit() -> None:
    """What a shop that prepays has to spend."""


@credit.command(name="show")
@click.argument("shop_name", metavar="SHOP")
@json_option
@pass_cli
def show_(cli: Cli, shop_name: str, as_json: bool) -> None:
    """Show a shop's balance, what waits for credit, and purchases that do not count yet."""
    shop = cli.shop(shop_name)
    told = cli.recado.crediting.balance(shop)
    coming = [{"credits": row.amount, "counts_from": row.counts_from.isoformat()} for row in told.coming]
    data: dict[str, Any] = {"shop_id": shop.id, "billing": told.billing, "balance": told.balance, "low": told.low}
    data |= {"waiting": told.waiting, "coming": coming}
    if not as_json:
        data["coming"] = [f"{each['credits']} from {each['counts_from']}" for each in coming]
    show(as_json, data)


@credit.command()
@click.argument("shop_name", metavar="SHOP")
@click.argument("credits", type=int)
@click.option("--now", "at_once", is_flag=True, help="Let it count at once, and not from the next working day.")
@click.option("--note", default="", help="Such as the number of an invoice.")
@json_option
@pass_cli
def buy(cli: Cli, shop_name: str, credits: int, at_once: bool, note: str, as_json: bool) -> None:
    """Record a purchase."""
    shop = _prepaying(cli, shop_name)
    entry = cli.recado.crediting.buy(shop, credits, at_once=at_once, note=note)
    show(as_json, _booked(entry))


@credit.command(context_settings={"ignore_unknown_options": True})
@click.argument("shop_name", metavar="SHOP")
@click.argument("credits", type=int)
@click.option("--note", default="", help="Why.")
@json_option
@pass_cli
def adjust(cli: Cli, shop_name: str, credits: int, note: str, as_json: bool) -> None:
    """Set a balance right by so many credits, up or down (-5)."""
    shop = _prepaying(cli, shop_name)
    entry = cli.recado.crediting.adjust(shop, credits, note)
    show(as_json, _booked(entry))


@credit.command()
@click.argument("shop_name", metavar="SHOP")
@click.option("--limit", default=50, type=click.IntRange(1, 100_000), show_default=True)
@json_option
@pass_cli
def ledger(cli: Cli, shop_name: str, limit: int, as_json: bool) -> None:
    """List everything that moved a balance, newest first."""
    rows = cli.recado.crediting.ledger(cli.shop(shop_name), limit)
    show(as_json, [_listed(row) for row in rows], LEDGER, "Nothing has moved this balance yet.")


@click.group()
def tariff() -> None:
    """What a text costs, by the recipient's country."""


@tariff.command(name="set")
@click.argument("country", metavar="COUNTRY")
@click.option("--credits", required=True, type=click.IntRange(0, _DEAREST), help="Credits for each segment.")
@click.option("--price", default=None, metavar="AMOUNT", help="Price of each segment, to be shown: 0.0525.")
@click.option("--currency", default=None, metavar="CODE", help="Three letters: BRL.")
@json_option
@pass_cli
def set_(cli: Cli, country: str, credits: int, price: str | None, currency: str | None, as_json: bool) -> None:
    """Set a country's tariff; COUNTRY is two letters, or `default` for all that have none of their own."""
    code = _country(country)
    wanted = Tariff(credits, _price(price), _currency(currency, price))
    with cli.recado.database.write() as connection:
        tariffs.save(connection, code, wanted)
    show(as_json, _shown(code, wanted))


@tariff.command(name="list")
@json_option
@pass_cli
def list_(cli: Cli, as_json: bool) -> None:
    """List the tariffs; where there is no default, a segment costs one credit."""
    with cli.recado.database.read() as connection:
        known = tariffs.every(connection).by_country
    rows = [_shown(code, each) for code, each in {ELSEWHERE: Tariff(), **known}.items()]
    show(as_json, rows, ["country", "credits", "price", "currency"])


def _prepaying(cli: Cli, name: str) -> Shop:
    shop = cli.shop(name)
    if shop.settings.billing != "prepaid":
        advice = f'`recado shop set "{shop.name}" --billing prepaid`'
        raise Refused("unmetered", f"This shop does not prepay, and needs no credit: {advice} first.")
    return shop


def _booked(entry: Entry) -> dict[str, Any]:
    booked = {"id": entry.id, "shop_id": entry.shop_id, "kind": entry.kind.value, "amount": entry.amount}
    return {**booked, "counts_from": entry.counts_from.isoformat(), "note": entry.note}


def _listed(row: AnyRow) -> dict[str, Any]:
    values = ((name, getattr(row, name)) for name in LEDGER)
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values}


def _shown(country: str, each: Tariff) -> dict[str, Any]:
    price = None if each.price is None else format(each.price.normalize(), "f")
    return {"country": country or _DEFAULT, "credits": each.credits, "price": price, "currency": each.currency}


def _country(written: str) -> str:
    if written.lower() == _DEFAULT:
        return ELSEWHERE
    if not re.fullmatch(r"[A-Za-z]{2}", written):
        raise Refused("bad_country", f"{written!r} is no country: give two letters, such as BR, or `default`.")
    return written.upper()


def _price(written: str | None) -> Decimal | None:
    if written is None:
        return None
    try:
        price = Decimal(written)
    except InvalidOperation:
        price = Decimal(-1)
    if not (price.is_finite() and 0 <= price < 1_000_000) or price != round(price, 6):
        raise Refused("bad_price", f"{written!r} is no price: give an amount such as 0.0525, six decimals at most.")
    return price


def _currency(written: str | None, price: str | None) -> str:
    if (written is None) != (price is None):
        raise Refused("price_and_currency", "Give a price and its currency together, or neither.")
    if written is not None and not re.fullmatch(r"[A-Za-z]{3}", written):
        raise Refused("bad_currency", f"{written!r} is no currency: give three letters, such as BRL.")
    return (written or "").upper()
