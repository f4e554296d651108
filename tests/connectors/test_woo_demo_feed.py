import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import phonenumbers
import pytest

from connectors.woocommerce.demo_feed import Delivery, another_subscriber, deliveries, encode, recorded
from connectors.woocommerce.normalise import Fault, Ignored, Unreadable, read
from connectors.woocommerce.signature import verify
from connectors.woocommerce.webhook import FirstLook, sort
from sidecar.domain.event import EventKind, ShopEvent

SECRET = "a shop's own secret"
NOW = datetime(2027, 3, 28, 23, 59, 30, 123456, tzinfo=timezone(timedelta(hours=8)))
ORDERS_IN_STORY = 13


def feed(first_order_id: int = 1000, now: datetime = NOW, orders: int | None = None) -> list[Delivery]:
    return list(deliveries(first_order_id, now, SECRET, orders))


def topic(delivery: Delivery) -> str | None:
    return delivery.headers.get("X-WC-Webhook-Topic")


def payload(delivery: Delivery) -> dict[str, Any]:
    return dict(json.loads(delivery.body)) if delivery.body.startswith(b"{") else {}


def events(told: list[Delivery]) -> list[ShopEvent]:
    readable = (delivery for delivery in told if b"rest_cannot_view" not in delivery.body)
    read_ones = (read(topic(delivery) or "", delivery.body, "UTC") for delivery in readable)
    return [event for event in read_ones if isinstance(event, ShopEvent)]


def test_the_bundle_is_what_the_real_shop_sent() -> None:
    for entry in recorded():
        if entry.body.startswith("{"):
            assert verify(entry.body.encode(), entry.headers["X-WC-Webhook-Signature"], "lab-secret-2026")
            assert encode(json.loads(entry.body)) == entry.body


def test_the_story_has_one_of_each() -> None:
    told = feed()
    looks = [sort(topic(delivery), delivery.headers["Content-Type"], delivery.body) for delivery in told]
    assert {look: looks.count(look) for look in FirstLook} == {
        FirstLook.PING: 1,
        FirstLook.DRAFT: 2,
        FirstLook.STORE: len(told) - 3,
    }
    kinds = {event.kind for event in events(told)}
    # What webhooks cannot tell: parcels, notes and stock.
    assert kinds == {kind for kind in EventKind if kind.startswith("order_")}
    statuses = {event.order.status for event in events(told) if event.order}
    assert statuses == {"pending", "processing", "on-hold", "completed", "cancelled", "failed", "refunded"}
    countries = {event.order.country for event in events(told) if event.order}
    assert countries == {"BR", "FR", "GB", "TW", "US"}
    assert len({event.order_id for event in events(told)}) == ORDERS_IN_STORY


def test_one_delivery_is_the_shops_error() -> None:
    (error,) = (delivery for delivery in feed() if b"rest_cannot_view" in delivery.body)
    with pytest.raises(Unreadable) as refused:
        read("order.updated", error.body, "UTC")
    assert refused.value.code is Fault.SHOP_ERROR


def test_every_delivery_but_the_ping_is_signed_anew() -> None:
    ping, *signed = feed()
    assert "X-WC-Webhook-Signature" not in ping.headers
    for delivery in signed:
        assert verify(delivery.body, delivery.headers["X-WC-Webhook-Signature"], SECRET)


def delivery_ids(told: list[Delivery]) -> list[str]:
    return [delivery.headers["X-WC-Webhook-Delivery-ID"] for delivery in told[1:]]


def test_delivery_ids_are_new_and_look_like_woocommerces() -> None:
    was = [entry.headers["X-WC-Webhook-Delivery-ID"] for entry in recorded()[1:]]
    first, second = delivery_ids(feed()), delivery_ids(feed(2000))
    assert not set(first) & set(second)
    assert not set(first) & set(was)
    assert all(re.fullmatch("[0-9a-f]{32}", delivery_id) for delivery_id in first)


def test_fact_7_deliveries_of_one_second_share_their_id_as_they_did() -> None:
    was = [entry.headers["X-WC-Webhook-Delivery-ID"] for entry in recorded()[1:]]
    assert len(set(was)) < len(was)
    assert len(set(zip(was, delivery_ids(feed()), strict=True))) == len(set(was)) == len(set(delivery_ids(feed())))


