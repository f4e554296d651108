"""What has been kept for long enough, found shop by shop and account by account, in the order of its primary key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, delete, select, true

from sidecar.storage import blanks
from sidecar.storage.blanks import WORKED_OFF, Blank, Key
from sidecar.storage.keys import among
from sidecar.storage.tables import (
    accounts,
    callbacks,
    inbox,
    messages,
    orders,
    receipts,
    replies,
    shop_tasks,
    shops,
    stock_alerts,
    verifications,
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rows that are blanked when they are older than `period`, a name of one of the periods. `since` is the column that
    tells their age; where ids are in the order of time, `in_order`, the first young row ends the search."""

    blank: Blank
    period: str
    since: Column[Any]
    over: ColumnElement[bool]
    in_order: bool = True

    @property
    def leads(self) -> Column[Any]:
        """The column by which rows are looked through, shop by shop or account by account."""
        return next(iter(self.blank.table.primary_key.columns))

    @property
    def owners(self) -> Column[Any]:
        return accounts.c.id if self.leads.name == "account_id" else shops.c.id


SHELVES = (
    Shelf(blanks.MESSAGE, "texts", messages.c.created_at, blanks.is_over()),
    Shelf(blanks.REPLY, "texts", replies.c.received_at, true()),
    Shelf(blanks.ALERT, "texts", stock_alerts.c.created_at, stock_alerts.c.ended_at.is_not(None)),
    Shelf(blanks.TASK, "texts", shop_tasks.c.created_at, shop_tasks.c.state.in_(WORKED_OFF)),
    Shelf(blanks.ORDER, "texts", orders.c.modified_at, true(), in_order=False),
    Shelf(blanks.RECEIPT, "texts", receipts.c.received_at, true()),
    Shelf(blanks.DELIVERY, "bodies", inbox.c.received_at, inbox.c.state.in_(WORKED_OFF)),
    Shelf(blanks.CALLBACK, "bodies", callbacks.c.received_at, callbacks.c.state.in_(WORKED_OFF)),
)


def owners(connection: Connection, shelf: Shelf) -> list[str]:
    return sorted(connection.scalars(select(shelf.owners)))


@dataclass(frozen=True, slots=True)
class Page:
    """What one look found to blank, and after which id the next one begins; None: there is no more."""

    keys: Sequence[Key]
    after: str
    is_last: bool


def look(connection: Connection, shelf: Shelf, owner: str, after: str, before: datetime, limit: int) -> Page:
    """One page of an owner's rows, by their primary key."""
    own = list(shelf.blank.table.primary_key.columns)[1]
    full = (shelf.over & shelf.blank.is_not_yet()).label("full")
    rows = connection.execute(
        select(own, shelf.since, full).where(shelf.leads == owner, own > after).order_by(own).limit(limit)
    ).all()
    old = [row for row in rows if row[1] < before]
    is_last = len(rows) < limit or (shelf.in_order and len(old) < len(rows))
    seen = old if shelf.in_order else rows
    return Page([(owner, row[0]) for row in old if row[2]], seen[-1][0] if seen else after, is_last)


def put_away(connection: Connection, shelf: Shelf, keys: Sequence[Key]) -> int:
    if shelf.blank is blanks.MESSAGE:
        return blanks.blank_messages(connection, keys)
    return shelf.blank.put(connection, keys)


def old_codes(connection: Connection, shop_id: str, before: datetime, limit: int) -> list[Key]:
    query = select(verifications.c.id).where(verifications.c.shop_id == shop_id, verifications.c.created_at < before)
    return [(shop_id, found) for found in connection.scalars(query.order_by(verifications.c.created_at).limit(limit))]


def forget_codes(connection: Connection, keys: Sequence[Key]) -> int:
    return connection.execute(
        delete(verifications).where(among(verifications.c.shop_id, verifications.c.id, keys))
    ).rowcount
