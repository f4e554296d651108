"""Whether products of a Magento store can be bought, as it says when it is asked. Findings are those of the study of
running stores, by section and number."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from connectors.magento.normalise import read
from connectors.magento.rest import Keys, Rest
from connectors.magento.stock import Stock
from connectors.magento.stores import Stores
from sidecar.domain.backoffice import Found, ShopProblem
from sidecar.domain.event import ShopEvent
from sidecar.domain.exchange import Answer
from tests.magento import FakeMagento, answer
from tests.stock import all_shown
from tests.world import NOON

SECOND = timedelta(seconds=1)


def stock_of(shop: FakeMagento, asked_at: datetime = NOON) -> Stock:
    rest = Rest("https://shop.example", Keys("tok"), shop)
    return Stock(rest, Stores(rest, []), asked_at)


PRODUCTS = [
    {"id": 2, "sku": "lab mug/1", "name": "Mug", "status": 1, "type_id": "simple"},
    {"id": 7, "sku": "hoodie", "name": "Hoodie", "status": 1, "type_id": "configurable"},
    {"id": 5, "sku": "hoodie-m", "name": "Hoodie M", "status": 1, "type_id": "simple"},
    {"id": 6, "sku": "hoodie-l", "name": "Hoodie L", "status": 2, "type_id": "simple"},
]
WANTED = [("2", ""), ("7", ""), ("7", "5"), ("7", "6"), ("99", "")]


@pytest.mark.parametrize("has_inventory", [True, False])
def test_finding_6_6_what_counts_is_what_can_be_bought(has_inventory: bool) -> None:
    salable = {"lab mug/1": 3.0, "hoodie": 1.0, "hoodie-m": 0.0, "hoodie-l": 9.0}
    shop = FakeMagento(products=PRODUCTS, salable=salable, has_inventory=has_inventory)
    found = all_shown(stock_of(shop).stock(WANTED))
    told = [json.loads(each.body) for each in found]
    assert [each["saleable"] for each in told] == [True, True, False, False, False]
    assert told[0]["quantity"] == 3
    assert told[2]["name"] == "Hoodie"
    assert told[0]["url"].endswith("/catalog/product/view/id/2")
    events = [read(each.topic, each.body, "UTC") for each in found]
    assert [event.stock.saleable for event in events if isinstance(event, ShopEvent) and event.stock] == [
        *(True, True, False, False, False)
    ]


@pytest.mark.parametrize("type_id", ["configurable", "bundle", "grouped"])
def test_finding_6_6_what_has_no_stock_of_its_own_is_not_counted_and_stops_nothing(type_id: str) -> None:
    """Magento answers 400 to whoever asks how many of it there are."""
    products = [{"id": 9, "sku": "set", "name": "Set", "status": 1, "type_id": type_id}, PRODUCTS[0]]
    shop = FakeMagento(products=products, salable={"set": 1.0, "lab mug/1": 3.0})
    told = [json.loads(each.body) for each in all_shown(stock_of(shop).stock([("9", ""), ("2", "")]))]
    assert [(each["saleable"], each["quantity"]) for each in told] == [(True, None), (True, 3)]


def test_finding_6_6_a_sku_that_the_web_server_does_not_let_through_stops_no_other_product() -> None:
    shop = FakeMagento(products=PRODUCTS, salable={"lab mug/1": 3.0, "hoodie": 1.0}, takes_slashes=False)
    found = all_shown(stock_of(shop).stock([("2", ""), ("7", "")]))
    assert [json.loads(each.body)["saleable"] for each in found] == [False, True]


@pytest.mark.parametrize("has_inventory", [True, False])
@pytest.mark.parametrize(("quantity", "is_there"), [(1.0, True), (0.0, False), (-2.0, False)])
def test_what_is_on_back_order_can_be_bought_and_is_not_there(
    quantity: float, is_there: bool, has_inventory: bool
) -> None:
    salable = {"lab mug/1": quantity}
    shop = FakeMagento(products=PRODUCTS, salable=salable, has_inventory=has_inventory, backorders=True)
    [found] = all_shown(stock_of(shop).stock([("2", "")]))
    assert json.loads(found.body)["saleable"] is True
    event = read(found.topic, found.body, "UTC")
    assert isinstance(event, ShopEvent) and event.stock and event.stock.saleable is is_there


def test_finding_6_9_what_is_back_is_early_since_its_page_follows_by_an_index() -> None:
    shop = FakeMagento(products=PRODUCTS, salable={"lab mug/1": 3.0})
    assert [each.early for each in all_shown(stock_of(shop).stock([("2", ""), ("7", "5")]))] == [True, False]


def test_stock_that_has_not_changed_looks_as_before() -> None:
    shop = FakeMagento(products=PRODUCTS, salable={"lab mug/1": 3.0})

    def look(moment: datetime) -> str:
        [found] = all_shown(stock_of(shop, moment).stock([("2", "")]))
        return found.looks

    before = look(NOON)
    assert look(NOON + SECOND) == before
    shop.salable = {}
    assert look(NOON) != before


def test_a_product_that_cannot_be_shown_keeps_no_other_from_being_shown() -> None:
    shop = FakeMagento(products=PRODUCTS, salable={"hoodie-m": 2.0, "hoodie": 1.0})

    def breaking(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        return answer({"message": "broken"}, 500) if "/hoodie/" in path else shop(method, path, headers, body)

    rest = Rest("https://shop.example", Keys("tok"), breaking)
    told = dict(Stock(rest, Stores(rest, []), NOON).stock([("7", ""), ("7", "5")]))
    assert isinstance(problem := told["7", ""], ShopProblem) and problem.code == "shop_failing"
    assert isinstance(told["7", "5"], Found)
