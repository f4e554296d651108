import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain.message import LostMessage, OutgoingMessage, ProviderTemplate
from sidecar.domain.outcome import (
    Accepted,
    Callback,
    CannotTell,
    Inbound,
    OutcomeUnknown,
    Rejected,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import AccountContext, CallbackUnreadable, Provider
from sidecar.providers.registry import InvalidOptions, build
from sidecar.providers.zenvia import signed

from .contract import INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase, HttpProviderContract
from .server import Request, Server, answer
from .test_twilio import read_vectors

ID = "0b1f5a3c-7cf2-4c44-9d3a-1f6f1c8e3001"
OPTIONS = {"token": "fakeZenviaToken", "sender": "loja-da-ana", "whatsapp_sender": "loja-wa"}
TEMPLATE = ProviderTemplate("c2c3e42d-0000-4ad6-897a-dd7613469f58", "pt_BR", (("customer", "Maria"), ("order", "17")))
SMS = OutgoingMessage(id="msg_1", to="+5511987654321", text="Olá é")
WHATSAPP = replace(SMS, channel="whatsapp", template=TEMPLATE)
CREATED = {
    "id": ID,
    "from": "loja-da-ana",
    "to": "33612345678",
    "direction": "OUT",
    "channel": "sms",
    "externalId": MESSAGE.id,
    "contents": [{"type": "text", "text": MESSAGE.text, "encodingStrategy": "AUTO"}],
    "timestamp": "2025-11-22T15:00:00Z",
}
CALLBACKS = read_vectors("zenvia-callbacks.json")


def error(code: str) -> dict[str, object]:
    details = [{"code": "too_short", "path": "contents", "message": "Must have one item"}]
    return {"code": code, "message": "No.", "details": details}


def to_status(event: object) -> Callback:
    return Callback("POST", STATUS_URL, {}, json.dumps(event).encode())


def to_inbound(event: object) -> Callback:
    return Callback("POST", INBOUND_URL, {}, json.dumps(event).encode())


def changed(event: dict[str, Any], **message: object) -> dict[str, Any]:
    return {**event, "message": {**event["message"], **message}}


class TestZenvia(HttpProviderContract):
    kind = "zenvia"
    options: ClassVar = {**OPTIONS, "token_secret": "fakeZenviaSecret"}
    secrets = ("fakeZenviaToken", "fakeZenviaSecret")
    accepted_body: ClassVar = CREATED
    accepted = Accepted(ID)
    receipts = (
        ReceiptCase("ACCEPTED", MessageState.ACCEPTED),
        ReceiptCase("SENT", MessageState.SENT),
        ReceiptCase("DELIVERED", MessageState.DELIVERED),
        ReceiptCase("VERIFIED", MessageState.DELIVERED),
        ReceiptCase("READ", MessageState.READ),
        ReceiptCase("CLICKED", MessageState.READ),
        ReceiptCase("REJECTED", MessageState.UNDELIVERED, "refused"),
        ReceiptCase("NOT_DELIVERED", MessageState.UNDELIVERED, "carrier_error"),
        ReceiptCase("DELETED", None),
        ReceiptCase("HANG_UP", None),
    )
    inbound = (
        InboundCase(
            to_inbound(CALLBACKS["sms"]),
            (
                Inbound(
                    "7390113b-e120-41b5-8a07-c4567726a001",
                    "+5511987654321",
                    "loja-da-ana",
                    "Obrigada!",
                    at=datetime(2025, 11, 22, 15, 10, tzinfo=UTC),
                    in_reply_to=ID,
                ),
            ),
        ),
        InboundCase(
            to_inbound(CALLBACKS["whatsapp"]),
            (
                Inbound(
                    "7390113b-e120-41b5-8a07-c4567726a002",
                    "+5511987654321",
                    "loja-da-ana",
                    "[file]\nÉ este?",
                    channel="whatsapp",
                    at=datetime(2025, 11, 22, 15, 10, tzinfo=UTC),
                ),
            ),
        ),
    )
    failures = (
        FailureCase(400, error("VALIDATION_ERROR"), Rejected("refused", permanent=True, code="VALIDATION_ERROR")),
        FailureCase(401, error("AUTHENTICATION_ERROR"), Rejected("auth", permanent=False, code="AUTHENTICATION_ERROR")),
        FailureCase(404, error("NOT_FOUND"), Rejected("misconfigured", permanent=False, code="NOT_FOUND")),
        FailureCase(422, error("NEWLY_MADE"), Rejected("refused", permanent=True, code="NEWLY_MADE")),
        FailureCase(429, error("TOO_MANY"), TemporarilyFailed("throttled", code="TOO_MANY")),
        FailureCase(409, error("DUPLICATED"), OutcomeUnknown("unclear_failure")),
        FailureCase(500, error("INTERNAL_ERROR"), OutcomeUnknown("unclear_failure")),
        FailureCase(400, {"message": "no code"}, OutcomeUnknown("unclear_failure")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        event = changed(CALLBACKS["status"], externalId=MESSAGE.id)
        return to_status({**event, "messageStatus": {**event["messageStatus"], "code": case.word}})

    def test_there_is_no_look_up(self, provider: Provider) -> None:
        lost = LostMessage("m", "+5511987654321", "t", NOW)
        assert provider.look_up(lost) == CannotTell("this provider has no look-up", never=True)

    def test_what_is_wrong_with_a_request_is_told(self, provider: Provider, server: Server) -> None:
        server.script(answer(400, error("VALIDATION_ERROR")))
        outcome = provider.send(MESSAGE)
        assert isinstance(outcome, Rejected)
        assert outcome.detail == "No.; too_short, contents, Must have one item"

    def test_an_internal_error_is_repeated_only_where_that_is_wanted(self, server: Server) -> None:
        options = {**OPTIONS, "base_url": server.url, "resend_after_internal_error": "true"}
        provider = build("zenvia", options, context(), PATIENT)
        server.script(answer(500, error("INTERNAL_ERROR")), answer(500, error("OTHER")), answer(500, b"<html>"))
        assert isinstance(provider.send(MESSAGE), TemporarilyFailed)
        assert isinstance(provider.send(MESSAGE), OutcomeUnknown)
        assert isinstance(provider.send(MESSAGE), OutcomeUnknown)
        provider.close()


class TestTheRequest:
    """Beside what the vendor's own library sends."""

    # Host and length are those of another server and another message.
    DIFFERENT = frozenset({"host", "content-length"})
    # HTTP/1.1 keeps alive without saying so; we name ourselves and want no compression.
    LEFT_OUT = frozenset({"connection"})
    ADDED = frozenset({"user-agent", "accept-encoding"})

    def sent(self, server: Server, message: OutgoingMessage, **options: str) -> Request:
        server.script(answer(200, CREATED))
        options = {**OPTIONS, "base_url": f"{server.url}/v2", **options}
        provider = build("zenvia", options, context(), PATIENT)
        assert provider.send(message) == Accepted(ID)
        provider.close()
        return server.requests[-1]

    @pytest.mark.parametrize(("message", "number"), [(SMS, 0), (WHATSAPP, 1)], ids=["sms", "whatsapp"])
    def test_it_equals_the_official_one(self, server: Server, message: OutgoingMessage, number: int) -> None:
        theirs = read_vectors("zenvia-send.json")["requests"][number]
        ours = self.sent(server, message)
        assert (ours.method, ours.target) == (theirs["method"], theirs["target"])
        headers = {name.lower(): value for name, value in ours.headers}
        expected = {name.lower(): value for name, value in theirs["headers"]}
        assert set(headers) - self.ADDED == set(expected) - self.LEFT_OUT
        comparable = set(expected) - self.LEFT_OUT - self.DIFFERENT
        assert {name: headers[name] for name in comparable} == {name: expected[name] for name in comparable}
        # Their library cannot say externalId; without it no receipt could name our message.
        assert json.loads(ours.body) == {**theirs["body_json"], "externalId": "msg_1"}

    def test_a_template_is_not_for_sms(self, server: Server) -> None:
        body = json.loads(self.sent(server, replace(SMS, template=TEMPLATE)).body)
        assert body["contents"] == [{"type": "text", "text": SMS.text}]

    def test_a_name_for_customers_is_no_alias(self, server: Server) -> None:
        assert json.loads(self.sent(server, replace(SMS, sender="Loja da Ana")).body)["from"] == "loja-da-ana"

    @settings(max_examples=30)
    @given(st.text())
    def test_any_text_arrives_whole(self, text: str) -> None:
        with Server() as server:
            body = json.loads(self.sent(server, replace(SMS, text=text)).body)
            assert body["contents"] == [{"type": "text", "text": text}]


class TestTheSignature:
    VECTOR: ClassVar = read_vectors("zenvia-signature.json")

    def sign(self, **other: str) -> str:
        vector = {**self.VECTOR, **other}
        body = vector["body"].encode()
        return signed(vector["token_secret"], vector["date"], "api.zenvia.com", vector["target"], body)

    def test_it_equals_the_one_of_the_vendor_s_example(self) -> None:
        assert self.sign() == self.VECTOR["X-API-Signature"]

    @pytest.mark.parametrize(
        "other",
        [
            {"token_secret": "another"},
            {"date": "Sat, 22 Nov 2025 15:00:01 GMT"},
            {"target": "/v2/channels/whatsapp/messages"},
            {"body": "{}"},
        ],
    )
    def test_it_covers_everything(self, other: dict[str, str]) -> None:
        assert self.sign(**other) != self.VECTOR["X-API-Signature"]

    def test_each_request_carries_its_own(self, server: Server) -> None:
        secret = self.VECTOR["token_secret"]
        there = datetime(2025, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=-3)))
        options = {**OPTIONS, "base_url": f"{server.url}/v2", "token_secret": secret}
        provider = build("zenvia", options, AccountContext("acc_1", STATUS_URL, lambda: there), PATIENT)
        server.script(answer(200, CREATED))
        provider.send(replace(SMS, text="Ola Maria"))
        provider.close()
        (request,) = server.requests
        assert request.body.decode() == self.VECTOR["body"]
        assert request.header("Date") == self.VECTOR["date"]
        expected = signed(secret, self.VECTOR["date"], "127.0.0.1", self.VECTOR["target"], request.body)
        assert request.header("X-API-Signature") == expected

    def test_a_token_without_a_secret_does_not_sign(self, server: Server) -> None:
        request = TestTheRequest().sent(server, SMS)
        assert request.header("X-API-Signature") is None and request.header("Date") is None


class TestWhatCannotGo:
    @pytest.mark.parametrize(
        ("message", "without", "reason"),
        [
            (SMS, "sender", "wrong_channel"),
            (WHATSAPP, "whatsapp_sender", "wrong_channel"),
            (replace(WHATSAPP, template=None), "", "no_template"),
        ],
    )
    def test_it_is_refused_before_any_request(
        self, server: Server, message: OutgoingMessage, without: str, reason: str
    ) -> None:
        options = {name: value for name, value in OPTIONS.items() if name != without}
        outcome = build("zenvia", {**options, "base_url": server.url}, context(), PATIENT).send(message)
        assert isinstance(outcome, Rejected) and (outcome.reason, outcome.permanent) == (reason, True)
        assert outcome.detail.endswith(".") and not server.requests

    def test_an_account_needs_a_sender(self) -> None:
        with pytest.raises(InvalidOptions, match="zenvia: give sender, whatsapp_sender or both"):
            build("zenvia", {"token": "t"}, context())


class TestCallbacks:
    PROVIDER = build("zenvia", OPTIONS, context())

    def test_a_receipt_names_both_ids_and_the_moment(self) -> None:
        (receipt,) = self.PROVIDER.read_receipts(to_status(CALLBACKS["status"]))
        assert (receipt.provider_id, receipt.message_id) == (ID, "msg_1")
        assert receipt.at == datetime(2025, 11, 22, 15, 0, 5, tzinfo=UTC)

    def test_a_failure_is_a_receipt_like_any_other(self) -> None:
        (receipt,) = self.PROVIDER.read_receipts(to_status(CALLBACKS["refusal"]))
        assert (receipt.state, receipt.reason) == (MessageState.UNDELIVERED, "carrier_error")

    def test_a_receipt_as_it_was_once_written(self) -> None:
        event = {name: value for name, value in CALLBACKS["status"].items() if name != "message"}
        (receipt,) = self.PROVIDER.read_receipts(to_status(event))
        assert (receipt.provider_id, receipt.message_id, receipt.state) == (ID, None, MessageState.DELIVERED)

    def test_a_receipt_of_another_system_s_message(self) -> None:
        (receipt,) = self.PROVIDER.read_receipts(to_status(changed(CALLBACKS["status"], externalId="")))
        assert receipt.message_id is None

    @pytest.mark.parametrize("kind", ["CONTACT", "CONVERSATION_STATUS", "SOMETHING_NEW"])
    def test_other_events_tell_us_nothing(self, kind: str) -> None:
        event = {**CALLBACKS["status"], "type": kind}
        assert self.PROVIDER.read_receipts(to_status(event)) == self.PROVIDER.read_inbound(to_inbound(event)) == []

    @pytest.mark.parametrize(
        "event",
        [
            {**CALLBACKS["sms"], "direction": "OUT"},
            {**CALLBACKS["sms"], "channel": "telegram"},
            changed(CALLBACKS["sms"], **{"from": "28847"}),
            changed(CALLBACKS["sms"], **{"from": "Operadora"}),
        ],
        ids=["our own", "not a phone's", "a short code", "a name"],
    )
    def test_what_no_customer_s_phone_sent_is_left_out(self, event: dict[str, object]) -> None:
        assert self.PROVIDER.read_inbound(to_inbound(event)) == []

    def test_both_kinds_may_come_to_one_address(self) -> None:
        assert self.PROVIDER.capabilities.one_callback_address

    def test_an_account_offers_the_channels_it_has_a_sender_for(self) -> None:
        assert self.PROVIDER.capabilities.channels == {"sms", "whatsapp"}
        only = build("zenvia", {"token": "t", "whatsapp_sender": "loja-wa"}, context())
        assert only.capabilities.channels == {"whatsapp"}

    def test_whatsapp_s_older_numbers_are_those_dialled_today(self) -> None:
        for channel, number in (("whatsapp", "+5511987654321"), ("sms", "+551187654321")):
            event = changed(CALLBACKS[channel], **{"from": "551187654321"})
            (message,) = self.PROVIDER.read_inbound(to_inbound(event))
            assert message.sender == number

    @pytest.mark.parametrize(
        ("kind", "missing"), [("status", "messageStatus"), ("sms", "direction"), ("sms", "message")]
    )
    def test_half_an_event_is_unreadable(self, kind: str, missing: str) -> None:
        event = {name: value for name, value in CALLBACKS[kind].items() if name != missing}
        event.pop("messageId", None)
        read = self.PROVIDER.read_receipts if kind == "status" else self.PROVIDER.read_inbound
        with pytest.raises(CallbackUnreadable, match=f"{missing}: Field required"):
            read(to_status(event))
