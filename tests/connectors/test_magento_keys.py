"""With which keys and rights a Magento store can be asked, and what is said of those that do not do. Findings are those
of the study of running stores, by section and number."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.magento.about import about
from connectors.magento.poller import Poller
from connectors.magento.rest import Keys, Rest, problem_of
from connectors.magento.scribe import Scribe
from connectors.magento.stock import Stock
from connectors.magento.stores import Stores
from sidecar.domain.backoffice import ShopProblem, Writing
from sidecar.domain.exchange import Answer
from tests.magento import RIGHTS, FakeMagento, answered, recorded
from tests.stock import all_shown
from tests.world import NOON

TOKEN = Keys("tok")
README = Path(__file__).parents[2] / "connectors" / "magento" / "README.md"


def rest(shop: FakeMagento, keys: Keys = TOKEN) -> Rest:
    return Rest("https://shop.example", keys, shop)


def everything(rest: Rest) -> Iterator[object]:
    """All that is ever asked of a store, by us."""
    stores = Stores(rest, [])
    yield about(rest, stores)
    yield list(Poller(rest, stores).orders(NOON, 50))
    yield list(Poller(rest, stores).shipments(NOON, 50))
    yield all_shown(Stock(rest, stores, NOON).stock([("2", "")]))
    yield Scribe(rest).write(Writing("task_1", "10", "Confirmed", "", again=True))
    yield Scribe(rest).write(Writing("task_2", "10", "Refused", "canceled", again=False))


def store(**of: object) -> FakeMagento:
    product = {"id": 2, "sku": "mug", "name": "Mug", "status": 1, "type_id": "simple"}
    made = FakeMagento(orders=[recorded("order_pending")], products=[product], salable={"mug": 1.0})
    return FakeMagento(**{**vars(made), **of})


@pytest.mark.parametrize("right", sorted(set(RIGHTS.values())))
def test_finding_5_6_each_right_is_needed_and_the_one_that_lacks_is_named(right: str) -> None:
    """By the store, to us, and in what the owner reads beforehand."""
    has_inventory = right != "Magento_Catalog::catalog_inventory"
    rights = set(RIGHTS.values()) - {right}
    with pytest.raises(ShopProblem) as refused:
        list(everything(rest(store(rights=rights, has_inventory=has_inventory))))
    assert refused.value.code == "keys_refused" and f"may lack the resource {right}" in refused.value.sentence
    assert f"`{right}`" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("has_inventory", [True, False])
def test_finding_5_6_the_rights_that_are_asked_for_are_enough(has_inventory: bool) -> None:
    shop = store(rights=set(RIGHTS.values()), has_inventory=has_inventory)
    assert len(list(everything(rest(shop)))) == 6


def test_finding_5_7_keys_are_tried_by_what_orders_and_parcels_need_and_one_row_of_each() -> None:
    """Which proves address, token and rights, and brings the time zone."""
    shop = store()
    assert about(rest(shop), Stores(rest(shop), [])).timezone == "America/New_York"
    tried = [(resource, query.get("searchCriteria[pageSize]")) for _, resource, query, *_ in shop.asked]
    assert tried == [("store/storeConfigs", None), ("orders", "1"), ("shipments", "1")]


def test_finding_5_3_the_token_of_an_administrator_is_refused_before_it_has_worked_for_an_hour() -> None:
    shop = store()
    asking = rest(shop, Keys(recorded("auth_admin_token")))
    with pytest.raises(ShopProblem, match="integration") as refused:
        about(asking, Stores(asking, []))
    assert (refused.value.code, shop.asked) == ("short_lived", [])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {
                "message": "No such entity with %fieldName = %fieldValue",
                "parameters": {"fieldName": "a", "fieldValue": 9},
            },
            "a = 9",
        ),
        ({"message": "%1 of %10 and %2", "parameters": [*"abcdefghij"]}, "a of j and b"),
        (recorded("err_no_searchcriteria"), '"searchCriteria" is required'),
        (recorded("err_bad_sort_direction"), "as ASC for ascending order or DESC for"),
        (recorded("err_comment_status_of_other_state"), 'The status "processing" is not part'),
    ],
)
def test_finding_5_5_what_a_store_says_is_shown_with_its_values_filled_in(body: object, told: str) -> None:
    assert told in problem_of(Answer(400, {}, json.dumps(body).encode()), TOKEN).sentence


def test_finding_5_5_a_right_is_filled_in_too() -> None:
    sentence = problem_of(answered("err_401_missing_acl_resource"), TOKEN).sentence
    assert "to access Magento_Backend::store" in sentence
