"""Deliveries as they came, kept until they are understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from sidecar.storage.tables import inbox, literally

RECEIVED, DONE, FAILED = "received", "done", "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    shop_id: str
    id: str
    source: str
    topic: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a delivery: `state` DONE or FAILED, `note` why."""

    shop_id: str
    id: str
    state: str
    note: str


def is_waiting(connection: Connection) -> bool:
    return connection.scalar(select(inbox.c.id).where(inbox.c.state == literally(RECEIVED)).limit(1)) is not None


def take(connection: Connection, limit: int) -> list[Delivery]:
    """Lock the oldest deliveries that wait; the lock lasts as long as the transaction."""
    rows = connection.execute(
        select(inbox.c.shop_id, inbox.c.id, inbox.c.source, inbox.c.topic, inbox.c.body, inbox.c.received_at)
        .where(inbox.c.state == literally(RECEIVED))
        .order_by(inbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Delivery(*row) for row in rows]


def finish(connection: Connection, verdicts: Sequence[Verdict], now: datetime) -> None:
    if not verdicts:
        return
    connection.execute(
        update(inbox)
        .where(inbox.c.shop_id == bindparam("of_shop"), inbox.c.id == bindparam("of_id"))
        .values(state=bindparam("new_state"), note=bindparam("new_note"), processed_at=bindparam("at")),
        [{"of_shop": v.shop_id, "of_id": v.id, "new_state": v.state, "new_note": v.note, "at": now} for v in verdicts],
    )


def replay(connection: Connection, delivery_id: str | None) -> int:
    """Put one delivery, or with None every failed one, back in the queue. Returns how many."""
    which = inbox.c.state == literally(FAILED) if delivery_id is None else inbox.c.id == delivery_id
    return connection.execute(update(inbox).where(which).values(state=RECEIVED, note="", processed_at=None)).rowcount
