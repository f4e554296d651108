"""Sending hours, against a clock that is walked minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain.window import SendingWindow

MINUTE = timedelta(minutes=1)
NEW_YORK, PARIS = ZoneInfo("America/New_York"), ZoneInfo("Europe/Paris")
KATHMANDU, ADELAIDE = ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Adelaide")
LORD_HOWE, SAO_PAULO = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Sao_Paulo")
APIA = ZoneInfo("Pacific/Apia")

# Days on which these zones jump forward, fall back, or lose a day altogether, and days like any other.
DAYS = [
    (NEW_YORK, date(2026, 3, 8)),
    (NEW_YORK, date(2026, 11, 1)),
    (PARIS, date(2026, 3, 29)),
    (PARIS, date(2026, 10, 25)),
    (LORD_HOWE, date(2026, 4, 5)),
    (LORD_HOWE, date(2026, 10, 4)),
    (SAO_PAULO, date(2018, 11, 4)),
    (APIA, date(2011, 12, 30)),
    (KATHMANDU, date(2026, 12, 31)),
    (ADELAIDE, date(2026, 7, 1)),
]


def first_moment_inside(window: SendingWindow, at: datetime, zone: ZoneInfo) -> datetime:
    """By looking at the shop's clock every minute; zones differ by whole minutes."""
    if window.contains(at.astimezone(zone).time()):
        return at
    moment = at.replace(second=0, microsecond=0) + MINUTE
    while not window.contains(moment.astimezone(zone).time()):
        moment += MINUTE
    return moment


def local(zone: ZoneInfo, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("window", "inside", "outside"),
    [
        ("09:00-18:00", ["09:00:00", "12:34:56", "17:59:59.999999"], ["08:59:59.999999", "18:00:00", "00:00:00"]),
        ("22:00-06:00", ["22:00:00", "23:59:59", "00:00:00", "05:59:59"], ["06:00:00", "12:00:00", "21:59:59"]),
        ("12:00-12:01", ["12:00:00", "12:00:59.999999"], ["11:59:59", "12:01:00"]),
        ("23:59-00:00", ["23:59:00", "23:59:59"], ["00:00:00", "23:58:59"]),
        ("00:00-23:59", ["00:00:00", "23:58:59"], ["23:59:00", "23:59:59"]),
        ("always", ["00:00:00", "12:00:00", "23:59:59.999999"], []),
    ],
)
def test_a_window_holds_from_its_opening_until_just_before_its_closing(
    window: str, inside: list[str], outside: list[str]
) -> None:
    parsed = SendingWindow.parse(window)
    assert all(parsed.contains(time.fromisoformat(moment)) for moment in inside)
    assert not any(parsed.contains(time.fromisoformat(moment)) for moment in outside)


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "9:00-18:00",
        "09:00 - 18:00",
        "09:00-24:00",
        "09:60-18:00",
        "09:00",
        "09:00-18:00-20:00",
        "18:00",
        "Always",
        "always ",
        "never",
        "09.00-18.00",
        "09:00-18:00\n",
        "0٩:00-18:00",
        "-",
    ],
)
def test_what_is_not_a_window_is_refused_in_a_sentence(garbage: str) -> None:
    with pytest.raises(ValueError, match="is not a sending window such as 09:00-18:00 or always") as refusal:
        SendingWindow.parse(garbage)
    assert repr(garbage) in str(refusal.value)


