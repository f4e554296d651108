"""A form that has texts sent to any number is as good for pumping as the one at the checkout: what confirms an alert
counts among the one-time codes."""

from typing import Any

import pytest

from sidecar.alerts.requests import AlertRefused
from sidecar.codes import Asked, CodeRefused
from sidecar.storage import alerts, verifications
from sidecar.storage.alerts import Alert
from tests.acceptance.test_codes import TestTrafficPumping as Pumping
from tests.alerting import asked, number_of, open_shop
from tests.world import MARIA, World


@pytest.fixture(params=["link", "code"])
def shop(world: World, request: pytest.FixtureRequest) -> World:
    open_shop(world, alert_confirmation=request.param, code_limit_per_hour=12)
    return world


def ask(shop: World, person: int, **changes: Any) -> Alert:
    return shop.alerts.ask(shop.shop, asked(person, **changes))


def refusal(shop: World, person: int) -> str:
    with pytest.raises(AlertRefused) as refused:
        ask(shop, person)
    with shop.database.read() as connection:
        assert alerts.of_person(connection, "shop_one", number_of(person), "", 9) == []
    return refused.value.code


def test_it_counts_among_the_codes_of_the_hour(shop: World) -> None:
    for person in range(1, 7):
        ask(shop, person)
    assert refusal(shop, 7) == "code_limit", "half of the hour's to one prefix"
    with pytest.raises(CodeRefused, match="code_limit"):
        shop.codes.ask(shop.shop, Asked(MARIA, "203.0.113.7", "s1"))
    ask(shop, 1)
    shop.clock.forward(hours=1, seconds=1)
    ask(shop, 7)


def test_it_stops_where_hardly_any_comes_back(shop: World) -> None:
    Pumping().fill(shop, 9)
    assert refusal(shop, 1) == "pumping_stop"


def test_what_came_back_counts_as_such(shop: World) -> None:
    alert = ask(shop, 1)
    if shop.shop.settings.alert_confirmation == "code":
        shop.alerts.check(shop.shop, alert.id, "123456")
    else:
        shop.alerts.confirm(alert, "link")
    ask(shop, 2)
    shop.clock.forward(minutes=6)
    with shop.database.read() as connection:
        (sample,) = verifications.samples(connection, "shop_one", 50, shop.clock()).values()
    assert (sample.sent, sample.confirmed) == (2, 1)


def test_who_said_stop_is_counted_like_anybody_and_proves_nothing(shop: World) -> None:
    shop.hear("STOP", sender=number_of(1))
    shop.settle()
    ask(shop, 1)
    shop.clock.forward(minutes=6)
    with shop.database.read() as connection:
        assert verifications.sent_by_country(connection, "shop_one", shop.clock()) == {"BR": 1}
        assert verifications.samples(connection, "shop_one", 50, shop.clock()) == {}


def test_a_number_of_another_country_may_have_an_alert(shop: World) -> None:
    ask(shop, 1, number="+4915112345678", country="DE")
