"""Who opened links: phones and browsers with a person before them, counted; those that only look ahead, not."""

import threading
from collections.abc import Callable
from datetime import datetime

import ua_parser

from sidecar.storage import links
from sidecar.storage.database import Database
from sidecar.storage.links import Opened
from sidecar.web.every_second import EverySecond

_DEVICES = {"iOS": "ios", "Android": "android"}
_LONGEST_AGENT = 512


def device_of(user_agent: str) -> str | None:
    """`ios`, `android` or `other`; None for a program that previews or indexes."""
    told = ua_parser.parse(user_agent[:_LONGEST_AGENT])
    family = told.os.family if told.os else None
    spider = told.device is not None and told.device.family == "Spider"
    named_bot = told.user_agent is not None and "bot" in told.user_agent.family.lower()
    if family is None or spider or named_bot:
        return None
    return _DEVICES.get(family, "other")


class OpenTally:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._opened: dict[str, Opened] = {}
        self._lock = threading.Lock()
        every_second = EverySecond("open-tally", self.flush)
        self.start, self.stop = every_second.start, every_second.stop

    def count(self, code: str) -> None:
        now = self._clock()
        with self._lock:
            before = self._opened.get(code)
            self._opened[code] = before.and_again(now) if before else Opened(1, now, now)

    def flush(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, {}
        if not opened:
            return
        with self._database.write() as connection:
            links.note_opened(connection, opened)
