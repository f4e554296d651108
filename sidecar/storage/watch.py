"""Waits for a file to be touched. Linux tells of it at once (inotify); elsewhere its time is looked at, often."""

import ctypes
import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Changed = Callable[[float], bool]
"""Waits so many seconds at most; whether the file was touched since it was asked last."""

LOOK_EVERY = 0.02
_TRIAL_SECONDS = 0.5
_IN_ATTRIB = 0x4
_ROOM_FOR_EVENTS = 4096


def touch(file: str | int) -> None:
    now = time.time_ns()
    os.utime(file, ns=(now, now))


@contextmanager
def watching(path: str) -> Iterator[Changed]:
    """From now on. `path` must be there."""
    descriptor = _descriptor(path)
    if descriptor is None:
        yield _Look(path)
        return
    try:
        yield _told(descriptor)
    finally:
        os.close(descriptor)


def _descriptor(path: str) -> int | None:
    """Where the system tells of `path`, if it does: it may lack the means, or have none left to give."""
    try:
        libc = ctypes.CDLL(None)
        descriptor = int(libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
        watch = int(libc.inotify_add_watch(descriptor, os.fsencode(path), _IN_ATTRIB))
    except (OSError, AttributeError):
        return None
    if watch >= 0:
        touch(path)
        if _told(descriptor)(_TRIAL_SECONDS):
            return descriptor
    if descriptor >= 0:
        os.close(descriptor)
    return None


def _told(descriptor: int) -> Changed:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)

    def changed(timeout: float) -> bool:
        if not poll.poll(timeout * 1000):
            return False
        os.read(descriptor, _ROOM_FOR_EVENTS)
        return True

    return changed


class _Look:
    def __init__(self, path: str) -> None:
        self._path = path
        self._seen = self._time()

    def __call__(self, timeout: float) -> bool:
        until = time.monotonic() + timeout
        while (now := self._time()) == self._seen and time.monotonic() < until:
            time.sleep(LOOK_EVERY)
        changed, self._seen = now != self._seen, now
        return changed

    def _time(self) -> int:
        return os.stat(self._path).st_mtime_ns
