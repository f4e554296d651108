"""Finding messages among a million. Every way in is an index, of which a page is read; what no index serves is looked
for among the newest, and then it is told how far back that was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, Connection, and_, select, true

from sidecar.domain.ids import first_id, moment_of
from sidecar.domain.status import MessageState
from sidecar.ledger.walking import Way, walk
from sidecar.storage.keys import among
from sidecar.storage.tables import last_digits, messages, orders, shops
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
MOST_LOOKED_AT = 5_000
FEW = 2_000
_OFTEN = frozenset({_S.DELIVERED, _S.READ, _S.SENT, _S.ACCEPTED, _S.SUPPRESSED})


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


@dataclass(frozen=True, slots=True)
class Found:
    """Newest first. `older`: the id before which there may be more, empty at the end. `broke_off`: that is how far was
    looked, though the page is not full."""

    rows: Sequence[AnyRow]
    older: str = ""
    broke_off: bool = False

    @property
    def looked_to(self) -> datetime:
        return moment_of(self.older)


@dataclass(frozen=True, slots=True)
class _Named:
    """Messages to which words point. `rest`: the id before which there may be more of them."""

    ids: Sequence[str]
    rest: str = ""


def _merged(*sources: Sequence[str]) -> _Named:
    """Each source newest first, and some broken off: what is older than where one breaks off comes with its rest."""
    rest = max((ids[-1] for ids in sources if len(ids) == MOST_CANDIDATES), default="")
    return _Named([each for each in set().union(*sources) if each >= rest], rest)


def find(connection: Connection, sought: Sought, limit: int) -> Found:
    named = _named(connection, sought)
    if named is None:
        return _walked(connection, sought, limit)
    fitting = _fitting(connection, sought, named.ids)
    if len(fitting) > limit:
        return Found(_rows(connection, fitting[:limit]), fitting[limit - 1])
    return Found(_rows(connection, fitting), named.rest, broke_off=bool(named.rest))


def find_all(connection: Connection, sought: Sought, most: int, page: int = 1000) -> Iterable[Sequence[AnyRow]]:
    """Page after page, for who wants them all."""
    left = most
    while left > 0:
        found = find(connection, sought, min(page, left))
        yield found.rows
        if not found.older:
            return
        left -= len(found.rows)
        sought = replace(sought, before=found.older)


def _walked(connection: Connection, sought: Sought, limit: int) -> Found:
    """Down the index that leads there most directly."""
    way = _way(sought)
    ids: list[str] = []
    looked_at, last = 0, ""
    for last, fits in islice(walk(connection, way), MOST_LOOKED_AT):
        looked_at += 1
        if fits and len(ids) == limit:
            return Found(_rows(connection, ids), ids[-1])
        ids += [last] if fits else []
    broke_off = looked_at == MOST_LOOKED_AT
    return Found(_rows(connection, ids), last if broke_off else "", broke_off)


def _way(sought: Sought) -> Way:
    column, values = _leading(sought)
    others = [condition for name, condition in _conditions(sought).items() if name != column]
    return Way(sought.shop_id, column, values, _bounds(sought), others)


def _leading(sought: Sought) -> tuple[str, tuple[str, ...]]:
    """What is rare leads."""
    states = tuple(map(str, sought.states))
    if sought.template and not (states and _OFTEN.isdisjoint(sought.states)):
        return "template", (sought.template,)
    return ("state", states) if states else ("", ())


def _conditions(sought: Sought) -> dict[str, ColumnElement[bool]]:
    wanted = {name: getattr(sought, name) for name in ("reason", "template", "account_id") if getattr(sought, name)}
    conditions: dict[str, ColumnElement[bool]] = {name: messages.c[name] == value for name, value in wanted.items()}
    if sought.states:
        conditions["state"] = messages.c.state.in_([str(state) for state in sought.states])
    return conditions


def _bounds(sought: Sought) -> list[ColumnElement[bool]]:
    """Ids sort by their moment."""
    bounds = [messages.c.id >= first_id("msg", sought.since)] if sought.since else []
    bounds += [messages.c.id < first_id("msg", sought.until)] if sought.until else []
    return bounds + ([messages.c.id < sought.before] if sought.before else [])


def _rows(connection: Connection, ids: Sequence[str]) -> Sequence[AnyRow]:
    query = select(messages).where(messages.c.id.in_(ids)).order_by(messages.c.id.desc())
    return connection.execute(query).all() if ids else ()


def _fitting(connection: Connection, sought: Sought, ids: Sequence[str]) -> list[str]:
    """Those of these messages that are sought, newest first. What they must be is asked in the answer and not in the
    condition: some planners would take another index for it, in which there are a million."""
    of_shop = [messages.c.shop_id == sought.shop_id] if sought.shop_id else []
    fits = and_(true(), *of_shop, *_bounds(sought), *_conditions(sought).values())
    query = select(messages.c.id, fits).where(messages.c.id.in_(ids)).order_by(messages.c.id.desc())
    return [row[0] for row in connection.execute(query) if row[1]] if ids else []


def _named(connection: Connection, sought: Sought) -> _Named | None:
    """The newest messages to which the words can point, where there are any words."""
    words = sought.words.strip()
    if not words:
        return _few_by_account(connection, sought) if sought.account_id else None
    if words.startswith("msg_"):
        return _Named([words])
    of_order = _of_order(connection, sought, words.lstrip("#"))
    digits = "".join(filter(str.isdigit, words))
    if len(digits) < FEWEST_DIGITS or not set(words) <= set("0123456789+-() ."):
        return _merged(of_order)
    return _merged(of_order, _to_number(connection, sought, digits, is_whole=words.startswith("+")))


def _of_order(connection: Connection, sought: Sought, order: str) -> Sequence[str]:
    """By the order's id, or by the number under which the customer knows it."""
    of_shops = [sought.shop_id] if sought.shop_id else list(connection.execute(select(shops.c.id)).scalars())
    by_number = select(orders.c.shop_id, orders.c.order_id).where(
        orders.c.shop_id.in_(of_shops), orders.c.number == order
    )
    numbered = connection.execute(by_number.limit(MOST_CANDIDATES)).all()
    keys = {*((shop_id, order) for shop_id in of_shops), *((row.shop_id, row.order_id) for row in numbered)}
    query = select(messages.c.id).where(among(messages.c.shop_id, messages.c.order_id, keys), *_bounds(sought))
    # Put in order here: told to, a planner would go through all messages by their ids.
    return sorted(connection.execute(query).scalars(), reverse=True)[:MOST_CANDIDATES]


def _to_number(connection: Connection, sought: Sought, digits: str, is_whole: bool) -> Sequence[str]:
    """The index of last digits leads to what few numbers have in common."""
    if is_whole:
        return _newest(connection, sought, messages.c.to == f"+{digits}")
    ending = digits[-FEWEST_DIGITS:]
    return _newest(connection, sought, last_digits() == ending, messages.c.to.like(f"%{digits}"))


def _newest(connection: Connection, sought: Sought, *conditions: ColumnElement[bool]) -> Sequence[str]:
    of_shop = [messages.c.shop_id == sought.shop_id] if sought.shop_id else []
    query = select(messages.c.id).where(*conditions, *of_shop, *_bounds(sought))
    return connection.execute(query.order_by(messages.c.id.desc()).limit(MOST_CANDIDATES)).scalars().all()


def _few_by_account(connection: Connection, sought: Sought) -> _Named | None:
    """Of an account that has hardly sent. Of others there are some among the newest."""
    query = select(messages.c.id).where(messages.c.account_id == sought.account_id).limit(FEW + 1)
    ids = sorted(connection.execute(query).scalars())
    return _Named(ids) if len(ids) <= FEW else None
