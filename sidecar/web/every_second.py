"""Writing down once a second what was counted in memory."""

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger()


class EverySecond:
    """Calls `flush` once a second, and a last time when it is stopped. What a kill takes is one second's counts."""

    def __init__(self, name: str, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.wait(1.0):
            self._try()
        self._try()

    def _try(self) -> None:
        try:
            self._flush()
        except Exception:
            log.exception("counts could not be written", counting=self._thread.name)
