"""Wakes whoever waits when the database has changed, in whichever process that was."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from sidecar.storage.database import CHANNEL, Database
from sidecar.storage.gate import WriteGate
from sidecar.storage.watch import watching


class Bell:
    """Watches the file by which SQLite's writers tell that they have written, or listens to PostgreSQL's
    notifications."""

    LOOK_UP_SECONDS = 0.5
    """How often it looks whether it is to stop."""
    BREATH_SECONDS = 0.02
    """What changes right after a ring shares the next one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._condition = threading.Condition()
        self._rings = 0
        self._subscribers: list[Callable[[], None]] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self.ring()
        self._thread.join(timeout=5)

    def ring(self) -> None:
        with self._condition:
            self._rings += 1
            self._condition.notify_all()
        for subscriber in self._subscribers:
            subscriber()

    def subscribe(self, subscriber: Callable[[], None]) -> None:
        """Have `subscriber` called at every ring; it must not block."""
        self._subscribers.append(subscriber)

    @property
    def rings(self) -> int:
        return self._rings

    def wait(self, heard: int, timeout: float) -> int:
        """Wait until it has rung more than `heard` times, or `timeout` seconds; returns the count."""
        with self._condition:
            self._condition.wait_for(lambda: self._rings > heard, timeout)
            return self._rings

    def _run(self) -> None:
        gate = self._database.gate
        attend = partial(self._watch, gate) if gate else self._listen
        while not self._stopping.is_set():
            try:
                attend()
            except Exception:
                self._stopping.wait(1.0)

    def _watch(self, gate: WriteGate) -> None:
        with watching(gate.bell) as changed:
            self.ring()
            while not self._stopping.wait(self.BREATH_SECONDS):
                while not changed(self.LOOK_UP_SECONDS) and not self._stopping.is_set():
                    pass
                self.ring()

    def _listen(self) -> None:
        with self._database.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.autocommit = True
            raw.execute(f"LISTEN {CHANNEL}")
            # What was told while nobody listened is found by looking.
            self.ring()
            while not self._stopping.is_set():
                for _ in raw.notifies(timeout=self.LOOK_UP_SECONDS, stop_after=1):
                    self.ring()
            connection.invalidate()
