"""When a text about an event is due: at once, after a while, at an hour."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sidecar.domain.spans import DAY, first_showing, wall

LONGEST_DELAY = timedelta(days=90)

_DELAY = re.compile(r"(?:(\d{1,6})([mhd]))?(?:(?:^|(?<=\w) )at ([01]\d|2[0-3]):([0-5]\d))?", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": DAY}


@dataclass(frozen=True, slots=True)
class Delay:
    """`wait` is time that passes; `days`, where given, are the calendar's; `at` is an hour on the clock."""

    wait: timedelta
    days: int | None
    at: time | None

    @classmethod
    def parse(cls, text: str) -> "Delay":
        """Read `5m`, `24h`, `3d`, `at 08:00`, `24h at 10:00` or `1d at 10:00`. Raises ValueError with a sentence."""
        return _parsed(text)

    def after(self, event_at: datetime, zone: ZoneInfo) -> datetime:
        """When it is over, never before the event. `24h` are 24 hours, `1d` is tomorrow at the same hour however long
        the night; `at` alone or after minutes and hours is the first such hour then, after days that day's:
        `0d at 08:00` is today at 08:00, or at once where that is past."""
        if self.days is not None:
            local = event_at.astimezone(zone)
            day = local.date() + timedelta(days=self.days)
            return first_showing(wall(day, self.at or local.time()), zone, event_at)
        return _next(self.at, event_at + self.wait, zone) if self.at else event_at + self.wait


def _next(at: time, since: datetime, zone: ZoneInfo) -> datetime:
    local = since.astimezone(zone)
    day = local.date() if local.time() <= at else local.date() + DAY
    return first_showing(wall(day, at), zone, since)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Delay:
    match = _DELAY.fullmatch(text)
    if not (text and match):
        raise ValueError(f"{text[:40]!r} is not a delay such as 5m, 24h, 3d, at 08:00 or 24h at 10:00")
    count, unit, hour, minute = match.groups()
    wait = int(count or 0) * _UNITS[unit or "m"]
    if wait > LONGEST_DELAY:
        raise ValueError(f"{text!r} is longer than {LONGEST_DELAY.days} days")
    at = time(int(hour), int(minute)) if hour else None
    return Delay(timedelta(0), wait.days, at) if unit == "d" else Delay(wait, None, at)
