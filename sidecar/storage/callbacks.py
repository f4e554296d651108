"""What providers reported to us: raw callbacks first, then the receipts read from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from sidecar.domain.outcome import Callback
from sidecar.storage.tables import callbacks, literally, messages, receipts

STATUS, INBOUND = "status", "inbound"
RECEIVED, DONE, FAILED = "received", "done", "failed"
APPLIED, KEPT, UNMATCHED = "applied", "kept", "unmatched"


@dataclass(frozen=True, slots=True)
class StoredCallback:
    account_id: str
    id: str
    kind: str
    received_at: datetime
    callback: Callback


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt on disk. `verdict`: applied, kept (late, duplicate or without news), or unmatched as yet."""

    account_id: str
    id: str
    provider_id: str
    message_id: str | None
    recipient: str | None
    state: str | None
    word: str
    reason: str
    received_at: datetime
    callback_id: str
    verdict: str = UNMATCHED


def is_waiting(connection: Connection) -> bool:
    return (
        connection.scalar(select(callbacks.c.id).where(callbacks.c.state == literally(RECEIVED)).limit(1)) is not None
    )


def take(connection: Connection, limit: int) -> list[StoredCallback]:
    rows = connection.execute(
        select(callbacks)
        .where(callbacks.c.state == literally(RECEIVED))
        .order_by(callbacks.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [
        StoredCallback(r.account_id, r.id, r.kind, r.received_at, Callback(r.method, r.url, r.headers, r.body))
        for r in rows
    ]


def finish(connection: Connection, verdicts: Iterable[tuple[StoredCallback, str, str]]) -> None:
    values = [
        {"of_account": c.account_id, "of_id": c.id, "new_state": state, "new_note": note} for c, state, note in verdicts
    ]
    if values:
        connection.execute(
            update(callbacks)
            .where(callbacks.c.account_id == bindparam("of_account"), callbacks.c.id == bindparam("of_id"))
            .values(state=bindparam("new_state"), note=bindparam("new_note")),
            values,
        )


_COLUMNS = tuple(ReceiptRow.__dataclass_fields__)


def add_receipts(connection: Connection, rows: Sequence[ReceiptRow], verdicts: Mapping[str, str]) -> None:
    """Keep receipts with the verdict on each, by its id."""
    if rows:
        connection.execute(
            insert(receipts),
            [{**{name: getattr(row, name) for name in _COLUMNS}, "verdict": verdicts[row.id]} for row in rows],
        )


def any_unmatched(connection: Connection) -> bool:
    return (
        connection.scalar(select(receipts.c.id).where(receipts.c.verdict == literally(UNMATCHED)).limit(1)) is not None
    )


def matchable(connection: Connection, limit: int = 200) -> list[ReceiptRow]:
    """Receipts that overtook the answer to the send, and whose message is known by now."""
    known = exists().where(
        messages.c.account_id == receipts.c.account_id, messages.c.provider_id == receipts.c.provider_id
    )
    rows = connection.execute(
        select(*(receipts.c[name] for name in _COLUMNS))
        .where(receipts.c.verdict == literally(UNMATCHED), known)
        .order_by(receipts.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [ReceiptRow(*row) for row in rows]


def give_up_unmatched(connection: Connection, received_before: datetime) -> int:
    """Receipts for messages that are not ours stop being looked at, and stay readable."""
    return connection.execute(
        update(receipts)
        .where(receipts.c.verdict == literally(UNMATCHED), receipts.c.received_at < received_before)
        .values(verdict=KEPT)
    ).rowcount


def judge(connection: Connection, verdicts: Iterable[tuple[ReceiptRow, str]]) -> None:
    values = [{"of_account": r.account_id, "of_id": r.id, "new_verdict": verdict} for r, verdict in verdicts]
    if values:
        connection.execute(
            update(receipts)
            .where(receipts.c.account_id == bindparam("of_account"), receipts.c.id == bindparam("of_id"))
            .values(verdict=bindparam("new_verdict")),
            values,
        )
