"""What is left of a row when the person it tells of is taken out of it: states, moments and counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, not_, null, or_, select, tuple_, update

from sidecar.domain.status import IN_FLIGHT, WAITING, MessageState
from sidecar.storage.keys import among
from sidecar.storage.tables import (
    callbacks,
    inbox,
    messages,
    orders,
    receipts,
    replies,
    shop_tasks,
    short_links,
    stock_alerts,
    timeline,
    verifications,
)
from sidecar.storage.types import AnyRow

Key = tuple[str, str]

WORKED_OFF = ("done", "failed")
"""States of a delivery or callback that nobody will read again by itself."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A table's first two columns lead to a row; `values` are what it is left with."""

    table: Table
    values: Mapping[str, Any]

    def key(self, row: AnyRow) -> Key:
        lead, own = self.table.primary_key.columns
        return getattr(row, lead.name), getattr(row, own.name)

    def is_not_yet(self) -> ColumnElement[bool]:
        """Whether anything is left to blank. JSON columns do not compare: they go with the others."""
        plain = {name: value for name, value in self.values.items() if value is None or isinstance(value, str | bytes)}
        told = ((self.table.c[name], value) for name, value in plain.items())
        return or_(*(column.is_not(None) if value is None else column != value for column, value in told))

    def put(self, connection: Connection, keys: Collection[Key]) -> int:
        if not keys:
            return 0
        lead, own = self.table.primary_key.columns
        rows = update(self.table).where(among(lead, own, keys)).values(dict(self.values))
        return connection.execute(rows).rowcount


MESSAGE = Blank(messages, {"to": "", "text": "", "sealed": None, "templates": null()})
REPLY = Blank(replies, {"number": "", "text": ""})
ORDER = Blank(orders, {"to": "", "facts": {}})
ALERT = Blank(stock_alerts, {"number": "", "customer_id": "", "ip": "", "network": "", "wording": ""})
CODE = Blank(verifications, {"number": "", "ip": "", "subject": "", "code_digest": ""})
DELIVERY = Blank(inbox, {"body": b""})
CALLBACK = Blank(callbacks, {"body": b"", "headers": {}, "url": ""})
RECEIPT = Blank(receipts, {"recipient": None})
TASK = Blank(shop_tasks, {"data": {}, "note": ""})


def is_over() -> ColumnElement[bool]:
    """Whether nobody will need a message's text and number again: it has ended, or a provider has it, or nobody
    will ask any more what became of it."""
    going = [str(state) for state in (*WAITING, *IN_FLIGHT)]
    given_up = and_(messages.c.state == MessageState.UNKNOWN, messages.c.check_at.is_(None))
    return or_(not_(messages.c.state.in_(going)), given_up)


def blank_messages(connection: Connection, keys: Sequence[Key]) -> int:
    """Those of these that are over; returns how many. Providers' own words go from their timelines, too."""
    rows = connection.execute(
        select(messages.c.shop_id, messages.c.id, messages.c.to, messages.c.dedupe_key)
        .where(among(messages.c.shop_id, messages.c.id, keys), is_over())
        .order_by(messages.c.shop_id, messages.c.id)
        .with_for_update()
    ).all()
    over = [(row.shop_id, row.id) for row in rows]
    MESSAGE.put(connection, over)
    for row in rows:
        if row.to and row.to in row.dedupe_key:
            named = (messages.c.shop_id == row.shop_id, messages.c.id == row.id)
            connection.execute(update(messages).where(*named).values(dedupe_key=row.id))
    _silence(connection, over)
    if over:
        connection.execute(delete(short_links).where(among(short_links.c.shop_id, short_links.c.message_id, over)))
    return len(over)


def _silence(connection: Connection, keys: Collection[Key]) -> None:
    if not keys:
        return
    lines = connection.execute(
        select(timeline).where(among(timeline.c.shop_id, timeline.c.message_id, keys), timeline.c.state != "held")
    )
    for line in lines.all():
        if "answer" in line.detail:
            kept = {name: value for name, value in line.detail.items() if name != "answer"}
            key = (line.shop_id, line.message_id, line.id)
            own = tuple_(timeline.c.shop_id, timeline.c.message_id, timeline.c.id) == key
            connection.execute(update(timeline).where(own).values(detail=kept))
