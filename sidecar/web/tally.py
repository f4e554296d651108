"""Counts of what each feed delivered and what was refused, written down once a second at most, so that a
flood of bad requests costs no writes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sidecar.storage import feeds
from sidecar.storage.database import Database
from sidecar.web.every_second import EverySecond


@dataclass(slots=True)
class _Count:
    accepted: int = 0
    refused: int = 0
    problem: str = ""


class FeedTally:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._counts: dict[tuple[str, str], _Count] = {}
        self._lock = threading.Lock()
        every_second = EverySecond("feed-tally", self.flush)
        self.start, self.stop = every_second.start, every_second.stop

    def accepted(self, shop_id: str, source: str) -> None:
        with self._lock:
            self._counts.setdefault((shop_id, source), _Count()).accepted += 1

    def refused(self, shop_id: str, source: str, problem: str) -> None:
        with self._lock:
            count = self._counts.setdefault((shop_id, source), _Count())
            count.refused += 1
            count.problem = problem

    def flush(self) -> None:
        with self._lock:
            counts, self._counts = self._counts, {}
        if not counts:
            return
        try:
            with self._database.write() as connection:
                for (shop_id, source), count in counts.items():
                    now = self._clock()
                    feeds.note(connection, shop_id, source, count.accepted, count.refused, count.problem, now)
        except Exception:
            self._put_back(counts)
            raise

    def _put_back(self, counts: dict[tuple[str, str], _Count]) -> None:
        with self._lock:
            for feed, count in counts.items():
                current = self._counts.setdefault(feed, _Count(problem=count.problem))
                current.accepted += count.accepted
                current.refused += count.refused
