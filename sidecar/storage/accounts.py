"""Provider accounts and the routes that shops send by."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select, update

from sidecar.domain.outcome import Balance
from sidecar.storage.tables import accounts
from sidecar.storage.types import AnyRow
from sidecar.storage.vault import Vault

BALANCE_UNIT = 40
_MOST = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class Account:
    """`problem`: why the provider refuses this account at present, empty while it does not; `problem_at` when it
    last did. `rate` is the messages a second it takes (0: as many as it can), `senders` the sender to use by
    country ("": everywhere else), `answers_stop` whether the provider answers a STOP itself: yes, no, or unknown.
    `balance` is what it last told of its credit, in `balance_unit`; below `low_balance` people are warned, and were at
    `balance_warned_at`. It was last asked at `balance_at`."""

    id: str
    kind: str
    name: str
    channel: str
    rate: int
    senders: Mapping[str, str]
    answers_stop: str
    problem: str
    problem_at: datetime | None
    low_balance: Decimal | None
    balance: Decimal | None
    balance_unit: str
    balance_at: datetime | None
    balance_warned_at: datetime | None

    @property
    def is_low(self) -> bool:
        return self.low_balance is not None and self.balance is not None and self.balance < self.low_balance


def add(
    connection: Connection,
    vault: Vault,
    account_id: str,
    kind: str,
    name: str,
    options: dict[str, str],
    now: datetime,
    channel: str = "sms",
) -> None:
    connection.execute(
        insert(accounts).values(
            id=account_id,
            kind=kind,
            name=name,
            channel=channel,
            options=vault.seal_map(options),
            token=vault.seal(secrets.token_urlsafe(24)),
            created_at=now,
        )
    )


def every(connection: Connection) -> list[Account]:
    return [account_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]


def several(connection: Connection, account_ids: Collection[str]) -> list[Account]:
    rows = connection.execute(select(accounts).where(accounts.c.id.in_(sorted(account_ids))).order_by(accounts.c.name))
    return [account_of(row) for row in rows]


def find(connection: Connection, id_or_name: str) -> Account | None:
    row = connection.execute(
        select(accounts).where((accounts.c.id == id_or_name) | (accounts.c.name == id_or_name))
    ).first()
    return account_of(row) if row else None


def options(connection: Connection, vault: Vault, account_id: str) -> dict[str, str]:
    return vault.open_map(
        connection.execute(select(accounts.c.options).where(accounts.c.id == account_id)).scalar_one()
    )


def sealed_options(connection: Connection, account_id: str) -> str | None:
    return connection.scalar(select(accounts.c.options).where(accounts.c.id == account_id))


def token(connection: Connection, vault: Vault, account_id: str) -> str | None:
    sealed = connection.scalar(select(accounts.c.token).where(accounts.c.id == account_id))
    return vault.open(sealed) if sealed else None


def note_problem(connection: Connection, account_id: str, problem: str, now: datetime) -> None:
    connection.execute(
        update(accounts)
        .where(accounts.c.id == account_id, (accounts.c.problem != problem) | (accounts.c.problem != ""))
        .values(problem=problem, problem_at=now)
    )


def take_for_asking(connection: Connection, account_id: str, asked_before: datetime, now: datetime) -> bool:
    """Book a question for an account's balance; returns whether nobody has asked since then."""
    due = (accounts.c.balance_at.is_(None)) | (accounts.c.balance_at <= asked_before)
    booked = update(accounts).where(accounts.c.id == account_id, due).values(balance_at=now)
    return connection.execute(booked).rowcount == 1


def note_balance(connection: Connection, account_id: str, balance: Balance, now: datetime) -> bool:
    """Returns whether it has fallen below what people are warned of, and they have not been."""
    amount = min(max(balance.amount, -_MOST), _MOST)
    told = {"balance": amount, "balance_unit": balance.unit[:BALANCE_UNIT], "balance_at": now}
    connection.execute(update(accounts).where(accounts.c.id == account_id).values(**told))
    account = find(connection, account_id)
    if account is None or account.is_low == (account.balance_warned_at is not None):
        return False
    change(connection, account_id, balance_warned_at=now if account.is_low else None)
    return account.is_low


def change(connection: Connection, account_id: str, **columns: Any) -> None:
    """Set `rate`, `senders`, `answers_stop`, `low_balance`, or sealed `options`."""
    connection.execute(update(accounts).where(accounts.c.id == account_id).values(**columns))


def account_of(row: AnyRow) -> Account:
    return Account(**{name: getattr(row, name) for name in Account.__dataclass_fields__})
