"""Where a number's owner may live, as far as the number tells."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, geocoder
from phonenumbers.timezone import time_zones_for_number

from sidecar.domain.area_codes import SUBDIVISION
from sidecar.domain.phone import main_zones, region_hint, zones


@pytest.mark.parametrize(
    ("e164", "expected"),
    [
        ("+33612345678", ("Europe/Paris",)),
        ("+262692123456", ("Indian/Mayotte", "Indian/Reunion")),
        ("+5511987654321", ("America/Sao_Paulo",)),
        ("+5592987654321", ("America/Manaus",)),
        ("+12125551234", ("America/New_York",)),
        ("+13105551234", ("America/Los_Angeles",)),
        ("+19075551234", ("America/Adak", "America/Anchorage")),
        ("+17672251234", ("America/Dominica",)),
        ("+34612345678", ("Atlantic/Canary", "Europe/Madrid")),
        ("+77011234567", ("Asia/Almaty", "Asia/Aqtobe")),
        ("+886912345678", ("Asia/Taipei",)),
        ("", ()),
        ("+", ()),
        ("+999123456789", ()),
    ],
)
def test_the_zones_a_number_tells(e164: str, expected: tuple[str, ...]) -> None:
    assert zones(e164) == expected


def test_a_mobile_of_a_wide_country_may_be_anywhere_in_it_though_most_are_in_one_zone() -> None:
    assert {"Australia/Perth", "Australia/Sydney", "Indian/Christmas"} < set(zones("+61412345678"))
    assert main_zones("+61412345678") == ("Australia/Sydney",)
    assert {"Europe/Moscow", "Asia/Kamchatka"} < set(zones("+79161234567"))
    assert main_zones("+79161234567") == ("Europe/Moscow",)


def test_a_range_that_nobody_lists_is_where_its_country_is() -> None:
    assert "Europe/London" in zones("+447700900123")


def mobiles() -> Iterator[PhoneNumber]:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
        if number:
            yield number


@pytest.mark.parametrize("number", list(mobiles()), ids=lambda number: f"+{number.country_code}")
def test_no_zone_that_the_library_names_is_left_out(number: PhoneNumber) -> None:
    """But where the whole calling code was named because nobody asked for the area."""
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    told = zones(e164)
    assert told
    assert all(ZoneInfo(zone) for zone in told)
    assert set(main_zones(e164)) <= set(told)
    if e164.startswith(("+1", "+77")):
        assert set(told) <= set(time_zones_for_number(number))
    else:
        assert set(told) >= set(time_zones_for_number(number))


@pytest.mark.parametrize(
    ("e164", "expected"),
    [
        ("+12125551234", "NY"),
        ("+14015551234", "RI"),
        ("+12025551234", "DC"),
        ("+14165551234", "ON"),
        ("+17875551234", ""),
        ("+18005551234", ""),
        ("+18675551234", ""),
        ("+33212345678", ""),
        ("+1", ""),
        ("", ""),
    ],
)
def test_the_state_or_province_an_area_code_tells(e164: str, expected: str) -> None:
    assert region_hint(e164) == expected


NAMES = {"Washington State": "WA", "Washington D.C.": "DC", "British Colombia": "BC", "Newfoundland and Labrador": "NL"}


def test_the_area_codes_are_those_the_library_knows(subdivision_names: dict[str, str]) -> None:
    """A new one in a new release of the library fails here, and is to be added to the table."""
    names = subdivision_names | NAMES
    known: dict[str, set[str]] = {}
    for area in range(200, 1000):
        for exchange in range(200, 1000, 37):
            number = PhoneNumber(1, int(f"{area}{exchange}0123"))
            if phonenumbers.region_code_for_number(number) in ("US", "CA"):
                told = geocoder.description_for_number(number, "en")
                known.setdefault(str(area), set()).add(names.get(told) or told.rpartition(", ")[2])
    in_one = {area: told.pop() for area, told in known.items() if len(told) == 1}
    assert {area: code for area, code in in_one.items() if code in names.values()} == SUBDIVISION


@pytest.fixture
def subdivision_names() -> dict[str, str]:
    import holidays

    countries = (holidays.country_holidays(country) for country in ("US", "CA"))
    return {name: code for country in countries for name, code in country.subdivisions_aliases.items()}
