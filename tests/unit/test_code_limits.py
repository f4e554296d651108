"""How many one-time codes may be sent, at the borders."""

from datetime import timedelta
from typing import Any

import pytest

from sidecar.domain.address import network
from sidecar.domain.codes import Sample, Sent
from sidecar.domain.phone import prefix
from sidecar.domain.shop import ShopSettings
from sidecar.policy.codes import looks_pumped, objection_to_code, wait_after

LIMIT = {"code_limit_per_hour": 40}


@pytest.mark.parametrize(
    ("settings", "country", "objection"),
    [
        ({"country": "BR"}, "BR", None),
        ({"country": "BR"}, "FR", "country_not_allowed"),
        ({"country": "BR", "code_countries": ("FR",)}, "FR", None),
        ({"country": "BR", "code_countries": ("FR",)}, "BR", "country_not_allowed"),
        ({}, "BR", "country_not_allowed"),
        ({}, "", "country_not_allowed"),
    ],
)
def test_codes_go_to_the_listed_countries_or_else_to_the_shops_own(
    settings: dict[str, Any], country: str, objection: str | None
) -> None:
    assert objection_to_code(ShopSettings(**settings), country, Sent(), {}) == objection


@pytest.mark.parametrize(
    ("just_allowed", "too_much"),
    [
        (Sent(to_number=4), Sent(to_number=5)),
        (Sent(to_number_in_a_day=9), Sent(to_number_in_a_day=10)),
        (Sent(from_address=9), Sent(from_address=10)),
        (Sent(to_prefix=19), Sent(to_prefix=20)),
        (Sent(by_country={"BR": 39}), Sent(by_country={"BR": 40})),
        (Sent(by_country={"BR": 20, "PT": 19}), Sent(by_country={"BR": 20, "PT": 20})),
    ],
)
def test_each_limit_at_its_border(just_allowed: Sent, too_much: Sent) -> None:
    settings = ShopSettings(country="BR", **LIMIT)
    assert objection_to_code(settings, "BR", just_allowed, {}) is None
    assert objection_to_code(settings, "BR", too_much, {}) == "code_limit"


@pytest.mark.parametrize(
    ("weights", "sent", "to", "objection"),
    [
        ({"": 1, "AZ": 8}, {"AZ": 4}, "AZ", None),
        ({"": 1, "AZ": 8}, {"AZ": 5}, "AZ", "code_limit"),
        ({"": 1, "AZ": 8}, {"AZ": 4, "BR": 7}, "BR", None),
        ({"": 1, "AZ": 8}, {"AZ": 4, "BR": 8}, "BR", "code_limit"),
        ({"BR": 2, "AZ": 8}, {"AZ": 9}, "AZ", None),
        ({"BR": 2, "AZ": 8}, {"AZ": 10}, "AZ", "code_limit"),
        ({"BR": 0}, {"BR": 39}, "BR", None),
    ],
)
def test_the_hour_is_limited_in_money_too(
    weights: dict[str, int], sent: dict[str, int], to: str, objection: str | None
) -> None:
    """Forty codes at home are the measure: dear countries use them up faster."""
    settings = ShopSettings(country="BR", code_countries=("BR", "AZ"), **LIMIT)
    assert objection_to_code(settings, to, Sent(by_country=sent), weights) == objection


@pytest.mark.parametrize("limit", [1, 2, 8, 200])
def test_a_small_limit_is_reached_before_that_of_a_prefix(limit: int) -> None:
    settings = ShopSettings(country="BR", code_limit_per_hour=limit)
    reached = min(limit, 5) - 1
    assert objection_to_code(settings, "BR", Sent(to_prefix=reached, by_country={"BR": reached}), {}) is None


@pytest.mark.parametrize(
    ("sample", "pumped"),
    [
        (Sample(50, 9), True),
        (Sample(50, 10), False),
        (Sample(50, 0), True),
        (Sample(49, 0), False),
        (Sample(), False),
    ],
)
def test_codes_stop_where_hardly_any_comes_back(sample: Sample, pumped: bool) -> None:
    assert looks_pumped(sample) is pumped
    objection = objection_to_code(ShopSettings(country="BR"), "BR", Sent(sample=sample), {})
    assert objection == ("pumping_stop" if pumped else None)


def test_each_wait_is_twice_the_one_before() -> None:
    assert [wait_after(sends) for sends in (1, 2, 3, 4)] == [timedelta(seconds=s) for s in (30, 60, 120, 240)]


@pytest.mark.parametrize(
    ("number", "beginning"),
    [("+5511912345678", "+55119"), ("+33612345678", "+33612"), ("+12125550123", "+1212"), ("+994401234567", "+994401")],
)
def test_a_prefix_is_the_country_and_three_digits(number: str, beginning: str) -> None:
    assert prefix(number) == beginning


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("not one", "not one"),
    ],
)
def test_a_network_counts_as_one_address(address: str, counted: str) -> None:
    assert network(address) == counted
    assert len(network("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) <= 45
