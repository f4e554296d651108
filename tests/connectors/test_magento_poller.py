"""Asking a Magento store: every order and shipment that is there is shown, and every refusal explained. Findings are
those of the study of running stores, by section and number."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.magento.normalise import read
from connectors.magento.payload import named
from connectors.magento.poller import Poller
from connectors.magento.rest import Keys, Rest, problem_of
from connectors.magento.stores import Stores
from sidecar.domain.backoffice import Page, ShopProblem
from sidecar.domain.event import ShopEvent
from sidecar.domain.exchange import Answer
from tests.connectors.test_magento_stock import PRODUCTS, stock_of
from tests.magento import FakeMagento, answered, recorded
from tests.stock import all_shown
from tests.world import NOON

SECOND = timedelta(seconds=1)
TOKEN = Keys("tok")
FOUR = Keys("tok", "tok_secret", "ck", "ck_secret")


def poller(shop: FakeMagento, *codes: str, keys: Keys = TOKEN) -> Poller:
    rest = Rest("https://shop.example", keys, shop)
    return Poller(rest, Stores(rest, codes))


def order(number: int, seconds: float, **fields: Any) -> dict[str, Any]:
    changed = named(NOON + seconds * SECOND)
    return {**recorded("order_pending"), "entity_id": number, "updated_at": changed, **fields}


def shown(pages: list[Page]) -> list[int]:
    return [int(found.key) for page in pages for found in page.found]


def all_since(shop: FakeMagento, since: datetime = NOON, size: int = 3) -> list[int]:
    return shown(list(poller(shop).orders(since, size)))


def test_finding_4_3_the_second_that_is_asked_from_is_part_of_the_answer() -> None:
    shop = FakeMagento(orders=[order(1, -1), order(2, 0), order(3, 1)])
    assert all_since(shop) == [2, 3]


def test_finding_3_2_moments_are_named_as_the_database_writes_them() -> None:
    shop = FakeMagento()
    all_since(shop)
    assert shop.asked[0][2]["searchCriteria[filter_groups][0][filters][0][value]"] == "2026-11-22 15:00:00"


def test_finding_4_3_more_orders_of_one_second_than_a_page_holds_are_all_shown() -> None:
    shop = FakeMagento(orders=[order(number, 5) for number in range(1, 11)] + [order(11, 6), order(12, 7)])
    assert set(all_since(shop)) == set(range(1, 13))


def test_finding_4_4_what_moves_while_pages_are_read_hides_nothing_else() -> None:
    shop = FakeMagento(orders=[order(number, number) for number in range(1, 13)])

    def one_moves_on() -> None:
        moving = min(shop.orders, key=lambda row: str(row["updated_at"]))
        moving["updated_at"] = named(NOON + timedelta(minutes=1))

    shop.moves = one_moves_on
    assert set(all_since(shop)) >= set(range(2, 13))


def test_finding_4_6_a_page_that_is_not_full_is_the_last_one_asked_for() -> None:
    shop = FakeMagento(orders=[order(1, 1), order(2, 2)])
    assert all_since(shop) == [1, 2]
    assert len([asked for asked in shop.asked if asked[1] == "orders"]) == 1


def test_finding_4_7_a_smaller_limit_of_the_merchant_is_kept_to_and_remembered() -> None:
    shop = FakeMagento(orders=[order(number, number) for number in range(1, 8)], most=2)
    assert set(all_since(shop, size=50)) == set(range(1, 8))
    sizes = [asked[2]["searchCriteria[pageSize]"] for asked in shop.asked if asked[1] == "orders"]
    assert sizes[0] == "50" and set(sizes[1:]) == {"2"}


def test_finding_4_5_no_question_is_one_that_a_store_answers_with_silence() -> None:
    """A condition it does not know finds nothing, a column it does not know is a fault of the server's."""
    shop = FakeMagento(orders=[order(number, 5) for number in range(1, 5)], products=PRODUCTS, salable={"hoodie": 1.0})
    shop.shipments = [{**recorded("shipment_2_track_added_later"), "created_at": named(NOON)}]
    assert set(all_since(shop)) == {1, 2, 3, 4}
    assert [found.key for page in poller(shop).shipments(NOON, 3) for found in page.found] == ["2:2"]
    assert [json.loads(found.body)["name"] for found in all_shown(stock_of(shop).stock([("7", "")]))] == ["Hoodie"]
    criteria = [query for _, resource, query, *_ in shop.asked if resource in ("orders", "shipments", "products")]
    assert all(
        {"searchCriteria[pageSize]", "searchCriteria[sortOrders][0][direction]"} <= set(query) for query in criteria
    )


