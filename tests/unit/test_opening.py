"""From when on a text may leave, by tables and against clocks that are walked minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sidecar.domain.phone import LineType, Number
from sidecar.domain.window import Hours, SendingWindow
from sidecar.policy.calendars import is_holiday
from sidecar.policy.countries import Limits
from sidecar.policy.opening import NeverOpens, Opening, ShopHours, Whereabouts, opening
from tests.unit.clocks import MINUTE, NEW_YORK, PARIS, SAO_PAULO, TIMES, is_open, local, walked

BRAZILIAN = Whereabouts("+5511987654321", "BR", "SP")
FRENCH = Whereabouts("+33612345678", "FR")
TAIWANESE = Whereabouts("+886912345678", "TW")
NEW_YORKER = Whereabouts("+12125551234", "US", "NY")
AUSTRALIAN = Whereabouts("+61412345678", "AU")
RUSSIAN = Whereabouts("+79161234567", "RU")
TAIPEI, SYDNEY, MOSCOW = ZoneInfo("Asia/Taipei"), ZoneInfo("Australia/Sydney"), ZoneInfo("Europe/Moscow")
TOKYO, HONOLULU = ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Honolulu")


def shop(
    zone: ZoneInfo = SAO_PAULO,
    country: str = "BR",
    transactional: str = "09:00-18:00",
    marketing: str = "always",
    limits: Limits = "careful",
) -> ShopHours:
    return ShopHours(zone.key, country, transactional, marketing, limits)


# November 2026: the 20th (Friday) and the 2nd (Monday) are holidays in Brazil, the 23rd is a Monday.
@pytest.mark.parametrize(
    ("window", "at", "opens", "rule"),
    [
        ("09:00-18:00", "2026-11-23T12:00", "2026-11-23T12:00", None),
        ("09:00-18:00", "2026-11-23T09:00", "2026-11-23T09:00", None),
        ("09:00-18:00", "2026-11-23T17:59:59.999999", "2026-11-23T17:59:59.999999", None),
        ("09:00-18:00", "2026-11-23T18:00", "2026-11-24T09:00", "sending_hours"),
        ("09:00-18:00", "2026-11-23T08:59:59.999999", "2026-11-23T09:00", "sending_hours"),
        ("09:00-18:00", "2026-12-31T18:00", "2027-01-01T09:00", "sending_hours"),
        ("09:00-18:00; no holidays", "2026-12-31T18:00", "2027-01-02T09:00", "holiday"),
        ("mon-fri 09:00-18:00; no holidays", "2026-12-31T18:00", "2027-01-04T09:00", "holiday"),
        ("mon-fri 09:00-18:00; no holidays", "2026-11-20T12:00", "2026-11-23T09:00", "holiday"),
        ("mon-fri 09:00-18:00; no holidays", "2026-11-21T12:00", "2026-11-23T09:00", "sending_hours"),
        ("mon-fri 09:00-18:00; no holidays FR", "2026-11-20T12:00", "2026-11-20T12:00", None),
        ("09:00-12:00,14:00-19:00", "2026-11-23T13:00", "2026-11-23T14:00", "sending_hours"),
        ("22:00-06:00", "2026-11-23T06:00", "2026-11-23T22:00", "sending_hours"),
        ("22:00-06:00", "2026-11-23T00:00", "2026-11-23T00:00", None),
        ("mon 09:00-09:01", "2026-11-23T09:01", "2026-11-30T09:00", "sending_hours"),
        ("always", "2026-11-23T03:00", "2026-11-23T03:00", None),
    ],
)
def test_an_orders_text_waits_for_the_shops_hours(window: str, at: str, opens: str, rule: str | None) -> None:
    found = opening(shop(transactional=window), "transactional", BRAZILIAN, local(SAO_PAULO, at))
    assert (found.at, found.rule) == (local(SAO_PAULO, opens), rule)


@pytest.mark.parametrize("category", ["code", "test"])
def test_codes_and_tests_leave_at_once(category: str) -> None:
    at = local(SAO_PAULO, "2026-12-25T03:00")
    assert opening(shop(), category, BRAZILIAN, at) == Opening(at)


def test_staff_are_texted_in_the_hours_of_orders() -> None:
    at = local(SAO_PAULO, "2026-11-22T23:00")
    assert opening(shop(), "staff", BRAZILIAN, at) == opening(shop(), "transactional", BRAZILIAN, at)


def test_a_category_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="promo"):
        opening(shop(), "promo", BRAZILIAN, local(SAO_PAULO, "2026-11-23T12:00"))


@pytest.mark.parametrize(
    ("hours", "recipient", "zone", "at", "opens", "rule"),
    [
        # Brazil, careful: Monday to Friday 9 to 18, Saturday 9 to 13.
        (shop(), BRAZILIAN, SAO_PAULO, "2026-11-21T12:59", "2026-11-21T12:59", None),
        (shop(), BRAZILIAN, SAO_PAULO, "2026-11-21T13:00", "2026-11-23T09:00", "country_hours"),
        (shop(), BRAZILIAN, SAO_PAULO, "2026-11-19T18:00", "2026-11-21T09:00", "holiday"),
        (shop(limits="legal"), BRAZILIAN, SAO_PAULO, "2026-11-21T21:59", "2026-11-21T21:59", None),
        (shop(limits="legal"), BRAZILIAN, SAO_PAULO, "2026-11-22T12:00", "2026-11-23T09:00", "country_hours"),
        (shop(marketing="10:00-17:00"), BRAZILIAN, SAO_PAULO, "2026-11-23T08:00", "2026-11-23T10:00", "sending_hours"),
        (shop(marketing="08:00-17:00"), BRAZILIAN, SAO_PAULO, "2026-11-23T07:00", "2026-11-23T09:00", "country_hours"),
        # A state's own holiday, 9 July in São Paulo, a Thursday.
        (shop(), BRAZILIAN, SAO_PAULO, "2026-07-09T12:00", "2026-07-10T09:00", "holiday"),
        (shop(), Whereabouts("+5511987654321", "BR"), SAO_PAULO, "2026-07-09T12:00", "2026-07-09T12:00", None),
        # France: by the recipient's clock, whatever the shop's.
        (shop(marketing="fr-marketing"), FRENCH, PARIS, "2026-07-13T20:00", "2026-07-15T10:00", "holiday"),
        (shop(marketing="fr-marketing"), FRENCH, PARIS, "2026-07-18T17:00", "2026-07-18T17:00", None),
        (shop(marketing="fr-marketing"), FRENCH, PARIS, "2026-07-18T18:00", "2026-07-20T10:00", "country_hours"),
        (shop(), FRENCH, PARIS, "2026-12-24T20:00", "2026-12-26T10:00", "holiday"),
        # The rest at noon in Taiwan.
        (shop(), TAIWANESE, TAIPEI, "2026-11-23T12:29", "2026-11-23T12:29", None),
        (shop(), TAIWANESE, TAIPEI, "2026-11-23T12:30", "2026-11-23T13:30", "country_hours"),
        (shop(limits="legal"), TAIWANESE, TAIPEI, "2026-11-23T13:29", "2026-11-23T13:30", "country_hours"),
        # A country of which nothing was read.
        (shop(), Whereabouts("+819012345678", "JP"), TOKYO, "2026-11-28T13:00", "2026-11-30T10:00", "country_hours"),
        # A number that tells no zone has the shop's clock.
        (shop(), Whereabouts("", "FR"), SAO_PAULO, "2026-11-24T20:00", "2026-11-25T10:00", "country_hours"),
    ],
)
def test_marketing_waits_for_the_hours_of_the_recipients_country(
    hours: ShopHours, recipient: Whereabouts, zone: ZoneInfo, at: str, opens: str, rule: str | None
) -> None:
    found = opening(hours, "marketing", recipient, local(zone, at))
    assert (found.at, found.rule) == (local(zone, opens), rule)


@pytest.mark.parametrize(
    ("e164", "state", "limits", "at", "opens"),
    [
        # New York, careful: 9 to 20, Sundays from 12; legal: 8 to 21 by the union's law.
        ("+12125551234", "NY", "careful", "2026-11-23T18:30", "2026-11-23T18:30"),
        ("+12125551234", "NY", "careful", "2026-11-23T20:00", "2026-11-24T09:00"),
        ("+12125551234", "NY", "legal", "2026-11-23T20:30", "2026-11-23T20:30"),
        # Rhode Island: 9 to 18, weekends 10 to 17. The address goes before the area code.
        ("+12125551234", "RI", "careful", "2026-11-23T18:30", "2026-11-24T09:00"),
        ("+12125551234", "Rhode Island", "legal", "2026-11-23T18:30", "2026-11-24T09:00"),
        ("+14015551234", "NY", "careful", "2026-11-23T18:30", "2026-11-23T18:30"),
        ("+14015551234", "", "careful", "2026-11-23T18:30", "2026-11-24T09:00"),
        ("+14015551234", "", "careful", "2026-11-22T11:00", "2026-11-22T12:00"),
        ("+14015551234", "", "legal", "2026-11-22T09:00", "2026-11-22T10:00"),
        ("+12125551234", "??", "careful", "2026-11-23T18:30", "2026-11-23T18:30"),
        # Florida until 20, Texas from 9, on Sundays from 12.
        ("+13055551234", "FL", "legal", "2026-11-23T20:00", "2026-11-24T08:00"),
        ("+12125551234", "TX", "legal", "2026-11-22T11:00", "2026-11-22T12:00"),
        ("+12125551234", "TX", "legal", "2026-11-23T20:59", "2026-11-23T20:59"),
        # Connecticut, whose 203 the library tells by town only.
        ("+12035551234", "", "legal", "2026-11-23T08:30", "2026-11-23T09:00"),
        # Thanksgiving is no hindrance.
        ("+12125551234", "NY", "careful", "2026-11-26T12:00", "2026-11-26T12:00"),
    ],
)
def test_american_states_go_further_than_the_union(e164: str, state: str, limits: Limits, at: str, opens: str) -> None:
    recipient = Whereabouts(e164, "US", state)
    found = opening(shop(limits=limits), "marketing", recipient, local(NEW_YORK, at))
    assert found.at == local(NEW_YORK, opens)


def test_where_no_state_is_known_the_hours_of_all_hold() -> None:
    def opens(at: str, recipient: Whereabouts) -> datetime:
        return opening(shop(NEW_YORK, "US"), "marketing", recipient, local(NEW_YORK, at)).at

    nowhere = Whereabouts("", "US")
    assert opens("2026-11-23T18:00", nowhere) == local(NEW_YORK, "2026-11-24T09:00")
    assert opens("2026-11-22T17:00", nowhere) == local(NEW_YORK, "2026-11-23T09:00")
    puerto_rican = Whereabouts("+17875551234", "PR")
    assert opens("2026-11-23T18:00", puerto_rican) == local(NEW_YORK, "2026-11-23T18:00")


@pytest.mark.parametrize(
    ("zone", "country", "recipient", "there", "at", "opens"),
    [
        # São Paulo and Paris, four hours ahead in winter, share 13:00 to 18:00 in Paris.
        (SAO_PAULO, "BR", FRENCH, PARIS, "2026-11-23T10:00", "2026-11-23T13:00"),
        (SAO_PAULO, "BR", FRENCH, PARIS, "2026-11-23T15:00", "2026-11-23T15:00"),
        (SAO_PAULO, "BR", FRENCH, PARIS, "2026-11-23T18:00", "2026-11-24T13:00"),
        # Tokyo and New York share nothing: the recipient's hours decide.
        (TOKYO, "JP", NEW_YORKER, NEW_YORK, "2026-11-23T03:00", "2026-11-23T09:00"),
        (TOKYO, "JP", NEW_YORKER, NEW_YORK, "2026-11-23T15:00", "2026-11-23T15:00"),
        # The same country, but another clock: Manaus is an hour behind.
        (SAO_PAULO, "BR", Whereabouts("+5592987654321", "BR"), SAO_PAULO, "2026-11-23T09:00", "2026-11-23T10:00"),
        (NEW_YORK, "US", Whereabouts("+19075551234", "US"), NEW_YORK, "2026-11-23T09:00", "2026-11-23T14:00"),
        # A mobile of a wide country does not tell where in it; a shop there takes it to be near.
        (SYDNEY, "AU", AUSTRALIAN, SYDNEY, "2026-11-23T09:00", "2026-11-23T09:00"),
        (ZoneInfo("Australia/Darwin"), "AU", AUSTRALIAN, SYDNEY, "2026-11-23T10:30", "2026-11-23T10:30"),
        (MOSCOW, "RU", RUSSIAN, MOSCOW, "2026-11-23T09:00", "2026-11-23T09:00"),
        # From abroad it may be as far as the Cocos Islands at UTC+6:30; Tokyo shares 11:30 to 16:00 with all Australia.
        (TOKYO, "JP", AUSTRALIAN, TOKYO, "2026-11-23T09:30", "2026-11-23T11:30"),
        (TOKYO, "JP", AUSTRALIAN, TOKYO, "2026-11-23T16:00", "2026-11-24T11:30"),
        # Nine hours are never open in all of Russia: then where most numbers are, though Chita has Tokyo's clock.
        (TOKYO, "JP", RUSSIAN, MOSCOW, "2026-11-23T05:00", "2026-11-23T09:00"),
    ],
)
def test_an_orders_text_wakes_nobody_elsewhere(
    zone: ZoneInfo, country: str, recipient: Whereabouts, there: ZoneInfo, at: str, opens: str
) -> None:
    assert opening(shop(zone, country), "transactional", recipient, local(there, at)).at == local(there, opens)


def test_marketing_leaves_when_it_is_day_in_every_zone_the_number_may_be_in() -> None:
    found = opening(shop(SYDNEY, "AU"), "marketing", AUSTRALIAN, local(SYDNEY, "2026-11-23T09:30"))
    assert found.at == local(ZoneInfo("Indian/Cocos"), "2026-11-23T09:00")
    assert found.rule == "country_hours"
    assert found.closes_at == local(ZoneInfo("Australia/Lord_Howe"), "2026-11-23T20:00")


def test_a_shop_that_always_sends_sends_at_night_too() -> None:
    at = local(PARIS, "2026-11-23T03:00")
    assert opening(shop(transactional="always"), "transactional", FRENCH, at) == Opening(at)


def test_marketing_that_may_never_leave_is_an_error_and_not_an_endless_search() -> None:
    hours = shop(marketing="sun 09:00-18:00")
    with pytest.raises(NeverOpens) as never:
        opening(hours, "marketing", FRENCH, local(PARIS, "2026-11-23T12:00"))
    assert never.value.rule == "country_hours"
    assert opening(hours, "marketing", TAIWANESE, local(TAIPEI, "2026-11-22T10:00")).rule is None


def test_hours_of_one_day_open_though_two_such_days_running_are_holidays() -> None:
    """Christmas and New Year's Day of 2028 are Mondays."""
    hours = shop(transactional="mon 09:00-10:00; no holidays")
    found = opening(hours, "transactional", BRAZILIAN, local(SAO_PAULO, "2028-12-18T12:00"))
    assert (found.at, found.rule) == (local(SAO_PAULO, "2029-01-08T09:00"), "holiday")


