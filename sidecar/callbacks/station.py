"""From providers' callbacks to the ledger and the conversations: read them with the account's adapter, apply what
they say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from sidecar.callbacks.replies import Letter, Replies
from sidecar.consent.optouts import OptOuts
from sidecar.dispatch.otherway import OtherWay
from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.outcome import Receipt
from sidecar.domain.timetable import Timetable
from sidecar.intake.batches import explained, work_through
from sidecar.intake.spine import Clock
from sidecar.ledger.receipts import Reading, apply_receipts, read_receipts
from sidecar.providers.base import CallbackUnreadable, Provider
from sidecar.storage import callbacks
from sidecar.storage.callbacks import DONE, FAILED, INBOUND, STATUS, ReceiptRow, StoredCallback
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages, Step
from sidecar.storage.tables import NUMBER, OUR_ID, PROVIDER_ID, WORD, fitting

OVERTAKING_FOR = timedelta(hours=1)
"""How long a receipt waits for a message it may have overtaken."""

log = structlog.get_logger()


class CallbackStation:
    def __init__(
        self,
        database: Database,
        messages: Messages,
        optouts: OptOuts,
        replies: Replies,
        other_way: OtherWay,
        provider_of: Callable[[str], Provider],
        clock: Clock,
        random_bits: RandomBits,
    ) -> None:
        self._database = database
        self._messages = messages
        self._optouts = optouts
        self._replies = replies
        self._other_way = other_way
        self._provider_of = provider_of
        self._clock = clock
        self._random_bits = random_bits

    def timetable(self) -> Timetable:
        return [(2.0, self.match_again)]

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
        now = self._clock()
        read = [(stored, *self._read(stored)) for stored in taken]
        receipts = [row for _, told, _ in read for row in told.receipts]
        letters = [letter for _, told, _ in read for letter in told.letters]
        reading = read_receipts(connection, receipts, now)
        self._replies.take_in(connection, letters, self._optouts.people_of(connection, reading.steps), now)
        applied = self._applied(connection, reading, now)
        callbacks.add_receipts(connection, receipts, {row.id: verdict for row, verdict in applied})
        verdicts = [(stored, FAILED if problem else DONE, problem) for stored, _, problem in read]
        callbacks.finish(connection, verdicts)

    def _applied(self, connection: Connection, reading: Reading, now: datetime) -> list[tuple[ReceiptRow, str]]:
        self._optouts.before_sends(connection, reading.steps)
        return apply_receipts(connection, self._messages, reading, now, self._after)

    def _after(self, connection: Connection, steps: Sequence[Step], now: datetime) -> None:
        self._optouts.after_sends(connection, steps, now)
        self._other_way.after_steps(connection, steps, now)

    def match_again(self) -> int:
        """Apply receipts that overtook the answer to the send, now that the message is known."""
        now = self._clock()
        with self._database.read() as connection:
            if not callbacks.any_unmatched(connection):
                return 0
        with self._database.write() as connection:
            rows = callbacks.matchable(connection)
            callbacks.judge(connection, self._applied(connection, read_receipts(connection, rows, now), now))
            callbacks.give_up_unmatched(connection, now - OVERTAKING_FOR)
        return len(rows)

    def _read(self, stored: StoredCallback) -> tuple["_Told", str]:
        """What is in a callback, or nothing and the reason."""
        try:
            provider = self._provider_of(stored.account_id)
            both = provider.capabilities.one_callback_address
            receipts = provider.read_receipts(stored.callback) if both or stored.kind == STATUS else []
            inbound = provider.read_inbound(stored.callback) if both or stored.kind == INBOUND else []
        except CallbackUnreadable as problem:
            return _Told(), f"unreadable: {problem}"
        except Exception as error:
            log.exception("a callback could not be read", account_id=stored.account_id)
            return _Told(), explained(error)
        letters = [
            Letter(stored.account_id, stored.id, place, stored.received_at, each) for place, each in enumerate(inbound)
        ]
        return _Told([self._row(stored, receipt) for receipt in receipts], letters), ""

    def _row(self, stored: StoredCallback, receipt: Receipt) -> ReceiptRow:
        return ReceiptRow(
            account_id=stored.account_id,
            id=new_id("rcp", stored.received_at, self._random_bits),
            callback_id=stored.id,
            provider_id=fitting(receipt.provider_id, PROVIDER_ID),
            message_id=fitting(receipt.message_id, OUR_ID) if receipt.message_id else None,
            recipient=fitting(receipt.recipient, NUMBER) if receipt.recipient else None,
            state=receipt.state,
            word=fitting(receipt.word, WORD),
            reason=fitting(receipt.reason, WORD),
            received_at=stored.received_at,
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What one callback brought."""

    receipts: Sequence[ReceiptRow] = ()
    letters: Sequence[Letter] = ()