def test_the_mobile_number_that_the_module_asked_for_is_asked_for_and_kept() -> None:
    row = order(1, 1)
    shop = FakeMagento(orders=[{**row, "extension_attributes": {**row["extension_attributes"], "recado_mobile": "2"}}])
    [page] = poller(shop).orders(NOON, 3)
    [asked] = [query["fields"] for _, resource, query, *_ in shop.asked if resource == "orders"]
    assert ",recado_mobile]" in asked
    event = read(page.found[0].topic, page.found[0].body, "UTC")
    assert isinstance(event, ShopEvent) and event.order and event.order.phone == "2"


def test_finding_2_8_language_is_that_of_the_orders_view_and_currency_that_of_the_order() -> None:
    """Whatever the first view, or the view's own base currency."""
    german = {**recorded("order_br_store_BRL"), "entity_id": 19, "order_currency_code": "EUR", "store_id": 1}
    shop = FakeMagento(orders=[recorded("order_br_store_BRL"), german])
    [page] = poller(shop).orders(NOON - timedelta(days=1), 50)
    events = [read(found.topic, found.body, "UTC") for found in page.found]
    orders = [event.order for event in events if isinstance(event, ShopEvent) and event.order]
    assert {(each.id, each.locale, each.currency) for each in orders} == {
        ("18", "pt_BR", "BRL"),
        ("19", "en_US", "EUR"),
    }


def test_finding_2_7_only_the_shops_own_store_views_are_shown_in_their_language() -> None:
    shop = FakeMagento(orders=[order(1, 1, store_id=1), order(2, 2, store_id=2)])
    [page] = poller(shop, "br_pt").orders(NOON, 50)
    assert [json.loads(found.body)["locale"] for found in page.found] == ["pt_BR"]


def test_finding_4_8_what_is_not_read_of_an_order_does_not_leave_the_shop() -> None:
    shop, answers = FakeMagento(orders=[order(1, 1)], shipments=[recorded("shipment_1_with_track")]), []

    def listening(*asked: Any) -> Answer:
        answers.append(shop(*asked).body)
        return Answer(200, {}, answers[-1])

    rest = Rest("https://shop.example", TOKEN, listening)
    asking = Poller(rest, Stores(rest, []))
    pages = [*asking.orders(NOON, 50), *asking.shipments(NOON - timedelta(days=1), 50)]
    assert len(pages) == 2
    told = b"".join(body for body in answers if b"items" in body)
    assert b"Baker Street" not in told and b"g@example.com" not in told and b"remote_ip" not in told
    assert len(told) < len(json.dumps(order(1, 1))) / 5


def test_what_is_not_read_of_an_order_is_not_kept() -> None:
    shop = FakeMagento(orders=[order(1, 1)])
    [page] = poller(shop).orders(NOON, 50)
    body = page.found[0].body.decode()
    assert "Baker Street" not in body and "g@example.com" not in body and "remote_ip" not in body


