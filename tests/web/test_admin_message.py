"""One message in plain words, and the words for everything."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from sidecar.domain.status import MessageState
from sidecar.storage.messages import Step
from sidecar.storage.tables import messages, timeline
from sidecar.web.admin import shown
from sidecar.wiring import Recado, utc_now

from .conftest import AddShop, ShopCaller
from .pages import text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages only read, by queries that other tests try on both kinds."""
    return sqlite_url


class TestMessage:
    def page(self, inside: FlaskClient, message: Any) -> str:
        return text_of(inside.get(f"/admin/messages/{message['id']}", follow_redirects=True))

    def test_what_was_not_sent_says_why(self, inside: FlaskClient, add_shop: AddShop) -> None:
        page = self.page(inside, add_shop("Off", mode=0).message())
        assert "A person asked for this text. It was not sent. The shop's mode is 0 (disabled)" in page

    def test_each_step_in_plain_words(self, inside: FlaskClient, ana: ShopCaller, recado: Recado) -> None:
        sent = ana.message(order_id="77")
        self.walk(
            recado,
            ana,
            sent["id"],
            (MessageState.SENDING, {"attempt": 1}),
            (MessageState.QUEUED, {"attempt": 1, "reason": "throttled", "again_in": 32.0}),
            (MessageState.SENDING, {"attempt": 2}),
            (MessageState.UNKNOWN, {"attempt": 2, "reason": "answer_lost"}),
            (MessageState.ACCEPTED, {"look_up": "found", "reason": ""}),
            (MessageState.DELIVERED, {"word": "DELIVRD", "reason": "", "callback": "cb_1"}),
            (MessageState.SENT, {"word": "SENT", "reason": ""}),
        )
        page = self.page(inside, sent)
        for words in (
            "Order 77 delivered",
            "Nothing stood against it, so it was put in line at once.",
            "Attempt 1 failed, certainly without sending. The provider asked to go slower.",
            "It is tried again in 32 sec.",
            "It may or may not have left, and is not sent again before that is known.",
            "The provider was asked, and says: accepted.",
            "The provider reports “DELIVRD”.",
            "The provider reports “SENT”. This came late or a second time, and changed nothing.",
            "Times are the shop's, America/Sao_Paulo.",
        ):
            assert words in page

    @pytest.mark.parametrize(
        ("event", "why", "words"),
        [
            (
                "order_placed",
                {"source": "webhook", "status": "processing", "decision": "hold", "reason": "settling"},
                "The shop reported a new order, with the status “processing”. It was put aside until "
                "Nov 22, 2026, 12:00:00 PM. It waits a moment in case the order changes again.",
            ),
            (
                "status_changed",
                {"source": "webhook", "before": "a", "status": "b", "decision": "hold", "reason": "sending_hours"},
                "The shop reported that the order went from “a” to “b”. It was put aside until "
                "Nov 22, 2026, 12:00:00 PM. It waits for the shop's sending hours.",
            ),
            (
                "status_changed",
                {"source": "webhook", "before": "", "status": "failed", "decision": "send"},
                "The shop reported that the order is now “failed”. Nothing stood against it",
            ),
            (
                "status_changed",
                {"source": "poller", "decision": "hold", "reason": "newer_change", "ended": "superseded"},
                "Before it could leave, it was ended. A newer change of the order took its place.",
            ),
            ("test", {"source": "test", "decision": "send"}, "The Test button was pressed. Nothing stood against it"),
        ],
    )
    def test_how_it_began(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado, event: str, why: dict[str, str], words: str
    ) -> None:
        sent = ana.message()
        until = {"until": "2026-11-22T15:00:00+00:00"} if why["decision"] == "hold" else {}
        self.begin(recado, sent["id"], event, {**why, **until})
        assert words in self.page(inside, sent)

    def test_what_is_no_message_is_a_page_that_says_so(self, inside: FlaskClient) -> None:
        for message_id in ("none", "%00", "msg_" + "0" * 27):
            answer = inside.get(f"/admin/messages/{message_id}")
            assert answer.status_code == 404
            assert "There is no message under this address." in text_of(answer)

    def walk(self, recado: Recado, shop: ShopCaller, message_id: str, *steps: tuple[MessageState, Any]) -> None:
        now = utc_now()
        for number, (state, detail) in enumerate(steps):
            with recado.database.write() as connection:
                step = Step(shop.shop.id, message_id, state, {}, detail)
                recado.messages.advance(connection, [step], now + timedelta(seconds=number))

    def begin(self, recado: Recado, message_id: str, event: str, why: dict[str, str]) -> None:
        with recado.database.write() as connection:
            connection.execute(update(messages).where(messages.c.id == message_id).values(event=event))
            connection.execute(update(timeline).where(timeline.c.message_id == message_id).values(detail=why))


class TestWords:
    def test_every_state_has_a_tone_and_a_word(self, app: Flask) -> None:
        with app.test_request_context():
            assert set(shown.TONES) == set(MessageState) == set(shown.STATE_WORDS)
            assert all(shown.state_word(state) for state in MessageState)

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(0.0351, "35 ms"), (3.21, "3.2 sec"), (75, "75 sec"), (240, "4 min"), (7200, "2 hr"), (260_000, "3 days")],
    )
    def test_a_duration_is_as_exact_as_it_matters(self, app: Flask, seconds: float, words: str) -> None:
        with app.test_request_context():
            assert shown.duration(seconds) == words

    def test_a_price_below_one_keeps_its_digits(self, app: Flask) -> None:
        with app.test_request_context():
            assert shown.money("0.0079", "USD") == "$0.0079"
            assert shown.money("1234.5", "BRL") == "R$1,234.50"
