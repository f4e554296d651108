"""What a real shop tells of its stock, and what our plugin may tell."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.woocommerce.events import read_event
from connectors.woocommerce.normalise import read
from sidecar.domain.event import EventKind, ShopEvent, StockLevel
from sidecar.domain.reading import Ignored, Unreadable
from tests.connectors.woo_recording import SAO_PAULO, fault, payload, read_delivery

MUG, VARIATION = 61, 69


def level_of(told: ShopEvent | Ignored) -> StockLevel:
    assert isinstance(told, ShopEvent)
    assert (told.kind, told.order_id) == (EventKind.STOCK_SEEN, "")
    assert told.stock
    return told.stock


def level(seq: int = MUG, /, topic: str = "product.updated", **changes: Any) -> StockLevel:
    return level_of(read(topic, json.dumps(payload(seq, **changes)).encode(), SAO_PAULO))


def test_a_variation_is_delivered_as_a_product_that_names_its_parent() -> None:
    assert level_of(read_delivery(VARIATION)) == StockLevel(
        product_id="19",
        variation_id="21",
        name="Tênis Corrida - 40",
        url="http://127.0.0.1:8081/product/tenis-corrida/?attribute_tamanho=40",
        saleable=True,
        quantity=3,
        modified_at=datetime(2026, 11, 22, 12, 50, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("seq", "product", "saleable", "quantity"),
    [
        (60, "11", False, 0),
        (61, "11", True, 4),
        (67, "12", True, None),
        (68, "13", False, 0),
        (71, "19", False, 0),
        (73, "19", True, 5),
    ],
    ids=["last unit sold", "restocked", "not counted", "on back-order", "variation out", "variation back"],
)
def test_what_a_real_shop_delivered(seq: int, product: str, saleable: bool, quantity: int | None) -> None:
    told = level_of(read_delivery(seq))
    assert (told.product_id, told.saleable, told.quantity) == (product, saleable, quantity)


@pytest.mark.parametrize(
    ("changes", "saleable", "quantity"),
    [
        ({}, True, 4),
        ({"status": "draft"}, False, 4),
        ({"status": "private"}, False, 4),
        ({"status": "trash"}, False, 4),
        ({"purchasable": False}, False, 4),
        ({"stock_status": "onbackorder"}, False, 4),
        ({"stock_status": ""}, False, 4),
        ({"stock_quantity": 0}, False, 0),
        ({"stock_quantity": -2}, False, -2),
        ({"stock_quantity": "3"}, True, 3),
        ({"stock_quantity": 2.9}, True, 2),
        ({"stock_quantity": 0.5}, False, 0),
        ({"stock_quantity": None}, True, None),
        ({"stock_quantity": 10**18}, True, 2**31 - 1),
        ({"manage_stock": False}, True, None),
        ({"manage_stock": "parent"}, True, 4),
    ],
)
def test_really_saleable_is_published_purchasable_and_there(
    changes: dict[str, Any], saleable: bool, quantity: int | None
) -> None:
    told = level(**changes)
    assert (told.saleable, told.quantity) == (saleable, quantity)


def test_a_deleted_product_is_gone_with_nothing_but_its_id() -> None:
    told = level_of(read("product.deleted", b'{"id":11}', SAO_PAULO))
    assert told == StockLevel("11", "", "", "", saleable=False, quantity=None, modified_at=None)


def test_what_is_created_and_restored_is_read_alike() -> None:
    assert level(topic="product.created") == level(topic="product.restored") == level()


def test_a_product_that_is_still_being_written_is_ignored() -> None:
    body = json.dumps(payload(MUG, status="auto-draft")).encode()
    assert read("product.created", body, SAO_PAULO) == Ignored("a draft")


def test_an_address_that_is_none_is_left_out() -> None:
    assert level(permalink="javascript:alert(1)").url == ""
    assert level(permalink="https://x.example/" + "a" * 500).url == ""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"[]", "not_an_object"),
        (b'{"code":"woocommerce_rest_cannot_view","data":{"status":403}}', "shop_error"),
        (payload(MUG, id="x"), "bad_field"),
        (payload(MUG, date_modified_gmt="", date_modified=""), "missing_field"),
        (payload(MUG, date_modified_gmt="soon", date_modified=""), "bad_date"),
    ],
)
def test_what_cannot_be_read_speaks_of_the_product(body: Any, code: str) -> None:
    refused = fault(body, "product.updated")
    assert refused.code == code
    assert "product" in refused.sentence and "order" not in refused.sentence


TOLD = {
    "product_id": "19",
    "variation_id": "21",
    "name": "Tênis - 40",
    "url": "https://x.example/t",
    "saleable": True,
    "quantity": 3,
    "modified_at": "2026-11-22T09:50:16-03:00",
}


def event(**changes: Any) -> ShopEvent | Ignored:
    return read_event("", json.dumps({"type": "product.stock", "data": {**TOLD, **changes}}).encode(), "UTC")


def test_our_own_event_tells_the_same() -> None:
    moment = datetime(2026, 11, 22, 12, 50, 16, tzinfo=UTC)
    assert level_of(event()) == StockLevel("19", "21", "Tênis - 40", "https://x.example/t", True, 3, moment)
    assert level_of(event(product_id=19, variation_id=None)).variation_id == ""
    assert level_of(event(quantity=None)).saleable
    assert not level_of(event(quantity=0)).saleable


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("product_id", ""),
        ("product_id", "x" * 65),
        ("saleable", "yes"),
        ("saleable", 1),
        ("quantity", "many"),
        ("quantity", True),
        ("quantity", 1.5),
        ("quantity", 2**40),
        ("modified_at", "2026-11-22T09:50:16"),
        ("modified_at", "yesterday"),
        ("modified_at", 1_700_000_000),
    ],
)
def test_our_own_event_is_read_strictly(field: str, value: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        event(**{field: value})
    assert refused.value.code == "bad_field"
    assert f"`{field}`" in refused.value.sentence