def test_an_order_reads_the_same_kept_as_shown() -> None:
    shop = FakeMagento(orders=[recorded("order_pending"), recorded("order_virtual_pending")])
    [page] = poller(shop).orders(NOON - timedelta(days=1), 50)
    for found in page.found:
        [whole] = [row for row in shop.orders if str(row["entity_id"]) == found.key]
        raw = json.dumps({**whole, "locale": "en_US"}).encode()
        assert read(found.topic, found.body, "UTC") == read("order.updated", raw, "UTC")


def test_finding_4_2_each_number_of_a_shipment_is_a_parcel_and_one_added_later_is_news() -> None:
    shipment = recorded("shipment_2_track_added_later")
    shop = FakeMagento(shipments=[{**shipment, "tracks": []}])
    since = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
    [before] = poller(shop).shipments(since, 50)
    shop.shipments = [shipment]
    [after] = poller(shop).shipments(since, 50)
    assert [found.key for found in before.found] == ["2:"]
    assert [found.key for found in after.found] == ["2:2"]
    event = read(after.found[0].topic, after.found[0].body, "UTC")
    assert isinstance(event, ShopEvent) and event.parcel
    assert (event.order_id, event.parcel.tracking_number) == ("2", "LP00123456789FR")


def test_a_token_alone_is_sent_as_it_is_and_four_values_sign() -> None:
    shop = FakeMagento()
    all_since(shop)
    list(poller(shop, keys=FOUR).orders(NOON, 3))
    bearer, signed = (dict(asked[3])["Authorization"] for asked in shop.asked)
    assert bearer == "Bearer tok"
    assert 'oauth_signature_method="HMAC-SHA256"' in signed
    assert "tok_secret" not in signed and "ck_secret" not in signed


def test_finding_5_2_spaces_are_written_so_that_the_signature_is_found_right() -> None:
    shop = FakeMagento()
    list(poller(shop, keys=FOUR).orders(NOON, 3))
    assert "+" not in shop.addresses[0] and "2026-11-22%2015%3A00%3A00" in shop.addresses[0]


def problem(answer: Answer, keys: Keys = TOKEN) -> ShopProblem:
    return problem_of(answer, keys)


def test_finding_5_1_a_token_that_may_not_be_used_alone_is_explained() -> None:
    told = problem(answered("err_401_bearer_valid_token_but_setting_off"))
    assert told.code == "keys_refused"
    assert "standalone Bearer tokens" in told.sentence and "Magento_Backend::store" in told.sentence


def test_finding_5_4_a_missing_right_is_named() -> None:
    told = problem(answered("err_401_missing_acl_resource"), FOUR)
    assert "Magento_Backend::store" in told.sentence and "Bearer" not in told.sentence


@pytest.mark.parametrize(
    ("message", "hint"),
    [("The signature is invalid. Verify and try again.", "$http_host"), ("The timestamp has expired", "clocks")],
)
def test_finding_5_2_a_signature_that_fails_names_the_proxy_and_the_clock(message: str, hint: str) -> None:
    told = problem(Answer(401, {}, json.dumps({"message": message}).encode()), FOUR)
    assert hint in told.sentence


@pytest.mark.parametrize(
    ("name", "code", "hopeless"),
    [
        ("err_503_maintenance", "maintenance", False),
        ("err_404_order", "not_there", True),
        ("err_bad_field", "shop_failing", False),
        ("auth_oauth1_hmac-sha1", "refused", True),
    ],
)
def test_finding_5_8_each_refusal_has_its_code_and_its_words(name: str, code: str, hopeless: bool) -> None:
    told = problem(answered(name))
    assert (told.code, told.hopeless) == (code, hopeless)
    assert "%" not in told.sentence


def test_finding_5_8_the_trace_of_developer_mode_is_not_shown() -> None:
    body = {"message": "No such entity with %1 = %2", "parameters": ["orderId", "9"], "trace": "SELECT secret FROM x"}
    told = problem(Answer(404, {}, json.dumps(body).encode()))
    assert "orderId = 9" in told.sentence and "SELECT" not in told.sentence
