"""What shops are to be told in their own books: notes on orders, and new statuses. Kept until the shop says done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.retry import retry_delay
from sidecar.storage.tables import literally, shop_tasks
from sidecar.storage.types import AnyRow
from sidecar.storage.upserts import insert_or

WAITING, DONE, FAILED = "waiting", "done", "failed"
MOST_ATTEMPTS = 20
"""Some 17 hours of trying."""
LONGEST_NOTE = 500
HELD = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Task:
    """`dedupe_key` is the same however often the occasion is reported; `data` is what the shop needs to do it."""

    shop_id: str
    dedupe_key: str
    kind: str
    order_id: str
    data: Mapping[str, Any] = field(default_factory=dict)


def add(connection: Connection, tasks: Sequence[Task], random_bits: RandomBits, now: datetime) -> None:
    """One that is already there under its key is left as it is."""
    if not tasks:
        return
    statement = insert_or(connection, shop_tasks).on_conflict_do_nothing(
        index_elements=[shop_tasks.c.shop_id, shop_tasks.c.dedupe_key]
    )
    connection.execute(statement, [_row(task, new_id("tsk", now, random_bits), now) for task in tasks])


def _row(task: Task, task_id: str, now: datetime) -> dict[str, Any]:
    return {
        "shop_id": task.shop_id,
        "id": task_id,
        "dedupe_key": task.dedupe_key,
        "kind": task.kind,
        "order_id": task.order_id,
        "data": dict(task.data),
        "state": WAITING,
        "attempts": 0,
        "due_at": now,
        "created_at": now,
    }


def take(connection: Connection, shop_id: str, holder: str, now: datetime, limit: int) -> list[AnyRow]:
    """What is due, oldest first, for one who will do it: nobody else gets it meanwhile. It stays until it is done:
    whoever dies with it in hand finds it here again."""
    query = (
        select(shop_tasks)
        .where(shop_tasks.c.shop_id == shop_id, shop_tasks.c.state == literally(WAITING), shop_tasks.c.due_at <= now)
        .where(or_(is_free(now), shop_tasks.c.held_by == holder))
        .order_by(shop_tasks.c.due_at, shop_tasks.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(connection.execute(query))
    held = shop_tasks.c.id.in_([row.id for row in rows])
    values = {"held_by": holder, "held_until": now + HELD}
    connection.execute(update(shop_tasks).where(shop_tasks.c.shop_id == shop_id, held).values(values))
    return rows


def is_free(now: datetime) -> ColumnElement[bool]:
    return or_(shop_tasks.c.held_until.is_(None), shop_tasks.c.held_until < now)


def find(connection: Connection, shop_id: str, task_id: str) -> AnyRow | None:
    return connection.execute(select(shop_tasks).where(_is(shop_id, task_id))).first()


def finish(connection: Connection, shop_id: str, task_id: str, now: datetime) -> None:
    """The shop has done it; saying so again changes nothing."""
    connection.execute(
        update(shop_tasks)
        .where(_is(shop_id, task_id), shop_tasks.c.state != DONE)
        .values(state=DONE, done_at=now, note="", attempts=shop_tasks.c.attempts + 1)
    )


def fail(
    connection: Connection, shop_id: str, task_id: str, why: str, now: datetime, *, for_good: bool = False
) -> None:
    """The shop could not do it: it comes again after a while, and stays visible as failed after many tries."""
    query = select(shop_tasks.c.attempts).where(_is(shop_id, task_id), shop_tasks.c.state == literally(WAITING))
    attempts = connection.scalar(query.with_for_update())
    if attempts is None:
        return
    tried = attempts + 1
    values = {
        "attempts": tried,
        "note": why[:LONGEST_NOTE],
        "due_at": now + retry_delay(tried, 0.0),
        "held_until": None,
    }
    state = FAILED if for_good or tried >= MOST_ATTEMPTS else WAITING
    connection.execute(update(shop_tasks).where(_is(shop_id, task_id)).values(state=state, **values))


def _is(shop_id: str, task_id: str) -> Any:
    return and_(shop_tasks.c.shop_id == shop_id, shop_tasks.c.id == task_id)
