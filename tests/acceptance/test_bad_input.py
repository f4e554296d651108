"""Whatever is thrown at the front door: what is answered, what is kept, and who gets a text. `fact_N` are the
numbered observations of a running WooCommerce shop."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from sidecar.wiring import utc_now
from tests.acceptance.conftest import House, ShopFront
from tests.acceptance.processes import wait_until
from tests.bench.twilio_receipts import signature as twilio_signature
from tests.world import order

FORM = "application/x-www-form-urlencoded"
MIB = 1024 * 1024
PLACED = ("order_placed", "queued")


def fresh(status: str = "processing", minutes: float = 0, **fields: Any) -> dict[str, Any]:
    """An order changed so many minutes from now by the shop's clock."""
    return order(status, modified=utc_now() + timedelta(minutes=minutes), **fields)


def billing(phone: Any, country: str = "BR", first_name: str = "Maria") -> dict[str, Any]:
    return {"billing": {"first_name": first_name, "country": country, "phone": phone}}


# Who is let in


def test_an_unknown_shop_is_404_even_for_a_ping(house: House) -> None:
    for kind, body in (("application/json", b"{}"), (FORM, b"webhook_id=2")):
        answer = house.client.post("/hooks/woocommerce/shop_of_nobody", data=body, content_type=kind)
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_shop")


@pytest.mark.parametrize("wrong", [None, "", "garbage", "=", "é€", "\u0663", "A" * 44, "A" * 10_000])
def test_fact_8_without_the_right_signature_it_is_401_and_nothing_is_kept(front: ShopFront, wrong: str | None) -> None:
    signed = {} if wrong is None else {"x_wc_webhook_signature": wrong.encode().decode("latin-1")}
    answer = front.post(json.dumps(fresh()).encode(), **signed)
    assert (answer.status_code, answer.json["code"]) == (401, "bad_signature")
    assert front.kept() == []


def test_fact_8_the_signature_is_over_the_bytes_and_not_over_what_they_mean(front: ShopFront) -> None:
    sent = json.dumps(fresh()).encode()
    written_anew = json.dumps(json.loads(sent), indent=1).encode()
    assert front.post(written_anew, x_wc_webhook_signature=front.sign(sent)).status_code == 401
    assert front.post(sent, x_wc_webhook_signature=front.sign(sent)).status_code == 202


def test_refusals_are_counted_in_the_feed_and_in_the_metrics(house: House, front: ShopFront) -> None:
    def count(answer: str) -> float:
        return house.metric("recado_deliveries_total", answer=answer)

    refused, too_large, accepted = count("bad_signature"), count("too_large"), count("accepted")
    front.deliver(fresh())
    front.post(b"{}")
    front.post(b"x" * (MIB + 1))
    feed = wait_until(front.feed, 5)
    assert (feed["accepted"], feed["refused"], feed["last_problem"]) == (1, 2, "too_large")
    assert feed["last_accepted_at"] and feed["last_refused_at"]
    assert count("bad_signature") > refused and count("too_large") > too_large and count("accepted") > accepted


