"""Writing into a Magento store's books, and what it tells of itself. Findings are those of the study of running
stores, by section and number."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.magento.about import about
from connectors.magento.rest import Keys, Rest
from connectors.magento.scribe import Scribe
from connectors.magento.stores import Stores
from sidecar.domain.backoffice import ShopProblem, Writing
from tests.magento import FakeMagento, answered, recorded

NOTE = Writing("task_1", "10", "Maria confirmed by text.", "", again=False)


def rest(shop: FakeMagento) -> Rest:
    return Rest("https://shop.example", Keys("tok"), shop)


@pytest.fixture
def shop() -> FakeMagento:
    return FakeMagento(orders=[recorded("order_pending")])


def written(shop: FakeMagento) -> list[dict[str, Any]]:
    return [asked[4] for asked in shop.asked if asked[0] == "POST" and asked[1].endswith("comments")]


def test_finding_2_10_a_comment_notifies_nobody_and_keeps_the_status(shop: FakeMagento) -> None:
    Scribe(rest(shop)).write(NOTE)
    [told] = written(shop)
    history = told["statusHistory"]
    assert history["comment"].startswith("Maria confirmed by text.")
    assert (history["is_customer_notified"], history["is_visible_on_front"], history["status"]) == (0, 0, "pending")


def test_a_comment_whose_answer_was_lost_is_looked_for_before_it_is_written_again(shop: FakeMagento) -> None:
    shop.lost = 1
    with pytest.raises(ShopProblem) as lost:
        Scribe(rest(shop)).write(NOTE)
    assert lost.value.uncertain
    Scribe(rest(shop)).write(replace(NOTE, again=True))
    assert len(shop.comments) == 1


def test_a_status_goes_with_the_comment(shop: FakeMagento) -> None:
    Scribe(rest(shop)).write(replace(NOTE, status="confirmed"))
    assert shop.orders[0]["status"] == "confirmed"


def test_finding_2_10_a_status_of_another_state_is_refused_for_good(shop: FakeMagento) -> None:
    with pytest.raises(ShopProblem) as refused:
        Scribe(rest(shop)).write(replace(NOTE, status="shipped_elsewhere"))
    assert refused.value.hopeless and shop.comments == []


def test_finding_2_11_an_order_whose_status_another_program_set_beside_its_state_gets_its_comment(
    shop: FakeMagento,
) -> None:
    """Magento refuses a comment with the very status the order has, and takes one that names none."""
    shop.orders[0] |= {"state": "new", "status": "processing"}
    Scribe(rest(shop)).write(NOTE)
    assert (len(shop.comments), shop.orders[0]["status"]) == (1, "processing")


def test_an_order_is_cancelled_and_not_only_called_so(shop: FakeMagento) -> None:
    Scribe(rest(shop)).write(replace(NOTE, status="canceled"))
    assert shop.orders[0]["state"] == "canceled"
    assert shop.comments[0]["status"] == "canceled"


def test_finding_2_9_a_cancellation_answered_with_false_did_not_happen(shop: FakeMagento) -> None:
    shop.cancellable = False
    with pytest.raises(ShopProblem) as refused:
        Scribe(rest(shop)).write(replace(NOTE, status="canceled"))
    assert (refused.value.code, refused.value.hopeless) == ("cannot_cancel", True)
    assert shop.comments == []


@pytest.mark.parametrize("state", ["complete", "closed", "canceled"])
def test_an_order_that_is_over_gets_the_comment_only(shop: FakeMagento, state: str) -> None:
    shop.orders[0] |= {"state": state, "status": state}
    Scribe(rest(shop)).write(replace(NOTE, status="canceled"))
    assert [comment["status"] for comment in shop.comments] == [state]


def test_a_store_tells_its_language_zone_and_currency(shop: FakeMagento) -> None:
    told = about(rest(shop), Stores(rest(shop), ["br_pt"]))
    assert (told.country, told.locale, told.timezone, told.currency) == ("BR", "pt_BR", "America/Sao_Paulo", "BRL")


def test_a_store_view_that_is_not_there_is_named(shop: FakeMagento) -> None:
    with pytest.raises(ShopProblem) as refused:
        about(rest(shop), Stores(rest(shop), ["nowhere"]))
    assert refused.value.code == "unknown_store"


def test_finding_5_1_keys_are_refused_with_what_to_do(shop: FakeMagento) -> None:
    shop.failing = answered("err_401_bearer_valid_token_but_setting_off")
    with pytest.raises(ShopProblem) as refused:
        about(rest(shop), Stores(rest(shop), []))
    assert refused.value.code == "keys_refused" and "Consumer Settings" in refused.value.sentence
