"""Events in our own envelope."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.woocommerce.events import read_event
from sidecar.domain.event import EventKind, Refund, ShopEvent, Transition
from sidecar.domain.reading import Ignored, Unreadable
from tests.world import order


def envelope(kind: Any, data: Any) -> bytes:
    return json.dumps({"type": kind, "data": data}).encode()


def test_an_order_in_an_envelope_is_read_as_from_a_webhook() -> None:
    event = read_event("", envelope("order.updated", order("completed", order_id=7)), "UTC")
    assert isinstance(event, ShopEvent)
    assert (event.kind, event.order_id) == (EventKind.ORDER_SEEN, "7")
    assert event.order is not None
    assert event.order.status == "completed"


def test_types_that_tell_nothing_of_orders_are_ignored() -> None:
    assert read_event("", envelope("product.updated", {"id": 1}), "UTC") == Ignored("type product.updated")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"[]", "not_an_object"),
        (envelope(None, {}), "missing_field"),
        (envelope("order.updated", None), "missing_field"),
        (envelope("order.updated", [1]), "missing_field"),
        (envelope("order.updated", {"id": 7}), "missing_field"),
    ],
)
def test_what_is_no_event_is_refused_with_a_code(body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_event("", body, "UTC")
    assert refused.value.code == code


@given(
    st.dictionaries(st.text(max_size=8), st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5))
)
def test_no_object_breaks_the_reader(data: dict[str, Any]) -> None:
    with contextlib.suppress(Unreadable):
        read_event("", envelope("order.updated", data), "UTC")


def test_finding_18_a_refund_of_a_part_is_told_of_for_itself() -> None:
    told = {"order_id": 7, "refund": {"id": "22", "amount": "5.00", "currency": "BRL"}, "order": order("completed")}
    event = read_event("", envelope("order.refund", told), "UTC")
    assert isinstance(event, ShopEvent) and event.order is not None
    assert (event.kind, event.order.status) == (EventKind.REFUNDED_IN_PART, "completed")
    assert event.refund == Refund("22", "5.00", "BRL")
    nothing = (
        {"order_id": 7},
        {**told, "refund": {"id": "23", "amount": "0.00"}},
        {**told, "refund": {"id": "23", "amount": "0"}},
    )
    for said in nothing:
        assert read_event("", envelope("order.refund", said), "UTC") == Ignored("a refund")


def test_finding_13_the_very_change_is_read_with_its_moment() -> None:
    change = {"from": "wc-pending", "to": "processing", "at": "2026-11-22T12:50:11.123Z"}
    event = read_event("", envelope("order.updated", {**order("processing"), "transition": change}), "UTC")
    assert isinstance(event, ShopEvent) and event.order is not None
    assert event.order.transition == Transition("pending", datetime(2026, 11, 22, 12, 50, 11, 123000, tzinfo=UTC))


@pytest.mark.parametrize("change", [None, 5, "x", {}, {"from": "pending"}, {"at": "yesterday"}, {"at": "2026-11-22"}])
def test_a_change_that_cannot_be_read_leaves_the_order_readable(change: Any) -> None:
    event = read_event("", envelope("order.updated", {**order("processing"), "transition": change}), "UTC")
    assert isinstance(event, ShopEvent) and event.order is not None
    assert event.order.transition is None