def test_over_one_mebibyte_is_413_whether_its_length_is_told_or_not(front: ShopFront) -> None:
    for size, status in ((MIB - 1, 202), (MIB + 1, 413), (5 * MIB, 413)):
        body = b"x" * size
        told = front.post(body, x_wc_webhook_signature=front.sign(body))
        chunked = front.house.client.post(
            front.path,
            input_stream=io.BytesIO(body),
            headers={"X-WC-Webhook-Signature": front.sign(body), "Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
        )
        assert (told.status_code, chunked.status_code) == (status, status)
    assert len(front.kept()) == 2


def test_fact_9_the_ping_is_answered_200_unsigned_and_leaves_nothing(front: ShopFront) -> None:
    for kind in (FORM, f"{FORM}; charset=UTF-8"):
        answer = front.post(b"webhook_id=2", topic=None, content_type=kind)
        assert (answer.status_code, answer.data) == (200, b"")
    assert front.kept() == [] and front.messages() == []


@pytest.mark.parametrize(
    ("topic", "kind", "body"),
    [
        (None, FORM, b"webhook_id=2&id=25"),
        (None, FORM, b"webhook_id=2\n"),
        (None, FORM, b"webhook_id="),
        (None, FORM, b""),
        (None, "application/json", b"webhook_id=2"),
        (None, "text/plain", b"webhook_id=2"),
        ("order.updated", FORM, b"webhook_id=2"),
        (None, FORM, json.dumps(order()).encode()),
    ],
)
def test_fact_9_nothing_else_is_let_in_unsigned(front: ShopFront, topic: str | None, kind: str, body: bytes) -> None:
    assert front.post(body, topic=topic, content_type=kind).status_code == 401
    assert front.kept() == []


# What a delivery turns out to be


def test_fact_7_the_delivery_id_is_no_identity(front: ShopFront) -> None:
    """Two orders of one second come under one id, and must both be heard."""
    for order_id in (1, 2):
        front.deliver(fresh(order_id=order_id), x_wc_webhook_delivery_id="a" * 32)
    assert front.told() == [PLACED, PLACED]


def test_fact_6_the_shop_is_answered_before_anything_is_done(front: ShopFront) -> None:
    """It delivers one after the other, in one process: whoever works before answering delays all that is behind."""
    front.deliver(fresh(), "order.created")
    assert [row.state for row in front.kept()] == ["received"]
    assert front.told() == [PLACED]


def test_fact_8_a_replayed_delivery_says_nothing_new(front: ShopFront) -> None:
    first, then = fresh("processing"), fresh("completed", minutes=1)
    for told in (first, then, first, then, first):
        front.deliver(told)
        front.settle()
    assert front.told() == [PLACED, ("order_completed", "queued")]
    assert [note for _, note in front.fates()] == ["placed", "status changed", "stale", "unchanged", "stale"]


def test_a_body_cut_short_is_taken_kept_with_its_reason_and_can_be_replayed(front: ShopFront) -> None:
    """Answered 2xx, since a shop that is refused seven times switches its webhook off."""
    front.deliver(json.dumps(fresh()).encode()[:-20])
    [(state, note)] = front.fates()
    assert state == "failed" and note.startswith("not_json: ")
    front.replay()
    assert [row.state for row in front.kept()] == ["received"]
    assert front.fates() == [(state, note)] and front.messages() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b"\xff\xfe\x00", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"id": 7}', "missing_field"),
        (b'{"id": "x", "status": "processing"}', "bad_field"),
        (json.dumps(order(date_modified_gmt="soon")).encode(), "bad_date"),
        (json.dumps(order(date_modified_gmt=None)).encode(), "missing_field"),
    ],
)
def test_what_cannot_be_understood_is_kept_with_a_stable_code(front: ShopFront, body: bytes, code: str) -> None:
    front.deliver(body)
    [(state, note)] = front.fates()
    assert (state, note.partition(": ")[0]) == ("failed", code)


