"""Deliveries as they came, kept until they are understood."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, or_, select, update

from sidecar.domain.ids import first_id
from sidecar.storage.keys import among
from sidecar.storage.tables import inbox, literally
from sidecar.storage.types import AnyRow

RECEIVED, DONE, FAILED = "received", "done", "failed"
WEBHOOK, PLUGIN, POLLER = "webhook", "plugin", "poller"
"""The ways a shop's changes come in by."""


@dataclass(frozen=True, slots=True)
class Delivery:
    shop_id: str
    id: str
    source: str
    topic: str
    body: bytes
    received_at: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a delivery: `state` DONE or FAILED, `note` why."""

    shop_id: str
    id: str
    state: str
    note: str


_OF_A_DELIVERY = (
    inbox.c.shop_id,
    inbox.c.id,
    inbox.c.source,
    inbox.c.topic,
    inbox.c.body,
    inbox.c.received_at,
    inbox.c.delivery_id,
)


def add(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    if deliveries:
        connection.execute(insert(inbox), [_row(delivery) for delivery in deliveries])


def _row(delivery: Delivery) -> dict[str, Any]:
    told = {name: getattr(delivery, name) for name in ("shop_id", "id", "source", "topic", "body", "received_at")}
    return {**told, "delivery_id": delivery.event_id, "state": RECEIVED}


def since(connection: Connection, shop_id: str, moment: datetime, after_id: str, limit: int) -> list[AnyRow]:
    """What a shop delivered from then on and is still kept, oldest first, going on after a delivery."""
    query = select(*_OF_A_DELIVERY).where(
        inbox.c.shop_id == shop_id, inbox.c.id > (after_id or first_id("in", moment)), inbox.c.state == literally(DONE)
    )
    return list(connection.execute(query.order_by(inbox.c.id).limit(limit)))


def known_events(connection: Connection, shop_id: str, event_ids: Collection[str]) -> set[str]:
    """Which of these events of a shop's plugin are here already, worked on or not."""
    query = select(inbox.c.delivery_id).where(_is_event(), inbox.c.shop_id == shop_id)
    return set(connection.scalars(query.where(inbox.c.delivery_id.in_(sorted(event_ids)))))


def repeated(connection: Connection, deliveries: Sequence[Delivery]) -> set[str]:
    """Ids of those deliveries whose event came before and was understood: a plugin tells until it is certain that it
    was heard."""
    events = {(delivery.shop_id, delivery.event_id) for delivery in deliveries if is_event(delivery)}
    if not events:
        return set()
    query = select(inbox.c.shop_id, inbox.c.delivery_id, func.min(inbox.c.id)).where(_is_event())
    understood = or_(inbox.c.state == literally(DONE), inbox.c.state == literally(RECEIVED))
    query = query.where(understood, among(inbox.c.shop_id, inbox.c.delivery_id, events))
    rows = connection.execute(query.group_by(inbox.c.shop_id, inbox.c.delivery_id)).all()
    first = {(row[0], row[1]): row[2] for row in rows}
    return {d.id for d in deliveries if is_event(d) and first.get((d.shop_id, d.event_id), d.id) < d.id}


def is_event(delivery: Delivery) -> bool:
    return delivery.source == PLUGIN and bool(delivery.event_id)


def _is_event() -> ColumnElement[bool]:
    return inbox.c.source == literally(PLUGIN)


def is_waiting(connection: Connection) -> bool:
    return connection.scalar(select(inbox.c.id).where(inbox.c.state == literally(RECEIVED)).limit(1)) is not None


def take(connection: Connection, limit: int) -> list[Delivery]:
    """Lock the oldest deliveries that wait; the lock lasts as long as the transaction."""
    rows = connection.execute(
        select(*_OF_A_DELIVERY)
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