@pytest.mark.parametrize(
    ("window", "at", "closes"),
    [
        ("09:00-18:00", "2026-11-22T20:00", "2026-11-23T18:00"),
        ("09:00-12:00,14:00-18:00", "2026-11-22T20:00", "2026-11-23T12:00"),
        ("22:00-06:00", "2026-11-22T20:00", "2026-11-23T06:00"),
        ("22:00-22:01", "2026-11-22T20:00", "2026-11-22T22:01"),
    ],
)
def test_what_opens_is_said_to_close(window: str, at: str, closes: str) -> None:
    found = opening(shop(transactional=window), "transactional", BRAZILIAN, local(SAO_PAULO, at))
    assert found.closes_at == local(SAO_PAULO, closes)


def test_an_address_tells_nothing_of_a_number_of_another_country() -> None:
    number = Number("+14165551234", "CA", LineType.MOBILE_OR_LANDLINE)
    assert Whereabouts.of(number, "CA", "ON") == Whereabouts("+14165551234", "CA", "ON")
    assert Whereabouts.of(number, "US", "ON") == Whereabouts("+14165551234", "CA", "")


PEOPLE = {"Europe/Paris": FRENCH, "America/New_York": NEW_YORKER, "America/Sao_Paulo": BRAZILIAN}
ABROAD = st.sampled_from(sorted(PEOPLE))
SHOPS = st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"])
# Around the days on which Paris, New York and Lord Howe Island change their clocks, and the year ends.
STARTS = [
    datetime(2026, 3, 8),
    datetime(2026, 3, 29),
    datetime(2026, 10, 25),
    datetime(2026, 11, 1),
    datetime(2026, 12, 31),
]
INSTANTS = st.builds(
    lambda start, offset: start.replace(tzinfo=UTC) + offset,
    st.sampled_from(STARTS),
    st.timedeltas(-timedelta(hours=30), timedelta(hours=30)),
)
PAIRS = st.lists(st.builds(Hours, TIMES, TIMES), min_size=1, max_size=2)


