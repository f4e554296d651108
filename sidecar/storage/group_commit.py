"""Many small durable inserts, few commits: one thread writes what all the others hand it."""

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, insert

from sidecar.storage.database import Database

Row = dict[str, Any]
_Job = tuple[Table, Row, "Future[None]"]


class WriterStopped(Exception):
    """The writer is shutting down and takes nothing more."""


class GroupCommit:
    """SQLite has one writer, and a commit costs a disk flush: sixteen threads committing one row each wait
    on one another, one thread committing sixteen rows waits once."""

    def __init__(self, database: Database, max_batch: int = 500) -> None:
        self._database = database
        self._max_batch = max_batch
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._stopped = False
        self._door = threading.Lock()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._door:
            self._stopped = True
            self._jobs.put(None)
        self._thread.join(timeout=10)

    def insert(self, table: Table, row: Row, timeout: float = 15.0) -> None:
        """Return once the row is on disk. Raises what the database raised, or TimeoutError."""
        done: Future[None] = Future()
        with self._door:
            if self._stopped:
                raise WriterStopped
            self._jobs.put((table, row, done))
        done.result(timeout)

    def _run(self) -> None:
        while batch := self._next_batch():
            self._commit(batch)

    def _next_batch(self) -> list[_Job]:
        first = self._jobs.get()
        batch: list[_Job] = []
        while first is not None and len(batch) < self._max_batch:
            batch.append(first)
            try:
                first = self._jobs.get_nowait()
            except queue.Empty:
                return batch
        if first is None:
            self._jobs.put(None)
        else:
            batch.append(first)
        return batch

    def _commit(self, batch: Sequence[_Job]) -> None:
        try:
            with self._database.write() as connection:
                _insert_all(connection, batch)
                self._database.ring(connection)
        except Exception as error:
            self._after_failure(batch, error)
            return
        for _, _, done in batch:
            done.set_result(None)

    def _after_failure(self, batch: Sequence[_Job], error: Exception) -> None:
        """One bad row must not refuse its neighbours: try each alone."""
        if len(batch) == 1:
            batch[0][2].set_exception(error)
            return
        for job in batch:
            self._commit([job])


def _insert_all(connection: Connection, batch: Sequence[_Job]) -> None:
    for table, jobs in groupby(batch, key=lambda job: job[0]):
        connection.execute(insert(table), [row for _, row, _ in jobs])