def test_fact_10_an_error_in_place_of_the_order_is_an_alarm(front: ShopFront) -> None:
    error = {"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 403}}
    front.deliver(error)
    [(state, note)] = front.fates()
    assert state == "failed" and note.startswith("shop_error: ") and "woocommerce_rest_cannot_view" in note


def test_fact_11_a_created_order_may_come_as_completed(front: ShopFront) -> None:
    front.tell("completed", topic="order.created")
    assert front.told() == [PLACED]


def test_fact_12_of_merged_changes_the_last_is_told_once(front: ShopFront) -> None:
    front.tell("pending", topic="order.created")
    front.tell("completed")
    front.tell("completed")
    assert front.told() == [PLACED]


@pytest.mark.parametrize("topic", ["action.woocommerce_order_status_changed", "coupon.updated", "customer.created", ""])
def test_fact_13_and_19_other_topics_are_kept_and_understood_as_nothing_of_ours(front: ShopFront, topic: str) -> None:
    front.deliver({"action": "woocommerce_order_status_changed", "arg": 25}, topic)
    assert front.fates() == [("done", f"ignored: topic {topic}".rstrip())]
    assert front.messages() == []


def test_fact_14_a_save_without_a_change_of_status_says_nothing(front: ShopFront) -> None:
    for minutes in range(4):
        front.tell("processing", modified=utc_now() + timedelta(minutes=minutes), customer_note=str(minutes))
    assert front.told() == [PLACED]


def test_fact_15_updated_may_come_before_created(front: ShopFront) -> None:
    told = fresh()
    front.deliver(told, "order.updated")
    front.deliver(told, "order.created")
    assert front.told() == [PLACED]
    assert [note for _, note in front.fates()] == ["placed", "unchanged"]


def test_fact_16_drafts_are_answered_200_and_not_kept(front: ShopFront) -> None:
    assert front.deliver(fresh("checkout-draft")).status_code == 200
    assert front.kept() == []
    assert front.post(json.dumps(fresh("checkout-draft")).encode()).status_code == 401
    front.tell("processing")
    assert front.told() == [PLACED]


def test_fact_17_trash_cancels_what_waits_and_a_restored_order_is_not_announced_again(house: House) -> None:
    front = house.open_shop(settle_seconds=60)
    front.tell("processing")
    front.deliver({"id": 101}, "order.deleted")
    assert front.told() == [("order_placed", "order_trashed")]
    front.deliver(fresh("processing", minutes=1), "order.restored")
    front.deliver(fresh("processing", minutes=1), "order.updated")
    assert [note for _, note in front.fates()] == ["placed", "trashed", "restored", "unchanged"]
    assert len(front.messages()) == 1
    front.deliver(fresh("completed", minutes=2))
    assert [template for template, _ in front.told()] == ["order_placed", "order_completed"]


def test_fact_17_an_order_never_seen_may_be_trashed_or_restored(front: ShopFront) -> None:
    front.deliver({"id": 9}, "order.deleted")
    front.deliver(fresh(order_id=10), "order.restored")
    assert [note for _, note in front.fates()] == ["trashed", "restored"]
    assert front.messages() == []


def test_fact_18_a_partial_refund_says_nothing_and_a_full_one_is_a_status(front: ShopFront) -> None:
    front.tell("processing")
    front.tell("processing", refunds=[{"id": 7, "reason": "", "total": "-5.00"}], total="-5.00")
    front.tell("refunded", refunds=[{"id": 8, "reason": "", "total": "-34.90"}])
    assert front.told() == [PLACED, ("order_refunded", "queued")]


# What an order may hold


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (billing(""), "no_number"),
        (billing(None), "no_number"),
        (billing([]), "no_number"),
        ({"billing": None}, "no_number"),
        (billing("(11) 3123-4567"), "landline"),
        (billing("1-800-FLOWERS", "US"), "invalid_number"),
        (billing("123"), "invalid_number"),
    ],
)
def test_fact_33_a_number_that_cannot_be_texted_is_shown_with_the_reason(
    front: ShopFront, fields: dict[str, Any], reason: str
) -> None:
    front.tell("processing", **fields)
    [message] = front.messages()
    assert (message["status"], message["reason"], message["to"]) == ("suppressed", reason, "")


@pytest.mark.parametrize(
    ("phone", "country", "e164"),
    [
        ("(11) 98765-4321", "BR", "+5511987654321"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "BR", "+33612345678"),
        ("212-555-0187 ext. 4", "US", "+12125550187"),
        ("\u200e(11)\u200b 98765\u20114321\u202c", "BR", "+5511987654321"),
        (11987654321, "BR", "+5511987654321"),
    ],
)
def test_fact_33_phones_are_read_as_typed_with_the_orders_country(
    front: ShopFront, phone: Any, country: str, e164: str
) -> None:
    front.tell("processing", **billing(phone, country))
    assert [message["to"] for message in front.messages()] == [e164]


