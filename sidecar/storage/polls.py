"""Whose turn it is to be asked: errands that are due are taken under a lease, one asker for each at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, update

from sidecar.domain.stock import OPEN
from sidecar.storage.tables import literally, polls, shop_tasks, stock_alerts
from sidecar.storage.tasks import WAITING, is_free
from sidecar.storage.types import AnyRow
from sidecar.storage.upserts import insert_or

ORDERS, SHIPMENTS, TRACKS, STOCK = "orders", "shipments", "tracks", "stock"
WRITING, STATES = "writing", "states"
OUTBOX, ALARM, WEBHOOKS = "outbox", "alarm", "webhooks"
LEASE = timedelta(minutes=3)
LONGEST_DETAIL = 500

Memory = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One errand at one shop, ours for as long as the lease runs."""

    shop_id: str
    errand: str
    lease: str
    memory: Memory
    failures: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem` is empty when all went well, else a stable code."""

    next_at: datetime
    failures: int
    problem: str = ""
    detail: str = ""


def enrol(connection: Connection, shop_id: str, errands: Collection[str], memory: Memory, now: datetime) -> None:
    """Have these asked from now on. Those that are there already are due at once."""
    rows = [{"shop_id": shop_id, "errand": errand, "due_at": now, "memory": dict(memory)} for errand in errands]
    statement = insert_or(connection, polls).on_conflict_do_update(
        index_elements=[polls.c.shop_id, polls.c.errand], set_={"due_at": now, "failures": 0}
    )
    connection.execute(statement, rows)


def any_due(connection: Connection, now: datetime) -> bool:
    return connection.scalar(select(polls.c.shop_id).where(_is_due(now)).limit(1)) is not None


def take(connection: Connection, lease: str, now: datetime, limit: int) -> list[Turn]:
    """The longest due first. Whoever dies with them loses them when the lease runs out."""
    query = select(polls).where(_is_due(now)).order_by(polls.c.due_at).limit(limit).with_for_update(skip_locked=True)
    return [_leased(connection, row, lease, now) for row in connection.execute(query).all()]


def take_one(connection: Connection, shop_id: str, errand: str, lease: str, now: datetime) -> Turn | None:
    """Due or not; None while somebody else is at it."""
    query = select(polls).where(_is(shop_id, errand), _is_idle(now)).with_for_update(skip_locked=True)
    row = connection.execute(query).first()
    return _leased(connection, row, lease, now) if row else None


def remember(connection: Connection, turn: Turn, memory: Memory, now: datetime) -> bool:
    """Keep what has been learnt, and the lease. False when the turn is no longer ours."""
    return _change(connection, turn, {"memory": dict(memory), "leased_until": now + LEASE})


def finish(connection: Connection, turn: Turn, outcome: Outcome, now: datetime) -> bool:
    """The last problem stays known when all is well again."""
    told = {"problem": outcome.problem, "detail": outcome.detail[:LONGEST_DETAIL]}
    last = {f"last_{name}": value for name, value in told.items()}
    how = {**last, "last_problem_at": now} if outcome.problem else {"good_at": now}
    ended = {"lease": "", "leased_until": None, "due_at": outcome.next_at, "failures": outcome.failures}
    return _change(connection, turn, {**told, **ended, **how, "tried_at": now})


def of_shops(connection: Connection, shop_ids: Collection[str]) -> Sequence[AnyRow]:
    query = select(polls).where(polls.c.shop_id.in_(sorted(shop_ids))).order_by(polls.c.shop_id, polls.c.errand)
    return connection.execute(query).all()


def _leased(connection: Connection, row: AnyRow, lease: str, now: datetime) -> Turn:
    values = {"lease": lease, "leased_until": now + LEASE}
    connection.execute(update(polls).where(_is(row.shop_id, row.errand)).values(values))
    return Turn(row.shop_id, row.errand, lease, row.memory, row.failures)


def _change(connection: Connection, turn: Turn, values: dict[str, Any]) -> bool:
    ours = and_(_is(turn.shop_id, turn.errand), polls.c.lease == turn.lease)
    return connection.execute(update(polls).where(ours).values(values)).rowcount == 1


def _is(shop_id: str, errand: str) -> ColumnElement[bool]:
    return and_(polls.c.shop_id == shop_id, polls.c.errand == errand)


def _is_idle(now: datetime) -> ColumnElement[bool]:
    return or_(polls.c.leased_until.is_(None), polls.c.leased_until < now)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(polls.c.due_at <= now, _is_idle(now), _has_reason(now))


def _has_reason(now: datetime) -> ColumnElement[bool]:
    """Stock is asked for only while somebody waits for it, and nothing is written where there is nothing to write."""
    waits = exists().where(
        stock_alerts.c.shop_id == polls.c.shop_id, stock_alerts.c.state.in_([literally(state) for state in OPEN])
    )
    writes = exists().where(
        shop_tasks.c.shop_id == polls.c.shop_id,
        shop_tasks.c.state == literally(WAITING),
        shop_tasks.c.due_at <= now,
        is_free(now),
    )
    return and_(or_(polls.c.errand != STOCK, waits), or_(polls.c.errand != WRITING, writes))
