import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
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
    Wish,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import Acknowledgement, CallbackRefused, CheckFailed, Provider, whatsapp_number
from sidecar.providers.registry import build

from .contract import MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase, HttpProviderContract
from .server import Request, Server, answer

META = json.loads((Path(__file__).parent / "vectors" / "meta.json").read_text())
NUMBER = "106540352242922"
SECRET = META["app_secret"]
WAMID = "wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"
THEIRS = "wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA"
OPTIONS = {
    "phone_number_id": NUMBER,
    "access_token": "EAAJB-fake-token",
    "app_secret": SECRET,
    "verify_token": "my-token",
}
SENT = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+33612345678", "wa_id": "33612345678"}],
    "messages": [{"id": WAMID, "message_status": "accepted"}],
}
MOMENT = datetime(2025, 6, 15, 23, 27, 53, tzinfo=UTC)


def error(code: int, **more: object) -> dict[str, Any]:
    return {"error": {"message": f"(#{code}) No", "type": "OAuthException", "code": code, "fbtrace_id": "A1", **more}}


def refused(code: int, reason: str, *, permanent: bool = True, status: int = 400) -> FailureCase:
    return FailureCase(status, error(code), Rejected(reason, permanent=permanent, code=str(code)))


def passing(code: int, reason: str, status: int = 400) -> FailureCase:
    return FailureCase(status, error(code), TemporarilyFailed(reason, code=str(code)))


def event(field: str, value: dict[str, Any]) -> dict[str, Any]:
    changes = [{"value": value, "field": field}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": changes}]}


def notification(number: str = NUMBER, **told: object) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number}
    return event("messages", {"messaging_product": "whatsapp", "metadata": metadata, **told})


def callback(told: dict[str, Any], secret: str = SECRET) -> Callback:
    # As Meta writes it: letters outside ASCII and slashes are escaped.
    body = json.dumps(told).replace("/", "\\/").encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Callback("POST", STATUS_URL, {"X-Hub-Signature-256": f"sha256={signature}"}, body)


def status(word: str, code: int | None = None, **more: object) -> dict[str, Any]:
    told = {"id": WAMID, "status": word, "timestamp": "1750030073", "recipient_id": "33612345678", **more}
    return {**told, "errors": [{"code": code, "title": "No"}]} if code else told


def reply(kind: str, content: object = None, sender: str = "33612345678", **more: object) -> dict[str, Any]:
    told = {"from": sender, "id": THEIRS, "timestamp": "1750030073", "type": kind, **more}
    return {**told, kind: content} if content is not None else told


def written(text: str, **more: Any) -> Inbound:
    return replace(Inbound(THEIRS, "+33612345678", "15550783881", text, channel="whatsapp", at=MOMENT), **more)


def case(told: dict[str, Any], *expected: Inbound) -> InboundCase:
    contacts = [{"profile": {"name": "Ana"}, "wa_id": "33612345678"}]
    return InboundCase(callback(notification(contacts=contacts, messages=[told])), expected)


ANSWERED = {"from": "15550783881", "id": WAMID}


