import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.woocommerce.normalise import Ignored, Unreadable, read
from connectors.woocommerce.payload import short_meta
from sidecar.domain.event import EventKind, Order, ShopEvent
from tests.connectors.woo_recording import (
    DELIVERIES,
    SAO_PAULO,
    address,
    body_of,
    event,
    fault,
    order,
    order_of,
    payload,
    read_delivery,
)

NO_ZONE = "Nowhere/At_All"
SEEN, RESTORED, TRASHED = EventKind.ORDER_SEEN, EventKind.ORDER_RESTORED, EventKind.ORDER_TRASHED
# sequence number: kind, order, status, phone, country, first name
EXPECTED = {
    1: (SEEN, "25", "pending", "11 91234-5678", "BR", "Maria"),
    3: (SEEN, "25", "processing", "11 91234-5678", "BR", "Maria"),
    12: (SEEN, "25", "completed", "11 91234-5678", "BR", "Maria"),
    13: (SEEN, "25", "refunded", "11 91234-5678", "BR", "Maria"),
    15: (SEEN, "28", "processing", "06 12 34 56 78", "FR", "Zoé"),
    21: (SEEN, "30", "on-hold", "0912-345-678", "TW", "小明"),
    25: (SEEN, "30", "cancelled", "0912-345-678", "TW", "小明"),
    31: (SEEN, "31", "failed", "07700 900123", "GB", "Liam"),
    35: (SEEN, "31", "failed", "07700 900999", "GB", "Liam"),
    36: (SEEN, "32", "processing", "02 2712 3456", "TW", "市話"),
    41: (RESTORED, "32", "processing", "02 2712 3456", "TW", "市話"),
    43: (SEEN, "32", "completed", "02 2712 3456", "TW", "市話"),
    45: (SEEN, "33", "completed", "(415) 555-2671", "US", "John"),
    75: (SEEN, "37", "processing", "06 12 34 56 78", "FR", "Léa"),
    76: (SEEN, "37", "processing", "06 12 34 56 78", "FR", "Léa"),
    91: (SEEN, "42", "processing", "(11) 97777-6666", "BR", "Ana"),
    97: (SEEN, "43", "processing", "+44 7700 900456", "GB", "Emma"),
    107: (SEEN, "45", "processing", "212-555-0187 ext. 4", "US", "Mary"),
    125: (SEEN, "48", "processing", "+33 (0)7 98 76 54 32", "FR", "Luc"),
    132: (RESTORED, "46", "completed", "020 7946 0018", "GB", "Land"),
    527: (SEEN, "587", "processing", "06 12 34 56 78", "FR", "Léa"),
    536: (SEEN, "588", "completed", "01.42.68.53.00", "FR", "Anne"),
    539: (TRASHED, "589", "trash", "01.42.68.53.00", "FR", "Anne"),
    565: (SEEN, "594", "completed", "+55 31 99876 5432", "BR", "Bia"),
}
NOTHINGS: list[object] = [None, [], {}, address(), "n/a", False]


