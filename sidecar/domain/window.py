"""Hours of the day in which texts may leave."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class SendingWindow:
    """From `opens` until just before `closes`, in local time; over midnight where `closes` comes first.
    Equal times mean always."""

    opens: time
    closes: time

    @classmethod
    def parse(cls, text: str) -> "SendingWindow":
        """Read `09:00-18:00` or `always`. Raises ValueError with a sentence."""
        if text == "always":
            return cls(time(0), time(0))
        match = _HOURS.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not a sending window such as 09:00-18:00 or always")
        h1, m1, h2, m2 = map(int, match.groups())
        return cls(time(h1, m1), time(h2, m2))

    def contains(self, local: time) -> bool:
        if self.opens == self.closes:
            return True
        if self.opens < self.closes:
            return self.opens <= local < self.closes
        return local >= self.opens or local < self.closes

    def next_open(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment from `at` on that lies inside the window, in UTC."""
        if self.contains(at.astimezone(zone).time()):
            return at
        moments = [*_openings(self.opens, at, zone), *_clock_changes(at, zone)]
        return min(m for m in moments if m >= at and self.contains(m.astimezone(zone).time()))


_DAYS_AHEAD = 3


def _openings(opens: time, at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Each coming occurrence of this local time; two on the day whose hour is repeated."""
    today = at.astimezone(zone).date()
    for days in range(_DAYS_AHEAD):
        for fold in (0, 1):
            local = datetime.combine(today + timedelta(days), opens, zone).replace(fold=fold)
            yield local.astimezone(UTC)


def _clock_changes(at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Moments at which the clocks are changed: they can jump into a window, past its opening."""
    for hours in range(0, 24 * _DAYS_AHEAD, 24):
        start, end = (at + timedelta(hours=h) for h in (hours, hours + 24))
        if _offset(start, zone) != _offset(end, zone):
            yield _change_between(start, end, zone)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    before, after = before.astimezone(UTC).replace(microsecond=0), after.astimezone(UTC).replace(microsecond=0)
    old = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if _offset(middle, zone) == old else (before, middle)
    return after


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
