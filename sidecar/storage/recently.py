"""What numbers were texted lately, for the caps on it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from sidecar.domain.ids import first_id
from sidecar.domain.recent import Recent
from sidecar.domain.status import MessageState
from sidecar.storage.keys import among
from sidecar.storage.tables import messages
from sidecar.storage.types import AnyRow

Person = tuple[str, str]

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
SAME_TEXT_WITHIN = timedelta(minutes=1)
MARKETING = "marketing"
_NOT_COUNTED = frozenset(
    {MessageState.SUPPRESSED, MessageState.SUPERSEDED, MessageState.CANCELLED, MessageState.REJECTED}
)


_COLUMNS = (
    messages.c.shop_id,
    messages.c.to,
    messages.c.created_at,
    messages.c.category,
    messages.c.state,
    messages.c.text,
)


def texted(connection: Connection, people: Collection[Person], now: datetime) -> dict[Person, Recent]:
    """Of each of these people (shop id, number), what that shop sent them of late. Whatever has not left and
    never will is not counted, nor are tests and one-time codes, which have limits of their own, nor what is said in a
    conversation."""
    if not people:
        return {}
    rows = connection.execute(
        select(*_COLUMNS).where(
            among(messages.c.shop_id, messages.c.to, people),
            messages.c.id >= first_id("msg", now - WEEK),
            messages.c.event.not_in(("test", "code", "conversation")),
        )
    )
    by_person: dict[Person, list[AnyRow]] = {}
    for row in rows:
        if MessageState(row.state) not in _NOT_COUNTED:
            by_person.setdefault((row.shop_id, row.to), []).append(row)
    return {person: _summed(sent, now) for person, sent in by_person.items()}


def _summed(sent: list[AnyRow], now: datetime) -> Recent:
    return Recent(
        hour=sum(row.created_at > now - HOUR for row in sent),
        day=sum(row.created_at > now - DAY for row in sent),
        week_marketing=sum(row.category == MARKETING for row in sent),
        texts=frozenset(row.text for row in sent if row.created_at > now - SAME_TEXT_WITHIN),
    )
