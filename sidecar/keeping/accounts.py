"""Accounts at providers: added and changed by whoever runs the sidecar, on the command line or on the pages."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from sidecar.domain.refused import Refused
from sidecar.providers.base import CheckFailed, Provider, capability_words
from sidecar.providers.registry import PROVIDERS, InvalidOptions, provider_class, read_options
from sidecar.storage import accounts, locks
from sidecar.storage.accounts import Account
from sidecar.storage.vault import Vault

LONGEST_NAME = 80
_LONG = ("body", "body_ucs2", "headers")


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a kind of provider, as a form asks for it. `choices`: the words there are, where there are few."""

    name: str
    needed: bool
    default: str
    choices: tuple[str, ...]
    secret: bool
    long: bool


def kinds() -> list[str]:
    return sorted(PROVIDERS)


def channels_of(kind: str) -> list[str]:
    return sorted(PROVIDERS[kind].capabilities.channels)


def abilities_of(kind: str) -> dict[str, str]:
    return capability_words(PROVIDERS[kind].capabilities)


def options_of(kind: str) -> list[Option]:
    """What is needed first."""
    found = [_option(field.alias or name, field) for name, field in PROVIDERS[kind].Options.model_fields.items()]
    return sorted(found, key=lambda option: not option.needed)


def create(
    connection: Connection,
    vault: Vault,
    kind: str,
    name: str,
    options: Mapping[str, str],
    channel: str | None,
    now: datetime,
) -> str:
    """Returns the new account's id. Raises `Refused`; then the transaction is of no more use."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused("bad_name", f"An account's name has 1 to {LONGEST_NAME} characters.")
    try:
        channel = _channel(kind, channel)
        read_options(kind, options)
    except InvalidOptions as problem:
        raise Refused("bad_options", str(problem)) from None
    account_id = f"acc_{secrets.token_hex(5)}"
    try:
        accounts.add(connection, vault, account_id, kind, name.strip(), dict(options), now, channel)
    except IntegrityError:
        raise Refused("name_taken", f"There is an account named {name!r} already: choose another name.") from None
    return account_id


def change_options(connection: Connection, vault: Vault, account: Account, given: Mapping[str, str]) -> None:
    """What is not given stays; an empty value takes an option away. Raises `Refused`."""
    locks.hold_account(connection, account.id)
    merged = {**accounts.options(connection, vault, account.id), **given}
    options = {name: value for name, value in merged.items() if value}
    try:
        read_options(account.kind, options)
    except InvalidOptions as problem:
        raise Refused("bad_options", str(problem)) from None
    accounts.change(connection, account.id, options=vault.seal_map(options), problem="")


def change_use(
    connection: Connection, account_id: str, changes: Mapping[str, Any], senders: Mapping[str, str]
) -> Account:
    """Returns the account as it is then. What is not named stays; an empty sender takes that of its country away."""
    locks.hold_account(connection, account_id)
    [account] = accounts.several(connection, {account_id})
    kept = {country: sender for country, sender in {**account.senders, **senders}.items() if sender}
    accounts.change(connection, account_id, senders=kept, **changes)
    return replace(account, senders=kept, **changes)


def checked(provider: Provider) -> dict[str, str]:
    """The cheapest authenticated call there is, and what the account answered. Raises `CheckFailed`."""
    if provider.capabilities.balance:
        balance = provider.balance()
        return {"balance": str(balance.amount), "unit": balance.unit}
    told = provider.check_account()
    if told is None:
        raise CheckFailed("only a send would tell whether its credentials are right")
    return {"answer": told}


def _channel(kind: str, wanted: str | None) -> str:
    has = provider_class(kind).capabilities.channels
    if wanted and wanted not in has:
        raise Refused("bad_channel", f"{kind} does not send {wanted}; it sends {' and '.join(sorted(has))}.")
    return wanted or ("sms" if "sms" in has else min(has))


def _option(name: str, field: FieldInfo) -> Option:
    kinds = (field.annotation, *get_args(field.annotation))
    default = field.get_default()
    plain = "" if default is None or isinstance(default, SecretStr) or field.is_required() else str(default)
    words = tuple(word for word in get_args(field.annotation) if isinstance(word, str))
    return Option(name, field.is_required(), plain[:120], words, SecretStr in kinds, name in _LONG)
