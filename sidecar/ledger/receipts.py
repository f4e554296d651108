"""Apply delivery receipts: forward only, late and repeated ones kept but without effect."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from sidecar.domain.status import MessageState
from sidecar.storage.callbacks import APPLIED, KEPT, UNMATCHED, ReceiptRow
from sidecar.storage.keys import among
from sidecar.storage.messages import Messages, Step
from sidecar.storage.tables import messages
from sidecar.storage.types import AnyRow

_S = MessageState

_COLUMNS = (
    messages.c.shop_id,
    messages.c.id,
    messages.c.account_id,
    messages.c.provider_id,
    messages.c.to,
    messages.c.sent_at,
    messages.c.delivered_at,
)


def apply_receipts(
    connection: Connection, writer: Messages, rows: Sequence[ReceiptRow], now: datetime
) -> list[tuple[ReceiptRow, str]]:
    """Move the messages that these receipts speak of; returns the verdict on each receipt."""
    match = _Matcher(connection, rows)
    matched = [(row, match(row)) for row in rows]
    telling = [(row, message) for row, message in matched if message is not None and row.state]
    taken = writer.advance(connection, [_step(row, message) for row, message in telling], now)
    applied = {row.id for (row, _), was_taken in zip(telling, taken, strict=True) if was_taken}
    return [(row, _verdict(row.id in applied, message is not None)) for row, message in matched]


def _verdict(applied: bool, matched: bool) -> str:
    if applied:
        return APPLIED
    return KEPT if matched else UNMATCHED


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