def test_fact_32_the_delivery_address_phone_and_the_shops_own_order_number(front: ShopFront) -> None:
    shipping = {"first_name": "Jean", "country": "FR", "phone": "06 12 34 56 78"}
    front.tell("processing", number="2026/00017-A", shipping=shipping, **billing(""))
    [message] = front.messages()
    assert message["to"] == "+33612345678"
    assert "#2026/00017-A" in message["text"] and "Jean" in message["text"]


def test_fact_28_dates_are_gmt_without_z_or_the_shops_own_time_without_offset(front: ShopFront) -> None:
    """São Paulo is three hours behind GMT: read as GMT, the second change would be older than the first."""
    now = utc_now().replace(tzinfo=None, microsecond=0)
    front.tell("processing")
    local = {"date_modified_gmt": None, "date_modified": (now + timedelta(hours=-3, minutes=1)).isoformat()}
    front.deliver({**fresh("completed"), **local})
    assert front.told() == [PLACED, ("order_completed", "queued")]


@pytest.mark.parametrize(
    "name", ["Ma\u200bria", "\u202eairaM", "مريم", "\u200f\u200e", "👩‍👩‍👧 Ana", "\u0000\u001b[31m", "x" * 3000]
)
def test_strange_names_are_texted_in_one_line_and_within_limits(front: ShopFront, name: str) -> None:
    front.tell("processing", **billing("11 91234-5678", first_name=name))
    [message] = front.messages()
    assert message["status"] == "queued" and len(message["text"]) < 400
    assert message["text"].startswith("Loja: ") and message["text"].endswith("x@loja.example")
    assert not set(message["text"]) & set("\r\n\0\x1b\u202e\u200f\u200e\u200b")


@pytest.mark.parametrize(("plain_letters", "greeting"), [(True, "Oi, Joao!"), (False, "Oi!")])
def test_a_name_that_would_cost_a_message_is_written_plainly_where_the_shop_allows(
    house: House, plain_letters: bool, greeting: str
) -> None:
    front = house.open_shop(plain_letters=plain_letters)
    front.tell("processing", **billing("11 91234-5678", first_name="João"))
    [message] = front.messages()
    assert message["text"].startswith(f"Loja: {greeting} Recebemos")
    assert (message["encoding"], message["segments"]) == ("GSM-7", 1)


def test_fact_31_a_huge_order_is_read_like_a_small_one(front: ShopFront) -> None:
    line = {
        "id": 1,
        "name": "Tênis 👟 " + "x" * 300,
        "quantity": 1,
        "total": "-9.90",
        "meta_data": [{"key": "_x", "value": {}}],
    }
    lines = [{**line, "name": "x" * 3000}, *([line] * 499)]
    front.tell("processing", line_items=lines, meta_data=[{"key": "_sms_log", "value": ["a"] * 999}])
    assert front.told() == [PLACED]


def test_a_status_never_seen_is_told_by_its_name(front: ShopFront) -> None:
    front.tell("processing", "wc-Esperando-Peça\u200b", "shipped")
    texts = [message["text"] for message in front.messages()]
    assert len(texts) == 3 and "enviado" in texts[2]


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_shops_clock_ten_minutes_off_changes_nothing(front: ShopFront, minutes: int) -> None:
    for step, status in enumerate(("pending", "processing", "completed")):
        front.tell(status, modified=utc_now() + timedelta(minutes=minutes + step / 10))
    assert front.told() == [PLACED, ("order_completed", "queued")]


