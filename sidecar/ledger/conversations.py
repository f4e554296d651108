"""What customers and the shop wrote to each other, for whoever reads it. Nothing here writes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, case, exists, func, select

from sidecar.domain.phone import mask
from sidecar.storage.tables import messages, replies
from sidecar.storage.types import AnyRow

Json = dict[str, Any]


def conversations(
    connection: Connection,
    shop_id: str,
    unread_only: bool = False,
    limit: int = 50,
    offset: int = 0,
    order_id: str | None = None,
) -> list[Json]:
    """One for each number that ever wrote: those with something unread first, then by their latest message. One is
    known by the id of its first message, so that no number stands in an address. Of an order it is that of whoever is
    texted about it."""
    if order_id is None:
        numbers = _latest_numbers(connection, shop_id, unread_only, limit, offset)
        return _summaries(connection, shop_id, numbers)
    found = _summaries(connection, shop_id, _numbers_of_order(connection, shop_id, order_id))
    return [each for each in found if each["unread"] or not unread_only][offset : offset + limit]


def _latest_numbers(connection: Connection, shop_id: str, unread_only: bool, limit: int, offset: int) -> list[str]:
    """First down the index of what is unread, then down all: each number where its latest message stands."""
    waiting, later = replies.alias(), replies.alias()
    is_unread = exists().where(
        waiting.c.number == replies.c.number, waiting.c.shop_id == shop_id, waiting.c.read_at.is_(None)
    )
    is_last = ~exists().where(later.c.number == replies.c.number, later.c.shop_id == shop_id, later.c.id > replies.c.id)
    is_last_unread = ~exists().where(
        later.c.number == replies.c.number,
        later.c.shop_id == shop_id,
        later.c.id > replies.c.id,
        later.c.read_at.is_(None),
    )
    of_shop = select(replies.c.number).where(replies.c.shop_id == shop_id).order_by(replies.c.id.desc())
    unread = of_shop.where(replies.c.read_at.is_(None), is_last_unread)
    numbers = list(connection.scalars(unread.limit(limit).offset(offset)))
    if unread_only or len(numbers) == limit:
        return numbers
    before = offset if numbers else connection.scalar(select(func.count()).select_from(unread.subquery())) or 0
    read = of_shop.where(is_last, ~is_unread).limit(limit - len(numbers)).offset(max(0, offset - before))
    return [*numbers, *connection.scalars(read)]


def _numbers_of_order(connection: Connection, shop_id: str, order_id: str) -> set[str]:
    wrote = select(replies.c.number).where(replies.c.shop_id == shop_id, replies.c.order_id == order_id)
    texted = select(messages.c.to).where(
        messages.c.shop_id == shop_id, messages.c.order_id == order_id, messages.c.event != "staff"
    )
    return {*connection.scalars(wrote), *connection.scalars(texted)}


def _summaries(connection: Connection, shop_id: str, numbers: Collection[str]) -> list[Json]:
    unread = func.sum(case((replies.c.read_at.is_(None), 1), else_=0))
    query = (
        select(
            replies.c.number,
            func.min(replies.c.id).label("id"),
            func.max(replies.c.id).label("last_id"),
            unread.label("unread"),
        )
        .where(replies.c.number.in_(sorted(numbers)), replies.c.shop_id == shop_id)
        .group_by(replies.c.number)
        .order_by(case((unread > 0, 0), else_=1), func.max(replies.c.id).desc())
    )
    found = list(connection.execute(query))
    latest = _by_id(connection, shop_id, [row.last_id for row in found])
    return [_summary(row, latest[row.last_id]) for row in found]


def _by_id(connection: Connection, shop_id: str, ids: Sequence[str]) -> Mapping[str, AnyRow]:
    rows = connection.execute(select(replies).where(replies.c.shop_id == shop_id, replies.c.id.in_(ids)))
    return {row.id: row for row in rows}


def _summary(row: AnyRow, last: AnyRow) -> Json:
    return {
        "id": row.id,
        "number": mask(row.number),
        "unread": int(row.unread),
        "order_id": last.order_id,
        "last": incoming(last),
    }


def incoming(row: AnyRow) -> Json:
    return {
        "id": row.id,
        "direction": "in",
        "at": row.received_at.isoformat(),
        "channel": row.channel,
        "text": row.text,
        "order_id": row.order_id,
        "meaning": row.meaning,
        "read": row.read_at is not None,
        "status": None,
    }


def both_ways(connection: Connection, shop_id: str, number: str, limit: int = 200) -> list[Json]:
    """The latest of what was written, oldest first."""
    theirs = select(replies).where(replies.c.number == number, replies.c.shop_id == shop_id)
    ours = select(messages).where(
        messages.c.to == number, messages.c.shop_id == shop_id, messages.c.event.not_in(("staff", "code"))
    )
    written = [incoming(row) for row in connection.execute(theirs.order_by(replies.c.id.desc()).limit(limit))]
    sent = [_outgoing(row) for row in connection.execute(ours.order_by(messages.c.id.desc()).limit(limit))]
    return sorted((*written, *sent), key=lambda entry: str(entry["at"]))[-limit:]


def _outgoing(row: AnyRow) -> Json:
    return {
        "id": row.id,
        "direction": "out",
        "at": row.created_at.isoformat(),
        "channel": row.channel,
        "text": row.text,
        "order_id": row.order_id,
        "meaning": row.template,
        "read": None,
        "status": row.state,
    }


def list_replies(connection: Connection, shop_id: str, unread_only: bool = False, limit: int = 50) -> list[AnyRow]:
    """Newest first; those that belong to no shop have the shop ""."""
    query = select(replies).where(replies.c.shop_id == shop_id)
    if unread_only:
        query = query.where(replies.c.read_at.is_(None))
    return list(connection.execute(query.order_by(replies.c.id.desc()).limit(limit)))
