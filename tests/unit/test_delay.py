"""Delays after an event, by time that passes, by the calendar, and at an hour."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain.delay import Delay
from sidecar.policy.timing import due_after, valid_until
from tests.unit.clocks import NEW_YORK, PARIS, SAO_PAULO, TIMES, local, moments, walked


@pytest.mark.parametrize(
    ("rule", "event", "due"),
    [
        ("", "2026-11-24T15:00:00.123456", "2026-11-24T15:00:00.123456"),
        ("5m", "2026-11-24T15:00", "2026-11-24T15:05"),
        ("30m", "2026-11-24T23:45", "2026-11-25T00:15"),
        ("24h", "2026-11-24T15:00", "2026-11-25T15:00"),
        ("3d", "2026-12-30T15:00:30", "2027-01-02T15:00:30"),
        ("at 08:00", "2026-11-24T07:59:59", "2026-11-24T08:00"),
        ("at 08:00", "2026-11-24T08:00", "2026-11-24T08:00"),
        ("at 08:00", "2026-11-24T08:00:00.000001", "2026-11-25T08:00"),
        ("at 00:00", "2026-12-31T12:00", "2027-01-01T00:00"),
        ("24h at 10:00", "2026-11-24T09:00", "2026-11-25T10:00"),
        ("24h at 10:00", "2026-11-24T11:00", "2026-11-26T10:00"),
        ("90m at 10:00", "2026-11-24T08:45", "2026-11-25T10:00"),
        ("1d at 10:00", "2026-11-24T09:00", "2026-11-25T10:00"),
        ("1d at 10:00", "2026-11-24T11:00", "2026-11-25T10:00"),
        ("0d at 08:00", "2026-11-24T07:00", "2026-11-24T08:00"),
        ("0d at 08:00", "2026-11-24T09:00", "2026-11-24T09:00"),
        ("0m", "2026-11-24T09:00", "2026-11-24T09:00"),
        ("90d", "2026-11-24T09:00", "2027-02-22T09:00"),
    ],
)
def test_when_a_text_is_due(rule: str, event: str, due: str) -> None:
    assert due_after(local(SAO_PAULO, event), rule, SAO_PAULO) == local(SAO_PAULO, due)


@pytest.mark.parametrize(
    ("rule", "event", "due"),
    [
        # 29 March: the clock jumps from 02:00 to 03:00; 25 October: from 03:00 back to 02:00.
        ("24h", "2026-03-28T12:00+01:00", "2026-03-29T13:00+02:00"),
        ("1d", "2026-03-28T12:00+01:00", "2026-03-29T12:00+02:00"),
        ("1d", "2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00"),
        ("at 02:30", "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00"),
        ("at 02:30", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"),
        ("1d", "2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00"),
        ("at 02:30", "2026-10-25T02:10+02:00", "2026-10-25T02:30+02:00"),
        ("at 02:30", "2026-10-25T02:10+01:00", "2026-10-25T02:30+01:00"),
        ("at 02:30", "2026-10-25T02:40+02:00", "2026-10-26T02:30+01:00"),
        ("0d", "2026-10-25T02:10+01:00", "2026-10-25T02:10+01:00"),
    ],
)
def test_when_a_text_is_due_while_clocks_change(rule: str, event: str, due: str) -> None:
    assert due_after(datetime.fromisoformat(event), rule, PARIS) == datetime.fromisoformat(due)


@settings(max_examples=150)
@given(moments(), TIMES, st.integers(0, 2))
def test_a_day_and_an_hour_are_the_first_moment_the_clock_shows_them(
    when: tuple[datetime, ZoneInfo], at: time, days: int
) -> None:
    event, zone = when
    wanted = datetime.combine(event.astimezone(zone).date() + timedelta(days), at)
    expected = walked(event, lambda moment: moment.astimezone(zone).replace(tzinfo=None) >= wanted)
    assert due_after(event, f"{days}d at {at:%H:%M}", zone) == expected


@settings(max_examples=150)
@given(moments(), st.sampled_from(["", "5m", "26h", "1d", "at 02:30", "90m at 00:15", "0d at 01:00"]))
def test_nothing_is_due_before_its_event(when: tuple[datetime, ZoneInfo], rule: str) -> None:
    event, zone = when
    assert event <= due_after(event, rule, zone) <= event + timedelta(days=3)


@pytest.mark.parametrize(
    "garbage",
    ["5", "m", "5 m", "-5m", "5M", "1.5h", "5m 10m", "soon", "at", "at 8:00", "at 24:00", "08:00", "24hat 10:00",
     " at 10:00", "24h  at 10:00", "at 10:00 24h", "24h at 10:00\n", "٣d", "1w", "1234567m"],
)  # fmt: skip
def test_what_is_not_a_delay_is_refused_in_a_sentence(garbage: str) -> None:
    with pytest.raises(ValueError, match="is not a delay such as 5m, 24h, 3d, at 08:00 or 24h at 10:00") as refusal:
        Delay.parse(garbage)
    assert str(refusal.value).startswith(repr(garbage))


def test_an_empty_text_is_no_delay() -> None:
    with pytest.raises(ValueError, match="'' is not a delay"):
        Delay.parse("")


@pytest.mark.parametrize("rule", ["91d", "2161h", "129601m", "999999d"])
def test_nothing_is_put_off_for_longer_than_a_season(rule: str) -> None:
    with pytest.raises(ValueError, match=f"'{rule}' is longer than 90 days"):
        Delay.parse(rule)


def test_validity_counts_from_the_moment_a_text_is_due_however_long_it_is_held_then() -> None:
    due = due_after(local(NEW_YORK, "2026-11-24T19:30"), "30m", NEW_YORK)
    assert valid_until(due, 4) == datetime(2026, 11, 26, 5, 0, tzinfo=UTC) - timedelta(days=1)