@pytest.mark.parametrize(
    ("window", "zone", "at", "expected"),
    [
        ("09:00-18:00", SAO_PAULO, "2026-11-22T08:59", "2026-11-22T09:00"),
        ("09:00-18:00", SAO_PAULO, "2026-11-22T12:00", "2026-11-22T12:00"),
        ("09:00-18:00", SAO_PAULO, "2026-11-22T18:00", "2026-11-23T09:00"),
        ("09:00-18:00", SAO_PAULO, "2026-12-31T18:00", "2027-01-01T09:00"),
        ("22:00-06:00", PARIS, "2026-11-22T06:00", "2026-11-22T22:00"),
        ("22:00-06:00", PARIS, "2026-11-22T03:00", "2026-11-22T03:00"),
        ("12:00-12:01", PARIS, "2026-11-22T12:01", "2026-11-23T12:00"),
        ("09:00-18:00", KATHMANDU, "2026-11-22T19:30", "2026-11-23T09:00"),
        ("09:00-18:00", ADELAIDE, "2026-11-22T02:15", "2026-11-22T09:00"),
        ("09:00-18:00", NEW_YORK, "2026-03-07T20:00", "2026-03-08T09:00"),
        ("09:00-18:00", NEW_YORK, "2026-10-31T20:00", "2026-11-01T09:00"),
        ("09:00-18:00", APIA, "2011-12-29T20:00", "2011-12-31T09:00"),
    ],
)
def test_the_next_opening_by_the_shops_own_clock(window: str, zone: ZoneInfo, at: str, expected: str) -> None:
    assert SendingWindow.parse(window).next_open(local(zone, at), zone) == local(zone, expected)


def test_an_opening_in_the_hour_that_spring_skips_is_the_moment_the_clock_jumps() -> None:
    at = local(PARIS, "2026-03-29T00:30")
    assert SendingWindow.parse("02:30-06:00").next_open(at, PARIS) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_window_that_ends_soon_after_the_skipped_hour_opens_that_day_all_the_same() -> None:
    at = local(PARIS, "2026-03-29T00:30")
    assert SendingWindow.parse("02:30-03:15").next_open(at, PARIS) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_window_inside_the_skipped_hour_waits_for_the_next_day() -> None:
    at = local(PARIS, "2026-03-29T00:30")
    assert SendingWindow.parse("02:15-02:45").next_open(at, PARIS) == local(PARIS, "2026-03-30T02:15")


def test_the_hour_that_autumn_repeats_opens_twice() -> None:
    window = SendingWindow.parse("01:30-01:45")
    first = local(NEW_YORK, "2026-11-01T01:30", fold=0)
    assert window.next_open(local(NEW_YORK, "2026-11-01T00:00"), NEW_YORK) == first
    second = local(NEW_YORK, "2026-11-01T01:30", fold=1)
    assert window.next_open(first + timedelta(minutes=20), NEW_YORK) == second == first + timedelta(hours=1)


def test_always_is_now() -> None:
    at = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert SendingWindow.parse("always").next_open(at, PARIS) == at


@st.composite
def moments(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    zone, day = draw(st.sampled_from(DAYS))
    around = datetime.combine(day, time(0), UTC) + timedelta(hours=draw(st.integers(-36, 36)))
    return around + draw(st.timedeltas(timedelta(0), timedelta(hours=1))), zone


MINUTES = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
# Windows that open or close near the hours in which clocks are changed are the ones that go wrong.
EARLY = st.integers(0, 4 * 60).map(lambda n: time(n // 60, n % 60))
WINDOWS = st.builds(SendingWindow, EARLY | MINUTES, EARLY | MINUTES)


@settings(max_examples=400, deadline=None)
@given(WINDOWS, moments())
def test_the_next_opening_is_the_first_moment_inside(window: SendingWindow, when: tuple[datetime, ZoneInfo]) -> None:
    at, zone = when
    opening = window.next_open(at, zone)
    assert opening >= at
    assert window.contains(opening.astimezone(zone).time())
    assert opening == first_moment_inside(window, at, zone)


@settings(max_examples=100, deadline=None)
@given(WINDOWS, moments())
def test_a_moment_inside_stays_as_it_is(window: SendingWindow, when: tuple[datetime, ZoneInfo]) -> None:
    at, zone = when
    opening = window.next_open(at, zone)
    assert window.next_open(opening, zone) == opening
