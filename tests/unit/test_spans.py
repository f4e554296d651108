"""What clocks show, where they jump, stand twice, or leave out a day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain.spans import common, first_showing, joined, midnight, offset_at, steady, wall
from tests.unit.clocks import APIA, DAYS, HAVANA, MINUTE, PARIS, SAO_PAULO, ST_JOHNS, TIMES, local, moments, walked


def minute(count: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + count * MINUTE


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: (minute(pair[0]), minute(sum(pair))))
)


@given(SPANS)
def test_joined_spans_cover_what_any_of_them_did_and_lie_apart(spans: list[tuple[datetime, datetime]]) -> None:
    found = joined(spans)
    for moment in map(minute, range(-1, 82)):
        assert any(a <= moment < b for a, b in found) == any(a <= moment < b for a, b in spans)
    assert all(before[1] < after[0] for before, after in pairwise(found))


@given(SPANS, SPANS)
def test_common_is_what_lies_in_both(
    ours: list[tuple[datetime, datetime]], theirs: list[tuple[datetime, datetime]]
) -> None:
    found = common(joined(ours), joined(theirs))
    for moment in map(minute, range(-1, 82)):
        in_both = all(any(a <= moment < b for a, b in spans) for spans in (ours, theirs))
        assert any(a <= moment < b for a, b in found) == in_both
    assert list(found) == sorted(found)


@settings(max_examples=100)
@given(moments(), st.integers(0, 72))
def test_steady_parts_follow_on_each_other_and_each_has_one_offset(when: tuple[datetime, ZoneInfo], hours: int) -> None:
    start, zone = when
    end = start + timedelta(hours=hours)
    parts = list(steady(start, end, zone))
    assert [start, *(until for _, until, _ in parts)] == [*(since for since, _, _ in parts), end]
    for since, until, offset in parts:
        for moment in (since, since + (until - since) / 3, until - timedelta(microseconds=1)):
            assert offset_at(moment, zone) == offset


def test_clocks_change_between_two_parts_to_the_second() -> None:
    start = datetime(2026, 3, 29, 0, 59, 59, 500_000, tzinfo=UTC)
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    parts = list(steady(start, start + timedelta(seconds=2), PARIS))
    assert [until for _, until, _ in parts] == [change, start + timedelta(seconds=2)]


def test_an_offset_of_odd_seconds_is_kept() -> None:
    monrovia = ZoneInfo("Africa/Monrovia")
    [(_, _, offset)] = steady(local(monrovia, "1970-01-01T00:00"), local(monrovia, "1970-01-02T00:00"), monrovia)
    assert offset == -timedelta(minutes=44, seconds=30)


@settings(max_examples=200)
@given(moments(), st.sampled_from([0, 1]), TIMES)
def test_the_first_moment_a_clock_shows_an_hour_or_later(when: tuple[datetime, ZoneInfo], ahead: int, at: time) -> None:
    since, zone = when
    shown = wall(since.astimezone(zone).date() + timedelta(ahead), at)
    expected = walked(since, lambda moment: moment.astimezone(zone).replace(tzinfo=UTC) >= shown)
    assert first_showing(shown, zone, since) == expected


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        (PARIS, "2026-03-29", "2026-03-28T23:00"),
        (SAO_PAULO, "2018-11-04", "2018-11-04T03:00"),
        (SAO_PAULO, "2018-02-18", "2018-02-18T03:00"),
        (HAVANA, "2026-11-01", "2026-11-01T04:00"),
        (ST_JOHNS, "2010-11-07", "2010-11-07T02:30"),
        (APIA, "2011-12-29", "2011-12-29T10:00"),
        (APIA, "2011-12-30", "2011-12-30T10:00"),
        (APIA, "2011-12-31", "2011-12-30T10:00"),
    ],
)
def test_a_day_begins_at_the_first_moment_of_its_date_or_a_later_one(zone: ZoneInfo, day: str, begins: str) -> None:
    assert midnight(date.fromisoformat(day), zone) == datetime.fromisoformat(begins).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "day"), DAYS)
def test_a_moment_never_lies_before_its_own_day(zone: ZoneInfo, day: date) -> None:
    start = datetime.combine(day, time(0), UTC) - timedelta(days=1, hours=12)
    for moment in (start + count * 15 * MINUTE for count in range(4 * 24 * 3)):
        assert midnight(moment.astimezone(zone).date(), zone) <= moment
