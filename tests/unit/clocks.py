"""Zones and days on which clocks do odd things, and a clock walked minute by minute to check reckoning against."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from sidecar.domain.window import Hours, SendingWindow

Closed = Callable[[date], bool]

MINUTE = timedelta(minutes=1)
NEW_YORK, PARIS = ZoneInfo("America/New_York"), ZoneInfo("Europe/Paris")
KATHMANDU, ADELAIDE = ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Adelaide")
LORD_HOWE, SAO_PAULO = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Sao_Paulo")
APIA, HAVANA, ST_JOHNS = ZoneInfo("Pacific/Apia"), ZoneInfo("America/Havana"), ZoneInfo("America/St_Johns")

# Days on which these zones jump forward, fall back, do so at midnight (St John's a minute past it, into the day
# before), or lose a day altogether; and days like any other.
DAYS = [
    (NEW_YORK, date(2026, 3, 8)),
    (NEW_YORK, date(2026, 11, 1)),
    (PARIS, date(2026, 3, 29)),
    (PARIS, date(2026, 10, 25)),
    (LORD_HOWE, date(2026, 4, 5)),
    (LORD_HOWE, date(2026, 10, 4)),
    (SAO_PAULO, date(2018, 11, 4)),
    (SAO_PAULO, date(2018, 2, 18)),
    (HAVANA, date(2026, 11, 1)),
    (ST_JOHNS, date(2010, 11, 7)),
    (APIA, date(2011, 12, 30)),
    (KATHMANDU, date(2026, 12, 31)),
    (ADELAIDE, date(2026, 7, 1)),
]


def local(zone: ZoneInfo, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def walked(at: datetime, good: Callable[[datetime], bool], days: int = 16) -> datetime | None:
    """The first moment that is good, looking at every minute; zones differ by whole minutes."""
    if good(at):
        return at
    moment = at.replace(second=0, microsecond=0)
    for _ in range(days * 24 * 60):
        moment += MINUTE
        if good(moment):
            return moment
    return None


def is_open(window: SendingWindow, moment: datetime, zone: ZoneInfo, closed: Closed) -> bool:
    """By looking at the clock and at the calendar."""
    shown = moment.astimezone(zone)
    day, now = shown.date(), shown.time()
    if closed(day):
        return False
    today = any(h.opens <= now and (now < h.closes or h.closes <= h.opens) for h in window.week[day.weekday()])
    yesterday = window.week[(day - timedelta(days=1)).weekday()]
    return today or any(h.closes <= h.opens and now < h.closes for h in yesterday)


@st.composite
def moments(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    zone, day = draw(st.sampled_from(DAYS))
    around = datetime.combine(day, time(0), UTC) + timedelta(hours=draw(st.integers(-36, 36)))
    return around + draw(st.timedeltas(timedelta(0), timedelta(hours=1))), zone


MINUTES = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
# Hours that open or close near those in which clocks are changed are the ones that go wrong.
EARLY = st.integers(0, 4 * 60).map(lambda n: time(n // 60, n % 60))
TIMES = EARLY | MINUTES

WEEKS = st.lists(st.lists(st.builds(Hours, TIMES, TIMES), max_size=2).map(tuple), min_size=7, max_size=7).map(tuple)
WINDOWS = st.builds(SendingWindow, WEEKS.filter(any), st.sampled_from([None, "", "FR", "DE-BY"]))
