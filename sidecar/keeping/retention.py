"""Nothing personal is kept for longer than its operator wants: texts and numbers, bodies, codes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sidecar.domain.timetable import Timetable
from sidecar.storage import retention
from sidecar.storage.blanks import Key
from sidecar.storage.database import Database
from sidecar.storage.retention import SHELVES, Shelf

_TOGETHER = 500
_EVERY_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Periods:
    """How long what is kept: texts and numbers, what shops and providers posted, one-time codes."""

    texts: timedelta
    bodies: timedelta
    codes: timedelta


@dataclass(frozen=True)
class Retention:
    """Looks through the rows of each shop and account by primary key, a page at a time, and goes on the next time
    where it has stopped. Each day it begins anew: what still waited, when it was looked at, may be over since."""

    database: Database
    clock: Callable[[], datetime]
    periods: Periods
    _reached: dict[tuple[str, str], tuple[date, str]] = field(default_factory=dict)

    def timetable(self) -> Timetable:
        return [(_EVERY_SECONDS, self.work)]

    def work(self) -> int:
        """Blank what is too old; returns how many rows."""
        return sum(self._clear(shelf) for shelf in SHELVES) + self._forget_codes()

    def _clear(self, shelf: Shelf) -> int:
        with self.database.read() as connection:
            owners = retention.owners(connection, shelf)
        return sum(self._put_away(shelf, keys) for owner in owners for keys in self._pages(shelf, owner))

    def _pages(self, shelf: Shelf, owner: str) -> Iterator[Sequence[Key]]:
        place = (shelf.blank.table.name, owner)
        now = self.clock()
        before = now - getattr(self.periods, shelf.period)
        began, after = self._reached.get(place, (now.date(), ""))
        after = after if began == now.date() else ""
        is_last = False
        while not is_last:
            with self.database.read() as connection:
                page = retention.look(connection, shelf, owner, after, before, _TOGETHER)
            if page.keys:
                yield page.keys
            # Orders change long after they were made: each time, all are looked through.
            after = "" if page.is_last and not shelf.in_order else page.after
            self._reached[place] = (now.date(), after)
            is_last = page.is_last

    def _put_away(self, shelf: Shelf, keys: Sequence[Key]) -> int:
        with self.database.write() as connection:
            return retention.put_away(connection, shelf, keys)

    def _forget_codes(self) -> int:
        forgotten = 0
        with self.database.read() as connection:
            shop_ids = retention.owners(connection, SHELVES[0])
        for shop_id in shop_ids:
            while keys := self._old_codes(shop_id):
                with self.database.write() as connection:
                    forgotten += retention.forget_codes(connection, keys)
        return forgotten

    def _old_codes(self, shop_id: str) -> list[Key]:
        with self.database.read() as connection:
            return retention.old_codes(connection, shop_id, self.clock() - self.periods.codes, _TOGETHER)
