"""Finding messages among a million: every way in is an index, and a page of them is all that is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nlargest
from typing import Any

from sqlalchemy import Connection, Select, select

from sidecar.domain.ids import first_id
from sidecar.domain.status import MessageState
from sidecar.storage.tables import messages, orders, shops
from sidecar.storage.types import AnyRow

_S = MessageState

GROUPS: dict[str, tuple[MessageState, ...]] = {
    "waiting": (_S.HELD, _S.QUEUED),
    "underway": (_S.SENDING, _S.ACCEPTED, _S.SENT, _S.UNKNOWN),
    "arrived": (_S.DELIVERED, _S.READ),
    "failed": (_S.UNDELIVERED, _S.REJECTED, _S.EXPIRED),
    "stopped": (_S.SUPPRESSED, _S.CANCELLED, _S.SUPERSEDED),
}
"""What a person looks for: not states, but what became of it."""

FEWEST_DIGITS = 4
MOST_CANDIDATES = 500


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; what is empty does not matter. `words`: an order, a number or its last digits, or the id of
    a message. `before`: go on after the message with this id."""

    shop_id: str = ""
    words: str = ""
    states: tuple[MessageState, ...] = ()
    reason: str = ""
    template: str = ""
    account_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: str = ""

    @property
    def is_anything(self) -> bool:
        return self != Sought(shop_id=self.shop_id)


def find(connection: Connection, sought: Sought, limit: int) -> list[AnyRow]:
    """Newest first."""
    if sought.words:
        ids = _named(connection, sought)
        return list(connection.execute(_narrowed(sought).where(messages.c.id.in_(ids)).limit(limit))) if ids else []
    if sought.states:
        return _by_state(connection, sought, limit)
    return list(connection.execute(_narrowed(sought).limit(limit)))


def find_all(connection: Connection, sought: Sought, most: int, page: int = 1000) -> Iterable[Sequence[AnyRow]]:
    """Page after page, for who wants them all."""
    left = most
    while left > 0 and (rows := find(connection, sought, min(page, left))):
        yield rows
        left -= len(rows)
        sought = replace(sought, before=rows[-1].id)


def _by_state(connection: Connection, sought: Sought, limit: int) -> list[AnyRow]:
    """The newest of each state are read by the index of states, and the newest of those are the newest."""
    ids = [sought.shop_id] if sought.shop_id else list(connection.execute(select(shops.c.id)).scalars())
    found: list[AnyRow] = []
    for shop_id in ids:
        for state in sought.states:
            query = _narrowed(replace(sought, shop_id=shop_id)).where(messages.c.state == str(state))
            found += connection.execute(query.limit(limit))
    return nlargest(limit, found, key=lambda row: str(row.id))


def _narrowed(sought: Sought) -> Select[Any]:
    query = select(messages).order_by(messages.c.id.desc())
    if sought.shop_id:
        query = query.where(messages.c.shop_id == sought.shop_id)
    for column in ("reason", "template", "account_id"):
        if wanted := getattr(sought, column):
            query = query.where(messages.c[column] == wanted)
    if sought.words and sought.states:
        query = query.where(messages.c.state.in_([str(state) for state in sought.states]))
    if sought.since:
        query = query.where(messages.c.id >= first_id("msg", sought.since))
    if sought.until:
        query = query.where(messages.c.id < first_id("msg", sought.until))
    return query.where(messages.c.id < sought.before) if sought.before else query


def _named(connection: Connection, sought: Sought) -> list[str]:
    """The newest messages to which these words can point."""
    words = sought.words.strip()
    if words.startswith("msg_"):
        return [words]
    ids = set(_of_order(connection, sought.shop_id, words.lstrip("#")))
    digits = "".join(filter(str.isdigit, words))
    if len(digits) >= FEWEST_DIGITS and set(words) <= set("0123456789+-() ."):
        ids |= set(_to_number(connection, sought.shop_id, digits, is_whole=words.startswith("+")))
    return sorted(ids)


def _of_order(connection: Connection, shop_id: str, order: str) -> list[str]:
    """By the order's id, or by the number under which the customer knows it."""
    of_shops = [shop_id] if shop_id else list(connection.execute(select(shops.c.id)).scalars())
    by_number = select(orders.c.order_id).where(orders.c.shop_id.in_(of_shops), orders.c.number == order)
    known = {order, *connection.execute(by_number.limit(MOST_CANDIDATES)).scalars()}
    query = select(messages.c.id).where(messages.c.shop_id.in_(of_shops), messages.c.order_id.in_(sorted(known)))
    return list(connection.execute(query.order_by(messages.c.id.desc()).limit(MOST_CANDIDATES)).scalars())


def _to_number(connection: Connection, shop_id: str, digits: str, is_whole: bool) -> list[str]:
    """Last digits are looked for in the index of numbers, which is read whole but has nothing else in it."""
    to = messages.c.to
    query = select(messages.c.id).where(to == f"+{digits}" if is_whole else to.like(f"%{digits}"))
    if shop_id:
        query = query.where(messages.c.shop_id == shop_id)
    return list(connection.execute(query.order_by(messages.c.id.desc()).limit(MOST_CANDIDATES)).scalars())
