"""Answers of the database kept for a few seconds, for what is asked with every request."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

V = TypeVar("V")


class Remembered(Generic[V]):
    """`load` may return None for a key it does not know; that is not remembered."""

    def __init__(self, load: Callable[[str], V | None], seconds: float = 3.0, limit: int = 10_000) -> None:
        self._load = load
        self._seconds = seconds
        self._limit = limit
        self._known: dict[str, tuple[float, V]] = {}
        self._lock = threading.Lock()

    def __call__(self, key: str) -> V | None:
        kept = self._known.get(key)
        if kept and monotonic() - kept[0] < self._seconds:
            return kept[1]
        value = self._load(key)
        with self._lock:
            if value is None:
                self._known.pop(key, None)
            else:
                if len(self._known) >= self._limit:
                    self._known.clear()
                self._known[key] = (monotonic(), value)
        return value
