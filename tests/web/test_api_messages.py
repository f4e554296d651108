"""Sending and reading messages through the shops' API."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from sidecar.app import shop_api
from sidecar.catalog import reasons
from sidecar.domain.status import MessageState
from sidecar.storage.messages import Step
from sidecar.storage.tables import messages
from sidecar.web import api
from sidecar.web.throttle import TokenBuckets
from sidecar.wiring import Recado, utc_now

from .conftest import AddShop, ShopCaller, together

MOBILE = "+5511987654321"
LANDLINE = "+551140028922"


def stored(recado: Recado) -> int:
    with recado.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(messages)) or 0


class TestTheTestButton:
    def test_it_works_in_every_mode_and_at_every_hour(self, add_shop: AddShop) -> None:
        disabled = add_shop("Off", mode=0, transactional_window="00:00-00:01")
        answer = disabled.post("/test-message", {"to": MOBILE})
        assert answer.status_code == 201
        assert (answer.json["event"], answer.json["status"]) == ("test", "queued")
        assert answer.headers["Location"] == f"/api/v1/messages/{answer.json['id']}"

    def test_another_approved_text_can_be_tried(self, ana: ShopCaller) -> None:
        answer = ana.post("/test-message", {"to": MOBILE, "template": "order_placed"}).json
        assert "#10482" in answer["text"]
        assert answer["template"] == "order_placed"

    def test_an_unknown_text_is_refused_with_the_nearest_ones(self, ana: ShopCaller) -> None:
        answer = ana.post("/test-message", {"to": MOBILE, "template": "order_plced"})
        assert (answer.status_code, answer.json["code"]) == (422, "unknown_template")
        assert "order_placed" in answer.json["errors"]["template"]

    def test_a_land_line_is_shown_and_not_swallowed(self, ana: ShopCaller) -> None:
        answer = ana.post("/test-message", {"to": LANDLINE}).json
        assert (answer["status"], answer["reason"], answer["to"]) == ("suppressed", "landline", "")


class TestSendingByHand:
    def test_a_free_text_goes_out_with_sender_and_contact(self, ana: ShopCaller) -> None:
        answer = ana.message(text="Order {order_number} is ready", order_id="77")
        assert answer["text"] == "Ana: Order 77 is ready (11) 4002-8922"
        assert (answer["event"], answer["template"], answer["order_id"]) == ("manual", "free_text", "77")

    def test_an_approved_text_goes_out_by_its_key(self, ana: ShopCaller) -> None:
        answer = ana.post("/messages", {"to": MOBILE, "template": "order_completed", "order_id": "77"}).json
        assert "#77" in answer["text"]

    def test_mode_0_sends_nothing_by_hand_and_says_so(self, add_shop: AddShop) -> None:
        answer = add_shop("Off", mode=0).message()
        assert (answer["status"], answer["reason"]) == ("suppressed", "mode_disabled")
        assert answer["timeline"][0]["decision"] == "suppress"

    @pytest.mark.parametrize("body", [{}, {"text": "Hi", "template": "order_placed"}])
    def test_either_a_template_or_a_text(self, ana: ShopCaller, body: dict[str, str]) -> None:
        answer = ana.post("/messages", {"to": MOBILE, **body})
        assert (answer.status_code, answer.json["code"]) == (422, "text_or_template")

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("  ", "bad_text"),
            ("x" * 701, "bad_text"),
            ("nul\x00", "bad_text"),
            ("Hi {surname}", "unknown_placeholder"),
            ("Hi {", "unknown_placeholder"),
        ],
    )
    def test_a_text_that_cannot_be_sent_is_refused(self, ana: ShopCaller, text: str, code: str) -> None:
        answer = ana.post("/messages", {"to": MOBILE, "text": text})
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert answer.json["errors"]["text"]

    @pytest.mark.parametrize(
        ("asked", "code", "named"),
        [
            ({"template": "order_placed"}, "order_needed", "order"),
            ({"text": "Order [order_id]"}, "order_needed", "order"),
            ({"template": "product_available"}, "facts_needed", "{product}"),
            ({"template": "order_status", "order_id": "7"}, "facts_needed", "{status_name}"),
            ({"text": "Total: {total}", "order_id": "7"}, "facts_needed", "{total}"),
        ],
    )
    def test_a_text_is_not_sent_with_holes(self, ana: ShopCaller, asked: dict[str, str], code: str, named: str) -> None:
        answer = ana.post("/messages", {"to": MOBILE, **asked})
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert named in answer.json["detail"]

    def test_nobody_needs_a_first_name_to_be_written_to(self, ana: ShopCaller) -> None:
        answer = ana.post("/messages", {"to": MOBILE, "template": "order_shipped", "order_id": "7"}).json
        assert answer["text"] == "Ana: Oi! O seu pedido #7 foi enviado. (11) 4002-8922"

    @pytest.mark.parametrize("order_id", ["", "7 7", "7\n", "é", "7" * 65])
    def test_an_order_id_is_plain(self, ana: ShopCaller, order_id: str) -> None:
        answer = ana.post("/messages", {"to": MOBILE, "text": "Hi", "order_id": order_id})
        assert "order_id" in answer.json["errors"]

    def test_no_answer_shows_the_whole_number(self, ana: ShopCaller, recado: Recado) -> None:
        sent = ana.message()
        with recado.database.write() as connection:
            answered = Step(ana.shop.id, sent["id"], MessageState.REJECTED, {}, {"answer": f"{MOBILE} is bad"})
            recado.messages.advance(connection, [answered], utc_now())
        for path in ("/messages", f"/messages/{sent['id']}"):
            text = ana.get(path).get_data(as_text=True)
            assert "+55•••••4321" in text
            assert "987654321" not in text


class TestIdempotency:
    WISH = {"to": MOBILE, "text": "Ready"}  # noqa: RUF012

    def test_the_same_key_is_the_same_message(self, ana: ShopCaller, recado: Recado) -> None:
        first, again = (ana.post("/messages", self.WISH, Idempotency_Key="k-1") for _ in range(2))
        assert first.json == again.json
        assert again.status_code == 201
        assert stored(recado) == 1

    def test_without_a_key_each_is_a_message(self, ana: ShopCaller, recado: Recado) -> None:
        assert ana.message()["id"] != ana.message()["id"]
        assert stored(recado) == 2

    def test_many_at_once_are_one(self, ana: ShopCaller, app: Flask, recado: Recado) -> None:
        ids: list[str] = []

        def send() -> None:
            own = ShopCaller(ana.shop, ana.token, app.test_client())
            ids.append(own.post("/messages", self.WISH, Idempotency_Key="k-1").json["id"])

        together([send] * 8)
        assert len(ids) == 8
        assert len(set(ids)) == 1
        assert stored(recado) == 1

    @pytest.mark.parametrize("change", [{"to": "+5511987654322"}, {"text": "Else"}, {"order_id": "8"}])
    def test_the_same_key_for_another_message_is_refused(
        self, ana: ShopCaller, recado: Recado, change: dict[str, str]
    ) -> None:
        ana.post("/messages", self.WISH, Idempotency_Key="k-1")
        answer = ana.post("/messages", {**self.WISH, **change}, Idempotency_Key="k-1")
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
        assert stored(recado) == 1

    def test_shops_do_not_share_keys(self, ana: ShopCaller, bob: ShopCaller) -> None:
        hers, his = (shop.post("/messages", self.WISH, Idempotency_Key="k-1").json for shop in (ana, bob))
        assert (hers["shop_id"], his["shop_id"]) == (ana.shop.id, bob.shop.id)

    def test_the_test_button_keeps_keys_of_its_own(self, ana: ShopCaller) -> None:
        sent = ana.post("/messages", self.WISH, Idempotency_Key="k-1").json["id"]
        first, again = (ana.post("/test-message", {"to": MOBILE}, Idempotency_Key="k-1").json for _ in range(2))
        assert first["id"] == again["id"] != sent

    @pytest.mark.parametrize("key", ["", "two words", "é", "x" * 101])
    def test_a_key_is_plain(self, ana: ShopCaller, key: str) -> None:
        answer = ana.post("/messages", self.WISH, Idempotency_Key=key)
        assert (answer.status_code, answer.json["code"]) == (422, "bad_idempotency_key")


class TestHowOften:
    def test_the_test_button_may_be_pressed_five_times_at_once(self, ana: ShopCaller, bob: ShopCaller) -> None:
        answers = [ana.post("/test-message", {"to": MOBILE}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [201] * 5 + [429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 10
        assert answers[-1].json["code"] == "too_many_requests"
        assert bob.post("/test-message", {"to": MOBILE}).status_code == 201
        assert ana.message()["status"] == "queued"

    def test_messages_have_an_allowance_too(self, recado: Recado, ana: ShopCaller) -> None:
        narrow = Flask("narrow")
        buckets = TokenBuckets(burst=2, seconds_each=60)
        narrow.register_blueprint(api.blueprint(replace(shop_api(recado), messages=buckets)))
        caller = ShopCaller(ana.shop, ana.token, narrow.test_client())
        answers = [caller.post("/messages", {"to": MOBILE, "text": "Hi"}).status_code for _ in range(3)]
        assert answers == [201, 201, 429]


class TestReading:
    def test_newest_first_and_page_by_page(self, ana: ShopCaller) -> None:
        sent = [ana.message(text=f"No. {n}")["id"] for n in range(5)]
        seen, after = [], ""
        for _ in range(3):
            page = ana.get(f"/messages?limit=2{after}").json
            seen += [message["id"] for message in page["messages"]]
            after = f"&after={page['next']}"
        assert seen == sent[::-1]
        assert page["next"] is None

    def test_a_full_last_page_is_the_last(self, ana: ShopCaller) -> None:
        for _ in range(2):
            ana.message()
        assert ana.get("/messages?limit=2").json["next"] is None

    def test_by_order_and_by_state(self, ana: ShopCaller) -> None:
        ana.message(order_id="7")
        ana.message(order_id="8", to=LANDLINE)
        assert [m["order_id"] for m in ana.get("/messages?order_id=7").json["messages"]] == ["7"]
        assert [m["order_id"] for m in ana.get("/messages?status=suppressed").json["messages"]] == ["8"]
        assert ana.get("/messages?status=delivered").json == {"messages": [], "next": None}

    @pytest.mark.every_case_on_both
    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=201", "limit=x", "status=gone", "after=x", "order_id=%00", "foo=1"]
    )
    def test_a_filter_that_does_not_fit_is_named(self, ana: ShopCaller, query: str) -> None:
        answer = ana.get(f"/messages?{query}")
        assert (answer.status_code, answer.json["code"]) == (422, "bad_field")
        assert query.partition("=")[0] in answer.json["errors"]

    def test_a_message_tells_what_became_of_it(self, ana: ShopCaller, recado: Recado) -> None:
        sent = ana.message()
        with recado.database.write() as connection:
            now = utc_now()
            for state in (MessageState.SENDING, MessageState.ACCEPTED, MessageState.DELIVERED):
                recado.messages.advance(connection, [Step(ana.shop.id, sent["id"], state)], now)
        answer = ana.get(f"/messages/{sent['id']}").json
        assert answer["status"] == "delivered"
        assert [step["state"] for step in answer["timeline"]] == ["queued", "sending", "accepted", "delivered"]

    def test_no_shop_sees_anothers_messages(self, ana: ShopCaller, bob: ShopCaller) -> None:
        hers = ana.message()["id"]
        answer = bob.get(f"/messages/{hers}")
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_message")
        assert bob.get("/messages").json["messages"] == []
        assert bob.get(f"/messages?after={'msg_' + 'f' * 27}").json["messages"] == []

    @pytest.mark.every_case_on_both
    @pytest.mark.parametrize("message_id", ["msg_1", "nonsense", "msg_" + "0" * 27, "%00", "msg_" + "0" * 27 + "%0A"])
    def test_what_is_no_message_is_not_found(self, ana: ShopCaller, message_id: str) -> None:
        answer = ana.get(f"/messages/{message_id}")
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_message")


def test_a_refusal_is_explained_in_the_shops_language(add_shop: AddShop) -> None:
    loja = add_shop("Explained", mode=0, locale="pt_BR")
    sent = loja.post("/messages", {"to": MOBILE, "text": "Oi"}).json
    assert (sent["status"], sent["reason"]) == ("suppressed", "mode_disabled")
    assert sent["explanation"] == reasons.sentence("mode_disabled", "pt_BR")
    assert loja.get("/messages").json["messages"][0]["explanation"] == sent["explanation"]


def test_a_number_is_read_as_in_the_country_it_was_written_in(ana: ShopCaller) -> None:
    sent = ana.message(to="06 12 34 56 78", country="FR")
    assert (sent["to"], sent["status"]) == ("+33•••••5678", "queued")
