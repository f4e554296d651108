"""Claim, send with no transaction open, record. One coordinator thread owns the database work and many
sending threads own the network: a slow provider uses up neither connections nor locks."""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import Connection

from sidecar.dispatch.failover import alternatives
from sidecar.dispatch.health import AccountHealth
from sidecar.dispatch.sending import Finished, Sender, step_after
from sidecar.domain.status import MessageState
from sidecar.storage import outbox, soon
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages, Step
from sidecar.storage.outbox import Busy, Claimed
from sidecar.storage.rates import Allowance

AHEAD_SECONDS = 0.25
GATHER_SECONDS = 0.008
LOOK_AGAIN_SECONDS = 0.25
"""While something is under way, or due and held up by its account."""
LONGEST_REST_SECONDS = 5.0

log = structlog.get_logger()


class Consequences(Protocol):
    """What else follows from steps, in their transaction: before the messages are held, and after the steps."""

    def before_sends(self, connection: Connection, steps: Iterable[Step]) -> None: ...

    def after_sends(self, connection: Connection, steps: Sequence[Step], now: datetime) -> None: ...


class Dispatcher:
    """`jitter` gives numbers in [0, 1); `consequences` is told of the steps that are recorded. In hand
    are as many messages as there are threads, and a few more where sends are quick, so that no thread waits for the
    database: that is all that a kill can leave in doubt."""

    def __init__(
        self,
        database: Database,
        messages: Messages,
        sender: Sender,
        jitter: Callable[[], float],
        consequences: Consequences | None = None,
        *,
        worker_id: str,
        threads: int,
    ) -> None:
        self._database = database
        self._messages = messages
        self._sender = sender
        self._jitter = jitter
        self._consequences = consequences
        self._worker_id = worker_id
        self._threads = threads
        self._health = AccountHealth()
        self._answers: queue.SimpleQueue[Finished | None] = queue.SimpleQueue()
        self._unrecorded: list[Finished] = []
        self._usual_seconds = AHEAD_SECONDS
        self._next_at: datetime | None = None
        self.in_hand = 0
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="send")
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._answers.put(None)

    def stop(self, timeout: float = 30.0) -> None:
        """Claim nothing more, and wait for the answers to what is under way."""
        self._stopping.set()
        self.wake()
        if self._thread.ident:
            self._thread.join(timeout)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def turn(self) -> int:
        """Record what has been answered and claim as much as there is room for, in one transaction; returns
        how many were claimed."""
        now = self._sender.clock()
        finished = list(self._unrecorded)
        free = 0 if self._stopping.is_set() else self._room - self.in_hand + len(finished)
        if not finished and not self._may_claim(free, now):
            return 0
        with self._database.write() as connection:
            self._record(connection, finished, now)
            claimed = self._claim(connection, free, now)
        self._health.written()
        self._next_at = now
        del self._unrecorded[: len(finished)]
        self.in_hand += sum(map(len, claimed)) - len(finished)
        for together in claimed:
            self._health.claimed(together[0].account_id, len(together))
            self._pool.submit(self._send, together)
        return sum(map(len, claimed))

    def collect(self) -> None:
        """Wait for an answer or a wake-up, then take all the answers there are."""
        with contextlib.suppress(queue.Empty):
            self._note(self._answers.get(timeout=self._rest))
            if self.in_hand:
                # A moment's patience makes one commit serve more answers.
                self._stopping.wait(GATHER_SECONDS)
            while True:
                self._note(self._answers.get_nowait())

    def _note(self, answer: Finished | None) -> None:
        if answer is not None:
            self._unrecorded.append(answer)
            self._usual_seconds += (answer.seconds - self._usual_seconds) / 20

    @property
    def _room(self) -> int:
        """A message claimed ahead must not grow old before its turn: the slower the sends, the fewer."""
        ahead = min(2.0, AHEAD_SECONDS / max(self._usual_seconds, 0.001))
        return self._threads + int(self._threads * ahead)

    @property
    def _rest(self) -> float:
        """Seconds in which nothing will be due, unless somebody rings."""
        if self.in_hand:
            return LOOK_AGAIN_SECONDS
        if self._next_at is None:
            return LONGEST_REST_SECONDS
        left = (self._next_at - self._sender.clock()).total_seconds()
        return min(left, LONGEST_REST_SECONDS) if left > 0 else LOOK_AGAIN_SECONDS

    def _run(self) -> None:
        while not (self._stopping.is_set() and self.in_hand == 0):
            self.collect()
            try:
                self.turn()
            except Exception:
                log.exception("the outbox could not be worked; trying again in a second")
                self._stopping.wait(1.0)

    def _may_claim(self, free: int, now: datetime) -> bool:
        if free <= 0:
            return False
        with self._database.read() as connection:
            ready = outbox.accounts_with_work(connection, now)
            self._next_at = now if ready else soon.next_send(connection)
        return any(self._health.allowance(busy.account_id, now, free) for busy in ready)

    def _record(self, connection: Connection, finished: list[Finished], now: datetime) -> None:
        self._health.learn(connection, finished, now)
        others = alternatives(connection, finished, now)
        steps = [
            step_after(
                item,
                now,
                self._jitter(),
                self._health.probe_at(item.message.account_id),
                others.get(item.message.key),
            )
            for item in finished
        ]
        if self._consequences:
            self._consequences.before_sends(connection, steps)
        taken = self._messages.advance(connection, steps, now)
        if self._consequences:
            done = [step for step, was_taken in zip(steps, taken, strict=True) if was_taken]
            self._consequences.after_sends(connection, done, now)

    def _claim(self, connection: Connection, free: int, now: datetime) -> list[list[Claimed]]:
        """Messages to send, those that may share a request together."""
        claimed: list[list[Claimed]] = []
        for busy in outbox.accounts_with_work(connection, now) if free > 0 else []:
            allowance = self._health.allowance(busy.account_id, now, free)
            mine = self._claim_from(connection, busy, allowance, now) if allowance else []
            free -= sum(map(len, mine))
            claimed += mine
        steps = [Step(*m.key, MessageState.SENDING, {}, {"attempt": m.attempts}) for group in claimed for m in group]
        self._messages.note(connection, steps, now)
        return claimed

    def _claim_from(self, connection: Connection, busy: Busy, limit: int, now: datetime) -> list[list[Claimed]]:
        """Up to `limit` messages and, where the provider takes many numbers at once, more that share their text."""
        allowance = Allowance(connection, busy.account_id, now) if busy.rate else None
        permitted = min(limit, allowance.whole) if allowance else limit
        mine = outbox.claim(connection, self._worker_id, busy.account_id, permitted, now) if permitted > 0 else []
        groups = self._together(connection, busy.account_id, mine, allowance, now)
        if allowance:
            allowance.spend(sum(map(len, groups)))
        return groups

    def _together(
        self,
        connection: Connection,
        account_id: str,
        mine: list[Claimed],
        allowance: Allowance | None,
        now: datetime,
    ) -> list[list[Claimed]]:
        """The claimed in groups that one request can carry; a group is filled up from what waits."""
        alike = {message.batch_key for message in mine if message.batch_key}
        largest = self._sender.batch_size(account_id) if alike else 1
        for key in sorted(alike) if largest > 1 else []:
            room = largest - sum(message.batch_key == key for message in mine)
            if allowance:
                room = min(room, allowance.whole - len(mine))
            if room > 0:
                mine += outbox.claim_alike(connection, self._worker_id, account_id, key, room, now)
        return in_groups(mine, largest)

    def _send(self, together: Sequence[Claimed]) -> None:
        for finished in self._sender.send(together):
            self._answers.put(finished)


def in_groups(claimed: Iterable[Claimed], largest: int) -> list[list[Claimed]]:
    """Those that share their text together, `largest` at most; each of the others alone."""
    alike: dict[str, list[Claimed]] = {}
    for message in claimed:
        alike.setdefault(message.batch_key or message.id, []).append(message)
    return [group[at : at + largest] for group in alike.values() for at in range(0, len(group), largest)]
