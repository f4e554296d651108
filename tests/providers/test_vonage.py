"""What Vonage's two APIs have in common, and its SMS API; the Messages API is in a file of its own."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.exchange import Limits
from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    CannotTell,
    Found,
    Inbound,
    OutcomeUnknown,
    Rejected,
    SendOutcome,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import CallbackUnreadable, Provider
from sidecar.providers.registry import InvalidOptions, build

from .contract import HASTY, INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase, HttpProviderContract
from .server import Request, Server, answer, silence
from .test_twilio import read_vectors

KEY, SECRET = "a1b2c3d4", "fakeSecret0"
OPTIONS = {"api_key": KEY, "api_secret": SECRET, "from": "ACME"}
ID, SECOND = "0A0000000123ABCD1", "0A0000000123ABCD2"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def part(place: str = ID, status: str = "0", **more: str) -> dict[str, str]:
    if status != "0":
        return {"status": status, "error-text": "No.", **more}
    price = {"remaining-balance": "3.14159265", "message-price": "0.03330000", "network": "20801"}
    return {"to": "33612345678", "message-id": place, "status": status, "client-ref": MESSAGE.id, **price, **more}


def answered(*parts: Mapping[str, str]) -> dict[str, object]:
    return {"message-count": str(len(parts)), "messages": list(parts)}


def refused(status: str, reason: str, *, permanent: bool = True) -> FailureCase:
    return FailureCase(200, answered(part(status=status)), Rejected(reason, permanent=permanent, code=status))


def passing(status: str, reason: str) -> FailureCase:
    return FailureCase(200, answered(part(status=status)), TemporarilyFailed(reason, code=status))


def connected(server: Server, limits: Limits = PATIENT, **options: str) -> Provider:
    return build("vonage", {**OPTIONS, "base_url": server.url, **options}, context(), limits)


REPLY = {
    "api-key": KEY,
    "msisdn": "33612345678",
    "to": "33700000000",
    "messageId": SECOND,
    "text": "Até já & = obrigada",
    "type": "unicode",
    "keyword": "ATÉ",
    "message-timestamp": "2025-11-22 15:04:05",
}
READ = Inbound(SECOND, "+33612345678", "33700000000", REPLY["text"], at=datetime(2025, 11, 22, 15, 4, 5, tzinfo=UTC))


def by_form(fields: Mapping[str, str], url: str = INBOUND_URL) -> Callback:
    return Callback("POST", url, FORM, urlencode(fields).encode())


def by_get(fields: Mapping[str, str], url: str = INBOUND_URL) -> Callback:
    return Callback("GET", f"{url}?{urlencode(fields)}")


def by_json(fields: Mapping[str, object], url: str = INBOUND_URL) -> Callback:
    return Callback("POST", url, JSON, json.dumps(fields).encode())


WAYS = (by_form, by_get, by_json)


class TestTheSmsApi(HttpProviderContract):
    kind = "vonage"
    options: ClassVar = OPTIONS
    secrets = (SECRET, base64.b64encode(f"{KEY}:{SECRET}".encode()).decode())
    accepted_body: ClassVar = answered(part(), part(SECOND))
    accepted = Accepted(ID, segments=2, price=Decimal("0.0666"), currency="EUR")
    receipts = (
        ReceiptCase("accepted", MessageState.SENT),
        ReceiptCase("buffered", MessageState.SENT),
        ReceiptCase("unknown", MessageState.SENT, code="1"),
        ReceiptCase("delivered", MessageState.DELIVERED, code="0"),
        ReceiptCase("expired", MessageState.EXPIRED, "expired", "1"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "handset_unreachable", "2"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "invalid_number", "3"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "opted_out", "9"),
        ReceiptCase("rejected", MessageState.UNDELIVERED, "filtered", "6"),
        ReceiptCase("rejected", MessageState.UNDELIVERED, "unroutable", "12"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "error_1", "1"),
        ReceiptCase("failed", MessageState.UNDELIVERED, code="0"),
        ReceiptCase("failed", MessageState.UNDELIVERED),
    )
    inbound = (
        *(InboundCase(way(REPLY), (READ,)) for way in WAYS),
        InboundCase(by_form({**REPLY, "message-timestamp": "?"}), (replace(READ, at=None),)),
        InboundCase(
            by_json({**REPLY, "concat": True, "concat-part": 2, "price": 0.01, "x": None}),
            (READ,),
        ),
        InboundCase(
            by_form(
                {name: value for name, value in REPLY.items() if name != "text"} | {"type": "binary", "data": "4F69"}
            ),
            (replace(READ, text="4F69"),),
        ),
    )
    failures = (
        refused("2", "refused"),
        refused("3", "refused"),
        refused("6", "refused"),
        refused("99", "refused"),
        refused("7", "blocked"),
        refused("12", "content_refused"),
        refused("15", "sender_refused"),
        refused("22", "unroutable"),
        refused("29", "trial_restriction"),
        refused("33", "invalid_number"),
        refused("4", "auth", permanent=False),
        refused("14", "auth", permanent=False),
        refused("8", "account_suspended", permanent=False),
        refused("9", "no_credit", permanent=False),
        refused("11", "misconfigured", permanent=False),
        refused("23", "misconfigured", permanent=False),
        refused("32", "misconfigured", permanent=False),
        passing("1", "throttled"),
        passing("10", "throttled"),
        passing("5", "provider_down"),
        FailureCase(
            200, answered(part(status="9"), part(status="9")), Rejected("no_credit", permanent=False, code="9")
        ),
        FailureCase(200, answered(part(), part(status="5")), OutcomeUnknown("unclear_failure")),
        FailureCase(200, answered(part(status="5"), part()), OutcomeUnknown("unclear_failure")),
        FailureCase(200, answered({"status": "0"}), OutcomeUnknown("unreadable_answer")),
        FailureCase(200, answered({"status": "00", "message-id": ID}), OutcomeUnknown("unreadable_answer")),
        FailureCase(200, answered(), OutcomeUnknown("unreadable_answer")),
        FailureCase(422, answered(part(status="3")), Rejected("refused", permanent=True, code="3")),
        FailureCase(500, answered(part(status="5")), TemporarilyFailed("provider_down", code="5")),
        FailureCase(500, answered(part(status="99")), OutcomeUnknown("unclear_failure")),
        FailureCase(500, answered(part()), OutcomeUnknown("unclear_failure")),
        FailureCase(422, answered(part()), OutcomeUnknown("unclear_failure")),
        FailureCase(422, answered(part(status="3"), part()), OutcomeUnknown("unclear_failure")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        return by_form(self.report(case), STATUS_URL)

    def report(self, case: ReceiptCase) -> dict[str, str]:
        fields = {
            "msisdn": "33612345678",
            "to": "ACME",
            "network-code": "20801",
            "messageId": ID,
            "price": "0.03330000",
            "status": case.word,
            "scts": "2511221400",
            "api-key": KEY,
            "client-ref": MESSAGE.id,
            "message-timestamp": "2025-11-22 15:00:00",
        }
        return {**fields, "err-code": case.code} if case.code else fields

    def test_a_receipt_reads_the_same_however_it_comes(self) -> None:
        for case in self.receipts:
            read = [self.make().read_receipts(way(self.report(case), STATUS_URL)) for way in WAYS]
            assert read[0] == read[1] == read[2]

    def test_each_part_of_a_long_text_reports_for_the_whole(self) -> None:
        fields = self.report(self.receipts[3]) | {"messageId": SECOND}
        (receipt,) = self.make().read_receipts(by_json(fields, STATUS_URL))
        assert (receipt.provider_id, receipt.message_id, receipt.recipient) == (SECOND, MESSAGE.id, MESSAGE.to)

    def test_a_receipt_without_our_reference_goes_by_its_id(self) -> None:
        fields = {name: value for name, value in self.report(self.receipts[0]).items() if name != "client-ref"}
        (receipt,) = self.make().read_receipts(by_json(fields, STATUS_URL))
        assert (receipt.provider_id, receipt.message_id, receipt.recipient) == (ID, None, MESSAGE.to)

    def test_a_receipt_is_no_customer_s_message_and_the_other_way_round(self) -> None:
        with pytest.raises(CallbackUnreadable, match="delivery receipt"):
            self.make().read_inbound(self.receipt_callback(self.receipts[0]))
        with pytest.raises(CallbackUnreadable, match="status"):
            self.make().read_receipts(by_form(REPLY))

    @pytest.mark.parametrize("sender", ["", "ACME", "0612345678", "+", "+1234567890123456"])
    def test_who_has_no_number_is_no_customer(self, sender: str) -> None:
        with pytest.raises(CallbackUnreadable, match="a number"):
            self.make().read_inbound(by_form({**REPLY, "msisdn": sender}))

    @pytest.mark.parametrize("body", [b'{"messageId": {}}', b'{"a": [', b'{"a": ' * 5000, b'{"a": "\\ud800"}'])
    def test_json_of_another_form_is_named_so(self, body: bytes) -> None:
        with pytest.raises(CallbackUnreadable):
            self.make().read_inbound(Callback("POST", INBOUND_URL, JSON, body))

    def test_the_balance(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, {"value": 10.5, "autoReload": False}))
        assert provider.balance() == Balance(Decimal("10.5"), "EUR")
        theirs = read_vectors("vonage-messages-send.json")["requests"][4]
        (ours,) = server.requests
        assert (ours.method, ours.target) == (theirs["method"], theirs["target"])
        assert ours.header("Authorization") == dict(theirs["headers"])["Authorization"]

    def test_a_price_that_is_not_told_is_not_guessed(self, provider: Provider, server: Server) -> None:
        unpriced = {name: value for name, value in part(SECOND).items() if name != "message-price"}
        server.script(answer(200, answered(part(), unpriced)))
        assert provider.send(MESSAGE) == Accepted(ID, segments=2)

    def test_whatever_the_parts_say_none_is_forgotten(self, server: Server) -> None:
        provider = connected(server)

        @given(st.lists(st.sampled_from(["0", "1", "5", "9", "15", "77"]), min_size=1, max_size=4))
        def survives(statuses: list[str]) -> None:
            server.script(answer(200, answered(*(part(status=status) for status in statuses))))
            outcome: SendOutcome = provider.send(MESSAGE)
            taken = statuses.count("0")
            assert isinstance(outcome, Accepted) == (taken == len(statuses))
            assert isinstance(outcome, OutcomeUnknown) == (0 < taken < len(statuses))

        survives()

    def test_whatsapp_is_not_of_this_api(self, provider: Provider) -> None:
        assert provider.capabilities.channels == {"sms"}


class TestTheRequest:
    """Beside what the vendor's own library sends."""

    # Host and length are those of another server and another text; the client's name is not ours to claim;
    # HTTP/1.1 keeps alive without saying so; a short answer needs no compression.
    DIFFERENT = frozenset({"host", "content-length", "user-agent"})
    LEFT_OUT = frozenset({"connection"})
    CHANGED: ClassVar = {"accept-encoding": "identity"}

    def sent(self, server: Server, message: OutgoingMessage, status_url: str = "https://ex.org/cb") -> Request:
        server.script(answer(200, answered(part())))
        provider = build("vonage", {**OPTIONS, "base_url": server.url}, context(status_url), PATIENT)
        provider.send(message)
        provider.close()
        return server.requests[-1]

    def form(self, server: Server, message: OutgoingMessage, status_url: str = "https://ex.org/cb") -> dict[str, str]:
        return dict(parse_qsl(self.sent(server, message, status_url).body.decode(), strict_parsing=True))

    HELLO = OutgoingMessage(id="ref-1", to="+33612345678", text="Hello é", encoding="UCS-2")

    def test_it_equals_the_official_one(self, server: Server) -> None:
        theirs = read_vectors("vonage-sms-send.json")["requests"][0]
        ours = self.sent(server, self.HELLO)
        assert (ours.method, ours.target) == (theirs["method"], theirs["target"])
        expected = {name.lower(): value for name, value in theirs["headers"]} | self.CHANGED
        headers = {name.lower(): value for name, value in ours.headers}
        assert set(headers) | self.LEFT_OUT == set(expected)
        comparable = set(headers) - self.DIFFERENT
        assert {name: headers[name] for name in comparable} == {name: expected[name] for name in comparable}

    def test_its_form_equals_the_official_one(self, server: Server) -> None:
        expected = dict(read_vectors("vonage-sms-send.json")["requests"][0]["body_form"])
        # Theirs is how Python writes a truth, which no form documents.
        assert self.form(server, self.HELLO) == {**expected, "status-report-req": "true"}

    def test_gsm_7_is_not_sent_as_unicode(self, server: Server) -> None:
        assert self.form(server, replace(self.HELLO, encoding="GSM-7"))["type"] == "text"

    def test_the_shop_s_own_sender_goes_first(self, server: Server) -> None:
        assert self.form(server, replace(self.HELLO, sender="+33700000000"))["from"] == "33700000000"

    @pytest.mark.parametrize(("asked", "sent"), [(0, "20000"), (20, "20000"), (3600, "3600000"), (10**6, "604800000")])
    def test_the_validity_is_kept_within_bounds(self, server: Server, asked: int, sent: str) -> None:
        assert self.form(server, replace(self.HELLO, validity_seconds=asked))["ttl"] == sent

    @pytest.mark.parametrize(("length", "given"), [(100, True), (101, False)])
    def test_an_address_longer_than_vonage_takes_is_left_to_the_dashboard(
        self, server: Server, length: int, given: bool
    ) -> None:
        address = "https://ex.org/".ljust(length, "x")
        assert (self.form(server, self.HELLO, address).get("callback") == address) is given


