"""Lets the clock's jobs rest while nothing happens: with nothing written since they all had their turn, only time can
make something due, and the one thing that may not come late is a message that waits for its moment."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Protocol

import structlog

from sidecar.storage.bell import Bell

AWAKE_SECONDS = 2.5
"""Longer than the jobs that look for work let pass between two turns: each has one after a ring."""
LOOK_SECONDS = 0.5
LONGEST_REST_SECONDS = 10.0

log = structlog.get_logger()


class Pausing(Protocol):
    """Does not do meanwhile what is due, but afterwards, at once."""

    def pause(self) -> None: ...

    def resume(self) -> None: ...


class Doze(threading.Thread):
    """`seconds_left` says how soon something is due that is not to wait."""

    def __init__(self, scheduler: Pausing, bell: Bell, seconds_left: Callable[[], float]) -> None:
        super().__init__(name="doze", daemon=True)
        self._scheduler = scheduler
        self._bell = bell
        self._seconds_left = seconds_left
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        heard, awake_until = self._bell.rings, monotonic() + AWAKE_SECONDS
        while not self._stopping.wait(LOOK_SECONDS):
            if self._bell.rings > heard:
                heard, awake_until = self._bell.rings, monotonic() + AWAKE_SECONDS
            elif monotonic() >= awake_until:
                self._rest(heard)

    def _rest(self, heard: int) -> None:
        try:
            seconds = min(self._seconds_left(), LONGEST_REST_SECONDS)
        except Exception:
            log.exception("what is due next could not be read")
            return
        if seconds > 0:
            self._scheduler.pause()
            self._bell.wait(heard, seconds)
            self._scheduler.resume()
