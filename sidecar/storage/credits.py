"""Shops' credit: the balance to take from, and the ledger of everything that moved it, which is only added to.

What comes in is first written into the ledger as not yet counted; `count_due` adds it to the balance. So whoever ends a
message need not hold the balance, and cannot get in the way of who holds it to draft new ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from sidecar.domain.status import MessageState
from sidecar.storage.keys import among
from sidecar.storage.tables import credit_ledger, credits, literally, messages
from sidecar.storage.types import AnyRow
from sidecar.storage.upserts import insert_or

NO_CREDIT = "no_credit"
_IN_ONE_TURN = 500


class Kind(StrEnum):
    FREE = "free"
    PURCHASE = "purchase"
    CHARGE = "charge"
    RETURN = "return"
    ADJUST = "adjust"


@dataclass(frozen=True, slots=True)
class Entry:
    """`amount` is negative where it was taken; it counts from `counts_from` on."""

    id: str
    shop_id: str
    kind: Kind
    amount: int
    at: datetime
    counts_from: datetime
    message_id: str | None = None
    note: str = ""


def open_account(connection: Connection, free: Entry) -> None:
    """Give a shop its balance, and with it the free credit, once."""
    opened = _or_nothing(connection, credits).values(shop_id=free.shop_id, balance=free.amount)
    if connection.execute(opened.returning(credits.c.shop_id)).first():
        _book(connection, [free], counted=True)


def hold(connection: Connection, shop_ids: Collection[str]) -> dict[str, int]:
    """The balances of those of these shops that have one, held until the transaction ends. Always in one order, so
    that two transactions cannot deadlock."""
    rows = connection.execute(
        select(credits.c.shop_id, credits.c.balance)
        .where(credits.c.shop_id.in_(sorted(shop_ids)))
        .order_by(credits.c.shop_id)
        .with_for_update()
    )
    return {row.shop_id: row.balance for row in rows}


def book(connection: Connection, entries: Sequence[Entry]) -> None:
    """Entries that count at once, on balances that this transaction holds."""
    _book(connection, entries, counted=True)
    _add(connection, [(entry.shop_id, entry.amount) for entry in entries])


def give_back(connection: Connection, returns: Sequence[Entry]) -> None:
    """Once for each message, however often it is asked for."""
    _book(connection, returns, counted=False)


def promise(connection: Connection, entry: Entry) -> None:
    """Write down what will count from its moment on."""
    _book(connection, [entry], counted=False)


def count_due(connection: Connection, now: datetime) -> set[str]:
    """Let what has come due count; returns the shops that have more credit now. The balances are held first, so that
    of two workers only one counts an entry."""
    due = and_(_is_coming(), credit_ledger.c.counts_from <= now)
    shop_ids = set(connection.scalars(select(credit_ledger.c.shop_id).where(due).limit(_IN_ONE_TURN)))
    hold(connection, shop_ids)
    which = select(credit_ledger.c.shop_id, credit_ledger.c.id, credit_ledger.c.amount)
    rows = connection.execute(which.where(due, credit_ledger.c.shop_id.in_(sorted(shop_ids))).limit(_IN_ONE_TURN)).all()
    if rows:
        connection.execute(
            update(credit_ledger)
            .where(credit_ledger.c.shop_id == bindparam("of_shop"), credit_ledger.c.id == bindparam("of_id"))
            .values(counted=True),
            [{"of_shop": row.shop_id, "of_id": row.id} for row in rows],
        )
    _add(connection, [(row.shop_id, row.amount) for row in rows])
    return {row.shop_id for row in rows}


def any_due(connection: Connection, now: datetime) -> bool:
    """A look that needs no write lock."""
    due = select(credit_ledger.c.id).where(_is_coming(), credit_ledger.c.counts_from <= now).limit(1)
    return connection.scalar(due) is not None


def balance_of(connection: Connection, shop_id: str) -> int | None:
    return connection.scalar(select(credits.c.balance).where(credits.c.shop_id == shop_id))


def balances(connection: Connection, shop_ids: Collection[str]) -> dict[str, int]:
    query = select(credits.c.shop_id, credits.c.balance).where(credits.c.shop_id.in_(sorted(shop_ids)))
    return {row.shop_id: row.balance for row in connection.execute(query)}


def coming(connection: Connection, shop_id: str) -> list[AnyRow]:
    """What was bought and does not count yet, the soonest first."""
    return list(
        connection.execute(
            select(credit_ledger)
            .where(credit_ledger.c.shop_id == shop_id, _is_coming(), credit_ledger.c.kind == Kind.PURCHASE)
            .order_by(credit_ledger.c.counts_from, credit_ledger.c.id)
        )
    )


def is_booked(connection: Connection, entry: Entry) -> bool:
    known = select(credit_ledger.c.id).where(credit_ledger.c.shop_id == entry.shop_id, credit_ledger.c.id == entry.id)
    return connection.scalar(known) is not None


def ledger_of(connection: Connection, shop_id: str, limit: int) -> list[AnyRow]:
    """Newest first."""
    query = select(credit_ledger).where(credit_ledger.c.shop_id == shop_id)
    return list(connection.execute(query.order_by(credit_ledger.c.id.desc()).limit(limit)))


def crossed(connection: Connection, low: int, now: datetime) -> dict[str, int]:
    """Balances that have fallen below `low` since this was last asked; those that have risen may fall anew."""
    held = hold(connection, list(connection.scalars(select(credits.c.shop_id).where(_has_crossed(low)))))
    for balances, warned_at in ((_below(held, low), now), (held.keys() - _below(held, low).keys(), None)):
        connection.execute(update(credits).where(credits.c.shop_id.in_(sorted(balances))).values(warned_at=warned_at))
    return _below(held, low)


def any_crossed(connection: Connection, low: int) -> bool:
    return connection.scalar(select(credits.c.shop_id).where(_has_crossed(low)).limit(1)) is not None


def _has_crossed(low: int) -> ColumnElement[bool]:
    fallen = and_(credits.c.balance < low, credits.c.warned_at.is_(None))
    risen = and_(credits.c.balance >= low, credits.c.warned_at.is_not(None))
    return or_(fallen, risen)


def _below(balances: Mapping[str, int], low: int) -> dict[str, int]:
    return {shop_id: balance for shop_id, balance in balances.items() if balance < low}


def low_count(connection: Connection) -> int:
    """How many shops have been warned and have not bought enough since."""
    return connection.scalar(select(func.count()).select_from(credits).where(credits.c.warned_at.is_not(None))) or 0


def is_unpaid() -> ColumnElement[bool]:
    """Whether a message waits for credit."""
    return and_(messages.c.state == literally(MessageState.HELD), messages.c.reason == literally(NO_CREDIT))


def shops_waiting(connection: Connection) -> set[str]:
    """Shops of which a message waits for credit; one index probe a shop that has a balance."""
    waiting = exists().where(messages.c.shop_id == credits.c.shop_id, is_unpaid())
    return set(connection.scalars(select(credits.c.shop_id).where(waiting)))


def hold_unpaid(connection: Connection, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """What those of these messages cost that still wait for credit, oldest first; held until the transaction ends."""
    rows = connection.execute(
        select(messages.c.shop_id, messages.c.id, messages.c.credits)
        .where(among(messages.c.shop_id, messages.c.id, keys), is_unpaid())
        .order_by(messages.c.shop_id, messages.c.id)
        .with_for_update()
    )
    return {(row.shop_id, row.id): row.credits for row in rows}


def unpaid_counts(connection: Connection, *shop_ids: str) -> Mapping[str, int]:
    """How many messages of which shop wait for credit; of all shops, or of these."""
    query = select(messages.c.shop_id, func.count()).where(is_unpaid()).group_by(messages.c.shop_id)
    if shop_ids:
        query = query.where(messages.c.shop_id.in_(shop_ids))
    return {row[0]: row[1] for row in connection.execute(query)}


def _is_coming() -> ColumnElement[bool]:
    # As the index has it: SQLite does not see that `counted = 0` says the same.
    return literal_column("not counted", Boolean)


def _or_nothing(connection: Connection, table: Any) -> Any:
    return insert_or(connection, table).on_conflict_do_nothing()


def _book(connection: Connection, entries: Sequence[Entry], *, counted: bool) -> None:
    rows = [
        {
            "id": entry.id,
            "shop_id": entry.shop_id,
            "kind": str(entry.kind),
            "amount": entry.amount,
            "at": entry.at,
            "counts_from": entry.counts_from,
            "counted": counted,
            "message_id": entry.message_id,
            "note": entry.note,
        }
        for entry in entries
    ]
    if rows:
        statement = insert(credit_ledger) if counted else _or_nothing(connection, credit_ledger)
        connection.execute(statement, rows)


def _add(connection: Connection, amounts: Sequence[tuple[str, int]]) -> None:
    totals: dict[str, int] = {}
    for shop_id, amount in amounts:
        totals[shop_id] = totals.get(shop_id, 0) + amount
    for shop_id, total in sorted(totals.items()):
        connection.execute(
            update(credits).where(credits.c.shop_id == shop_id).values(balance=credits.c.balance + total)
        )
