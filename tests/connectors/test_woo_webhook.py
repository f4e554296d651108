import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.woocommerce.webhook import DELIVERY_ID_HEADER, SIGNATURE_HEADER, TOPIC_HEADER, FirstLook, sort
from tests.connectors.woo_recording import DELIVERIES, body_of, headers_of, payload

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def look(seq: int) -> FirstLook:
    headers = headers_of(seq)
    return sort(headers.get(TOPIC_HEADER), headers["Content-Type"], body_of(seq))


def order(**changes: Any) -> bytes:
    return json.dumps(payload(**changes)).encode()


def test_the_176_real_deliveries_sorted() -> None:
    looks = {seq: look(seq) for seq in DELIVERIES}
    assert Counter(looks.values()) == {FirstLook.STORE: 169, FirstLook.DRAFT: 4, FirstLook.PING: 3}
    assert [seq for seq in looks if looks[seq] is FirstLook.PING] == [135, 136, 563]
    assert [seq for seq in looks if looks[seq] is FirstLook.DRAFT] == [524, 525, 556, 557]


def test_fact_7_the_headers_say_topic_and_signature() -> None:
    for headers in map(headers_of, DELIVERIES):
        is_ping = headers["Content-Type"] == FORM
        assert is_ping is not (TOPIC_HEADER in headers) and is_ping is not (SIGNATURE_HEADER in headers)


def test_fact_7_the_delivery_id_is_no_identity() -> None:
    """Fact 7 calls it new each time; the recording shows different orders under one id within one second."""
    assert headers_of(104)[DELIVERY_ID_HEADER] == headers_of(108)[DELIVERY_ID_HEADER]
    assert payload(104)["id"] != payload(108)["id"]


def test_fact_9_ping_is_unsigned_form() -> None:
    assert sort(None, FORM, b"webhook_id=2") is FirstLook.PING
    assert sort(None, f"{FORM}; charset=UTF-8", b"webhook_id=2") is FirstLook.PING


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"webhook_id=",
        b"webhook_id=2\n",
        b"webhook_id=2&id=25",
        b"webhook_id=-2",
        b"webhook_id=2a",
        b" webhook_id=2",
        b"x=1&webhook_id=2",
        "webhook_id=٢".encode(),
        b"webhook_id=" + b"2" * 21,
        b'{"id":25}',
    ],
)
def test_fact_9_no_other_form_is_a_ping(body: bytes) -> None:
    assert sort(None, FORM, body) is FirstLook.STORE


@pytest.mark.parametrize("content_type", [None, "", JSON, "text/plain", "multipart/form-data", FORM + "x"])
def test_fact_9_a_ping_is_a_form(content_type: str | None) -> None:
    assert sort(None, content_type, b"webhook_id=2") is FirstLook.STORE


def test_fact_9_a_ping_has_no_topic() -> None:
    assert sort("order.updated", FORM, b"webhook_id=2") is FirstLook.STORE


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft", "draft", "wc-checkout-draft", "Checkout-Draft"])
@pytest.mark.parametrize("topic", ["order.updated", "order.created", "order.restored", "subscription.updated", None])
def test_fact_16_drafts_are_not_to_be_stored(topic: str | None, status: str) -> None:
    assert sort(topic, JSON, order(status=status)) is FirstLook.DRAFT


def test_fact_16_a_draft_is_a_draft_however_oddly_it_is_written() -> None:
    for oddity in (b"\\ud800", b"\\u0000", "é".encode()):
        body = order(status="checkout-draft").replace(b'"customer_note": ""', b'"customer_note": "' + oddity + b'"')
        assert oddity in body
        assert sort("order.updated", JSON, body) is FirstLook.DRAFT
    assert sort("order.updated", JSON, order(status="checkout-draft", total=float("nan"))) is FirstLook.DRAFT
    assert sort("order.updated", JSON, b'{"status":"checkout\\u002ddraft","note":"x"}') is FirstLook.DRAFT


def test_fact_16_a_note_about_a_checkout_draft_makes_no_draft() -> None:
    note = '"status":"checkout-draft"'
    assert sort("order.created", JSON, order(customer_note=note)) is FirstLook.STORE
    assert sort("order.created", JSON, order(meta_data=[{"status": "checkout-draft"}])) is FirstLook.STORE


def test_a_product_may_be_a_draft_and_is_kept() -> None:
    assert sort("product.updated", JSON, b'{"id":14,"status":"draft"}') is FirstLook.STORE


def test_a_delivery_cut_short_is_stored_to_be_seen() -> None:
    body = body_of(1)
    assert sort("order.created", JSON, body[:2000]) is FirstLook.STORE
    assert sort("order.created", JSON, b"") is FirstLook.STORE


@pytest.mark.parametrize("body", [b"[]", b"null", b'"checkout-draft"', b'{"status":["draft"]}', b"[" * 100_000])
def test_what_is_no_order_is_stored_to_be_seen(body: bytes) -> None:
    assert sort("order.updated", JSON, body) is FirstLook.STORE


@given(st.none() | st.text(), st.none() | st.text() | st.just(FORM), st.binary())
def test_no_bytes_ever_raise(topic: str | None, content_type: str | None, body: bytes) -> None:
    assert sort(topic, content_type, body) is FirstLook.STORE


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_no_status_ever_raises(status: object) -> None:
    assert sort("order.updated", JSON, json.dumps({"status": status}).encode()) in (FirstLook.STORE, FirstLook.DRAFT)