class TestWhatsAppCloud(HttpProviderContract):
    kind = "whatsapp_cloud"
    options: ClassVar = OPTIONS
    message = replace(MESSAGE, channel="whatsapp")
    secrets = ("EAAJB-fake-token", SECRET, "my-token")
    accepted_body: ClassVar = SENT
    accepted = Accepted(WAMID)
    receipts = (
        ReceiptCase("sent", MessageState.SENT),
        ReceiptCase("delivered", MessageState.DELIVERED),
        ReceiptCase("read", MessageState.READ),
        ReceiptCase("failed", MessageState.UNDELIVERED),
        ReceiptCase("failed", MessageState.UNDELIVERED, "not_on_whatsapp", "131026"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "window_closed", "131047"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "opted_out", "131050"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "filtered", "131049"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "template_refused", "132015"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "error_139999", "139999"),
        ReceiptCase("played", None),
    )
    inbound = (
        case(reply("text", {"body": "Já chegou?"}), written("Já chegou?")),
        case(reply("text", {"body": "STOP"}, context=ANSWERED), written("STOP", in_reply_to=WAMID)),
        case(
            reply("button", {"text": "Confirmar", "payload": "1"}, context=ANSWERED),
            written("Confirmar", in_reply_to=WAMID),
        ),
        case(
            reply("button", {"text": "Unsubscribe", "payload": "Unsubscribe"}),
            written("Unsubscribe", wish=Wish.STOP),
        ),
        case(reply("button", {"text": "Não quero mais", "payload": "STOP"}), written("Não quero mais", wish=Wish.STOP)),
        case(
            reply("interactive", {"type": "button_reply", "button_reply": {"id": "b1", "title": "Sim"}}),
            written("Sim"),
        ),
        case(
            reply("interactive", {"type": "button_reply", "button_reply": {"id": "stop", "title": "Chega"}}),
            written("Chega", wish=Wish.STOP),
        ),
        case(
            reply("interactive", {"type": "list_reply", "list_reply": {"id": "r1", "title": "Manhã"}}),
            written("Manhã"),
        ),
        case(reply("image", {"id": "1003383421387256", "caption": "Veio assim"}), written("Veio assim")),
        case(reply("image", {"id": "1003383421387256"}), written("")),
        case(reply("audio", {"id": "1003383421387256", "voice": True}), written("")),
        case(reply("reaction", {"message_id": WAMID, "emoji": "👍"}), written("👍")),
        case(reply("unsupported", errors=[{"code": 131051}]), written("")),
        case(reply("text", {"body": "Oi"}, sender="553188887777"), written("Oi", sender="+5531988887777")),
        case(reply("text", {"body": "Hi"}, sender="")),
        case(reply("text", {"body": "Hi"}, sender="FR.13491208655302741918")),
        case(reply("system", {"type": "user_changed_number", "wa_id": "33612345679"})),
        InboundCase(callback(notification(number="999", messages=[reply("text", {"body": "Hi"})])), ()),
        InboundCase(callback(event("account_update", {"event": "VERIFIED_ACCOUNT"})), ()),
    )
    failures = (
        refused(190, "auth", permanent=False, status=401),
        refused(10, "auth", permanent=False, status=403),
        refused(250, "auth", permanent=False),
        refused(131005, "auth", permanent=False, status=403),
        refused(131042, "no_credit", permanent=False),
        refused(131031, "account_suspended", permanent=False, status=403),
        refused(131048, "account_suspended", permanent=False),
        refused(33, "misconfigured", permanent=False),
        FailureCase(400, error(100, error_subcode=33), Rejected("misconfigured", permanent=False, code="100/33")),
        refused(100, "refused"),
        refused(131009, "content_refused"),
        refused(131021, "invalid_number"),
        refused(131026, "not_on_whatsapp"),
        refused(131030, "trial_restriction"),
        refused(130497, "region_not_enabled", status=403),
        refused(131047, "window_closed"),
        refused(131050, "opted_out"),
        refused(130472, "filtered"),
        refused(132001, "template_refused", status=404),
        refused(132016, "template_refused"),
        refused(139998, "refused"),
        passing(4, "throttled"),
        passing(130429, "throttled", 429),
        passing(131056, "throttled"),
        passing(2, "provider_down", 503),
        passing(131000, "provider_down", 500),
        passing(131016, "provider_down", 500),
        FailureCase(500, error(1), OutcomeUnknown("unclear_failure")),
        FailureCase(400, error(1), OutcomeUnknown("unclear_failure")),
        FailureCase(503, error(1), OutcomeUnknown("unclear_failure")),
        FailureCase(500, error(139998), OutcomeUnknown("unclear_failure")),
        FailureCase(400, {"error": "no"}, OutcomeUnknown("unclear_failure")),
        FailureCase(200, {**SENT, "messages": []}, OutcomeUnknown("unreadable_answer")),
        FailureCase(200, {**SENT, "messages": [{"id": ""}]}, OutcomeUnknown("unreadable_answer")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        told = status(case.word, int(case.code or 0), biz_opaque_callback_data=MESSAGE.id)
        return callback(notification(statuses=[told]))

    @pytest.mark.parametrize("word", ["accepted", "held_for_quality_assessment", "paused"])
    def test_what_is_held_back_for_its_quality_may_still_arrive(
        self, provider: Provider, server: Server, word: str
    ) -> None:
        server.script(answer(200, {**SENT, "messages": [{"id": WAMID, "message_status": word}]}))
        assert provider.send(self.message) == Accepted(WAMID)

    def test_a_refusal_is_kept_in_meta_s_own_words(self, provider: Provider, server: Server) -> None:
        data = {"messaging_product": "whatsapp", "details": "More than 24 hours have passed"}
        server.script(answer(400, error(131047, error_data=data)), answer(400, error(131047, error_data="text")))
        for words in ("(#131047) No: More than 24 hours have passed", "(#131047) No"):
            outcome = provider.send(self.message)
            assert isinstance(outcome, Rejected) and outcome.detail == words

    def test_there_is_no_look_up(self, provider: Provider) -> None:
        lost = LostMessage("m", "+33612345678", "t", NOW)
        assert provider.look_up(lost) == CannotTell("this provider has no look-up", never=True)

    def test_the_account_is_checked_by_asking_for_its_number(self, provider: Provider, server: Server) -> None:
        number = {"id": NUMBER, "display_phone_number": "+1 555-078-3881", "quality_rating": "GREEN"}
        server.script(answer(200, number))
        assert provider.check_account() == "number +1 555-078-3881, quality GREEN"
        (request,) = server.requests
        assert request.target == f"/v23.0/{NUMBER}?fields=display_phone_number,quality_rating"
        assert request.header("Authorization") == "Bearer EAAJB-fake-token"

    def test_a_check_that_fails_says_why(self, provider: Provider, server: Server) -> None:
        for status_code, body in ((401, error(190)), (200, {"id": NUMBER})):
            server.script(answer(status_code, body))
            with pytest.raises(CheckFailed, match=str(190 if status_code == 401 else NUMBER)):
                provider.check_account()


class TestTheRequest:
    """No recording of a client by Meta exists: beside the examples of its reference."""

    def sent(self, server: Server, message: OutgoingMessage, **options: str) -> Request:
        server.script(answer(200, SENT))
        provider = build("whatsapp_cloud", {**OPTIONS, **options, "base_url": server.url}, context(), PATIENT)
        assert isinstance(provider.send(message), Accepted)
        provider.close()
        return server.requests[-1]

    def body(self, server: Server, message: OutgoingMessage, **options: str) -> Any:
        return json.loads(self.sent(server, message, **options).body)

    def templated(self, *parameters: tuple[str, str]) -> OutgoingMessage:
        template = ProviderTemplate("order_ready", "pt_BR", parameters)
        return OutgoingMessage("msg_1", "+16505551234", "Hi", channel="whatsapp", template=template)

    def test_address_and_headers(self, server: Server) -> None:
        request = self.sent(server, replace(MESSAGE, channel="whatsapp"))
        assert (request.method, request.target) == ("POST", f"/v23.0/{NUMBER}/messages")
        assert request.header("Authorization") == "Bearer EAAJB-fake-token"
        assert request.header("Content-Type") == "application/json"

    def test_free_text(self, server: Server) -> None:
        assert self.body(server, replace(MESSAGE, channel="whatsapp")) == {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "+33612345678",
            "type": "text",
            "text": {"body": MESSAGE.text, "preview_url": False},
            "biz_opaque_callback_data": MESSAGE.id,
        }

    def test_a_template_whose_variables_are_numbered(self, server: Server) -> None:
        sent = self.body(server, self.templated(("first_name", "Zoé"), ("order_number", "17")))
        assert (sent["type"], "text" in sent) == ("template", False)
        assert sent["template"] == {
            "name": "order_ready",
            "language": {"code": "pt_BR"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "Zoé"}, {"type": "text", "text": "17"}]}
            ],
        }

    def test_a_template_whose_variables_are_named(self, server: Server) -> None:
        message = self.templated(("first_name", "Zoé"), ("header", "17"), ("button_0", "x/17"))
        sent = self.body(server, message, template_variables="named")
        assert sent["template"]["components"] == [
            {"type": "header", "parameters": [{"type": "text", "text": "17", "parameter_name": "header"}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Zoé", "parameter_name": "first_name"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "x/17"}]},
        ]

    def test_a_template_without_variables(self, server: Server) -> None:
        sent = self.body(server, self.templated())
        assert sent["template"] == {"name": "order_ready", "language": {"code": "pt_BR"}}

    def test_a_one_time_code_fills_the_body_and_the_button(self, server: Server) -> None:
        sent = self.body(server, self.templated(("code", "123456"), ("button_0", "123456"), ("button_12", "x")))
        assert [component["type"] for component in sent["template"]["components"]] == ["body", "button"]
        assert sent["template"]["components"][0]["parameters"][1]["text"] == "x"

    def test_a_value_is_put_on_one_line(self, server: Server) -> None:
        sent = self.body(server, self.templated(("items", "2 chá\n\t1 pão      doce")))
        assert sent["template"]["components"][0]["parameters"][0]["text"] == "2 chá 1 pão doce"

    def test_another_version_and_the_proof_of_the_secret(self, server: Server) -> None:
        request = self.sent(server, replace(MESSAGE, channel="whatsapp"), api_version="v26.0", appsecret_proof="true")
        proof = hmac.new(SECRET.encode(), b"EAAJB-fake-token", hashlib.sha256).hexdigest()
        assert request.target == f"/v26.0/{NUMBER}/messages?appsecret_proof={proof}"

    def test_it_sends_no_sms(self, server: Server) -> None:
        provider = build("whatsapp_cloud", {**OPTIONS, "base_url": server.url}, context())
        outcome = provider.send(MESSAGE)
        assert outcome == Rejected("wrong_channel", permanent=True, detail="whatsapp_cloud does not send sms.")
        assert not server.requests


class TestSignatures:
    def accepts(self, told: Callback, **options: str) -> bool:
        try:
            build("whatsapp_cloud", {**OPTIONS, **options}, context()).check_callback(told)
        except CallbackRefused:
            return False
        return True

    @pytest.mark.parametrize("vector", META["vectors"], ids=lambda vector: vector["name"])
    def test_the_vectors(self, vector: dict[str, str]) -> None:
        headers = {"X-Hub-Signature-256": vector["X-Hub-Signature-256"]}
        genuine = Callback("POST", STATUS_URL, headers, vector["raw_body"].encode())
        assert self.accepts(genuine)
        assert self.accepts(replace(genuine, headers={name.lower(): value for name, value in headers.items()}))
        assert not self.accepts(replace(genuine, body=genuine.body.replace(b"delivered", b"read")))
        assert not self.accepts(genuine, app_secret="another")
        (receipt,) = build("whatsapp_cloud", OPTIONS, context()).read_receipts(genuine)
        assert (receipt.provider_id, receipt.state, receipt.at) == ("wamid.HBgLMTY0", MessageState.DELIVERED, MOMENT)
        assert (receipt.message_id, receipt.recipient) == (None, None)

    def test_the_bytes_are_signed_as_they_came(self) -> None:
        genuine = callback(notification(messages=[reply("text", {"body": "é/"})]))
        assert self.accepts(genuine)
        assert not self.accepts(replace(genuine, body=genuine.body.replace(b"\\/", b"/")))

    @pytest.mark.parametrize("given", [None, "", "sha256=", "sha1=64a8", "\ud800", "é"])
    def test_no_signature_is_refused(self, given: str | None) -> None:
        genuine = callback(notification(statuses=[]))
        assert not self.accepts(replace(genuine, headers={} if given is None else {"X-Hub-Signature-256": given}))

    @given(st.integers(0, 10**6), st.binary(min_size=1, max_size=3))
    def test_what_was_touched_on_the_way_is_refused(self, at: int, dirt: bytes) -> None:
        genuine = callback(notification(statuses=[status("delivered")]))
        at %= len(genuine.body)
        assert not self.accepts(replace(genuine, body=genuine.body[:at] + dirt + genuine.body[at:]))
        signature = genuine.headers["X-Hub-Signature-256"]
        at = len("sha256=") + at % 64
        other = signature[:at] + ("0" if signature[at] != "0" else "1") + signature[at + 1 :]
        assert not self.accepts(replace(genuine, headers={"X-Hub-Signature-256": other}))


class TestHandshake:
    def shake(self, query: str, method: str = "GET") -> Acknowledgement | None:
        return build("whatsapp_cloud", OPTIONS, context()).handshake(Callback(method, f"{STATUS_URL}?{query}"))

    def test_the_challenge_is_given_back(self) -> None:
        agreed = self.shake(META["verify_get"]["query"])
        assert agreed is not None
        assert (agreed.status, agreed.body, agreed.content_type) == (200, "1158201444", "text/plain")

    @pytest.mark.parametrize(
        "query",
        [
            "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my-toke",
            "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my-token2",
            "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=%FF",
            "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=\ud800",
            "hub.mode=subscribe&hub.challenge=1158201444",
            "hub.mode=subscribe&hub.verify_token=my-token",
            "hub.challenge=1158201444&hub.verify_token=my-token",
            "hub.mode=unsubscribe&hub.challenge=1158201444&hub.verify_token=my-token",
            "",
        ],
    )
    def test_nobody_else_is_answered(self, query: str) -> None:
        with pytest.raises(CallbackRefused):
            self.shake(query)

    def test_a_notification_is_no_handshake(self) -> None:
        assert self.shake(META["verify_get"]["query"], "POST") is None


class TestNotifications:
    def provider(self, **options: str) -> Provider:
        return build("whatsapp_cloud", {**OPTIONS, **options}, context())

    def test_one_notification_may_tell_of_several_messages(self) -> None:
        told = notification(statuses=[status("sent"), status("delivered", id="wamid.2")])
        told["entry"] += notification(statuses=[status("read", id="wamid.3")])["entry"]
        receipts = self.provider().read_receipts(callback(told))
        assert [receipt.provider_id for receipt in receipts] == [WAMID, "wamid.2", "wamid.3"]

    def test_what_is_told_of_another_number_of_the_app_is_not_ours(self) -> None:
        assert self.provider().read_receipts(callback(notification(number="999", statuses=[status("sent")]))) == []

    def test_the_words_of_a_shop_s_own_opt_out_button(self) -> None:
        told = callback(notification(messages=[reply("button", {"text": "Sair", "payload": "x"})]))
        (plain,) = self.provider().read_inbound(told)
        (stopped,) = self.provider(stop_words="Chega , SAIR").read_inbound(told)
        assert (plain.wish, stopped.wish) == (None, Wish.STOP)

    def test_a_button_without_words_is_no_opt_out(self) -> None:
        told = callback(notification(messages=[reply("button", {"text": "", "payload": ""})]))
        (inbound,) = self.provider(stop_words="").read_inbound(told)
        assert inbound.wish is None


@pytest.mark.parametrize(
    ("wa_id", "number"),
    [
        ("33612345678", "+33612345678"),
        ("553188887777", "+5531988887777"),
        ("5531988887777", "+5531988887777"),
        ("551133334444", "+551133334444"),
        ("5215512345678", "+525512345678"),
        ("525512345678", "+525512345678"),
        ("5491158749895", "+5491158749895"),
        ("12345", ""),
        ("FR.13491208655302741918", ""),
        ("٣٣٦١٢٣٤٥٦٧٨", ""),
        ("", ""),
    ],
)
def test_people_are_known_by_the_number_that_is_dialled_today(wa_id: str, number: str) -> None:
    assert whatsapp_number(wa_id) == number
