import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, ClassVar

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sidecar.domain.exchange import Limits
from sidecar.domain.message import LostMessage, OutgoingMessage, ProviderTemplate
from sidecar.domain.outcome import (
    Accepted,
    Callback,
    Found,
    Inbound,
    OutcomeUnknown,
    Rejected,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import AccountContext, CallbackUnreadable, Provider
from sidecar.providers.registry import InvalidOptions, build

from .contract import INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase, HttpProviderContract
from .server import Request, Server, answer
from .test_twilio import read_vectors
from .test_vonage import JSON, KEY, SECRET, by_form, by_json
from .test_vonage import REPLY as SMS_API_REPLY

PRIVATE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE_KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PUBLIC = PRIVATE_KEY.public_key()
PUBLIC_PEM = PUBLIC.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
APPLICATION = "11111111-2222-3333-4444-555555555555"
OPTIONS = {
    "api": "messages",
    "api_key": KEY,
    "api_secret": SECRET,
    "from": "ACME",
    "whatsapp_from": "14157386102",
    "application_id": APPLICATION,
    "private_key": PEM,
}
UUID = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"
ERRORS = "https://developer.vonage.com/api-errors"
TEMPLATE = ProviderTemplate("ns:verify", "en_GB", (("code", "1234"),))
HELLO = OutgoingMessage(id="ref-1", to="+33612345678", text="Hello é", validity_seconds=3600)
BY_WHATSAPP = OutgoingMessage(id="ref-1", to="+33612345678", text="hi", channel="whatsapp", template=TEMPLATE)


def problem(code: str, title: str = "No") -> dict[str, str]:
    return {"type": f"{ERRORS}#{code}", "title": title, "detail": "Really no.", "instance": "bf0ca0bf"}


def refused(status: int, code: str, reason: str, *, permanent: bool = True) -> FailureCase:
    return FailureCase(status, problem(code), Rejected(reason, permanent=permanent, code=code))


def passing(status: int, code: str, reason: str) -> FailureCase:
    return FailureCase(status, problem(code), TemporarilyFailed(reason, code=code))


REPLY = {
    "channel": "whatsapp",
    "message_uuid": UUID,
    "to": "14157386102",
    "from": "33612345678",
    "timestamp": "2025-11-22T15:04:05Z",
    "message_type": "text",
    "text": "Até já",
    "context": {"message_uuid": "cccccccc", "message_from": "14157386102"},
    "profile": {"name": "Ana"},
}
READ = Inbound(
    UUID,
    "+33612345678",
    "14157386102",
    "Até já",
    "whatsapp",
    at=datetime(2025, 11, 22, 15, 4, 5, tzinfo=UTC),
    in_reply_to="cccccccc",
)
SMS_REPLY = {**REPLY, "channel": "sms", "sms": {"num_messages": "2", "keyword": "ATÉ"}, "context": None}
WITHOUT_TEXT = {name: value for name, value in REPLY.items() if name != "text"}


@cache
def reader(status_url: str) -> Provider:
    """Made once, as it takes a while to check a private key."""
    return build("vonage", OPTIONS, context(status_url))


class TestTheMessagesApi(HttpProviderContract):
    kind = "vonage"
    options: ClassVar = OPTIONS
    secrets = (SECRET, base64.b64encode(f"{KEY}:{SECRET}".encode()).decode(), PEM.splitlines()[1])
    accepted_body: ClassVar = {"message_uuid": UUID, "workflow_id": "3TcNjguHxr2vcCZ9Ddsnq6"}
    accepted = Accepted(UUID)
    receipts = (
        ReceiptCase("submitted", MessageState.SENT),
        ReceiptCase("delivered", MessageState.DELIVERED),
        ReceiptCase("read", MessageState.READ),
        ReceiptCase("rejected", MessageState.UNDELIVERED, "opted_out", "1240"),
        ReceiptCase("rejected", MessageState.UNDELIVERED, "no_credit", "1070"),
        ReceiptCase("rejected", MessageState.UNDELIVERED, "window_closed", "1340"),
        ReceiptCase("undeliverable", MessageState.UNDELIVERED, "unroutable", "1260"),
        ReceiptCase("undeliverable", MessageState.UNDELIVERED, "handset_unreachable", "1180"),
        ReceiptCase("rejected", MessageState.UNDELIVERED, "error_1482", "1482"),
        ReceiptCase("rejected", MessageState.UNDELIVERED),
    )
    inbound = (
        InboundCase(by_json(REPLY), (READ,)),
        InboundCase(by_json(SMS_REPLY), (replace(READ, channel="sms", in_reply_to=None),)),
        InboundCase(
            by_json({**WITHOUT_TEXT, "message_type": "image", "image": {"url": "https://x"}}), (replace(READ, text=""),)
        ),
        InboundCase(by_json({**WITHOUT_TEXT, "button": {"payload": "p", "text": "Sim"}}), (replace(READ, text="Sim"),)),
        InboundCase(by_json({**WITHOUT_TEXT, "reply": {"id": "r", "title": "Não"}}), (replace(READ, text="Não"),)),
        InboundCase(by_json({**REPLY, "timestamp": "2025-11-22T16:04:05+01:00"}), (READ,)),
        InboundCase(by_json({**REPLY, "timestamp": "2025-11-22T16:04:05"}), (replace(READ, at=None),)),
        InboundCase(by_json({**REPLY, "from": "551187654321"}), (replace(READ, sender="+5511987654321"),)),
        InboundCase(by_json({**REPLY, "timestamp": "yesterday"}), (replace(READ, at=None),)),
    )
    failures = (
        refused(422, "1120", "sender_refused"),
        refused(422, "1020", "refused"),
        refused(422, "1430", "refused"),
        refused(422, "1022", "template_refused"),
        refused(422, "1170", "invalid_number"),
        refused(422, "1160", "trial_restriction"),
        refused(401, "unauthorized", "auth", permanent=False),
        refused(401, "jwt-expired", "auth", permanent=False),
        refused(403, "low-balance", "no_credit", permanent=False),
        refused(402, "low-balance", "no_credit", permanent=False),
        refused(403, "account-suspended", "account_suspended", permanent=False),
        refused(403, "forbidden", "misconfigured", permanent=False),
        refused(404, "not-found", "misconfigured", permanent=False),
        passing(429, "throttled", "throttled"),
        passing(422, "1000", "throttled"),
        passing(500, "1030", "provider_down"),
        FailureCase(422, problem("1320"), OutcomeUnknown("unclear_failure")),
        FailureCase(500, problem("oops"), OutcomeUnknown("unclear_failure")),
        FailureCase(422, {"detail": "no title"}, OutcomeUnknown("unclear_failure")),
        FailureCase(422, {"title": "No", "detail": "x"}, Rejected("refused", permanent=True)),
        FailureCase(202, {"message_uuid": ""}, OutcomeUnknown("unreadable_answer")),
    )

    def make(self, status_url: str = STATUS_URL) -> Provider:
        return reader(status_url)

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        return by_json(self.status(case), STATUS_URL)

    def status(self, case: ReceiptCase) -> dict[str, object]:
        told: dict[str, object] = {
            "message_uuid": UUID,
            "to": "33612345678",
            "from": "ACME",
            "timestamp": "2025-11-22T15:00:00.000Z",
            "status": case.word,
            "channel": "sms",
            "client_ref": MESSAGE.id,
            "usage": {"currency": "EUR", "price": "0.0333"},
        }
        return told | ({"error": {"type": f"{ERRORS}/messages#{case.code}", "title": case.code}} if case.code else {})

    @pytest.mark.parametrize(
        "error",
        [
            {"type": f"{ERRORS}/messages#1240", "title": "Illegal Number"},
            {"type": f"{ERRORS}/messages#1240", "title": 1240},
            {"type": f"{ERRORS}/messages", "title": "1240"},
            {"type": f"{ERRORS}/messages#rejected", "title": "1240"},
            {"error": {"type": f"{ERRORS}/messages#1240", "title": 1240, "detail": "x"}},
        ],
    )
    def test_the_error_s_code_is_found_wherever_it_stands(self, error: dict[str, object]) -> None:
        told = {**self.status(ReceiptCase("rejected", None)), "error": error}
        (receipt,) = self.make().read_receipts(by_json(told, STATUS_URL))
        assert receipt.reason == "opted_out"

    def test_a_status_is_no_customer_s_message_and_the_other_way_round(self) -> None:
        for sender in ("ACME", "33700000000"):
            told = {**self.status(self.receipts[0]), "from": sender}
            with pytest.raises(CallbackUnreadable, match="a message's status"):
                self.make().read_inbound(by_json(told))
        with pytest.raises(CallbackUnreadable, match="status"):
            self.make().read_receipts(by_json(REPLY))

    @pytest.mark.parametrize("sender", ["", "ACME", "US.13491208655302741918", "0612345678", "12345"])
    def test_who_has_no_number_is_no_customer(self, sender: str) -> None:
        with pytest.raises(CallbackUnreadable, match="number"):
            self.make().read_inbound(by_json({**REPLY, "from": sender}))

    def test_numbers_still_set_to_the_sms_api_are_understood(self) -> None:
        (message,) = self.make().read_inbound(by_form(SMS_API_REPLY))
        assert message.sender == "+33612345678"

    def test_an_account_of_the_sms_api_understands_these_too(self) -> None:
        sms = build("vonage", {"api_key": KEY, "api_secret": SECRET, "from": "ACME"}, context())
        assert sms.read_inbound(by_json(SMS_REPLY))[0].text == "Até já"
        assert sms.read_receipts(self.receipt_callback(self.receipts[1]))[0].state is MessageState.DELIVERED

    def test_a_customer_who_writes_a_field_s_name_stays_with_the_sms_api(self) -> None:
        fields: dict[str, object] = {**SMS_API_REPLY, "text": 'What is "message_uuid"?'}
        for callback in (by_json(fields), by_form({name: str(value) for name, value in fields.items()})):
            assert self.make().read_inbound(callback)[0].text == 'What is "message_uuid"?'

    def test_the_look_up_asks_for_this_api_s_records(self, server: Server) -> None:
        record = {"message_id": UUID, "client_ref": MESSAGE.id, "status": "rejected", "error_code": "1240"}
        server.script(answer(200, {"records": [record]}))
        lost = LostMessage(MESSAGE.id, MESSAGE.to, MESSAGE.text, sent_after=NOW)
        found = connected(server, reports="true").look_up(lost)
        assert found == Found(UUID, MessageState.UNDELIVERED, "opted_out")
        assert "product=MESSAGES" in server.requests[0].target


def connected(server: Server, now: datetime = NOW, limits: Limits = PATIENT, **options: str) -> Provider:
    account = AccountContext("acc_1", "https://ex.org/cb", lambda: now, INBOUND_URL)
    return build("vonage", {**OPTIONS, "base_url": server.url, **options}, account, limits)


class TestTheRequest:
    """Beside what the vendor's own library sends."""

    DIFFERENT = frozenset({"host", "content-length", "user-agent", "authorization"})
    LEFT_OUT = frozenset({"connection"})
    CHANGED: ClassVar = {"accept-encoding": "identity"}
    RECORDED_AT = datetime.fromtimestamp(1790000000, UTC)

    def sent(self, server: Server, message: OutgoingMessage, **options: str) -> Request:
        server.script(answer(202, TestTheMessagesApi.accepted_body))
        provider = connected(server, self.RECORDED_AT, **options)
        assert isinstance(provider.send(message), Accepted)
        provider.close()
        return server.requests[-1]

    def body(self, server: Server, message: OutgoingMessage, **options: str) -> Any:
        return json.loads(self.sent(server, message, **options).body)

    def test_it_equals_the_official_one(self, server: Server) -> None:
        theirs = read_vectors("vonage-messages-send.json")["requests"][0]
        ours = self.sent(server, HELLO)
        assert (ours.method, ours.target) == (theirs["method"], theirs["target"])
        expected = {name.lower(): value for name, value in theirs["headers"]} | self.CHANGED
        headers = {name.lower(): value for name, value in ours.headers}
        assert set(headers) | self.LEFT_OUT == set(expected)
        comparable = set(headers) - self.DIFFERENT
        assert {name: headers[name] for name in comparable} == {name: expected[name] for name in comparable}

    def test_its_token_is_made_like_the_official_one(self, server: Server) -> None:
        vectors = read_vectors("vonage-messages-send.json")
        theirs = dict(vectors["requests"][0]["headers"])["Authorization"].removeprefix("Bearer ")
        ours = (self.sent(server, HELLO).header("Authorization") or "").removeprefix("Bearer ")
        assert jwt.get_unverified_header(ours) == jwt.get_unverified_header(theirs)
        expected, claims = claims_of(theirs, vectors["jwt_public_key"]), claims_of(ours, PUBLIC)
        assert list(claims) == list(expected)
        assert {**claims, "jti": ""} == {**expected, "jti": ""}
        assert [len(claimed["jti"]) for claimed in (claims, expected)] == [36, 36]

    def test_every_message_has_a_token_of_its_own(self, server: Server) -> None:
        server.script(answer(202, TestTheMessagesApi.accepted_body))
        for moment, message in ((NOW, "a"), (NOW, "b"), (NOW + timedelta(milliseconds=1), "a")):
            connected(server, moment).send(replace(MESSAGE, id=message))
        tokens = [request.header("Authorization") or "" for request in server.requests]
        assert len({claims_of(token.removeprefix("Bearer "), PUBLIC)["jti"] for token in tokens}) == 3

    # Theirs was recorded without a reference or an address for the first, and without a version for all.
    OURS: ClassVar = {"client_ref": "ref-1", "webhook_url": "https://ex.org/cb", "webhook_version": "v1"}

    @pytest.mark.parametrize(
        ("recorded", "message", "options"),
        [
            (0, HELLO, {}),
            (1, BY_WHATSAPP, {}),
            (2, replace(BY_WHATSAPP, template=None), {"whatsapp_free_text": "yes"}),
            (3, replace(HELLO, text="Hello", validity_seconds=None), {}),
        ],
    )
    def test_its_body_equals_the_official_one(
        self, server: Server, recorded: int, message: OutgoingMessage, options: dict[str, str]
    ) -> None:
        theirs = read_vectors("vonage-messages-send.json")["requests"][recorded]["body_json"]
        assert self.body(server, message, **options) == {**theirs, **self.OURS}

    def test_the_shop_s_own_sender_is_for_sms_alone(self, server: Server) -> None:
        assert self.body(server, replace(HELLO, sender="LojaDaAna"))["from"] == "LojaDaAna"
        assert self.body(server, replace(BY_WHATSAPP, sender="LojaDaAna"))["from"] == "14157386102"

    @pytest.mark.parametrize(("asked", "sent"), [(0, 20), (20, 20), (3600, 3600), (10**6, 604800)])
    def test_the_validity_is_kept_within_bounds(self, server: Server, asked: int, sent: int) -> None:
        assert self.body(server, replace(HELLO, validity_seconds=asked))["ttl"] == sent

    def test_the_key_may_stand_in_one_line(self, server: Server) -> None:
        ours = self.sent(server, HELLO, private_key=PEM.strip().replace("\n", "\\n")).header("Authorization") or ""
        assert claims_of(ours.removeprefix("Bearer "), PUBLIC)["application_id"] == APPLICATION


def claims_of(token: str, key: Any) -> dict[str, Any]:
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False})


