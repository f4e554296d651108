"""Read-only questions: lists, a message with its timeline, counts. Nothing here writes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, cast, func, select

from sidecar.domain.masking import mask_numbers
from sidecar.domain.phone import mask
from sidecar.domain.status import MessageState
from sidecar.storage import accounts, credits, links
from sidecar.storage.accounts import Account
from sidecar.storage.tables import callbacks, feeds, inbox, literally, messages, orders, timeline, workers
from sidecar.storage.types import AnyRow

Json = dict[str, Any]

OPENED = "opened"
"""In a timeline: a person followed a link in the text."""
_MOMENTS = ("created_at", "due_at", "sent_at", "delivered_at", "expires_at")


@dataclass(frozen=True, slots=True)
class Gauges:
    messages: Mapping[str, int]
    inbox: Mapping[str, int]
    queue_age_seconds: float
    account_problems: Mapping[str, str]
    account_balances: Sequence[Account]
    shops_low_on_credit: int
    unpaid: int


def list_messages(
    connection: Connection,
    shop_id: str | None = None,
    state: str | None = None,
    order_id: str | None = None,
    limit: int = 50,
    after_id: str | None = None,
) -> list[AnyRow]:
    """Newest first; `after_id` goes on from an earlier list's last row."""
    query = select(messages).order_by(messages.c.id.desc()).limit(limit)
    if shop_id:
        query = query.where(messages.c.shop_id == shop_id)
    if state:
        query = query.where(messages.c.state == state)
    if order_id:
        query = query.where(messages.c.order_id == order_id)
    if after_id:
        query = query.where(messages.c.id < after_id)
    return list(connection.execute(query))


def latest_tests(connection: Connection, shop_id: str, limit: int) -> list[AnyRow]:
    """What the Test button sent, newest first."""
    query = select(messages).where(messages.c.shop_id == shop_id, messages.c.event == literally("test"))
    return list(connection.execute(query.order_by(messages.c.id.desc()).limit(limit)))


def latest_order(connection: Connection, shop_id: str) -> str | None:
    """The order of the newest message that is about one which the shop has told of."""
    known = (orders.c.shop_id == messages.c.shop_id) & (orders.c.order_id == messages.c.order_id)
    query = select(messages.c.order_id).join(orders, known).where(messages.c.shop_id == shop_id)
    found: str | None = connection.scalar(query.order_by(messages.c.id.desc()).limit(1))
    return found


def find_message(connection: Connection, message_id: str, shop_id: str | None = None) -> AnyRow | None:
    query = select(messages).where(messages.c.id == message_id)
    if shop_id:
        query = query.where(messages.c.shop_id == shop_id)
    return connection.execute(query).first()


def timeline_of(connection: Connection, shop_id: str, message_id: str) -> list[Json]:
    rows = connection.execute(
        select(timeline.c.at, timeline.c.state, timeline.c.detail)
        .where(timeline.c.shop_id == shop_id, timeline.c.message_id == message_id)
        .order_by(timeline.c.id)
    )
    steps = [{"at": row.at.isoformat(), "state": row.state, **_telling(row.detail)} for row in rows]
    return [*steps, *_openings(connection, shop_id, message_id)]


def _openings(connection: Connection, shop_id: str, message_id: str) -> list[Json]:
    """Of each link in the text that somebody opened."""
    return [
        {
            "at": link.first_opened_at.isoformat(),
            "state": OPENED,
            "link": link.target,
            "opens": link.opens,
            "last_opened_at": link.last_opened_at.isoformat(),
        }
        for link in links.of_message(connection, shop_id, message_id)
        if link.opens
    ]


def as_json(message: AnyRow, reveal: bool = False) -> Json:
    """A message under the names that others rely on; its number masked unless `reveal`."""
    moments = {name: moment.isoformat() if (moment := getattr(message, name)) else None for name in _MOMENTS}
    return {
        "id": message.id,
        "shop_id": message.shop_id,
        "order_id": message.order_id,
        "event": message.event,
        "template": message.template,
        "channel": message.channel,
        "to": message.to if reveal or not message.to else mask(message.to),
        "text": message.text,
        "provider_template": (message.templates or {}).get(message.provider),
        "encoding": message.encoding,
        "segments": message.segments,
        "credits": message.credits,
        "status": message.state,
        "reason": message.reason,
        "provider": message.provider,
        "provider_id": message.provider_id,
        "price": None if message.price is None else str(message.price),
        "currency": message.currency,
        "attempts": message.attempts,
        **moments,
    }


