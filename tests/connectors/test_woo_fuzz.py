"""Whatever a shop sends, reading it ends in an event, in being ignored, or in `Unreadable`."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.woocommerce.normalise import Fault, Unreadable, read
from sidecar.domain.event import Order, ShopEvent, StockLevel
from tests.connectors.woo_recording import SAO_PAULO, body_of, payload


def check(topic: str, body: bytes, timezone: str = SAO_PAULO) -> None:
    """Whatever comes in, only `Unreadable` may come out, and only what a database can store."""
    try:
        told = read(topic, body, timezone)
    except Unreadable as refused:
        assert isinstance(refused.code, Fault)
        assert refused.sentence.isprintable()
        return
    if isinstance(told, ShopEvent) and told.order:
        check_order(told.order)
    if isinstance(told, ShopEvent) and told.stock:
        check_stock(told.stock)


def check_stock(told: StockLevel) -> None:
    for text, limit in ((told.product_id, 64), (told.variation_id, 64), (told.name, 200), (told.url, 500)):
        assert "\0" not in text and len(text) <= limit
        text.encode()
    assert told.product_id
    assert told.quantity is None or abs(told.quantity) < 2**31
    assert told.modified_at is None or told.modified_at.tzinfo is UTC
    assert not told.saleable or told.quantity is None or told.quantity > 0


def check_order(told: Order) -> None:
    texts = (told.id, told.number, told.status, told.phone, told.country, told.first_name, told.total, told.currency)
    for text in texts:
        assert "\0" not in text
        assert len(text.encode()) <= 4 * 64
    assert told.id and told.number and told.status
    assert told.modified_at.tzinfo is UTC


TOPICS = st.sampled_from(
    ["order.created", "order.updated", "order.restored", "order.deleted", "product.updated", "product.deleted"]
)
ANY_TEXT = st.text(st.characters())
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT
JSON_VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4), max_leaves=12
)
FIELDS = st.sampled_from([*json.loads(body_of(1)), "type", "code", "data"])
PRODUCT_FIELDS = st.sampled_from(list(json.loads(body_of(4))))


@given(st.text(), st.binary(), st.text())
def test_any_bytes(topic: str, body: bytes, timezone: str) -> None:
    check(topic, body, timezone)


@given(TOPICS, st.binary())
def test_any_bytes_as_an_order(topic: str, body: bytes) -> None:
    check(topic, body)


@given(TOPICS, JSON_VALUES)
def test_any_json_as_an_order(topic: str, value: object) -> None:
    check(topic, json.dumps(value).encode())


@settings(max_examples=400)
@given(TOPICS, st.dictionaries(FIELDS, JSON_VALUES, max_size=6), st.text(max_size=5) | st.just(SAO_PAULO))
def test_a_real_order_with_any_fields(topic: str, fields: dict[str, object], timezone: str) -> None:
    check(topic, json.dumps(payload(**fields)).encode(), timezone)


@settings(max_examples=400)
@given(
    st.sampled_from(["billing", "shipping"]),
    st.fixed_dictionaries({}, optional={"phone": JSON_VALUES, "country": JSON_VALUES, "first_name": JSON_VALUES}),
)
def test_a_real_order_with_any_address(part: str, fields: dict[str, object]) -> None:
    check("order.updated", json.dumps(payload(**{part: fields})).encode())


@settings(max_examples=400)
@given(TOPICS, st.sampled_from([1, 75, 41, 539, 564]), st.data())
def test_a_real_delivery_with_bytes_replaced(topic: str, seq: int, data: st.DataObject) -> None:
    body = body_of(seq)
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 20)))
    check(topic, body[:start] + data.draw(st.binary(max_size=20)) + body[end:])


@given(st.datetimes(), st.sampled_from(["Europe/Paris", SAO_PAULO, "Pacific/Apia", "Asia/Kathmandu"]))
def test_any_local_time_in_any_zone(local: datetime, timezone: str) -> None:
    check(
        "order.updated", json.dumps(payload(date_modified_gmt="", date_modified=local.isoformat())).encode(), timezone
    )


@given(st.dictionaries(PRODUCT_FIELDS, JSON_VALUES, max_size=4))
def test_a_real_product_with_any_fields_changed(changes: dict[str, object]) -> None:
    check("product.updated", json.dumps({**json.loads(body_of(4)), **changes}).encode())
