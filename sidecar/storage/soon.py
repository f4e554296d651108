"""When the next message is due, for whoever rests until then."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from sidecar.domain.status import MessageState
from sidecar.storage.tables import accounts, literally, messages

_S = MessageState


def next_send(connection: Connection) -> datetime | None:
    """When the first queued message is due, at whichever account; one index probe for each."""
    first = select(func.min(messages.c.due_at)).where(
        messages.c.state == literally(_S.QUEUED), messages.c.account_id == accounts.c.id
    )
    soonest: datetime | None = connection.scalar(select(func.min(first.scalar_subquery())).select_from(accounts))
    return soonest


def next_release(connection: Connection) -> datetime | None:
    """When the first held message is due."""
    due = select(messages.c.due_at).where(messages.c.state == literally(_S.HELD))
    return connection.scalar(due.order_by(messages.c.due_at).limit(1))


def next_question(connection: Connection) -> datetime | None:
    """When a provider is to be asked next what became of a message."""
    due = select(messages.c.check_at).where(messages.c.state == literally(_S.UNKNOWN), messages.c.check_at.is_not(None))
    return connection.scalar(due.order_by(messages.c.check_at).limit(1))


def is_in_hand() -> ColumnElement[bool]:
    """Whoever has it may die with it."""
    return messages.c.state == literally(_S.SENDING)
