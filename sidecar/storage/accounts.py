"""Provider accounts and the routes that shops send by."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from sidecar.storage.tables import accounts
from sidecar.storage.types import AnyRow
from sidecar.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Account:
    """`problem`: why the provider refuses this account at present, empty while it does not; `problem_at` when it
    last did. `rate` is the messages a second it takes (0: as many as it can), `senders` the sender to use by
    country ("": everywhere else), `answers_stop` whether the provider answers a STOP itself: yes, no, or unknown."""

    id: str
    kind: str
    name: str
    channel: str
    rate: int
    senders: Mapping[str, str]
    answers_stop: str
    problem: str
    problem_at: datetime | None


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


def find(connection: Connection, id_or_name: str) -> Account | None:
    row = connection.execute(
        select(accounts).where((accounts.c.id == id_or_name) | (accounts.c.name == id_or_name))
    ).first()
    return account_of(row) if row else None


def options(connection: Connection, vault: Vault, account_id: str) -> dict[str, str]:
    return vault.open_map(
        connection.execute(select(accounts.c.options).where(accounts.c.id == account_id)).scalar_one()
    )


def token(connection: Connection, vault: Vault, account_id: str) -> str | None:
    sealed = connection.scalar(select(accounts.c.token).where(accounts.c.id == account_id))
    return vault.open(sealed) if sealed else None


def note_problem(connection: Connection, account_id: str, problem: str, now: datetime) -> None:
    connection.execute(
        update(accounts)
        .where(accounts.c.id == account_id, (accounts.c.problem != problem) | (accounts.c.problem != ""))
        .values(problem=problem, problem_at=now)
    )


def change(connection: Connection, account_id: str, **columns: Any) -> None:
    """Set `rate`, `senders` or `answers_stop`."""
    connection.execute(update(accounts).where(accounts.c.id == account_id).values(**columns))


def account_of(row: AnyRow) -> Account:
    return Account(**{name: getattr(row, name) for name in Account.__dataclass_fields__})