class TestRealDeliveries:
    def test_all_176_are_read_or_ignored_but_for_the_shops_own_error(self) -> None:
        outcomes: Counter[str] = Counter()
        for seq in DELIVERIES:
            try:
                told = read_delivery(seq)
                outcomes[told.reason if isinstance(told, Ignored) else told.kind] += 1
            except Unreadable as unreadable:
                outcomes[unreadable.code] += 1
        assert outcomes == {
            "order_seen": 86,
            "order_restored": 2,
            "order_trashed": 4,
            "a draft": 4,
            "shop_error": 1,
            "stock_seen": 38,
            "topic action.woocommerce_order_status_changed": 36,
            "topic customer.created": 1,
            "topic customer.updated": 1,
            "topic": 3,
        }

    @pytest.mark.parametrize("seq", EXPECTED)
    def test_the_interesting_ones(self, seq: int) -> None:
        told = read_delivery(seq)
        assert isinstance(told, ShopEvent)
        assert told.order
        assert told.order_id == told.order.id == told.order.number
        assert EXPECTED[seq] == (
            told.kind,
            told.order_id,
            told.order.status,
            told.order.phone,
            told.order.country,
            told.order.first_name,
        )

    def test_one_of_them_in_full(self) -> None:
        assert read_delivery(75) == ShopEvent(
            SEEN,
            "37",
            Order(
                id="37",
                number="37",
                status="processing",
                modified_at=datetime(2026, 11, 22, 12, 50, 20, tzinfo=UTC),
                created_at=datetime(2026, 11, 22, 12, 50, 20, tzinfo=UTC),
                phone="06 12 34 56 78",
                country="FR",
                receiver_phone="06 12 34 56 78",
                receiver_country="FR",
                first_name="Léa",
                last_name="Dupont",
                receiver_first_name="Léa",
                total="314.90",
                currency="BRL",
                payment="cod",
                items=1,
                meta=short_meta(json.loads(body_of(75))["meta_data"]),
            ),
        )


