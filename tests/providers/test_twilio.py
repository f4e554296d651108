import base64
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import canonicalize

import pytest
from twilio.twiml.messaging_response import MessagingResponse  # type: ignore[import-untyped]

from sidecar.domain.message import LostMessage, OutgoingMessage, ProviderTemplate
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    CannotTell,
    Found,
    Inbound,
    NotFound,
    OutcomeUnknown,
    Rejected,
    TemporarilyFailed,
    Wish,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import BalanceUnavailable, CallbackUnreadable, Provider
from sidecar.providers.registry import build

from .contract import HASTY, INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase, HttpProviderContract
from .server import Request, Server, answer, silence

VECTORS = Path(__file__).parent / "vectors"
SID = "SM" + "a" * 32
TOKEN = "fake_auth_token_0123456789abcdef"
ACCOUNT = "AC0123456789abcdef0123456789abcdef"
OPTIONS = {"account_sid": ACCOUNT, "auth_token": TOKEN, "from": "+15005550006"}
SERVICE = {"account_sid": ACCOUNT, "auth_token": TOKEN, "messaging_service_sid": "MG" + "b" * 32}
ON_WHATSAPP = {**OPTIONS, "whatsapp_from": "+14155238886"}
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
CREATED = {
    "sid": SID,
    "status": "queued",
    "num_segments": "2",
    "price": None,
    "price_unit": "USD",
    "error_code": None,
    "error_message": None,
    "body": MESSAGE.text,
    "to": MESSAGE.to,
    "date_created": "Sat, 22 Nov 2025 15:00:00 +0000",
    "date_sent": None,
}


def read_vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


