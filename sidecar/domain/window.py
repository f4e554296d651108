"""Hours of the day in which texts may leave."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_HOURS = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$")


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
        match = _HOURS.match(text)
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
        local = at.astimezone(zone)
        if self.contains(local.time()):
            return at
        for days in range(3):
            opening = datetime.combine(local.date() + timedelta(days), self.opens, zone).astimezone(UTC)
            # The hour skipped in spring does not exist: its opening is the moment the clock jumps.
            if opening >= at and self.contains(opening.astimezone(zone).time()):
                return opening
        raise AssertionError("a window opens every day")
