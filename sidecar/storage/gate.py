"""A fair queue for SQLite's single writer, across threads and processes."""

import fcntl
import os
import threading
from types import TracebackType

from sidecar.storage.watch import touch


class WriteGate:
    """Locks on two files beside the database. The system wakes the next waiter the moment the gate is free,
    where SQLite would poll with growing sleeps; a killed process lets go. Whoever waits for the gate holds the
    turnstile before it, so a busy process that comes straight back cannot overtake the one that waits. Whoever has
    written touches the gate, and all who watch it know."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread_lock = threading.Lock()
        self._turnstile = self._gate = -1
        self._opened_by = 0

    def __enter__(self) -> None:
        self._thread_lock.acquire()
        try:
            self._open()
            fcntl.flock(self._turnstile, fcntl.LOCK_EX)
            try:
                fcntl.flock(self._gate, fcntl.LOCK_EX)
            finally:
                fcntl.flock(self._turnstile, fcntl.LOCK_UN)
        except BaseException:
            self._thread_lock.release()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.flock(self._gate, fcntl.LOCK_UN)
        self._thread_lock.release()

    @property
    def bell(self) -> str:
        """The file to watch; it is there from now on."""
        with self._thread_lock:
            self._open()
        return f"{self._path}.gate"

    def ring(self) -> None:
        touch(self._gate)

    def _open(self) -> None:
        # Descriptors inherited by fork share their locks with the parent, and would keep nobody out.
        if self._opened_by == os.getpid():
            return
        flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC
        self._turnstile = os.open(f"{self._path}.turnstile", flags, 0o600)
        self._gate = os.open(f"{self._path}.gate", flags, 0o600)
        self._opened_by = os.getpid()