def text_of(pairs: list[Hours]) -> str:
    return ",".join(f"{hours.opens:%H:%M}-{hours.closes:%H:%M}" for hours in pairs)


@settings(max_examples=60)
@given(SHOPS, ABROAD, PAIRS, INSTANTS)
def test_an_orders_text_leaves_at_the_first_good_moment(
    zone: str, abroad: str, pairs: list[Hours], now: datetime
) -> None:
    window, here, there = SendingWindow.parse(text_of(pairs)), ZoneInfo(zone), ZoneInfo(abroad)

    def both(moment: datetime) -> bool:
        return all(is_open(window, moment, clock, lambda _: False) for clock in (here, there))

    @cache
    def minutes_of(day: date) -> list[datetime]:
        noon = datetime.combine(day, time(12), there).astimezone(UTC)
        around = (noon + count * MINUTE for count in range(-15 * 60, 15 * 60))
        return [moment for moment in around if moment.astimezone(there).date() == day]

    @cache
    def they_meet(day: date) -> bool:
        return any(both(moment) for moment in minutes_of(day))

    @cache
    def same_clock(day: date) -> bool:
        midnight = minutes_of(day)[0]
        return midnight.astimezone(here).utcoffset() == midnight.astimezone(there).utcoffset()

    def good(moment: datetime) -> bool:
        day = moment.astimezone(there).date()
        if same_clock(day):
            return is_open(window, moment, here, lambda _: False)
        return both(moment) if they_meet(day) else is_open(window, moment, there, lambda _: False)

    expected = walked(now, good, days=5)
    assume(expected)
    hours = shop(here, "", transactional=text_of(pairs))
    assert opening(hours, "transactional", PEOPLE[abroad], now).at == expected


