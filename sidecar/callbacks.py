"""From providers' callbacks to the ledger: read them with the account's adapter, apply what they say."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from sidecar.batches import explained, work_through
from sidecar.domain.ids import RandomBits, new_id
from sidecar.intake import Clock
from sidecar.ledger.receipts import apply_receipts
from sidecar.providers.base import CallbackUnreadable, Provider
from sidecar.storage import callbacks
from sidecar.storage.callbacks import DONE, FAILED, ReceiptRow, StoredCallback
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages
from sidecar.storage.tables import NUMBER, OUR_ID, PROVIDER_ID, WORD

OVERTAKING_FOR = timedelta(hours=1)
"""How long a receipt waits for a message it may have overtaken."""

log = structlog.get_logger()


class CallbackStation:
    def __init__(
        self,
        database: Database,
        messages: Messages,
        provider_of: Callable[[str], Provider],
        clock: Clock,
        random_bits: RandomBits,
    ) -> None:
        self._database = database
        self._messages = messages
        self._provider_of = provider_of
        self._clock = clock
        self._random_bits = random_bits

    def work(self, limit: int = 200) -> int:
        """Apply the oldest callbacks in one transaction; returns how many there were."""
        with self._database.read() as connection:
            if not callbacks.is_waiting(connection):
                return 0
        return work_through(self._work, self._work_one, limit)

    def _work(self, limit: int) -> int:
        with self._database.write() as connection:
            taken = callbacks.take(connection, limit)
            self._apply(connection, taken)
        return len(taken)

    def _work_one(self) -> int:
        with self._database.write() as connection:
            taken = callbacks.take(connection, 1)
            try:
                with connection.begin_nested():
                    self._apply(connection, taken)
            except Exception as error:
                log.exception("a callback could not be worked on and is set aside")
                callbacks.finish(connection, [(stored, FAILED, explained(error)) for stored in taken])
        return len(taken)

    def _apply(self, connection: Connection, taken: Sequence[StoredCallback]) -> None:
        read = [(stored, *self._read(stored)) for stored in taken]
        receipts = [row for _, rows, _ in read for row in rows]
        applied = apply_receipts(connection, self._messages, receipts, self._clock())
        callbacks.add_receipts(connection, receipts, {row.id: verdict for row, verdict in applied})
        verdicts = [(stored, FAILED if problem else DONE, problem) for stored, _, problem in read]
        callbacks.finish(connection, verdicts)

    def match_again(self) -> int:
        """Apply receipts that overtook the answer to the send, now that the message is known."""
        now = self._clock()
        with self._database.read() as connection:
            if not callbacks.any_unmatched(connection):
                return 0
        with self._database.write() as connection:
            rows = callbacks.matchable(connection)
            callbacks.judge(connection, apply_receipts(connection, self._messages, rows, now))
            callbacks.give_up_unmatched(connection, now - OVERTAKING_FOR)
        return len(rows)

    def _read(self, stored: StoredCallback) -> tuple[Sequence[ReceiptRow], str]:
        """The receipts in a callback, or none and the reason."""
        try:
            receipts = self._provider_of(stored.account_id).read_receipts(stored.callback)
        except CallbackUnreadable as problem:
            return (), f"unreadable: {problem}"
        except Exception as error:
            log.exception("a callback could not be read", account_id=stored.account_id)
            return (), explained(error)
        return [
            ReceiptRow(
                account_id=stored.account_id,
                id=new_id("rcp", stored.received_at, self._random_bits),
                callback_id=stored.id,
                provider_id=receipt.provider_id[:PROVIDER_ID],
                message_id=receipt.message_id[:OUR_ID] if receipt.message_id else None,
                recipient=receipt.recipient[:NUMBER] if receipt.recipient else None,
                state=receipt.state,
                word=receipt.word[:WORD],
                reason=receipt.reason[:WORD],
                received_at=stored.received_at,
            )
            for receipt in receipts
        ], ""
