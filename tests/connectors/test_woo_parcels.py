"""Parcels: from the meta of tracking plugins, and from our own plugin's events."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.reading.carriers import known_link
from connectors.woocommerce import parcels
from connectors.woocommerce.events import read_event
from sidecar.domain.event import EventKind, Note, Parcel, ParcelStatus, ShopEvent
from sidecar.domain.reading import Ignored, Unreadable
from tests.connectors.woo_recording import body_of

ITEM = {
    "tracking_provider": "correios",
    "custom_tracking_provider": "",
    "custom_tracking_link": "",
    "tracking_number": "LB123456789BR",
    "date_shipped": "1795348800",
    "tracking_id": "abc",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ITEM, "key", "value"]), inner),
)


def meta(*items: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": 1, "key": "_wc_shipment_tracking_items", "value": list(items)}]


def test_fact_45_tracking_plugins_keep_their_parcels_in_the_orders_meta() -> None:
    (parcel,) = parcels.in_meta(meta(ITEM))
    assert parcel == Parcel(
        "LB123456789BR",
        ParcelStatus.SHIPPED,
        "Correios",
        "LB123456789BR",
        "https://rastreamento.correios.com.br/app/index.php?objetos=LB123456789BR",
        at=datetime(2026, 11, 22, 12, tzinfo=UTC),
    )


def test_fact_45_the_recorded_order_with_tracking_is_read() -> None:
    (parcel,) = parcels.in_meta(json.loads(body_of(35))["meta_data"])
    assert parcel.tracking_number and parcel.status is ParcelStatus.SHIPPED


@pytest.mark.parametrize(
    ("changes", "carrier", "url"),
    [
        ({"tracking_provider": "my-van"}, "My Van", ""),
        ({"custom_tracking_provider": "Zé Entregas"}, "Zé Entregas", known_link("correios", "LB123456789BR")),
        ({"custom_tracking_link": "https://ze.example/1"}, "Correios", "https://ze.example/1"),
        ({"custom_tracking_link": "javascript:alert(1)"}, "Correios", known_link("correios", "LB123456789BR")),
        ({"tracking_provider": "dhl", "tracking_number": "a b&c"}, "DHL", known_link("dhl", "a b&c")),
        ({"tracking_provider": None, "date_shipped": "soon"}, "", ""),
    ],
)
def test_carriers_and_links(changes: dict[str, Any], carrier: str, url: str) -> None:
    (parcel,) = parcels.in_meta(meta({**ITEM, **changes}))
    assert (parcel.carrier, parcel.tracking_url) == (carrier, url)


def test_a_number_cannot_break_out_of_a_carriers_link() -> None:
    assert known_link("dhl", "1&x=2#3/4").endswith("tracking-id=1%26x%3D2%233%2F4")


@given(JSON)
def test_whatever_plugins_keep_in_meta_is_no_reason_to_fail(value: object) -> None:
    parcels.in_meta(value)
    parcels.in_meta([{"key": "_wc_shipment_tracking_items", "value": value}])


def told(kind: str, **data: Any) -> ShopEvent | Ignored:
    return read_event("", json.dumps({"type": kind, "data": data}).encode(), "UTC")


def test_our_plugin_tells_of_a_parcel() -> None:
    event = told("order.parcel", order_id=25, parcel={"id": "7", "status": "ready_for_pickup", "place": "Kiosk 4"})
    assert isinstance(event, ShopEvent)
    assert (event.kind, event.order_id, event.order) == (EventKind.PARCEL_SEEN, "25", None)
    assert event.parcel == Parcel("7", ParcelStatus.READY_FOR_PICKUP, place="Kiosk 4")


def test_our_plugin_tells_of_a_note_with_the_order_beside_it() -> None:
    event = told("order.note", order_id="25", note_id=9, note="  Ring\nthe bell ", order=json.loads(body_of(35)))
    assert isinstance(event, ShopEvent)
    assert event.note == Note("9", "Ring the bell")
    assert event.order is not None


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("order.parcel", {"order_id": 25}, "missing_field"),
        ("order.parcel", {"order_id": 25, "parcel": {"id": "1", "status": "eaten"}}, "bad_field"),
        ("order.parcel", {"order_id": "x", "parcel": {"id": "1"}}, "bad_field"),
        ("order.note", {"order_id": 25, "note": "Hi"}, "missing_field"),
        ("order.note", {"order_id": 25, "note_id": 1, "note": " "}, "missing_field"),
    ],
)
def test_what_is_missing_is_said(kind: str, data: dict[str, Any], code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        told(kind, **data)
    assert refusal.value.code == code
