"""Sending windows: how they are written, and when they are open on clocks that are walked minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain.window import DAYS, PRESETS, Hours, SendingWindow
from tests.unit.clocks import APIA, MINUTE, NEW_YORK, PARIS, WINDOWS, Closed, is_open, local, moments

MICROSECOND = timedelta(microseconds=1)


def never(day: date) -> bool:
    return False


def hours(text: str) -> tuple[Hours, ...]:
    """`09:00-12:00 14:00-18:00`, empty for a closed day."""
    pairs = (piece.split("-") for piece in text.split())
    return tuple(Hours(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)


NINE, TEN = hours("09:00-18:00"), hours("10:00-13:00")


@pytest.mark.parametrize(
    ("text", "week", "closed_on"),
    [
        ("09:00-18:00", [NINE] * 7, None),
        ("always", [hours("00:00-00:00")] * 7, None),
        ("fastcommerce", [NINE] * 7, None),
        ("fr-marketing", [*[hours("10:00-20:00")] * 6, ()], "FR"),
        ("mon-fri 09:00-18:00; sat 10:00-13:00", [*[NINE] * 5, TEN, ()], None),
        ("mon-fri 09:00-18:00;sat 10:00-13:00", [*[NINE] * 5, TEN, ()], None),
        ("sat 10:00-13:00 ; mon-fri  09:00-18:00", [*[NINE] * 5, TEN, ()], None),
        (
            "mon-sat 09:00-12:00,14:00-19:00; no holidays",
            [*[hours("09:00-12:00 14:00-19:00")] * 6, ()],
            "",
        ),
        ("no holidays DE-BY; sun 09:00-18:00", [*[()] * 6, NINE], "DE-BY"),
        ("mon,wed,fri 09:00-18:00", [NINE, (), NINE, (), NINE, (), ()], None),
        ("mon-tue, fri 09:00-18:00", [NINE, NINE, (), (), NINE, (), ()], None),
        ("sat-mon 09:00-18:00", [NINE, (), (), (), (), NINE, NINE], None),
        ("wed-tue 09:00-18:00", [NINE] * 7, None),
        ("mon-mon 09:00-18:00", [NINE, (), (), (), (), (), ()], None),
        ("22:00-06:00", [hours("22:00-06:00")] * 7, None),
    ],
)
def test_a_window_as_it_is_written(text: str, week: list[tuple[Hours, ...]], closed_on: str | None) -> None:
    assert SendingWindow.parse(text) == SendingWindow(tuple(week), closed_on)


@pytest.mark.parametrize(
    ("garbage", "why"),
    [
        ("", "'' is not from one time to another, 00:00 to 23:59"),
        ("9:00-18:00", "'9:00-18:00' is not from one time to another, 00:00 to 23:59"),
        ("09:00 - 18:00", "is not from one time"),
        ("09:00-24:00", "is not from one time"),
        ("09:60-18:00", "is not from one time"),
        ("09:00-18:00-20:00", "is not from one time"),
        ("09:00-18:00,", "'' is not from one time"),
        ("09:00-18:00;", "'' is not from one time"),
        ("09:00-18:00\n", "is not from one time"),
        ("0٩:00-18:00", "is not from one time"),
        ("-", "'-' is not from one time"),
        ("Always", "'Always' is neither days and hours, such as mon-fri 09:00-18:00, nor no holidays"),
        ("always ", "'always' is neither"),
        ("never", "'never' is neither"),
        ("mon-fri", "'mon-fri' is neither"),
        ("Mon 09:00-18:00", "'Mon 09:00-18:00' is neither"),
        ("09:00-18:00 mon", "'09:00-18:00 mon' is neither"),
        ("mon-fry 09:00-18:00", "'fry' is no day; days are mon, tue, wed, thu, fri, sat, sun"),
        ("mon,,tue 09:00-18:00", "'' is no day"),
        ("mon-tue-wed 09:00-18:00", "'tue-wed' is no day"),
        ("always; sat 10:00-13:00", "'always' is neither"),
        ("mon-fri 09:00-18:00; fri 20:00-21:00", "fri is named twice"),
        ("mon,mon 09:00-18:00", "mon is named twice"),
        ("09:00-18:00; sat 10:00-13:00", "sat is named twice"),
        ("no holidays", "it has no hours"),
        ("09:00-18:00; no holidays FR; no holidays DE", "it says no holidays twice"),
        ("09:00-18:00; no holidays fr", "'no holidays fr' is neither"),
        ("09:00-18:00; no holidays France", "'no holidays France' is neither"),
        ("09:00-18:00" + " " * 300, "it is longer than 300 characters"),
    ],
)
def test_what_is_not_a_window_is_refused_in_a_sentence(garbage: str, why: str) -> None:
    with pytest.raises(ValueError, match="is not a sending window such as 09:00-18:00 or always") as refusal:
        SendingWindow.parse(garbage)
    assert str(refusal.value).startswith(repr(garbage[:300]))
    assert why in str(refusal.value)
    assert "\n" not in str(refusal.value)


@given(st.text(alphabet="0123456789:-,; monfritae", max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        assert any(SendingWindow.parse(text).week)
    except ValueError as refusal:
        assert str(refusal).startswith(repr(text))


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_a_window(preset: str) -> None:
    assert SendingWindow.parse(preset) == SendingWindow.parse(PRESETS[preset])


def written(window: SendingWindow) -> str:
    """The window as a person would write it, day by day."""
    days = (
        f"{name} " + ",".join(f"{h.opens:%H:%M}-{h.closes:%H:%M}" for h in opening)
        for name, opening in zip(DAYS, window.week, strict=True)
        if opening
    )
    return "; ".join([*days, *([] if window.closed_on is None else [f"no holidays {window.closed_on}".strip()])])


@given(WINDOWS)
def test_what_is_written_is_read_back(window: SendingWindow) -> None:
    text = written(window)
    if len(text) <= 300:
        assert SendingWindow.parse(text) == window


@settings(max_examples=150)
@given(WINDOWS, moments(), st.sets(st.integers(0, 6)))
def test_a_window_is_open_exactly_when_the_clock_says_so(
    window: SendingWindow, when: tuple[datetime, ZoneInfo], holidays: set[int]
) -> None:
    start, zone = when
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(hours=26)

    def closed(day: date) -> bool:
        return day.toordinal() % 7 in holidays

    spans = window.open_between(start, end, zone, closed)
    edges = [edge for span in spans for edge in (span[0], span[0] - MICROSECOND, span[1], span[1] - MICROSECOND)]
    for moment in [start + count * MINUTE for count in range(0, 26 * 60, 4)] + [e for e in edges if start <= e < end]:
        assert any(a <= moment < b for a, b in spans) == is_open(window, moment, zone, closed), moment
    assert all(start <= a < b <= end for a, b in spans)


def opens(text: str, zone: ZoneInfo, day: str, closed: Closed = never) -> list[str]:
    start = local(zone, f"{day}T00:00")
    spans = SendingWindow.parse(text).open_between(start, start + timedelta(hours=24), zone, closed)
    return [f"{a:%H:%M}-{b:%H:%M}" for a, b in spans]


def test_an_opening_in_the_hour_that_spring_skips_is_the_moment_the_clock_jumps() -> None:
    assert opens("02:30-06:00", PARIS, "2026-03-29") == ["01:00-04:00"]
    assert opens("02:30-03:15", PARIS, "2026-03-29") == ["01:00-01:15"]
    assert opens("02:15-02:45", PARIS, "2026-03-29") == []


def test_the_hour_that_autumn_repeats_opens_twice() -> None:
    assert opens("01:30-01:45", NEW_YORK, "2026-11-01") == ["05:30-05:45", "06:30-06:45"]


def test_a_day_that_a_zone_left_out_is_not_waited_for() -> None:
    assert opens("09:00-18:00", APIA, "2011-12-29") == ["19:00-04:00"]
    assert opens("fri 09:00-18:00", APIA, "2011-12-29") == []


def test_hours_over_midnight_end_where_a_holiday_begins_and_go_on_after_it() -> None:
    def christmas(day: date) -> bool:
        return day == date(2026, 12, 25)

    window = SendingWindow.parse("22:00-06:00")
    start = datetime(2026, 12, 24, 12, tzinfo=UTC)
    spans = window.open_between(start, start + timedelta(hours=40), ZoneInfo("UTC"), christmas)
    assert [f"{a:%d %H:%M} to {b:%d %H:%M}" for a, b in spans] == ["24 22:00 to 25 00:00", "26 00:00 to 26 04:00"]


def test_a_window_shorter_than_a_minute_is_kept_to_the_second() -> None:
    window = SendingWindow((hours("12:00:05-12:00:35"),) * 7)
    start = datetime(2026, 12, 31, tzinfo=UTC)
    [(begins, ends)] = window.open_between(start, start + timedelta(days=1), ZoneInfo("UTC"), never)
    assert (begins - start, ends - begins) == (timedelta(hours=12, seconds=5), timedelta(seconds=30))
