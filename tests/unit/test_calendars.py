"""Public holidays and working days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sidecar.policy.calendars import has_calendar, is_holiday, next_working_day, region_of
from tests.unit.clocks import SAO_PAULO, local


@pytest.mark.parametrize(
    ("region", "day", "holiday"),
    [
        ("FR", "2026-07-14", True),
        ("FR", "2026-07-13", False),
        ("FR", "2026-05-14", True),
        ("RE", "2026-12-20", True),
        ("FR", "2026-12-20", False),
        ("BR", "2026-11-20", True),
        ("BR-SP", "2026-07-09", True),
        ("BR", "2026-07-09", False),
        ("DE", "2026-01-06", False),
        ("DE-BY", "2026-01-06", True),
        ("GB", "2026-04-06", True),
        ("GB-SCT", "2026-04-06", False),
        ("TW", "2027-02-06", True),
        ("US", "2026-11-26", True),
        ("ZZ", "2026-12-25", False),
        ("DE-XX", "2026-12-25", False),
        ("", "2026-12-25", False),
    ],
)
def test_public_holidays(region: str, day: str, holiday: bool) -> None:
    assert is_holiday(date.fromisoformat(day), region) is holiday


def test_a_holiday_that_is_made_up_for_is_the_day_it_is_made_up_on() -> None:
    assert is_holiday(date(2027, 12, 31), "US"), "New Year's Day of 2028 is a Saturday"
    assert is_holiday(date(2026, 12, 28), "GB"), "Boxing Day of 2026 is a Saturday"


@pytest.mark.parametrize(
    ("region", "known"),
    [("FR", True), ("DE-BY", True), ("DE-XX", False), ("ZZ", False), ("", False), ("FR-", True), ("-BY", False)],
)
def test_which_calendars_there_are(region: str, known: bool) -> None:
    assert has_calendar(region) is known


@pytest.mark.parametrize(
    ("country", "said", "region"),
    [
        ("BR", "SP", "BR-SP"),
        ("BR", "sp", "BR-SP"),
        ("BR", " São Paulo ", "BR-SP"),
        ("DE", "DE-BY", "DE-BY"),
        ("US", "New York", "US-NY"),
        ("US", "new york", "US-NY"),
        ("US", "RI", "US-RI"),
        ("US", "Narnia", "US"),
        ("FR", "", "FR"),
        ("TW", "TPE", "TW"),
        ("ZZ", "SP", "ZZ"),
        ("", "SP", ""),
    ],
)
def test_what_shops_call_a_part_of_a_country(country: str, said: str, region: str) -> None:
    assert region_of(country, said) == region


@pytest.mark.parametrize(
    ("country", "zone", "since", "day"),
    [
        ("BR", "America/Sao_Paulo", "2026-11-23T00:00", "2026-11-24"),
        ("BR", "America/Sao_Paulo", "2026-11-23T23:59", "2026-11-24"),
        ("BR", "America/Sao_Paulo", "2026-11-19T12:00", "2026-11-23"),
        ("BR", "America/Sao_Paulo", "2026-11-21T12:00", "2026-11-23"),
        ("FR", "Europe/Paris", "2026-12-24T12:00", "2026-12-28"),
        ("FR", "Europe/Paris", "2026-12-31T23:59", "2027-01-04"),
        ("AE", "Asia/Dubai", "2026-06-05T12:00", "2026-06-08"),
        ("SA", "Asia/Riyadh", "2026-06-04T12:00", "2026-06-07"),
        ("CN", "Asia/Shanghai", "2026-02-13T12:00", "2026-02-14"),
        ("GB", "Europe/London", "2026-04-02T12:00", "2026-04-07"),
        ("", "UTC", "2026-12-24T12:00", "2026-12-25"),
        ("ZZ", "UTC", "2026-12-25T12:00", "2026-12-28"),
    ],
)
def test_credit_counts_from_the_next_working_day(country: str, zone: str, since: str, day: str) -> None:
    clock = ZoneInfo(zone)
    assert next_working_day(country, clock, local(clock, since)) == local(clock, f"{day}T00:00")


def test_a_working_day_begins_when_its_first_hour_exists() -> None:
    """Brazil's clocks jumped at midnight; the shop's day, not ours, is the one that counts."""
    friday_evening = datetime(2018, 11, 2, 1, 0, tzinfo=UTC)
    assert next_working_day("", SAO_PAULO, friday_evening) == local(SAO_PAULO, "2018-11-02T00:00")
    saturday = local(SAO_PAULO, "2018-11-03T12:00")
    assert next_working_day("", SAO_PAULO, saturday) == local(SAO_PAULO, "2018-11-05T00:00")