def error(code: int, status: int = 400) -> dict[str, Any]:
    return {"code": code, "message": "No.", "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}


def refused(code: int, reason: str, *, permanent: bool = True, status: int = 400) -> FailureCase:
    return FailureCase(status, error(code, status), Rejected(reason, permanent=permanent, code=str(code)))


def passing(code: int, reason: str, status: int) -> FailureCase:
    return FailureCase(status, error(code, status), TemporarilyFailed(reason, code=str(code)))


def inbound(**fields: str) -> Callback:
    """A customer's message as Twilio tells it."""
    told = {
        "ToCountry": "FR",
        "MessageSid": SID,
        "SmsSid": SID,
        "SmsMessageSid": SID,
        "SmsStatus": "received",
        "AccountSid": ACCOUNT,
        "NumMedia": "0",
        "NumSegments": "1",
        "From": MESSAGE.to,
        "To": "+15005550006",
        "Body": "Já chegou?",
        "ApiVersion": "2010-04-01",
    }
    return Callback("POST", INBOUND_URL, FORM, urlencode({**told, **fields}).encode())


class TestTwilio(HttpProviderContract):
    kind = "twilio"
    options: ClassVar = OPTIONS
    secrets = (TOKEN, base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode())
    accepted_body: ClassVar = CREATED
    accepted = Accepted(SID, segments=2, currency="USD")
    receipts = (
        ReceiptCase("queued", MessageState.ACCEPTED),
        ReceiptCase("sending", MessageState.ACCEPTED),
        ReceiptCase("sent", MessageState.SENT),
        ReceiptCase("partially_delivered", MessageState.SENT),
        ReceiptCase("delivered", MessageState.DELIVERED),
        ReceiptCase("read", MessageState.READ),
        ReceiptCase("undelivered", MessageState.UNDELIVERED, "handset_unreachable", "30003"),
        ReceiptCase("undelivered", MessageState.UNDELIVERED, "landline", "30006"),
        ReceiptCase("undelivered", MessageState.UNDELIVERED, "blocked", "30004"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "opted_out", "21610"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "error_39999", "39999"),
        ReceiptCase("failed", MessageState.UNDELIVERED),
        ReceiptCase("undelivered", MessageState.EXPIRED, "expired", "30036"),
        ReceiptCase("canceled", MessageState.UNDELIVERED, "cancelled"),
        ReceiptCase("undelivered", MessageState.UNDELIVERED, "window_closed", "63016"),
        ReceiptCase("undelivered", MessageState.UNDELIVERED, "not_on_whatsapp", "63024"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "template_refused", "63041"),
    )
    inbound = (
        InboundCase(inbound(), (Inbound(SID, MESSAGE.to, "+15005550006", "Já chegou?"),)),
        InboundCase(
            inbound(Body="Arret", OptOutType="STOP", MessagingServiceSid="MG" + "b" * 32),
            (Inbound(SID, MESSAGE.to, "+15005550006", "Arret", wish=Wish.STOP),),
        ),
        InboundCase(
            inbound(Body="start", OptOutType="START"),
            (Inbound(SID, MESSAGE.to, "+15005550006", "start", wish=Wish.START),),
        ),
        InboundCase(inbound(Body="help", OptOutType="HELP"), (Inbound(SID, MESSAGE.to, "+15005550006", "help"),)),
        InboundCase(inbound(Body="STOP"), (Inbound(SID, MESSAGE.to, "+15005550006", "STOP"),)),
        InboundCase(
            inbound(Body="", NumMedia="1", MediaUrl0="https://api.twilio.com/x", MediaContentType0="image/jpeg"),
            (Inbound(SID, MESSAGE.to, "+15005550006", ""),),
        ),
        InboundCase(
            inbound(
                From=f"whatsapp:{MESSAGE.to}",
                To="whatsapp:+14155238886",
                Body="Confirmar",
                ButtonText="Confirmar",
                ButtonPayload="1",
                ProfileName="Ana",
                WaId=MESSAGE.to[1:],
                OriginalRepliedMessageSid="MM" + "c" * 32,
            ),
            (
                Inbound(
                    SID,
                    MESSAGE.to,
                    "whatsapp:+14155238886",
                    "Confirmar",
                    channel="whatsapp",
                    in_reply_to="MM" + "c" * 32,
                ),
            ),
        ),
        InboundCase(
            inbound(From=f"rcs:{MESSAGE.to}", To="rcs:loja_agent"),
            (Inbound(SID, MESSAGE.to, "rcs:loja_agent", "Já chegou?"),),
        ),
    )
    failures = (
        refused(21211, "invalid_number"),
        refused(21614, "invalid_number"),
        refused(21408, "region_not_enabled", status=403),
        refused(21610, "opted_out"),
        refused(21606, "sender_refused"),
        refused(21617, "content_refused"),
        refused(21612, "unroutable"),
        refused(63015, "trial_restriction"),
        refused(63007, "sender_refused"),
        refused(63003, "not_on_whatsapp"),
        refused(63016, "window_closed"),
        refused(63028, "template_refused"),
        refused(21656, "template_refused"),
        refused(63033, "blocked"),
        refused(29999, "refused"),
        refused(20003, "auth", permanent=False, status=401),
        refused(20005, "account_suspended", permanent=False, status=403),
        refused(20404, "misconfigured", permanent=False, status=404),
        refused(21609, "misconfigured", permanent=False),
        passing(20429, "throttled", 429),
        passing(21611, "throttled", 400),
        passing(63018, "throttled", 429),
        passing(20503, "provider_down", 503),
        passing(20500, "provider_down", 500),
        FailureCase(500, error(29999, 500), OutcomeUnknown("unclear_failure")),
        FailureCase(400, {"message": "no code"}, OutcomeUnknown("unclear_failure")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        fields = {"MessageSid": SID, "SmsSid": SID, "MessageStatus": case.word, "To": MESSAGE.to, "Surprise": ""}
        if case.code:
            fields["ErrorCode"] = case.code
        return Callback("POST", f"{STATUS_URL}?message={MESSAGE.id}", FORM, urlencode(fields).encode())

    def test_the_balance(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, {"account_sid": ACCOUNT, "balance": "12.34", "currency": "USD"}))
        assert provider.balance() == Balance(Decimal("12.34"), "USD")
        assert server.requests[0].target == f"/2010-04-01/Accounts/{ACCOUNT}/Balance.json"

    def test_a_subaccount_has_no_balance_of_its_own(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, {"account_sid": ACCOUNT, "balance": None, "currency": None}))
        with pytest.raises(BalanceUnavailable):
            provider.balance()

    def test_a_message_that_fails_at_once_was_not_accepted(self, provider: Provider, server: Server) -> None:
        server.script(answer(201, {**CREATED, "status": "failed", "error_code": 30005, "error_message": "Unknown"}))
        assert provider.send(MESSAGE) == Rejected("invalid_number", permanent=True, code="30005", detail="Unknown")

    def test_a_messaging_service_does_not_know_the_segments_yet(self, provider: Provider, server: Server) -> None:
        server.script(answer(201, {**CREATED, "num_segments": "0", "price": "-0.0075"}))
        assert provider.send(MESSAGE) == Accepted(SID, segments=None, price=Decimal("0.0075"), currency="USD")


class TestCallbacks:
    def provider(self) -> Provider:
        return build("twilio", OPTIONS, context())

    def test_a_read_receipt_of_whatsapp(self) -> None:
        told = {
            "ChannelPrefix": "whatsapp",
            "ChannelToAddress": MESSAGE.to,
            "EventType": "READ",
            "MessageStatus": "read",
            "SmsStatus": "read",
            "MessageSid": SID,
            "To": f"whatsapp:{MESSAGE.to}",
        }
        callback = Callback("POST", f"{STATUS_URL}?message={MESSAGE.id}", FORM, urlencode(told).encode())
        (receipt,) = self.provider().read_receipts(callback)
        assert (receipt.state, receipt.message_id) == (MessageState.READ, MESSAGE.id)

    def test_a_customer_s_message_at_the_address_for_receipts_is_named_so(self) -> None:
        with pytest.raises(CallbackUnreadable, match="inbound"):
            self.provider().read_receipts(inbound(Body="STOP"))

    def test_a_receipt_at_the_address_for_messages_is_named_so(self) -> None:
        for word in ("sent", "read", "undelivered"):
            with pytest.raises(CallbackUnreadable, match="receipts"):
                self.provider().read_inbound(inbound(MessageStatus=word))
        assert self.provider().read_inbound(inbound(MessageStatus="received"))

    @pytest.mark.parametrize(
        "sender", ["", "12345", "+0123456", "VERIZON", "messenger:1", "whatsapp:FR.13491208655302741918", "client:+x"]
    )
    def test_who_has_no_number_is_no_customer_of_ours(self, sender: str) -> None:
        with pytest.raises(CallbackUnreadable, match="number"):
            self.provider().read_inbound(inbound(From=sender))

    def test_people_on_whatsapp_are_known_by_the_number_that_is_dialled_today(self) -> None:
        (message,) = self.provider().read_inbound(inbound(From="whatsapp:+553188887777"))
        assert message.sender == "+5531988887777"
        (message,) = self.provider().read_inbound(inbound(From="+553188887777"))
        assert message.sender == "+553188887777"

    def test_nothing_is_texted_back(self) -> None:
        """What Twilio's own library answers when it has nothing to say."""
        answer = self.provider().acknowledgement
        assert (answer.status, answer.content_type) == (200, "text/xml")
        assert canonicalize(answer.body) == canonicalize(str(MessagingResponse()))


class TestTheRequest:
    """Beside what the vendor's own library sends."""

    # Host and length are those of another server and another callback address; the names of the client are
    # not ours to claim; JSON is UTF-8 and HTTP/1.1 keeps alive without saying so; 400 bytes need no compression.
    DIFFERENT = frozenset({"host", "content-length", "user-agent", "x-twilio-client"})
    LEFT_OUT = frozenset({"connection", "accept-charset"})
    CHANGED: ClassVar = {"accept-encoding": "identity"}

    def sent(self, server: Server, message: OutgoingMessage, options: dict[str, str] = OPTIONS) -> Request:
        server.script(answer(201, CREATED))
        provider = build("twilio", {**options, "base_url": server.url}, context("https://ex.org/cb?x=1"), PATIENT)
        provider.send(message)
        provider.close()
        return server.requests[-1]

    def fields(self, server: Server, message: OutgoingMessage, options: dict[str, str] = OPTIONS) -> dict[str, str]:
        return dict(parse_qsl(self.sent(server, message, options).body.decode(), strict_parsing=True))

    def test_it_equals_the_official_one(self, server: Server) -> None:
        (theirs,) = read_vectors("twilio-send.json")["requests"]
        ours = self.sent(server, OutgoingMessage(id="msg_1", to="+33612345678", text="Hello é"))
        assert (ours.method, ours.target) == (theirs["method"], theirs["target"])
        expected = {name.lower(): value for name, value in theirs["headers"]} | self.CHANGED
        headers = {name.lower(): value for name, value in ours.headers}
        assert set(headers) | {"x-twilio-client"} | self.LEFT_OUT == set(expected)
        comparable = set(headers) - self.DIFFERENT
        assert {name: headers[name] for name in comparable} == {name: expected[name] for name in comparable}

    def test_its_form_equals_the_official_one(self, server: Server) -> None:
        (theirs,) = read_vectors("twilio-send.json")["requests"]
        form = self.fields(server, OutgoingMessage(id="msg_1", to="+33612345678", text="Hello é"))
        expected = dict(theirs["body_form"])
        expected["StatusCallback"] += "&message=msg_1"
        assert form == expected

    def test_a_messaging_service_and_a_validity(self, server: Server) -> None:
        official = read_vectors("twilio-more-send.json")["requests"][0]
        message = OutgoingMessage(id="msg_1", to="+33612345678", text="Hi", validity_seconds=3600)
        form = self.fields(server, message, SERVICE)
        unscheduled = {k: v for k, v in official["body_form"] if k not in ("ScheduleType", "SendAt")}
        assert form == {**unscheduled, "StatusCallback": "https://ex.org/cb?x=1&message=msg_1"}

    @pytest.mark.parametrize(("asked", "sent"), [(0, "1"), (1, "1"), (36000, "36000"), (172800, "36000")])
    def test_the_validity_is_kept_within_bounds(self, server: Server, asked: int, sent: str) -> None:
        message = OutgoingMessage(id="msg_1", to="+33612345678", text="Hi", validity_seconds=asked)
        assert self.fields(server, message)["ValidityPeriod"] == sent

    def test_the_shop_s_own_sender_goes_first(self, server: Server) -> None:
        message = OutgoingMessage(id="msg_1", to="+33612345678", text="Hi", sender="LOJA ANA")
        assert self.fields(server, message)["From"] == "LOJA ANA"

    def test_a_template_on_whatsapp_equals_the_official_one(self, server: Server) -> None:
        official = read_vectors("twilio-more-send.json")["requests"][1]
        template = ProviderTemplate("HX" + "c" * 32, "en", (("first_name", "Ann"),))
        message = OutgoingMessage("msg_1", "+33612345678", "Hi Ann", channel="whatsapp", template=template)
        callback = {"StatusCallback": "https://ex.org/cb?x=1&message=msg_1"}
        assert self.fields(server, message, ON_WHATSAPP) == dict(official["body_form"]) | callback

    @pytest.mark.parametrize(
        ("names", "sent"),
        [("numbered", '{"1":"Zoé","2":"17"}'), ("named", '{"first_name":"Zoé","order_number":"17"}')],
    )
    def test_placeholders_are_numbered_or_named(self, server: Server, names: str, sent: str) -> None:
        template = ProviderTemplate("HX1", "fr", (("first_name", "Zoé"), ("order_number", "17")))
        message = replace(MESSAGE, channel="whatsapp", template=template)
        form = self.fields(server, message, {**ON_WHATSAPP, "template_variables": names})
        assert (form["ContentVariables"], form["ContentSid"]) == (sent, "HX1")
        assert "Body" not in form

    def test_a_template_without_placeholders_has_no_variables(self, server: Server) -> None:
        message = replace(MESSAGE, channel="whatsapp", template=ProviderTemplate("HX1", "fr"))
        assert "ContentVariables" not in self.fields(server, message, ON_WHATSAPP)

    def test_free_text_on_whatsapp(self, server: Server) -> None:
        form = self.fields(server, replace(MESSAGE, channel="whatsapp"), ON_WHATSAPP)
        assert (form["To"], form["From"]) == (f"whatsapp:{MESSAGE.to}", "whatsapp:+14155238886")
        assert form["Body"] == MESSAGE.text

    def test_a_template_is_no_concern_of_sms(self, server: Server) -> None:
        form = self.fields(server, replace(MESSAGE, template=ProviderTemplate("HX1", "fr")), ON_WHATSAPP)
        assert (form["To"], form["From"], form["Body"]) == (MESSAGE.to, "+15005550006", MESSAGE.text)
        assert "ContentSid" not in form

    @pytest.mark.parametrize(
        ("channel", "options", "sender", "sent"),
        [
            ("sms", OPTIONS, "", {"From": "+15005550006"}),
            ("sms", OPTIONS, "LOJA ANA", {"From": "LOJA ANA"}),
            ("sms", OPTIONS, "whatsapp:+551140042000", {"From": "+15005550006"}),
            ("sms", SERVICE, "", {"MessagingServiceSid": "MG" + "b" * 32}),
            ("sms", SERVICE, "LOJA ANA", {"MessagingServiceSid": "MG" + "b" * 32, "From": "LOJA ANA"}),
            ("whatsapp", ON_WHATSAPP, "", {"From": "whatsapp:+14155238886"}),
            ("whatsapp", ON_WHATSAPP, "LOJA ANA", {"From": "whatsapp:+14155238886"}),
            ("whatsapp", ON_WHATSAPP, "whatsapp:+551140042000", {"From": "whatsapp:+551140042000"}),
            ("whatsapp", {**ON_WHATSAPP, "whatsapp_from": "whatsapp:+14155"}, "", {"From": "whatsapp:+14155"}),
            ("whatsapp", {**OPTIONS, "from": "whatsapp:+14155238886"}, "", {"From": "whatsapp:+14155238886"}),
            ("whatsapp", {**SERVICE, "whatsapp_from": "+14155238886"}, "", {"From": "whatsapp:+14155238886"}),
        ],
    )
    def test_the_sender_is_one_for_the_channel(
        self, server: Server, channel: str, options: dict[str, str], sender: str, sent: dict[str, str]
    ) -> None:
        form = self.fields(server, replace(MESSAGE, channel=channel, sender=sender), options)
        assert {name: form[name] for name in ("MessagingServiceSid", "From") if name in form} == sent

    @pytest.mark.parametrize(
        ("channel", "options"),
        [
            ("whatsapp", OPTIONS),
            ("whatsapp", SERVICE),
            ("sms", {"account_sid": ACCOUNT, "auth_token": TOKEN, "whatsapp_from": "+14155238886"}),
            ("sms", {**OPTIONS, "from": "whatsapp:+14155238886"}),
        ],
    )
    def test_without_a_sender_for_the_channel_nothing_is_asked(
        self, server: Server, channel: str, options: dict[str, str]
    ) -> None:
        provider = build("twilio", {**options, "base_url": server.url}, context(), PATIENT)
        outcome = provider.send(replace(MESSAGE, channel=channel))
        assert outcome == Rejected("wrong_channel", permanent=True, detail=f"twilio does not send {channel}.")
        assert provider.capabilities.channels == {"sms", "whatsapp"} - {channel}
        assert server.requests == []

    def test_the_callback_address_carries_our_reference(self, server: Server) -> None:
        form = self.fields(server, OutgoingMessage(id="a/b c&d", to="+33612345678", text="Hi"))
        assert parse_qs(urlsplit(form["StatusCallback"]).query) == {"x": ["1"], "message": ["a/b c&d"]}


def found(state: MessageState, reason: str = "") -> Found:
    return Found(SID, state, reason, currency="USD")


class TestLookUp:
    LOST = LostMessage(MESSAGE.id, MESSAGE.to, MESSAGE.text, sent_after=NOW)

    @pytest.fixture
    def provider(self, server: Server) -> Provider:
        return build("twilio", {**OPTIONS, "base_url": server.url}, context(), PATIENT)

    def listed(self, seconds: float = 0, sid: str = SID, **more: object) -> dict[str, object]:
        created = (NOW + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        return {**CREATED, "sid": sid, "date_created": created, **more}

    def page(self, *messages: dict[str, object], following: str | None = None) -> Any:
        return answer(200, {"messages": list(messages), "next_page_uri": following})

    def test_found_by_number_text_and_moment(self, provider: Provider, server: Server) -> None:
        server.script(self.page(self.listed(40, "SMlater"), self.listed(1), self.listed(-3600, "SMearlier")))
        assert provider.look_up(self.LOST) == found(MessageState.ACCEPTED)
        target = urlsplit(server.requests[0].target)
        assert parse_qs(target.query) == {"To": [MESSAGE.to], "PageSize": ["50"]}

    @pytest.mark.parametrize(
        ("shown", "expected"),
        [
            ({"status": "delivered"}, found(MessageState.DELIVERED)),
            ({"status": "failed", "error_code": 30005}, found(MessageState.UNDELIVERED, "invalid_number")),
            ({"status": "undelivered", "error_code": 30036}, found(MessageState.EXPIRED, "expired")),
            ({"status": "levitating"}, found(MessageState.ACCEPTED)),
        ],
    )
    def test_found_in_its_state(
        self, provider: Provider, server: Server, shown: dict[str, object], expected: Found
    ) -> None:
        server.script(self.page(self.listed(**shown)))  # type: ignore[arg-type]
        assert provider.look_up(self.LOST) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "Sent from your Twilio trial account - " + MESSAGE.text,
            MESSAGE.text.replace("é", "e\u0301") + " ",
            MESSAGE.text.replace(": ", " — "),
        ],
    )
    def test_found_though_its_text_was_adapted(self, provider: Provider, server: Server, text: str) -> None:
        server.script(self.page(self.listed(body=text)))
        assert provider.look_up(self.LOST) == found(MessageState.ACCEPTED)

    @pytest.mark.parametrize("seconds", [-61, 301])
    def test_the_same_text_of_another_time_is_not_it(self, provider: Provider, server: Server, seconds: int) -> None:
        server.script(self.page(self.listed(seconds)))
        assert provider.look_up(self.LOST) == NotFound()

    def test_another_text_is_not_it(self, provider: Provider, server: Server) -> None:
        server.script(self.page(self.listed(body="Loja da Ana: pedido 18 enviado.")))
        assert provider.look_up(self.LOST) == NotFound()

    def test_an_account_that_keeps_no_texts_cannot_tell(self, provider: Provider, server: Server) -> None:
        server.script(self.page(self.listed(body="")))
        assert provider.look_up(self.LOST) == CannotTell("this Twilio account does not keep its texts", never=True)

    def test_a_whatsapp_message_is_looked_for_on_whatsapp(self, provider: Provider, server: Server) -> None:
        server.script(self.page(self.listed()))
        assert provider.look_up(replace(self.LOST, channel="whatsapp")) == found(MessageState.ACCEPTED)
        assert parse_qs(urlsplit(server.requests[0].target).query)["To"] == [f"whatsapp:{MESSAGE.to}"]

    def test_a_template_may_be_listed_in_other_words(self, provider: Provider, server: Server) -> None:
        lost = replace(self.LOST, channel="whatsapp")
        server.script(self.page(self.listed(body="Olá Ana, o pedido saiu.")), self.page(self.listed(-3600)))
        told = provider.look_up(lost)
        assert isinstance(told, CannotTell) and told.never
        assert provider.look_up(lost) == NotFound()

    def test_what_it_cost_is_told_by_then(self, provider: Provider, server: Server) -> None:
        known = LostMessage(MESSAGE.id, MESSAGE.to, MESSAGE.text, NOW, provider_id=SID)
        server.script(answer(200, {**CREATED, "status": "delivered", "price": "-0.00750", "price_unit": "USD"}))
        assert provider.look_up(known) == Found(SID, MessageState.DELIVERED, price=Decimal("0.0075"), currency="USD")

    def test_all_pages_are_read(self, provider: Provider, server: Server) -> None:
        server.script(self.page(self.listed(-9999), following="/next?Page=1"), self.page(self.listed()))
        assert provider.look_up(self.LOST) == found(MessageState.ACCEPTED)
        assert server.requests[1].target == "/next?Page=1"

    def test_an_endless_list_cannot_tell(self, provider: Provider, server: Server) -> None:
        server.script(self.page(following="/again"))
        assert isinstance(provider.look_up(self.LOST), CannotTell)
        assert len(server.requests) < 10

    def test_a_page_elsewhere_is_not_asked_for(self, provider: Provider, server: Server) -> None:
        with Server() as elsewhere:
            server.script(self.page(following=elsewhere.url.replace("http://", "@") + "/"))
            assert isinstance(provider.look_up(self.LOST), CannotTell)
            assert not elsewhere.requests

    @pytest.mark.parametrize("reaction", [silence, answer(500, b""), answer(401, b"{}"), answer(200, b"{}")])
    def test_no_answer_cannot_tell(self, server: Server, reaction: Any) -> None:
        server.script(reaction)
        hasty = build("twilio", {**OPTIONS, "base_url": server.url}, context(), HASTY)
        assert isinstance(hasty.look_up(self.LOST), CannotTell)

    def test_a_known_message_is_fetched(self, provider: Provider, server: Server) -> None:
        known = LostMessage(MESSAGE.id, MESSAGE.to, MESSAGE.text, NOW, provider_id=SID)
        server.script(answer(200, {**CREATED, "status": "sent"}), answer(404, error(20404, 404)), answer(500, b""))
        assert provider.look_up(known) == found(MessageState.SENT)
        assert provider.look_up(known) == NotFound()
        assert isinstance(provider.look_up(known), CannotTell)
        assert server.requests[0].target == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{SID}.json"