class TestWhatAnAccountCanSend:
    def capable(self, **options: str) -> Any:
        return build("vonage", {**OPTIONS, **options}, context()).capabilities

    def test_the_channels_are_those_with_a_sender(self) -> None:
        assert self.capable().channels == {"sms", "whatsapp"}
        assert self.capable(whatsapp_from="").channels == {"sms"}
        assert self.capable(**{"from": ""}).channels == {"whatsapp"}

    def test_only_templates_where_whatsapp_is_all_there_is(self) -> None:
        assert self.capable().templates_only == {"whatsapp"}
        assert self.capable(**{"from": ""}).channels == self.capable(**{"from": ""}).templates_only
        assert not self.capable(**{"from": "", "whatsapp_free_text": "yes"}).templates_only

    def test_callbacks_are_signed_where_the_secret_is_known(self) -> None:
        assert not self.capable().signed_callbacks
        assert self.capable(signature_secret="s" * 32).signed_callbacks

    @pytest.mark.parametrize(
        ("message", "options", "reason"),
        [
            (replace(BY_WHATSAPP, template=None), {}, "no_template"),
            (BY_WHATSAPP, {"whatsapp_from": ""}, "wrong_channel"),
            (HELLO, {"from": ""}, "wrong_channel"),
        ],
    )
    def test_what_it_cannot_is_refused_before_any_request(
        self, server: Server, message: OutgoingMessage, options: dict[str, str], reason: str
    ) -> None:
        outcome = connected(server, **options).send(message)
        assert isinstance(outcome, Rejected) and outcome.permanent and outcome.reason == reason and outcome.detail
        assert not server.requests

    @pytest.mark.parametrize("wrong", ["", "s3cret", PUBLIC_PEM, PEM[:-60]])
    def test_a_key_that_cannot_sign_is_refused(self, wrong: str) -> None:
        with pytest.raises(InvalidOptions, match="private") as caught:
            build("vonage", {**OPTIONS, "private_key": wrong}, context())
        assert not wrong or wrong not in str(caught.value)


def test_a_body_that_is_not_json_is_unreadable() -> None:
    for read in (reader(STATUS_URL).read_inbound, reader(STATUS_URL).read_receipts):
        with pytest.raises(CallbackUnreadable):
            read(Callback("POST", INBOUND_URL, JSON, b'{"message_uuid": '))