def test_the_last_change_is_now_and_none_is_told_before_an_earlier_one() -> None:
    for orders in (None, 1, 5, 13, 40):
        moments = [event.order.modified_at for event in events(feed(orders=orders)) if event.order]
        assert moments == sorted(moments)
        assert moments[-1] == NOW.astimezone(UTC).replace(microsecond=0)


def test_the_time_between_changes_is_the_recorded_one() -> None:
    modified = [payload(delivery).get("date_modified_gmt") for delivery in feed()]
    told = [datetime.fromisoformat(text) for text in modified if text]
    was = [entry.modified for entry in recorded() if entry.modified]
    assert {is_now - then for is_now, then in zip(told, was, strict=True)} == {told[0] - was[0]}


def test_local_dates_keep_their_distance_from_gmt() -> None:
    for delivery in feed():
        order = payload(delivery)
        for name in ("date_created", "date_modified"):
            if name in order:
                local, gmt = (datetime.fromisoformat(order[key]) for key in (name, f"{name}_gmt"))
                assert gmt - local == timedelta(hours=3)


def test_no_trace_of_the_old_ids_or_dates_is_left() -> None:
    new_ids = range(700_000, 700_000 + ORDERS_IN_STORY + 1)
    for delivery in feed(first_order_id=new_ids.start):
        order = payload(delivery)
        if "id" in order:
            assert order["id"] in new_ids
            assert order.get("number", str(order["id"])) == str(order["id"])
            addresses = re.findall(rb"(?:orders|order-pay)\\/(\d+)", delivery.body)
            assert set(addresses) <= {str(order["id"]).encode()}
            assert b"2026-11-22" not in delivery.body


def test_bodies_are_written_as_php_writes_them() -> None:
    lea = next(delivery for delivery in feed() if delivery.tells.startswith("Léa"))
    assert b'"first_name":"L\\u00e9a"' in lea.body
    assert b"http:\\/\\/" in lea.body
    assert not re.search(rb"(?<!\\)/", lea.body)


@pytest.mark.parametrize("orders", [1, 2, 12, 13, 14, 26, 30, 200])
def test_as_many_orders_as_were_asked_for(orders: int) -> None:
    told = events(feed(orders=orders))
    assert len({event.order_id for event in told}) == orders


def test_runs_do_not_share_orders() -> None:
    first, second = (
        {event.order_id for event in events(list(deliveries(start, NOW, SECRET, 30)))} for start in (1000, 1042)
    )
    assert not first & second


def test_the_same_run_is_the_same_story() -> None:
    assert feed(orders=20) == feed(orders=20)


def test_drafts_ping_and_error_are_told_once_however_long_the_run() -> None:
    told = feed(orders=100)
    drafts = [read("order.updated", delivery.body, "UTC") for delivery in told if b"checkout-draft" in delivery.body]
    assert drafts == [Ignored("a draft")] * 2
    assert sum(delivery.body.startswith(b"webhook_id=") for delivery in told) == 1


def kind_of_line(phone: str, country: str) -> tuple[bool, int]:
    number = phonenumbers.parse(phone, country)
    return phonenumbers.is_valid_number(number), phonenumbers.number_type(number)


def test_copies_have_other_customers_with_the_same_kind_of_number() -> None:
    reached = {(event.order.phone, event.order.country) for event in events(feed()) if event.order}
    assert len(reached) == ORDERS_IN_STORY + 1
    for phone, country in reached:
        assert kind_of_line(phone, country)[0]
        copies = [another_subscriber(phone, round_) for round_ in range(10_000)]
        assert len(set(copies)) == len(copies)
        for copy in copies[::97]:
            assert kind_of_line(copy, country) == kind_of_line(phone, country)


def test_an_extension_is_no_part_of_the_subscribers_number() -> None:
    assert another_subscriber("212-555-0187 ext. 4", 1) == "212-555-8106 ext. 4"
    assert another_subscriber("06 99", 0) == "06 99"