def list_inbox(
    connection: Connection, failed_only: bool = False, limit: int = 50, before_id: str | None = None
) -> list[AnyRow]:
    """Newest first; `before_id` goes on from an earlier list's last row."""
    query = (
        select(
            inbox.c.id,
            inbox.c.shop_id,
            inbox.c.source,
            inbox.c.topic,
            inbox.c.received_at,
            inbox.c.state,
            inbox.c.note,
            func.length(inbox.c.body).label("bytes"),
        )
        .order_by(inbox.c.id.desc())
        .limit(limit)
    )
    if failed_only:
        query = query.where(inbox.c.state == literally("failed"))
    if before_id:
        query = query.where(inbox.c.id < before_id)
    return list(connection.execute(query))


def gauges(connection: Connection, now: datetime) -> Gauges:
    oldest = connection.scalar(
        select(func.min(messages.c.due_at)).where(
            messages.c.state == literally(MessageState.QUEUED), messages.c.due_at <= now
        )
    )
    every = accounts.every(connection)
    return Gauges(
        messages=_counts(connection, messages.c.state),
        inbox=_counts(connection, inbox.c.state),
        queue_age_seconds=(now - oldest).total_seconds() if oldest else 0.0,
        shops_low_on_credit=credits.low_count(connection),
        unpaid=sum(credits.unpaid_counts(connection).values()),
        account_balances=[one for one in every if one.balance is not None],
        account_problems={one.name: one.problem for one in every},
    )


def states_since(connection: Connection, shop_id: str, first_id: str) -> dict[str, int]:
    """How many of a shop's messages from this id on are in which state."""
    rows = connection.execute(
        select(messages.c.state, func.count())
        .where(messages.c.shop_id == shop_id, messages.c.id >= first_id)
        .group_by(messages.c.state)
    )
    return {row[0]: row[1] for row in rows}


def highest_order_number(connection: Connection, shop_id: str) -> int:
    """The highest order id of a shop that counts its orders; 0 when there is none."""
    return connection.scalar(select(func.max(cast(orders.c.order_id, Integer))).where(orders.c.shop_id == shop_id)) or 0


def last_beat(connection: Connection) -> datetime | None:
    beat: datetime | None = connection.scalar(select(func.max(workers.c.beat_at)))
    return beat


def feeds_of(connection: Connection, shop_id: str) -> list[AnyRow]:
    return list(connection.execute(select(feeds).where(feeds.c.shop_id == shop_id).order_by(feeds.c.source)))


def feeds_of_several(connection: Connection, shop_ids: Collection[str]) -> dict[str, list[AnyRow]]:
    rows = connection.execute(select(feeds).where(feeds.c.shop_id.in_(sorted(shop_ids))).order_by(feeds.c.source))
    found: dict[str, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.shop_id, []).append(row)
    return found


def failed_counts(connection: Connection) -> tuple[int, int]:
    """Deliveries and callbacks that could not be understood."""
    failed = inbox.c.state == literally("failed")
    deliveries = connection.scalar(select(func.count()).select_from(inbox).where(failed)) or 0
    reports = connection.scalar(select(func.count()).select_from(callbacks).where(callbacks.c.state == "failed")) or 0
    return deliveries, reports


def shop_errors(connection: Connection) -> list[str]:
    """Shops that delivered an error of their own in place of what they were to tell."""
    failed = (inbox.c.state == literally("failed"), inbox.c.note.startswith("shop_error:"))
    return list(connection.scalars(select(inbox.c.shop_id).where(*failed).distinct()))


def _counts(connection: Connection, column: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(select(column, func.count()).group_by(column))}


def _telling(detail: Mapping[str, Any]) -> Json:
    """What a step has to tell; a provider's own words may repeat the customer's number."""
    told = {key: value for key, value in detail.items() if value not in (None, "")}
    return {key: mask_numbers(value) if key == "answer" else value for key, value in told.items()}
