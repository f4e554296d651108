"""Provider accounts and the routes that shops send by."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from sidecar.storage.tables import accounts, routes
from sidecar.storage.types import AnyRow
from sidecar.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Account:
    """`problem`: why the provider refuses this account at present, empty while it does not."""

    id: str
    kind: str
    name: str
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
) -> None:
    connection.execute(
        insert(accounts).values(
            id=account_id,
            kind=kind,
            name=name,
            options=vault.seal_map(options),
            token=vault.seal(secrets.token_urlsafe(24)),
            created_at=now,
        )
    )


def every(connection: Connection) -> list[Account]:
    return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]


def find(connection: Connection, id_or_name: str) -> Account | None:
    row = connection.execute(
        select(accounts).where((accounts.c.id == id_or_name) | (accounts.c.name == id_or_name))
    ).first()
    return _account(row) if row else None


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
        .where(accounts.c.id == account_id, accounts.c.problem != problem)
        .values(problem=problem, problem_at=now)
    )


@dataclass(frozen=True, slots=True)
class Routes:
    """Each shop's accounts in order of preference, some for one country or one category of texts only."""

    _lists: Mapping[tuple[str, str, str], Sequence[Account]]

    def accounts_for(self, shop_id: str, country: str = "", category: str = "") -> Sequence[Account]:
        """The most particular list there is: a country counts for more than a category."""
        wanted = ((country, category), (country, ""), ("", category), ("", ""))
        lists = (self._lists.get((shop_id, *particular)) for particular in wanted)
        return next((accounts for accounts in lists if accounts), ())


def set_route(
    connection: Connection, shop_id: str, account_ids: Sequence[str], country: str = "", category: str = ""
) -> None:
    """Replace the list for this country and category; an empty one falls back on the more general."""
    same = (routes.c.shop_id == shop_id, routes.c.country == country, routes.c.category == category)
    connection.execute(delete(routes).where(*same))
    if account_ids:
        place = {"shop_id": shop_id, "country": country, "category": category}
        connection.execute(
            insert(routes), [{**place, "position": n, "account_id": a} for n, a in enumerate(account_ids)]
        )


def routes_of(connection: Connection, shop_ids: Collection[str]) -> Routes:
    rows = connection.execute(
        select(routes.c.shop_id, routes.c.country, routes.c.category, accounts)
        .join(accounts, accounts.c.id == routes.c.account_id)
        .where(routes.c.shop_id.in_(sorted(shop_ids)))
        .order_by(routes.c.shop_id, routes.c.position)
    )
    lists: dict[tuple[str, str, str], list[Account]] = {}
    for row in rows:
        lists.setdefault((row.shop_id, row.country, row.category), []).append(_account(row))
    return Routes(lists)


def _account(row: AnyRow) -> Account:
    return Account(row.id, row.kind, row.name, row.problem, row.problem_at)
