"""Hours of the week in which texts may leave."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from sidecar.domain.spans import DAY, Span, Spans, joined, steady, wall

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PRESETS = {
    "always": "00:00-00:00",
    "fastcommerce": "09:00-18:00",
    "fr-marketing": "mon-sat 10:00-20:00; no holidays FR",
}

LONGEST = 300
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_NO_HOLIDAYS = re.compile(r"no holidays(?: ([A-Z]{2}(?:-[A-Z0-9]{1,3})?))?")
_DAYS_AND_HOURS = re.compile(r"(?:([a-z,\- ]*[a-z]) +)?([^a-z]*)")


@dataclass(frozen=True, slots=True)
class Hours:
    """From `opens` until just before `closes`, in local time; into the next day where `closes` is not later.
    Equal times are 24 hours."""

    opens: time
    closes: time

    def on(self, day: date) -> Span:
        """Of this day, as clocks show it."""
        return wall(day, self.opens), wall(day if self.closes > self.opens else day + DAY, self.closes)


@dataclass(frozen=True, slots=True)
class SendingWindow:
    """`week`: the hours that open on each day, Monday first. `closed_on`: whose public holidays (a country or its
    subdivision, `FR`, `DE-BY`) close it from midnight to midnight; empty for those of the shop, None for nobody's."""

    week: tuple[tuple[Hours, ...], ...]
    closed_on: str | None = None

    @classmethod
    def parse(cls, text: str) -> "SendingWindow":
        """Read `09:00-18:00`, `mon-fri 09:00-12:00,14:00-18:00; sat 10:00-13:00; no holidays`, or a preset's name.
        Without days the hours are every day's; days that are not named stay closed; `no holidays DE-BY` names whose.
        Raises ValueError with a sentence."""
        try:
            return _parsed(text)
        except ValueError as problem:
            such = "a sending window such as 09:00-18:00 or always"
            raise ValueError(f"{text[:LONGEST]!r} is not {such}: {problem}") from None

    def open_between(self, start: datetime, end: datetime, zone: ZoneInfo, closed: Callable[[date], bool]) -> Spans:
        """When it is open on this zone's clocks, exact where they are changed; `closed` tells the holidays."""
        return joined(
            (opens - offset, closes - offset)
            for since, until, offset in steady(start, end, zone)
            for opens, closes in self._shown_between(since + offset, until + offset, closed)
        )

    def _shown_between(self, first: datetime, last: datetime, closed: Callable[[date], bool]) -> Iterator[Span]:
        """The same on a clock that nobody changes."""
        day = first.date()
        while day <= last.date():
            begins, ends = max(first, wall(day, time(0))), min(last, wall(day + DAY, time(0)))
            for opens, closes in () if closed(day) else self._reaching_into(day):
                if (since := max(opens, begins)) < (until := min(closes, ends)):
                    yield since, until
            day += DAY

    def _reaching_into(self, day: date) -> Iterator[Span]:
        for opening_on in (day - DAY, day):
            yield from (hours.on(opening_on) for hours in self.week[opening_on.weekday()])


@lru_cache(maxsize=1024)
def _parsed(text: str) -> SendingWindow:
    if len(text) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} characters")
    week: dict[int, tuple[Hours, ...]] = {}
    closed_on: str | None = None
    for part in PRESETS.get(text, text).split(";"):
        if match := _NO_HOLIDAYS.fullmatch(part.strip(" ")):
            if closed_on is not None:
                raise ValueError("it says no holidays twice")
            closed_on = match[1] or ""
        else:
            _add(week, *_days_and_hours(part.strip(" ")))
    if not week:
        raise ValueError("it has no hours")
    return SendingWindow(tuple(week.get(day, ()) for day in range(7)), closed_on)


def _add(week: dict[int, tuple[Hours, ...]], days: list[int], hours: tuple[Hours, ...]) -> None:
    for day in days:
        if day in week:
            raise ValueError(f"{DAYS[day]} is named twice")
        week[day] = hours


def _days_and_hours(part: str) -> tuple[list[int], tuple[Hours, ...]]:
    match = _DAYS_AND_HOURS.fullmatch(part)
    if not match:
        raise ValueError(f"{part!r} is neither days and hours, such as mon-fri 09:00-18:00, nor no holidays")
    days = [day for named in match[1].split(",") for day in _days(named.strip(" "))] if match[1] else [*range(7)]
    return days, tuple(_hours(hours.strip(" ")) for hours in match[2].split(","))


def _days(named: str) -> Iterator[int]:
    """`sat-mon` are Saturday, Sunday and Monday."""
    first, _, last = named.partition("-")
    for day in (first, last or first):
        if day not in DAYS:
            raise ValueError(f"{day!r} is no day; days are {', '.join(DAYS)}")
    start = DAYS.index(first)
    length = (DAYS.index(last or first) - start) % 7 + 1
    yield from ((start + ahead) % 7 for ahead in range(length))


def _hours(text: str) -> Hours:
    match = _HOURS.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not from one time to another, 00:00 to 23:59")
    h1, m1, h2, m2 = map(int, match.groups())
    return Hours(time(h1, m1), time(h2, m2))