class TestFacts:
    def test_fact_10_a_signed_error_of_the_shop_is_an_alarm(self) -> None:
        refused = fault(body_of(564))
        assert refused.code == "shop_error"
        assert "woocommerce_rest_cannot_view" in refused.sentence
        assert "administrator" in refused.sentence

    def test_fact_10_an_errors_code_is_quoted_only_when_it_is_one(self) -> None:
        assert "Souza" not in fault({"code": "Maria Souza", "message": "", "data": None}).sentence

    def test_fact_10_a_plugins_code_beside_the_id_is_no_error(self) -> None:
        assert order(code="ABC").id == "25"

    def test_fact_11_a_created_order_has_the_status_of_its_delivery(self) -> None:
        assert event(payload(45), "order.created").order == event(payload(45), "order.updated").order
        assert order_of(45).status == "completed"

    def test_fact_11_an_order_trashed_before_its_delivery_is_trashed_whatever_the_topic(self) -> None:
        for topic in ("order.created", "order.updated", "order.restored"):
            told = event(payload(539), topic)
            assert told.kind is TRASHED
            assert told.order
            assert told.order.modified_at == datetime(2026, 11, 22, 13, 8, 42, tzinfo=UTC)

    def test_fact_14_a_save_without_a_change_differs_by_its_time_alone(self) -> None:
        before, after = order_of(31), order_of(33)
        assert before.modified_at < after.modified_at
        assert before == replace(after, modified_at=before.modified_at)

    def test_fact_15_created_and_updated_tell_the_same_in_either_order(self) -> None:
        assert read_delivery(75) == read_delivery(76)
        assert read_delivery(15) == read_delivery(16)

    def test_fact_16_drafts_are_ignored_here_too(self) -> None:
        assert read_delivery(557) == Ignored("a draft")
        assert read("order.updated", b'{"status":"auto-draft"}', SAO_PAULO) == Ignored("a draft")

    def test_fact_17_the_trash_tells_an_id_and_nothing_else(self) -> None:
        assert read_delivery(28) == ShopEvent(TRASHED, "30", None)
        assert read("order.deleted", b'{"id":"46"}', SAO_PAULO) == ShopEvent(TRASHED, "46", None)

    def test_fact_17_a_restored_order_is_not_merely_seen(self) -> None:
        assert event(payload(41), "order.restored").kind is RESTORED

    def test_fact_18_refunds_show_in_the_status_only_when_full(self) -> None:
        assert (order_of(12).status, order_of(13).status) == ("completed", "refunded")

    def test_fact_19_a_customers_registration_is_ignored(self) -> None:
        assert read_delivery(83) == Ignored("topic customer.updated")

    def test_fact_28_gmt_is_utc_without_a_z_and_local_is_the_shops(self) -> None:
        assert order(timezone=NO_ZONE).modified_at == datetime(2026, 11, 22, 12, 49, 16, tzinfo=UTC)
        by_local = order(date_modified_gmt=None, date_created_gmt="")
        assert by_local.modified_at == by_local.created_at == datetime(2026, 11, 22, 12, 49, 16, tzinfo=UTC)

    def test_fact_31_hidden_meta_does_not_disturb(self) -> None:
        assert json.loads(body_of(35))["meta_data"][0]["key"] == "_wc_shipment_tracking_items"
        assert order(meta_data=[{"id": 1, "key": "_sms_log", "value": {"id": [None]}}]) == order()

    def test_fact_32_the_classic_checkout_has_no_phone_for_the_delivery_address(self) -> None:
        assert json.loads(body_of(91))["shipping"]["phone"] == ""
        assert order_of(91).phone == "(11) 97777-6666"

    def test_fact_32_plugins_change_the_number_not_the_id(self) -> None:
        told = order(number="NF-2026/0001")
        assert (told.id, told.number) == ("25", "NF-2026/0001")
        assert order(number=1001).number == "1001"
        assert order(number=None).number == "25"

    def test_fact_33_a_phone_travels_as_typed(self) -> None:
        told = order(billing=address(phone="1-800-FLOWERS", country="US"))
        assert (told.phone, told.country) == ("1-800-FLOWERS", "US")

    def test_fact_33_the_country_belongs_to_the_phone(self) -> None:
        gift = address(phone="06 12 34 56 78", country="FR", first_name="Léa")
        told = order(billing=address(country="BR", first_name="Ana"), shipping=gift)
        assert (told.receiver_phone, told.receiver_country, told.receiver_first_name) == ("06 12 34 56 78", "FR", "Léa")
        assert (told.phone, told.country, told.first_name) == ("", "BR", "Ana")

    def test_fact_33_the_billing_phone_comes_first(self) -> None:
        billing, shipping = address(phone="1", country="br"), address(phone="2", country="FR", first_name="Léa")
        told = order(billing=billing, shipping=shipping)
        assert (told.phone, told.country, told.first_name) == ("1", "BR", "Léa")

    def test_fact_33_the_other_addresss_country_is_better_than_none(self) -> None:
        assert order(billing=address(phone="1"), shipping=address(country="FR")).country == "FR"
        assert order(billing=address(country="BR"), shipping=address(phone="2")).country == "BR"

    def test_fact_33_no_phone_is_an_order_all_the_same(self) -> None:
        for nothing in NOTHINGS:
            told = order(billing=nothing, shipping=nothing)
            assert (told.phone, told.country, told.first_name) == ("", "", "")
        without = payload()
        del without["billing"], without["shipping"]
        assert event(without).order_id == "25"

    def test_fact_36_custom_statuses_are_statuses(self) -> None:
        assert order(status="shipped").status == "shipped"
        assert order(status="wc-Shipped ").status == "shipped"

    def test_fact_37_refunds_and_sub_orders_are_not_the_customers_orders(self) -> None:
        for child in ({"id": 26, "type": "shop_order_refund"}, payload(parent_id=25), payload(parent_id="25")):
            assert isinstance(read("order.created", json.dumps(child).encode(), SAO_PAULO), Ignored)
        for parent in (0, "0", None, "", False):
            assert order(parent_id=parent).id == "25"


@pytest.mark.parametrize(
    "topic",
    [
        "product.deleting",
        "coupon.created",
        "customer.deleted",
        "action.woocommerce_x",
        "order.note",
        "Order.updated",
        "",
    ],
)
def test_other_topics_are_ignored_unread(topic: str) -> None:
    assert read(topic, b"not even json", SAO_PAULO) == Ignored(f"topic {topic}".strip())


def test_a_topic_cannot_make_a_reason_long_or_unstorable() -> None:
    told = read("x\0\ud800" * 1000, b"", SAO_PAULO)
    assert isinstance(told, Ignored)
    assert len(told.reason) <= len("topic ") + 64
    assert "\0" not in told.reason
    told.reason.encode()