class TestTheOptions:
    def test_vonage_s_own_hosts_unless_told(self) -> None:
        provider: Any = build("vonage", OPTIONS, context())
        assert [client._base_url for client in (provider._http, provider._api)] == [
            "https://rest.nexmo.com",
            "https://api.nexmo.com",
        ]

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"from": ""}, "give from"),
            ({"from": "", "whatsapp_from": "14157386102"}, "give from"),
            ({"api": "messages"}, "needs application_id and private_key"),
            ({"signature_secret": "x"}, "needs the signature_method"),
            ({"signature_secret": "x", "signature_method": "crc"}, "signature_method"),
            ({"whatsapp_from": "ACME"}, "whatsapp_from"),
            ({"private_key": "s3cret"}, "private_key: must be the application's private key"),
            ({"api_key": "a b"}, "api_key"),
        ],
    )
    def test_wrong_ones_are_named(self, wrong: dict[str, str], words: str) -> None:
        with pytest.raises(InvalidOptions, match=words) as caught:
            build("vonage", {**OPTIONS, **wrong}, context())
        assert "s3cret" not in str(caught.value)


class TestLookUp:
    LOST = LostMessage(MESSAGE.id, MESSAGE.to, MESSAGE.text, sent_after=NOW)

    def record(self, **more: object) -> dict[str, object]:
        return {"message_id": ID, "client_ref": MESSAGE.id, "status": "delivered", "error_code": "0", **more}

    def page(self, *records: object) -> Any:
        return answer(200, {"request_status": "SUCCESS", "items_count": len(records), "records": list(records)})

    def test_it_costs_and_is_asked_for_only_where_wanted(self, server: Server) -> None:
        provider = connected(server)
        assert provider.look_up(self.LOST) == CannotTell("this provider has no look-up", never=True)
        assert not provider.capabilities.look_up and not server.requests

    def test_found_by_our_reference(self, server: Server) -> None:
        server.script(self.page(self.record(client_ref=None), self.record(client_ref="other"), self.record()))
        provider = connected(server, reports="yes")
        assert provider.capabilities.look_up
        assert provider.look_up(self.LOST) == Found(ID, MessageState.DELIVERED)
        target = urlsplit(server.requests[0].target)
        assert target.path == "/v2/reports/records"
        assert parse_qs(target.query) == {
            "account_id": [KEY],
            "product": ["SMS"],
            "direction": ["outbound"],
            "date_start": ["2025-11-22T14:59:00Z"],
            "date_end": ["2025-11-22T15:02:00Z"],
        }

    @pytest.mark.parametrize(
        ("shown", "found"),
        [
            ({"status": "accepted"}, Found(ID, MessageState.SENT)),
            (
                {"total_price": "0.0333", "currency": "EUR"},
                Found(ID, MessageState.DELIVERED, price=Decimal("0.0333"), currency="EUR"),
            ),
            ({"status": "failed", "error_code": "9"}, Found(ID, MessageState.UNDELIVERED, "opted_out")),
            ({"status": "expired", "error_code": None}, Found(ID, MessageState.EXPIRED, "expired")),
            ({"status": "levitating"}, Found(ID, MessageState.ACCEPTED)),
        ],
    )
    def test_found_in_its_state(self, server: Server, shown: dict[str, object], found: Found) -> None:
        server.script(self.page(self.record(**shown)))
        assert connected(server, reports="yes").look_up(self.LOST) == found

    def test_what_is_not_reported_may_still_have_arrived(self, server: Server) -> None:
        server.script(self.page(self.record(client_ref="other")))
        assert connected(server, reports="yes").look_up(self.LOST) == CannotTell("Vonage's reports do not show it yet")

    @pytest.mark.parametrize("reaction", [silence, answer(500, b""), answer(403, b"{}"), answer(200, b"{}")])
    def test_no_answer_cannot_tell(self, server: Server, reaction: Any) -> None:
        server.script(reaction)
        told = connected(server, HASTY, reports="yes").look_up(self.LOST)
        assert isinstance(told, CannotTell) and not told.never
