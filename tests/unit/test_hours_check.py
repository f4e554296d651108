"""Hours that can never be open are refused when they are saved."""

import pytest

from sidecar.policy.countries import Limits
from sidecar.policy.hours_check import NEVER_OPEN, Objection, objections
from sidecar.policy.opening import ShopHours
from tests.unit.clocks import PARIS, SAO_PAULO, local

NOW = local(SAO_PAULO, "2026-11-23T12:00")


def told(
    transactional: str = "09:00-18:00",
    marketing: str = "09:00-18:00",
    country: str = "BR",
    zone: str = "America/Sao_Paulo",
    limits: Limits = "careful",
) -> dict[str, str]:
    found = objections(ShopHours(zone, country, transactional, marketing, limits), NOW)
    return {name: objection.sentence for name, objection in found.items()}


@pytest.mark.parametrize("window", ["09:00-18:00", "always", "fr-marketing", "mon 09:00-09:01", "22:00-06:00"])
def test_hours_that_open_are_fine(window: str) -> None:
    assert told(transactional=window) == {}


@pytest.mark.parametrize("country", ["BR", "FR", "US", "TW", "CN", "DE", "IN", "JP", "ZZ", ""])
@pytest.mark.parametrize("limits", ["careful", "legal"])
def test_the_hours_a_shop_has_from_the_start_suit_every_country(country: str, limits: Limits) -> None:
    assert told(country=country, limits=limits) == {}


def test_marketing_that_the_shops_own_country_never_takes_is_refused() -> None:
    assert told(marketing="sun 09:00-18:00") == {
        "marketing_window": "marketing_window: in BR marketing may be sent 'mon-fri 09:00-18:00; sat 09:00-13:00; "
        "no holidays' (careful), and 'sun 09:00-18:00' never meets that; choose hours inside it."
    }
    assert told(marketing="19:00-22:00").keys() == {"marketing_window"}
    assert told(marketing="18:00-09:00").keys() == {"marketing_window"}
    assert told(marketing="19:00-22:00", limits="legal") == {}
    assert told(marketing="sun 09:00-18:00", country="") == {}
    assert told(transactional="sun 09:00-18:00") == {}


def test_holidays_are_those_of_some_country() -> None:
    assert told(transactional="09:00-18:00; no holidays", country="") == {
        "transactional_window": "transactional_window: whose holidays? Set the shop's country, or name one in "
        "'09:00-18:00; no holidays', such as no holidays FR."
    }
    assert told(marketing="09:00-18:00; no holidays DE-XX") == {
        "marketing_window": "marketing_window: the holidays of DE-XX are not known; name a country by its code, "
        "such as no holidays FR."
    }
    assert told(marketing="09:00-18:00; no holidays DE-BY", country="") == {}


def test_hours_that_will_not_open_for_two_weeks_are_refused() -> None:
    """In 2028 Christmas, and with it New Year's Day, are Mondays."""
    mondays = ShopHours("Europe/Paris", "FR", "mon 09:00-10:00; no holidays", "always")
    assert objections(mondays, local(PARIS, "2028-12-18T09:59")) == {}
    found = objections(mondays, local(PARIS, "2028-12-18T10:00"))
    assert found == {
        "transactional_window": Objection(
            NEVER_OPEN,
            "transactional_window: 'mon 09:00-10:00; no holidays' does not open within 14 days; choose hours that do.",
        )
    }