# What is not a delivery at all


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/hooks/woocommerce/shop_1", 405, "method_not_allowed"),
        ("PUT", "/hooks/woocommerce/shop_1", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("DELETE", "/callbacks/acc_twilio/x/status", 405, "method_not_allowed"),
        ("POST", "/hooks/woocommerce/", 404, "not_found"),
        ("POST", "/hooks/opencart/shop_1", 404, "not_found"),
        ("GET", "/nothing/here", 404, "not_found"),
        ("GET", "/healthz/", 404, "not_found"),
        ("POST", "/hooks/woocommerce/%00", 404, "unknown_shop"),
        ("POST", "/hooks/woocommerce/%ff%fe", 404, "unknown_shop"),
        ("POST", "/hooks/woocommerce/" + "x" * 5000, 404, "unknown_shop"),
        ("POST", "/callbacks/%00/%ff/status", 404, "unknown_callback"),
    ],
)
def test_every_refusal_is_a_problem_with_a_code(house: House, method: str, path: str, status: int, code: str) -> None:
    answer = house.client.open(path, method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert (answer.json["status"], answer.json["code"]) == (status, code) and answer.json["detail"]


# When the disk says no


@pytest.mark.parametrize("pragma", ["PRAGMA query_only=ON", "PRAGMA busy_timeout=50"])
def test_what_could_not_be_stored_is_answered_503_and_nothing_is_claimed(lonely: House, pragma: str) -> None:
    """Once because the disk is read-only, once because another program holds the database for too long."""
    front = lonely.open_shop()
    lonely.recado.database.close()
    engine = lonely.recado.database.engine
    event.listen(engine, "connect", set_pragma := lambda connection, _: connection.execute(pragma))
    with lonely.other_program() as connection:
        connection.execute(text("BEGIN IMMEDIATE"))
        body = json.dumps(fresh()).encode()
        answer = front.post(body, x_wc_webhook_signature=front.sign(body))
        assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
        assert answer.json["code"] == "not_stored"
        assert "/" not in answer.json["detail"] and "sqlite" not in answer.text.lower()
        connection.execute(text("ROLLBACK"))
    assert front.kept() == []
    event.remove(engine, "connect", set_pragma)
    lonely.recado.database.close()
    front.deliver(body)
    assert front.told() == [PLACED]


def test_a_database_that_does_not_answer_is_503_at_every_door(lonely: House) -> None:
    """And /metrics still tells what this machine has counted."""
    front, callback = lonely.open_shop(), lonely.status_path("acc_octopush")
    front.deliver(fresh())
    wait_until(front.feed, 5)
    lonely.recado.database.close()
    for file in lonely.folder.glob("recado.sqlite3*"):
        file.write_bytes(b"no database any more" * 100)
    doors = [
        ("GET", "/readyz"),
        ("POST", "/hooks/woocommerce/shop_9"),
        ("POST", "/hooks/events/shop_9"),
        ("POST", callback),
    ]
    for method, path in [*doors, ("GET", "/api/v1/settings")]:
        answer = lonely.client.open(path, method=method, headers={"Authorization": "Bearer rct_x"})
        assert (answer.status_code, answer.content_type) == (503, "application/problem+json"), path
        assert answer.json["code"] == "database_down"
    assert lonely.client.get("/healthz").status_code == 200
    assert lonely.metric("recado_deliveries_total", answer="accepted") >= 1


# Providers at the door


def test_a_callback_needs_an_account_and_its_token(house: House) -> None:
    good = house.status_path("acc_twilio")
    for path in (
        good.replace("acc_twilio", "acc_none"),
        good.replace("/status", "x/status"),
        "/callbacks/acc_twilio/x/status",
    ):
        answer = house.client.post(path, data=b"MessageSid=SM1&MessageStatus=sent", content_type=FORM)
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_callback")


def test_a_callback_of_twilio_needs_twilios_signature(house: House) -> None:
    path, fields = house.status_path("acc_twilio"), {"MessageSid": "SM1", "MessageStatus": "sent"}
    right = twilio_signature(house.TOKEN.encode(), house.recado.settings.public_url + path, fields)
    for signed, status in (("", 401), ("é", 401), ("A" * 28, 401), (right, 200)):
        answer = house.client.post(path, data=fields, headers={"X-Twilio-Signature": signed})
        assert answer.status_code == status
        assert status == 200 or answer.json["code"] == "bad_signature"
