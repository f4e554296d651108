"""What countries ask of marketing texts, as data."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sidecar.domain.spans import Spans, common
from sidecar.domain.window import SendingWindow
from sidecar.policy import countries
from sidecar.policy.calendars import has_calendar
from sidecar.policy.countries import Alphanumeric, OptIn, TwoWay, rules_for

DATA = Path(countries.__file__).with_name("data") / "countries.json"
LISTED = tuple(json.loads(DATA.read_text(encoding="utf-8"))["countries"])
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def week_of(window: str) -> Spans:
    def never(day: date) -> bool:
        return False

    return SendingWindow.parse(window).open_between(MONDAY, MONDAY + timedelta(days=7), ZoneInfo("UTC"), never)


def test_the_countries_of_which_something_was_read() -> None:
    assert len(LISTED) == 22


@pytest.mark.parametrize("country", LISTED)
def test_every_listed_country_is_whole(country: str) -> None:
    rules = rules_for(country)
    assert rules.country == country
    assert rules.sources
    assert rules.read >= "2026-11"
    assert rules.basis in {"law", "industry code", "provider guidance", "none found"}
    assert has_calendar(country)
    for window in (rules.careful, rules.legal, *rules.states.values()):
        assert week_of(window)
    assert all(has_calendar(f"{country}-{state}") for state in rules.states)


@pytest.mark.parametrize("country", [*LISTED, "ZZ"])
def test_careful_hours_lie_inside_the_legal_ones_and_near_no_night(country: str) -> None:
    rules = rules_for(country)
    careful = week_of(rules.careful)
    assert common(careful, week_of(rules.legal)) == careful
    assert all(start.hour >= 8 and (end.hour <= 21 and end.date() == start.date()) for start, end in careful)
    assert SendingWindow.parse(rules.careful).closed_on in ("", None)


@pytest.mark.parametrize(
    ("country", "careful", "legal"),
    [
        (
            "BR",
            "mon-fri 09:00-18:00; sat 09:00-13:00; no holidays",
            "mon-fri 09:00-22:00; sat 09:00-22:00; no holidays",
        ),
        (
            "FR",
            "mon-fri 10:00-20:00; sat 10:00-18:00; no holidays",
            "mon-fri 08:00-22:00; sat 08:00-22:00; no holidays",
        ),
        (
            "BE",
            "mon-fri 08:00-19:00; sat 10:00-18:00; no holidays",
            "mon-fri 07:00-19:00; sat 10:00-18:00; no holidays",
        ),
        (
            "US",
            "mon-fri 09:00-20:00; sat 09:00-20:00; sun 12:00-20:00",
            "mon-fri 08:00-21:00; sat 08:00-21:00; sun 08:00-21:00",
        ),
    ],
)
def test_where_no_rule_was_found_the_careful_hours_hold(country: str, careful: str, legal: str) -> None:
    rules = rules_for(country)
    assert (rules.hours("careful"), rules.hours("legal")) == (careful, legal)


def test_taiwan_rests_at_noon_by_both_measures() -> None:
    rules = rules_for("TW")
    for window in (rules.careful, rules.legal):
        assert [f"{a:%H:%M}-{b:%H:%M}" for a, b in week_of(window)] == ["09:00-12:30", "13:30-21:00"] * 7


def test_states_that_go_further_than_the_union() -> None:
    assert set(rules_for("US").states) == {"FL", "OK", "MD", "MS", "NJ", "CT", "TX", "RI"}


@pytest.mark.parametrize(("part", "country"), [("RE", "FR"), ("GP", "FR"), ("PR", "US"), ("JE", "GB"), ("CX", "AU")])
def test_a_part_of_a_country_with_a_code_of_its_own_has_its_rules(part: str, country: str) -> None:
    assert rules_for(part) is rules_for(country)


@pytest.mark.parametrize("country", ["JP", "ZZ", ""])
def test_a_country_that_is_not_listed_gets_careful_rules(country: str) -> None:
    rules = rules_for(country)
    assert rules.country == ""
    assert rules.careful == rules.legal == "mon-fri 10:00-18:00; sat 10:00-13:00; no holidays"
    assert rules.opt_in is OptIn.SINGLE
    assert rules.short_links_refused


def test_what_others_ask_the_same_data() -> None:
    assert {country for country in LISTED if rules_for(country).short_links_refused} == {"TW", "PL", "CN"}
    assert {country for country in LISTED if rules_for(country).opt_in is OptIn.DOUBLE} == {"DE", "CH"}
    assert {country for country in LISTED if rules_for(country).opt_in is OptIn.NONE} == {"HK"}
    numeric = {country for country in LISTED if rules_for(country).sender.numeric_required}
    assert numeric == {"US", "CA", "BR", "MX", "AR", "BE", "TW", "CN"}
    assert {c for c in LISTED if rules_for(c).sender.alphanumeric is Alphanumeric.NO} == numeric - {"BR"}
    assert rules_for("BR").sender.two_way is TwoWay.SHORT_CODE
    assert {country: rules_for(country).marketing_per_week for country in ("BR", "FR")} == {"BR": 7, "FR": None}
