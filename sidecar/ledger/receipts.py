"""Apply delivery receipts: forward only, late and repeated ones kept but without effect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from sidecar.domain.status import MessageState
from sidecar.storage.callbacks import APPLIED, KEPT, UNMATCHED, ReceiptRow
from sidecar.storage.keys import among
from sidecar.storage.messages import Messages, Step
from sidecar.storage.tables import literally, messages
from sidecar.storage.types import AnyRow

_S = MessageState

LONGEST_DELIVERY = timedelta(days=3)
"""As long as carriers usually try."""

AfterSteps = Callable[[Connection, Sequence[Step], datetime], None]

_COLUMNS = (
    messages.c.shop_id,
    messages.c.id,
    messages.c.account_id,
    messages.c.provider_id,
    messages.c.to,
    messages.c.claimed_at,
    messages.c.sent_at,
    messages.c.delivered_at,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Receipts beside the messages they speak of, and the steps that those would take by them."""

    matched: Sequence[tuple[ReceiptRow, AnyRow | None]]
    telling: Sequence[tuple[ReceiptRow, AnyRow]]
    steps: Sequence[Step]


def read_receipts(connection: Connection, rows: Sequence[ReceiptRow], now: datetime) -> Reading:
    matched = _matched(connection, rows, now)
    telling = [(row, message) for row, message in matched if message is not None and row.state]
    return Reading(matched, telling, [_step(row, message) for row, message in telling])


def apply_receipts(
    connection: Connection, writer: Messages, reading: Reading, now: datetime, after: AfterSteps
) -> list[tuple[ReceiptRow, str]]:
    """Move the messages; returns the verdict on each receipt. `after` is told of the moves that were made."""
    taken = writer.advance(connection, reading.steps, now)
    after(connection, [step for step, was_taken in zip(reading.steps, taken, strict=True) if was_taken], now)
    applied = {row.id for (row, _), was_taken in zip(reading.telling, taken, strict=True) if was_taken}
    return [(row, _verdict(row.id in applied, message is not None)) for row, message in reading.matched]


def _verdict(applied: bool, matched: bool) -> str:
    if applied:
        return APPLIED
    return KEPT if matched else UNMATCHED


def _matched(
    connection: Connection, rows: Sequence[ReceiptRow], now: datetime
) -> list[tuple[ReceiptRow, AnyRow | None]]:
    by_id = _Matcher(connection, rows)
    found = {row.id: by_id(row) for row in rows}
    homeless = [row for row in rows if row.recipient and not (row.message_id or found[row.id])]
    by_number = _ByNumber(connection, homeless, now)
    found |= {row.id: by_number(row) for row in homeless}
    return [(row, found[row.id]) for row in rows]


class _Matcher:
    """Finds a receipt's message: by our own reference where the callback carries it, else by the provider's
    id and, where one such id covers several recipients, the number."""

    def __init__(self, connection: Connection, rows: Sequence[ReceiptRow]) -> None:
        ids = sorted({row.message_id for row in rows if row.message_id})
        pairs = sorted({(row.account_id, row.provider_id) for row in rows})
        known = or_(messages.c.id.in_(ids), among(messages.c.account_id, messages.c.provider_id, pairs))
        found = list(connection.execute(select(*_COLUMNS).where(known)))
        self._by_id = {(m.account_id, m.id): m for m in found}
        self._by_provider_id: dict[tuple[str, str], list[AnyRow]] = {}
        for message in found:
            self._by_provider_id.setdefault((message.account_id, message.provider_id), []).append(message)

    def __call__(self, row: ReceiptRow) -> AnyRow | None:
        if row.message_id and (message := self._by_id.get((row.account_id, row.message_id))):
            return message
        same = self._by_provider_id.get((row.account_id, row.provider_id), [])
        return next((m for m in same if row.recipient in (None, m.to)), None)


class _ByNumber:
    """Finds the message of a receipt that tells the number and an id we have not heard of: the provider's answer
    was lost, or was only "I have that one already". It is the one message to that number which left by that account
    without our learning its id. Of several, none: whose receipt it is cannot be known."""

    def __init__(self, connection: Connection, rows: Sequence[ReceiptRow], now: datetime) -> None:
        numbers = sorted({row.recipient for row in rows if row.recipient})
        states = (messages.c.state == literally(state) for state in (_S.SENDING, _S.UNKNOWN, _S.ACCEPTED))
        left = (messages.c.provider_id.is_(None), messages.c.claimed_at > now - LONGEST_DELIVERY, or_(*states))
        query = select(*_COLUMNS).where(messages.c.to.in_(numbers), *left)
        self._nameless: Sequence[AnyRow] = connection.execute(query).all() if numbers else ()
        self._ids: dict[tuple[str, str], str] = {}

    def __call__(self, row: ReceiptRow) -> AnyRow | None:
        address = (row.account_id, row.recipient)
        meant = [m for m in self._nameless if (m.account_id, m.to) == address and m.claimed_at <= row.received_at]
        if len(meant) != 1:
            return None
        [message] = meant
        one_id = self._ids.setdefault((message.shop_id, message.id), row.provider_id)
        return message if one_id == row.provider_id else None


def _step(row: ReceiptRow, message: AnyRow) -> Step:
    state = MessageState(row.state or "")
    columns: dict[str, Any] = {"reason": row.reason, "check_at": None}
    if message.provider_id is None:
        columns["provider_id"] = row.provider_id
    if message.sent_at is None:
        columns["sent_at"] = row.received_at
    if state in (_S.DELIVERED, _S.READ) and message.delivered_at is None:
        columns["delivered_at"] = row.received_at
    return Step(
        message.shop_id,
        message.id,
        state,
        columns,
        {"word": row.word, "reason": row.reason, "callback": row.callback_id},
    )
