"""A fair-enough queue for SQLite's single writer, across threads and processes."""

import fcntl
import os
import threading
from types import TracebackType


class WriteGate:
    """An in-process lock, then a lock on a file beside the database. The system wakes the next waiter the
    moment the lock is free, where SQLite would poll with growing sleeps; a killed process lets go of it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread_lock = threading.Lock()
        self._descriptor = -1
        self._opened_by = 0

    def __enter__(self) -> None:
        self._thread_lock.acquire()
        try:
            fcntl.flock(self._own_descriptor(), fcntl.LOCK_EX)
        except BaseException:
            self._thread_lock.release()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._thread_lock.release()

    def _own_descriptor(self) -> int:
        # A descriptor inherited by fork shares its lock with the parent, and would keep nobody out.
        if self._opened_by != os.getpid():
            self._descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            self._opened_by = os.getpid()
        return self._descriptor
