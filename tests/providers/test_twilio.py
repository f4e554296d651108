import base64
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    CannotTell,
    Found,
    NotFound,
    OutcomeUnknown,
    Rejected,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import BalanceUnavailable, Provider
from sidecar.providers.registry import build

from .contract import HASTY, MESSAGE, NOW, PATIENT, STATUS_URL, ReceiptCase, context
from .http_contract import FailureCase, HttpProviderContract
from .server import Request, Server, answer, silence

VECTORS = Path(__file__).parent / "vectors"
SID = "SM" + "a" * 32
TOKEN = "fake_auth_token_0123456789abcdef"
ACCOUNT = "AC0123456789abcdef0123456789abcdef"
OPTIONS = {"account_sid": ACCOUNT, "auth_token": TOKEN, "from": "+15005550006"}
SERVICE = {"account_sid": ACCOUNT, "auth_token": TOKEN, "messaging_service_sid": "MG" + "b" * 32}
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
    )
    failures = (
        refused(21211, "invalid_number"),
        refused(21614, "invalid_number"),
        refused(21408, "region_not_enabled", status=403),
        refused(21610, "opted_out"),
        refused(21606, "sender_refused"),
        refused(21617, "content_refused"),
        refused(21612, "unroutable"),
        refused(29999, "refused"),
        refused(20003, "auth", permanent=False, status=401),
        refused(20005, "account_suspended", permanent=False, status=403),
        refused(20404, "misconfigured", permanent=False, status=404),
        refused(21609, "misconfigured", permanent=False),
        passing(20429, "throttled", 429),
        passing(21611, "throttled", 400),
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

    def test_the_callback_address_carries_our_reference(self, server: Server) -> None:
        form = self.fields(server, OutgoingMessage(id="a/b c&d", to="+33612345678", text="Hi"))
        assert parse_qs(urlsplit(form["StatusCallback"]).query) == {"x": ["1"], "message": ["a/b c&d"]}


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
        assert provider.look_up(self.LOST) == Found(SID, MessageState.ACCEPTED)
        target = urlsplit(server.requests[0].target)
        assert parse_qs(target.query) == {"To": [MESSAGE.to], "PageSize": ["50"]}

    @pytest.mark.parametrize(
        ("shown", "found"),
        [
            ({"status": "delivered"}, Found(SID, MessageState.DELIVERED)),
            ({"status": "failed", "error_code": 30005}, Found(SID, MessageState.UNDELIVERED, "invalid_number")),
            ({"status": "undelivered", "error_code": 30036}, Found(SID, MessageState.EXPIRED, "expired")),
            ({"status": "levitating"}, Found(SID, MessageState.ACCEPTED)),
        ],
    )
    def test_found_in_its_state(
        self, provider: Provider, server: Server, shown: dict[str, object], found: Found
    ) -> None:
        server.script(self.page(self.listed(**shown)))  # type: ignore[arg-type]
        assert provider.look_up(self.LOST) == found

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
        assert provider.look_up(self.LOST) == Found(SID, MessageState.ACCEPTED)

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

    def test_all_pages_are_read(self, provider: Provider, server: Server) -> None:
        server.script(self.page(self.listed(-9999), following="/next?Page=1"), self.page(self.listed()))
        assert provider.look_up(self.LOST) == Found(SID, MessageState.ACCEPTED)
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
        assert provider.look_up(known) == Found(SID, MessageState.SENT)
        assert provider.look_up(known) == NotFound()
        assert isinstance(provider.look_up(known), CannotTell)
        assert server.requests[0].target == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{SID}.json"