@settings(max_examples=60)
@given(ABROAD, st.sampled_from(["mon-fri", "sat-mon", "wed"]), PAIRS, INSTANTS)
def test_marketing_leaves_at_the_first_good_moment(abroad: str, days: str, pairs: list[Hours], now: datetime) -> None:
    text, zone, recipient = f"{days} {text_of(pairs)}", ZoneInfo(abroad), PEOPLE[abroad]
    limits = {
        "FR": "mon-fri 10:00-20:00; sat 10:00-18:00",
        "US": "mon-sat 09:00-20:00; sun 12:00-20:00",
        "BR": "mon-fri 09:00-18:00; sat 09:00-13:00",
    }
    windows = [SendingWindow.parse(text), SendingWindow.parse(limits[recipient.country])]

    def closed(day: date) -> bool:
        return recipient.country != "US" and is_holiday(day, recipient.country)

    expected = walked(now, lambda moment: all(is_open(window, moment, zone, closed) for window in windows), days=10)
    assume(expected)
    found = opening(shop(marketing=text), "marketing", recipient, now)
    assert found.at == expected
    assert (found.rule is None) == (found.at == now) == (found.closes_at is None)


@settings(max_examples=60)
@given(SHOPS, ABROAD, PAIRS, INSTANTS, st.sampled_from(["transactional", "marketing"]))
def test_what_has_opened_stays_open_until_it_is_said_to_close(
    zone: str, abroad: str, pairs: list[Hours], now: datetime, category: str
) -> None:
    hours = ShopHours(zone, "", text_of(pairs), "fr-marketing")
    found = opening(hours, category, PEOPLE[abroad], now)
    assert opening(hours, category, PEOPLE[abroad], found.at) == Opening(found.at)
    if found.closes_at:
        last = found.closes_at - timedelta(microseconds=1)
        assert opening(hours, category, PEOPLE[abroad], last) == Opening(last)
