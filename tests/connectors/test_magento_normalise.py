"""What real Magento stores showed, read. Findings are those of the study of running stores, by section and number."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.magento.normalise import ORDER, PARCEL, read, read_event
from sidecar.catalog.templates import key_for_status
from sidecar.domain.event import EventKind, Order, Parcel, Refund, ShopEvent
from sidecar.domain.reading import Ignored, Unreadable
from sidecar.domain.shop import PLACED_STATUSES, Platform
from sidecar.policy.orders import Placed, StatusChanged, observe
from tests.magento import recorded

EVENTS = Path(__file__).parents[1] / "data" / "magento" / "module_events.jsonl"
PLACED = PLACED_STATUSES[Platform.MAGENTO]


def order_of(name: str, **changes: Any) -> Order:
    event = read(ORDER, json.dumps({**recorded(name), **changes}).encode(), "UTC")
    assert isinstance(event, ShopEvent) and event.order
    return event.order


def parcel_of(shipment: dict[str, Any]) -> Parcel:
    event = read(PARCEL, json.dumps({"order_id": 2, "shipment": shipment}).encode(), "UTC")
    assert isinstance(event, ShopEvent) and event.parcel and event.order_id == "2"
    return event.parcel


def seen(order: Order) -> ShopEvent:
    return ShopEvent(EventKind.ORDER_SEEN, order.id, order)


def test_finding_1_2_the_usual_statuses_each_have_their_text() -> None:
    names = ("pending", "processing", "complete_shipped_before_invoice", "canceled", "closed", "holded")
    keys = [key_for_status(order_of(f"order_{name}").status) for name in (*names, "payment_review", "pending_payment")]
    assert keys == [
        *("order_status", "order_processing", "order_completed", "order_cancelled", "order_refunded"),
        *("order_on_hold", "order_payment_review", "order_pending"),
    ]


def test_finding_1_1_a_status_of_the_merchants_own_is_told_as_it_is_and_its_state_says_how_far_the_order_is() -> None:
    order = order_of("order_processing", status="packed", state="processing")
    assert (order.status, order.state, key_for_status(order.status)) == ("packed", "processing", "order_status")
    assert observe(None, seen(order), PLACED).change == Placed()
    gone = order_of("order_processing", status="lost_in_fire", state="canceled")
    assert observe(None, seen(gone), PLACED).change is None


def test_finding_1_4_a_status_that_two_states_share_is_one_status() -> None:
    """`fraud` is one of `processing` and of `payment_review`: between them nothing changes for the customer."""
    first = order_of("order_pending", status="fraud", state="payment_review")
    known = observe(None, seen(first), PLACED).record
    later = order_of("order_pending", status="fraud", state="processing", updated_at="2026-11-22 13:00:00")
    assert observe(known, seen(later), PLACED).change is None
    assert key_for_status("fraud") == "order_payment_review"


def test_finding_1_5_a_gateway_may_begin_with_any_status_of_a_state_in_which_orders_are_placed() -> None:
    order = order_of("order_custom_status_processing")
    assert (order.status, order.state) not in (("processing", "processing"), ("", ""))
    assert observe(None, seen(order), PLACED).change == Placed()


def test_finding_1_5_an_order_that_has_not_been_paid_is_not_placed() -> None:
    assert observe(None, seen(order_of("order_pending_payment")), PLACED).change is None


def test_a_new_order_is_not_one_that_waits_for_payment() -> None:
    """`pending` is what Magento calls a new order, and WooCommerce one that has not been paid."""
    order = order_of("order_pending")
    assert (order.status, order.state) == ("new", "new")
    assert observe(None, seen(order), PLACED).change == Placed()


def test_finding_1_6_an_edited_order_is_neither_cancelled_nor_placed_anew() -> None:
    before = observe(None, seen(order_of("order_pending")), PLACED).record
    old = order_of(
        "order_pending", state="canceled", status="canceled", relation_child_id="11", updated_at="2026-11-22 13:00:00"
    )
    assert observe(before, seen(old), PLACED).change is None
    new = order_of("order_pending", entity_id=11, increment_id="000000010-1", relation_parent_id="10")
    assert observe(None, seen(new), PLACED).change is None


def test_finding_1_7_a_partial_shipment_leaves_the_status_as_it_was() -> None:
    assert order_of("order_partial").status == "processing"


def test_finding_2_1_the_customer_knows_another_number_than_the_shop() -> None:
    order = order_of("order_br_store_BRL")
    assert (order.id, order.number, order.currency) == ("18", "2000000001", "BRL")


def test_finding_2_2_fields_without_a_value_are_not_there() -> None:
    bare = {"entity_id": 3, "status": "pending", "state": "new", "updated_at": "2026-11-22 12:48:08"}
    event = read(ORDER, json.dumps(bare).encode(), "UTC")
    assert isinstance(event, ShopEvent) and event.order
    assert (event.order.number, event.order.phone, event.order.customer_id) == ("3", "", "")


def test_finding_2_3_a_virtual_order_has_a_shipping_assignment_without_an_address() -> None:
    order = order_of("order_virtual_pending")
    assert (order.phone, order.receiver_phone, order.receiver_country) == ("07700 900123", "", "GB")


@pytest.mark.parametrize("name", ["order_pending", "order_virtual_pending"])
def test_a_mobile_number_given_for_texts_counts_instead_of_the_telephone(name: str) -> None:
    shown = recorded(name)["extension_attributes"]
    before, order = order_of(name), order_of(name, extension_attributes={**shown, "recado_mobile": "07700 900999"})
    assert (order.phone, order.country) == ("07700 900999", before.country)
    assert order.receiver_phone == before.receiver_phone
    assert order_of(name, extension_attributes={**shown, "recado_mobile": None}).phone == before.phone != ""


def test_finding_2_5_a_guest_has_a_name_and_no_id() -> None:
    order = order_of("order_pending")
    assert (order.first_name, order.last_name, order.customer_id) == ("Tom", "Smith", "")


def test_finding_2_6_a_configurable_product_is_two_rows_and_one_thing() -> None:
    assert order_of("order_configurable_pending").items == 2
    assert len(recorded("order_configurable_pending")["items"]) == 2


def test_finding_3_1_times_are_in_utc_whatever_the_store() -> None:
    assert order_of("order_pending").modified_at == datetime(2026, 11, 22, 12, 48, 8, tzinfo=UTC)


def test_finding_4_2_a_number_added_later_is_told_with_its_carrier() -> None:
    parcel = parcel_of(recorded("shipment_2_track_added_later"))
    assert (parcel.id, parcel.tracking_number, parcel.carrier) == ("LP00123456789FR", "LP00123456789FR", "La Poste")


def test_a_shipment_without_a_number_is_known_by_its_own_id() -> None:
    parcel = parcel_of({**recorded("shipment_2_track_added_later"), "tracks": []})
    assert (parcel.id, parcel.tracking_number) == ("2", "")


def module_events() -> list[dict[str, Any]]:
    return [json.loads(line) for line in EVENTS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("number", range(len(module_events())))
def test_what_the_module_told_is_read(number: int) -> None:
    told = module_events()[number]
    body = told.get("body", told)
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    event = read_event("", raw, "UTC")
    assert isinstance(event, ShopEvent | Ignored)
    kind = json.loads(raw)["type"]
    assert isinstance(event, ShopEvent)
    assert (event.parcel is not None) == (kind == "order.parcel")
    assert (event.note is not None) == (kind == "order.note")
    assert (event.stock is not None) == (kind == "product.stock")


def transition(before: str, status: str, state: str, second: int, from_state: str = "processing") -> ShopEvent:
    at = f"2026-11-22 12:50:{second:02}"
    change = {"from_state": from_state, "from_status": before, "state": state, "status": status, "at": at}
    return seen(order_of("order_pending", status=status, state=state, updated_at=at, transition=change))


def test_finding_4_9_statuses_passed_within_one_second_are_each_told_in_their_order() -> None:
    steps = [
        transition("", "pending", "new", 1, from_state=""),
        transition("pending", "processing", "processing", 1, from_state="new"),
        transition("processing", "complete", "complete", 1),
    ]
    record, changes = None, []
    for event in (*steps, steps[0], steps[1]):
        seen_now = observe(record, event, PLACED)
        record = seen_now.record
        changes.append(seen_now.change)
    assert changes == [Placed(), StatusChanged("new", 1), StatusChanged("processing", 2), None, None]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"entity_id": None}, "`entity_id`"),
        ({"entity_id": -1}, "`entity_id`"),
        ({"status": ""}, "`status`"),
        ({"updated_at": "yesterday"}, "`updated_at`"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        order_of("order_pending", **changes)
    assert told in refused.value.sentence


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(recorded("order_pending"))), _JSON)
def test_whatever_stands_in_a_field_nothing_but_unreadable_escapes(name: str, value: Any) -> None:
    with suppress(Unreadable):
        order_of("order_pending", **{name: value})


@given(st.binary(max_size=60) | _JSON.map(lambda value: json.dumps({"type": "order.parcel", "data": value}).encode()))
def test_whatever_is_posted_nothing_but_unreadable_escapes(body: bytes) -> None:
    with suppress(Unreadable):
        read_event("", body, "UTC")


def test_a_refund_of_a_part_is_told_with_its_amount_and_one_in_full_by_the_status() -> None:
    paid = {"entity_id": "3", "grand_total": "5.00", "order_currency_code": "BRL"}
    for state, kind in (("processing", EventKind.REFUNDED_IN_PART), ("closed", EventKind.ORDER_SEEN)):
        shown = {**recorded("order_processing"), "state": state, "status": state}
        data = {"order": shown, "creditmemo": paid}
        event = read_event("", json.dumps({"type": "order.refund", "data": data}).encode(), "UTC")
        assert isinstance(event, ShopEvent)
        assert (event.kind, event.order_id) == (kind, str(shown["entity_id"]))
        assert event.refund == (Refund("3", "5.00", "BRL") if kind is EventKind.REFUNDED_IN_PART else None)
