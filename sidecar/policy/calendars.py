"""Public holidays and working days, as the `holidays` library knows them.

A region is a country or one of its subdivisions by ISO 3166: `FR`, `DE-BY`. Where the subdivision is not known, the
holidays are those of the whole country."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from holidays import HolidayBase

from sidecar.domain.spans import DAY, midnight

SATURDAY = 5

# Its Easter Monday and summer bank holiday belong to none of its countries in common.
_WHERE_MOST_LIVE = {"GB": "ENG"}


def is_holiday(day: date, region: str) -> bool:
    return day in _holidays_of(region, day.year)


def has_calendar(region: str) -> bool:
    country, _, subdivision = region.partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    return country in known and (not subdivision or subdivision in known[country])


@lru_cache(maxsize=4096)
def region_of(country: str, subdivision: str) -> str:
    """From what a shop calls a part of a country (`SP`, `DE-BY`, `New York`); what is not known is left out."""
    if not has_calendar(country):
        return country
    calendar, said = _calendar(country), subdivision.strip().removeprefix(f"{country}-")
    names = {name.casefold(): code for name, code in calendar.subdivisions_aliases.items()}
    code = names.get(said.casefold(), said.upper())
    return f"{country}-{code}" if code in calendar.subdivisions else country


def next_working_day(country: str, zone: ZoneInfo, since: datetime) -> datetime:
    """When the first working day after the day of `since` begins; Monday to Friday where nothing else is known."""
    today = since.astimezone(zone).date()
    if has_calendar(country):
        return midnight(_calendar(country).get_nth_working_day(today, 1), zone)
    day = today + DAY
    while day.weekday() >= SATURDAY:
        day += DAY
    return midnight(day, zone)


@lru_cache(maxsize=1024)
def _holidays_of(region: str, year: int) -> frozenset[date]:
    if not has_calendar(region):
        return frozenset()
    return frozenset(day for day in _calendar(region, year) if day.year == year)


def _calendar(region: str, *years: int) -> HolidayBase:
    country, _, subdivision = region.partition("-")
    return holidays.country_holidays(country, subdivision or _WHERE_MOST_LIVE.get(country), years=years)
