"""Spans of time, and what a zone's clocks show in them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
"""In UTC, from its first moment until just before its second."""

Spans = tuple[Span, ...]
"""In order, apart from each other."""

DAY = timedelta(days=1)
_FARTHEST_OFFSET = timedelta(hours=16)


def joined(spans: Iterable[Span]) -> Spans:
    """What lies in any of them."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def common(ours: Spans, theirs: Spans) -> Spans:
    """What lies in both."""
    pairs = ((max(a, c), min(b, d)) for a, b in ours for c, d in theirs)
    return tuple(span for span in pairs if span[0] < span[1])


def steady(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The parts of this time between which the zone's clocks are changed, each with its offset from UTC."""
    while start < end:
        until, offset = min(start + DAY, end), offset_at(start, zone)
        if offset_at(until, zone) != offset:
            until = _change_between(start, until, zone)
        yield start, until, offset
        start = until


def offset_at(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def wall(day: date, at: time) -> datetime:
    """What a clock shows, to be reckoned with: labelled UTC, whatever the zone."""
    return datetime.combine(day, at, UTC)


def first_showing(shown: datetime, zone: ZoneInfo, since: datetime) -> datetime:
    """The first moment from `since` on at which the zone's clocks show this or later: where they jump past it the
    moment of the jump, where they show it twice the first."""
    for start, end, offset in steady(since, shown + _FARTHEST_OFFSET, zone):
        if (moment := max(start, shown - offset)) < end:
            return moment
    return since


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When this day begins, in UTC; a day that the zone left out begins with the next."""
    shown = wall(day, time(0))
    return first_showing(shown, zone, shown - _FARTHEST_OFFSET)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks change, which they do on a whole second."""
    before, after = before.astimezone(UTC).replace(microsecond=0), after.astimezone(UTC).replace(microsecond=0)
    old = offset_at(before, zone)
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if offset_at(middle, zone) == old else (before, middle)
    return after
