"""What customers wrote: kept once, and found beside what they answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, select, update

from sidecar.domain.ids import first_id
from sidecar.domain.status import MessageState
from sidecar.storage.tables import messages, replies, routes
from sidecar.storage.types import AnyRow
from sidecar.storage.upserts import insert_or

_S = MessageState
LEFT = (_S.SENDING, _S.UNKNOWN, _S.ACCEPTED, _S.SENT, _S.DELIVERED, _S.READ, _S.UNDELIVERED)
"""What may have reached the customer."""

NOBODY = ""
"""The shop of a message that belongs to none."""

_TEXT = (
    messages.c.shop_id,
    messages.c.id,
    messages.c.state,
    messages.c.order_id,
    messages.c.locale,
    messages.c.template,
)


@dataclass(frozen=True, slots=True)
class NewReply:
    shop_id: str
    id: str
    account_id: str
    provider_id: str
    number: str
    channel: str
    text: str
    order_id: str | None
    message_id: str | None
    received_at: datetime


def keep(connection: Connection, new: Sequence[NewReply]) -> set[str]:
    """The ids of those that were not known yet. Of two workers that read one message twice, the second waits here
    for the first and then knows it; in one order, so that they do not wait for each other."""
    statement = (
        insert_or(connection, replies)
        .on_conflict_do_nothing(index_elements=[replies.c.account_id, replies.c.provider_id])
        .returning(replies.c.id)
    )
    columns = NewReply.__dataclass_fields__
    kept = set()
    for reply in sorted(new, key=lambda reply: (reply.account_id, reply.provider_id)):
        row = {**{name: getattr(reply, name) for name in columns}, "meaning": ""}
        kept |= set(connection.execute(statement, row).scalars())
    return kept


def understood(
    connection: Connection, reply: NewReply, meaning: str, order_id: str | None, read: datetime | None
) -> None:
    """`read`: when it was dealt with, None while the owner has to look at it."""
    connection.execute(
        update(replies)
        .where(replies.c.shop_id == reply.shop_id, replies.c.id == reply.id)
        .values(meaning=meaning, order_id=order_id, read_at=read)
    )


def text_under(connection: Connection, account_id: str, number: str, provider_id: str) -> AnyRow | None:
    """The text to this number that the provider knows by this id."""
    query = select(*_TEXT).where(
        messages.c.account_id == account_id, messages.c.provider_id == provider_id, messages.c.to == number
    )
    return connection.execute(query).first()


def last_text(connection: Connection, account_id: str, number: str) -> AnyRow | None:
    query = select(*_TEXT).where(
        messages.c.to == number, messages.c.account_id == account_id, messages.c.state.in_(LEFT)
    )
    return connection.execute(query.order_by(messages.c.id.desc()).limit(1)).first()


def only_shop_of(connection: Connection, account_id: str) -> str | None:
    """The one shop that sends by this account, if it is one."""
    using = connection.execute(select(routes.c.shop_id).where(routes.c.account_id == account_id).distinct().limit(2))
    found = list(using.scalars())
    return found[0] if len(found) == 1 else None


def questions_to(
    connection: Connection, shop_id: str, number: str, keys: Collection[str], since: datetime
) -> list[AnyRow]:
    """The texts with these keys that this number had from this shop, newest first."""
    query = select(*_TEXT).where(
        messages.c.to == number,
        messages.c.shop_id == shop_id,
        messages.c.id >= first_id("msg", since),
        messages.c.template.in_(sorted(keys)),
        messages.c.state.in_(LEFT),
    )
    return list(connection.execute(query.order_by(messages.c.id.desc()).limit(10)))


def last_order(connection: Connection, shop_id: str, number: str) -> str | None:
    """The latest order about which this number was texted."""
    query = select(messages.c.order_id).where(
        messages.c.to == number,
        messages.c.shop_id == shop_id,
        messages.c.order_id.is_not(None),
        messages.c.event != "staff",
        messages.c.state.in_(LEFT),
    )
    found: str | None = connection.scalar(query.order_by(messages.c.id.desc()).limit(1))
    return found


def answered_since(connection: Connection, shop_id: str, number: str, key: str, since: datetime) -> bool:
    """Whether this number was given this answer since then: two machines must not talk to each other for ever."""
    said = exists().where(
        messages.c.to == number,
        messages.c.shop_id == shop_id,
        messages.c.id >= first_id("msg", since),
        messages.c.template == key,
        messages.c.event == "answer",
    )
    return bool(connection.scalar(select(said)))


def heard_since(connection: Connection, account_id: str, number: str, since: datetime) -> bool:
    """Whether this number has written to this account since then."""
    wrote = exists().where(
        replies.c.number == number, replies.c.account_id == account_id, replies.c.received_at >= since
    )
    return bool(connection.scalar(select(wrote)))


def last_heard(connection: Connection, shop_id: str, number: str) -> datetime | None:
    """When this number last wrote to this shop."""
    heard: datetime | None = connection.scalar(
        select(func.max(replies.c.received_at)).where(replies.c.number == number, replies.c.shop_id == shop_id)
    )
    return heard


def number_of(connection: Connection, shop_id: str, reply_id: str) -> str | None:
    found: str | None = connection.scalar(
        select(replies.c.number).where(replies.c.shop_id == shop_id, replies.c.id == reply_id)
    )
    return found


def mark_read(connection: Connection, shop_id: str, number: str, up_to: str, now: datetime) -> int:
    """All that this number wrote up to that reply; returns how many of them were unread."""
    return connection.execute(
        update(replies)
        .where(
            replies.c.number == number,
            replies.c.shop_id == shop_id,
            replies.c.id <= up_to,
            replies.c.read_at.is_(None),
        )
        .values(read_at=now)
    ).rowcount
