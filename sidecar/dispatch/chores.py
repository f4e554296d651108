"""What is asked of a worker: to beat, to release what is due, end what is too late, and pick up after the dead."""

import math
import os
import socket
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection

from sidecar.domain.timetable import Timetable
from sidecar.storage import outbox, soon, workers
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages

_BATCH = 500


class Chores:
    def __init__(self, database: Database, messages: Messages, clock: Callable[[], datetime], worker_id: str) -> None:
        self._database = database
        self._messages = messages
        self._clock = clock
        self._worker_id = worker_id

    def timetable(self) -> Timetable:
        return [(0.5, self.release), (2.0, self.expire), (2.0, self.abandon)]

    def seconds_left(self) -> float:
        """Until a message that is held may leave, or the fate of one is to be asked; none while one is in hand."""
        if self._finds(soon.is_in_hand()):
            return 0.0
        with self._database.read() as connection:
            moments = soon.next_release(connection), soon.next_question(connection)
        return min(((moment - self._clock()).total_seconds() for moment in moments if moment), default=math.inf)

    def sign_in(self) -> None:
        with self._database.write() as connection:
            workers.sign_in(connection, self._worker_id, socket.gethostname(), os.getpid(), self._clock())

    def sign_out(self) -> None:
        with self._database.write() as connection:
            workers.sign_out(connection, self._worker_id)

    def beat(self) -> None:
        with self._database.write(quietly=True) as connection:
            workers.beat(connection, self._worker_id, self._clock())

    def release(self) -> None:
        self._sweep(outbox.held_is_due(self._clock()), outbox.release_due)

    def expire(self) -> None:
        self._sweep(outbox.is_past_validity(self._clock()), outbox.expire)

    def abandon(self) -> None:
        now = self._clock()
        silent_since = now - workers.DEAD_AFTER
        if self._finds(outbox.is_lost(now, silent_since)):
            with self._database.write() as connection:
                outbox.abandon_dead(connection, self._messages, now, silent_since)

    def _sweep(
        self, condition: ColumnElement[bool], sweep: Callable[[Connection, Messages, datetime, int], int]
    ) -> None:
        """In batches, so that no transaction holds up the others for long."""
        moved = 1
        while moved and self._finds(condition):
            with self._database.write() as connection:
                moved = sweep(connection, self._messages, self._clock(), _BATCH)
                self._database.ring(connection)

    def _finds(self, condition: ColumnElement[bool]) -> bool:
        with self._database.read() as connection:
            return outbox.any_message(connection, condition)
