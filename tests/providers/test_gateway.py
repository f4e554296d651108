import base64
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.capabilities import SenderKind
from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    CannotTell,
    Inbound,
    OutcomeUnknown,
    Rejected,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import BalanceUnavailable, CallbackUnreadable, Provider
from sidecar.providers.gateway_request import read_body, values_of
from sidecar.providers.registry import build

from .contract import INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase, HttpProviderContract
from .server import Request, Server, answer

SECRET = "s3cret&more"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

JSON_OPTIONS = {
    "base_url": "https://sms.example.com",
    "path": "/v2/send",
    "format": "json",
    "auth": "bearer",
    "token": "s3cret-token",
    "body": json.dumps(
        {
            "messages": [{"recipient": "{to}", "text": "{text}", "ref": "{id}"}],
            "from": "{sender}",
            "ttl": "{validity_minutes:number}",
            "callback": "{status_url}",
            "unicode": True,
        }
    ),
    "answer": "json",
    "success_at": "status",
    "success_is": '["ok", "queued"]',
    "id_at": "messages.0.id",
    "segments_at": "messages.0.parts",
    "price_at": "cost",
    "currency": "EUR",
    "error_at": "error.code",
    "error_text_at": "error.text",
    "faults": json.dumps(
        {
            "auth": ["E1"],
            "no_credit": ["E2"],
            "invalid_number": ["E3", "N*"],
            "blocked": ["N7*"],
            "throttled": ["E4"],
            "provider_down": ["E5"],
            "unroutable": ["HTTP 412"],
            "landline": ["H*"],
        }
    ),
    "callbacks": "json",
    "items_at": "events",
    "receipt_id": "message.id",
    "receipt_reference": "message.ref",
    "receipt_number": "to",
    "receipt_status": "state",
    "receipt_error": "code",
    "states": json.dumps(
        {"sent": ["SENT"], "delivered": ["OK*"], "undelivered": ["FAIL", "KO"], "expired": ["LATE"], "read": ["SEEN"]}
    ),
    "receipt_faults": '{"handset_unreachable": ["12"], "blocked": ["KO"]}',
    "inbound_id": "message.id",
    "inbound_from": "from",
    "inbound_to": "to",
    "inbound_text": "text",
    "one_callback_address": "true",
    "acknowledgement": '{"code":0}',
    "acknowledgement_type": "application/json",
    "balance_path": "/v2/balance",
    "balance_at": "left",
}
XML_OPTIONS = {
    "base_url": "https://sms.example.com",
    "format": "xml",
    "username": "ana",
    "password": SECRET,
    "body": '<?xml version="1.0"?><send user="{username}"><pw>{password}</pw>'
    '<sms to="{to_00}" ref="{id}">{text}</sms></send>',
    "answer": "xml",
    "success_at": "answer/@result",
    "success_is": '["0"]',
    "id_at": "answer/sms/id",
    "segments_at": "answer/sms/@parts",
    "error_at": "answer/@result",
    "error_text_at": "answer/reason",
    "faults": '{"auth": ["3"], "invalid_number": ["5"], "provider_down": ["9"]}',
    "other_errors": "refused",
    "callbacks": "xml",
    "items_at": "reports/report",
    "receipt_id": "@id",
    "receipt_number": "number",
    "receipt_status": "state/@word",
    "states": '{"sent": ["S"], "delivered": ["D"], "undelivered": ["U"]}',
}
TEXT_OPTIONS = {
    "base_url": "https://sms.example.com",
    "path": "/cgi-bin/send?api=2",
    "method": "GET",
    "auth": "basic",
    "username": "ana",
    "password": SECRET,
    "sender": "LojaDaAna",
    "body": json.dumps(
        {"to": "{to_digits}", "text": "{text}", "from": "{sender}", "ttl": "{validity_seconds}", "ref": "m-{id}"}
    ),
    "body_ucs2": '{"to": "{to_digits}", "hex": "{text_hex}", "from": "{sender}", "ref": "m-{id}", "coding": "8"}',
    "success_at": "{value}|*",
    "success_is": '["1701"]',
    "id_at": "1701|*|{value}",
    "error_at": "{value}|*",
    "error_text_at": "*|{value}",
    "faults": '{"auth": ["1703"], "invalid_number": ["1706"], "no_credit": ["1025"], "throttled": ["1715"]}',
    "receipt_id": "id",
    "receipt_reference": "ref",
    "receipt_status": "stat",
    "receipt_error": "err",
    "states": '{"sent": ["8"], "delivered": ["1"], "undelivered": ["2", "16"]}',
    "inbound_id": "id",
    "inbound_from": "from",
    "inbound_to": "to",
    "inbound_text": "text",
    "inbound_hex": "bin",
    "inbound_coding": "dcs",
    "acknowledgement": "ACK",
}


def posted(fields: dict[str, str], url: str = STATUS_URL) -> Callback:
    return Callback("POST", url, FORM, urlencode(fields).encode())


def fetched(fields: dict[str, str], url: str = STATUS_URL) -> Callback:
    return Callback("GET", f"{url}?{urlencode(fields)}")


def told(value: object, url: str = STATUS_URL) -> Callback:
    return Callback("POST", url, {}, value if isinstance(value, bytes) else json.dumps(value).encode())


class TestJsonGateway(HttpProviderContract):
    kind = "http"
    options: ClassVar = JSON_OPTIONS
    secrets = ("s3cret-token",)
    accepted_body: ClassVar = {"status": "ok", "messages": [{"id": 77001, "parts": 2}], "cost": 0.0333}
    accepted = Accepted("77001", segments=2, price=Decimal("0.0333"), currency="EUR")
    receipts = (
        ReceiptCase("SENT", MessageState.SENT),
        ReceiptCase("OK", MessageState.DELIVERED),
        ReceiptCase("OK-HANDSET", MessageState.DELIVERED),
        ReceiptCase("SEEN", MessageState.READ),
        ReceiptCase("FAIL", MessageState.UNDELIVERED),
        ReceiptCase("FAIL", MessageState.UNDELIVERED, "handset_unreachable", "12"),
        ReceiptCase("FAIL", MessageState.UNDELIVERED, "error_99", "99"),
        ReceiptCase("FAIL", MessageState.UNDELIVERED, "", "000"),
        ReceiptCase("FAIL", MessageState.UNDELIVERED, "", "see our page"),
        ReceiptCase("KO", MessageState.UNDELIVERED, "blocked"),
        ReceiptCase("LATE", MessageState.EXPIRED, "expired"),
    )
    inbound = (
        InboundCase(
            told({"events": [{"message": {"id": "mo1"}, "from": "0033 6 12 34 56 78", "to": "38000", "text": "Oi"}]}),
            (Inbound("mo1", "+33612345678", "38000", "Oi"),),
        ),
        InboundCase(
            told({"events": [{"message": {"id": 2}, "from": 33612345678, "text": ""}]}),
            (Inbound("2", "+33612345678", "", ""),),
        ),
    )
    failures = (
        FailureCase(
            400, {"error": {"code": "E3", "text": "Bad"}}, Rejected("invalid_number", permanent=True, code="E3")
        ),
        FailureCase(
            200, {"status": "no", "error": {"code": "E3"}}, Rejected("invalid_number", permanent=True, code="E3")
        ),
        FailureCase(
            200, {"status": "no", "error": {"code": "N1"}}, Rejected("invalid_number", permanent=True, code="N1")
        ),
        FailureCase(200, {"status": "no", "error": {"code": "N72"}}, Rejected("blocked", permanent=True, code="N72")),
        FailureCase(200, {"status": "no", "error": {"code": "E1"}}, Rejected("auth", permanent=False, code="E1")),
        FailureCase(200, {"status": "no", "error": {"code": "E2"}}, Rejected("no_credit", permanent=False, code="E2")),
        FailureCase(200, {"status": "no", "error": {"code": "E4"}}, TemporarilyFailed("throttled", code="E4")),
        FailureCase(500, {"error": {"code": "E5"}}, TemporarilyFailed("provider_down", code="E5")),
        FailureCase(412, b"no route", Rejected("unroutable", permanent=True, code="412")),
        FailureCase(412, {"error": {"code": "E5"}}, TemporarilyFailed("provider_down", code="E5")),
        FailureCase(422, {"error": {"code": "E9"}}, Rejected("refused", permanent=True, code="E9")),
        FailureCase(422, b"<html>", OutcomeUnknown("unclear_failure")),
        FailureCase(200, {"status": "no", "error": {"code": "E9"}}, OutcomeUnknown("unclear_failure")),
        FailureCase(500, {"error": {"code": "E9"}}, OutcomeUnknown("unclear_failure")),
        FailureCase(200, {"status": "ok", "messages": []}, OutcomeUnknown("unreadable_answer")),
        FailureCase(200, {"status": "ok", "messages": [{"id": "not an id"}]}, OutcomeUnknown("unreadable_answer")),
        FailureCase(200, {"status": "ok", "messages": [{"id": "a\u0000"}]}, OutcomeUnknown("unreadable_answer")),
        FailureCase(200, {"status": "maybe", "messages": [{"id": "1"}]}, OutcomeUnknown("unreadable_answer")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        told_of = {"id": "77001", "ref": MESSAGE.id}
        event = {"message": told_of, "to": "33612345678", "state": case.word, "code": case.code or None}
        return told({"events": [event], "text": "x"})

    def test_what_the_options_tell_of_its_abilities(self, provider: Provider) -> None:
        able = provider.capabilities
        assert (able.balance, able.receipts, able.inbound, able.one_callback_address) == (True, True, True, True)
        assert (able.channels, able.batch_size, able.max_characters) == (frozenset({"sms"}), 1, 1530)
        assert able.senders == {SenderKind.NAME, SenderKind.NUMBER}
        assert provider.acknowledgement.body == '{"code":0}'
        assert provider.acknowledgement.content_type == "application/json"

    def test_the_balance(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, {"left": "12.50"}))
        assert provider.balance() == Balance(Decimal("12.50"), "credits")
        assert provider.check_account() == "balance 12.50 credits"
        assert server.requests[0].target == "/v2/balance"
        assert server.requests[0].header("Authorization") == "Bearer s3cret-token"

    @pytest.mark.parametrize("left", ["ND", "", None, "1e999999999", "NaN", "12,50", {}])
    def test_a_balance_that_is_no_number_is_not_made_one(
        self, provider: Provider, server: Server, left: object
    ) -> None:
        server.script(answer(200, {"left": left}))
        with pytest.raises(BalanceUnavailable, match="no amount"):
            provider.balance()

    @pytest.mark.parametrize("odd", [{"cost": "1e999999999"}, {"cost": "free"}, {"cost": None}])
    def test_an_odd_price_does_not_undo_an_acceptance(self, provider: Provider, server: Server, odd: Any) -> None:
        server.script(answer(200, {"status": "ok", "messages": [{"id": 1, "parts": "many"}], **odd}))
        assert provider.send(MESSAGE) == Accepted("1")

    @pytest.mark.parametrize("event", [{}, {"to": MESSAGE.to, "text": "Oi"}, {"message": {"id": "1"}}])
    def test_what_is_neither_receipt_nor_message_is_named_so(self, provider: Provider, event: object) -> None:
        for read_callback in (provider.read_receipts, provider.read_inbound):
            with pytest.raises(CallbackUnreadable, match="holds"):
                read_callback(told({"events": [event]}))

    def test_several_receipts_in_one_callback(self, provider: Provider) -> None:
        events = [{"message": {"id": number}, "state": "SENT"} for number in (1, 2)]
        receipts = provider.read_receipts(told({"events": events}))
        assert [receipt.provider_id for receipt in receipts] == ["1", "2"]
        assert {(receipt.message_id, receipt.recipient) for receipt in receipts} == {(None, None)}

    def test_there_is_no_look_up(self, provider: Provider) -> None:
        lost = LostMessage("m", "+33612345678", "t", NOW)
        assert provider.look_up(lost) == CannotTell("this provider has no look-up", never=True)


class TestXmlGateway(HttpProviderContract):
    kind = "http"
    options: ClassVar = XML_OPTIONS
    secrets = (SECRET,)
    accepted_body: ClassVar = (
        b'<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE answer SYSTEM "answer.dtd">'
        b'<a:answer xmlns:a="urn:gateway" result="0"><sms a:parts="2"><id> 77001\n</id></sms>'
        b"<who>Zo\xe9</who></a:answer>"
    )
    accepted = Accepted("77001", segments=2)
    receipts = (
        ReceiptCase("S", MessageState.SENT),
        ReceiptCase("D", MessageState.DELIVERED),
        ReceiptCase("U", MessageState.UNDELIVERED),
    )
    failures = (
        FailureCase(200, b'<answer result="3"/>', Rejected("auth", permanent=False, code="3")),
        FailureCase(200, b'<answer result="5"/>', Rejected("invalid_number", permanent=True, code="5")),
        FailureCase(200, b'<answer result="9"/>', TemporarilyFailed("provider_down", code="9")),
        FailureCase(200, b'<answer result="8"/>', Rejected("refused", permanent=True, code="8")),
        FailureCase(500, b'<answer result="8"/>', OutcomeUnknown("unclear_failure")),
        FailureCase(200, b'<answer result="0"/>', OutcomeUnknown("unreadable_answer")),
        FailureCase(200, b'<other result="0"><sms><id>1</id></sms></other>', OutcomeUnknown("unreadable_answer")),
        FailureCase(200, b'<answer result="0"><sms><id>1</id></sms>', OutcomeUnknown("unreadable_answer")),
        FailureCase(200, b'<?xml version="1.0" encoding="x"?><answer/>', OutcomeUnknown("unreadable_answer")),
        FailureCase(
            200,
            b'<!DOCTYPE a [<!ENTITY z "0">]><answer result="&z;"><sms><id>1</id></sms></answer>',
            OutcomeUnknown("unreadable_answer"),
        ),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        report = f'<report id="77001"><number>+33 612345678</number><state word="{case.word}"/></report>'
        return told(f"<reports>{report}</reports>".encode())

    def test_several_receipts_in_one_callback(self, provider: Provider) -> None:
        body = b'<reports><report id="1"><state word="S"/></report><report id="2"><state word="D"/></report></reports>'
        assert [receipt.provider_id for receipt in provider.read_receipts(told(body))] == ["1", "2"]

    def test_it_brings_no_messages_and_has_no_balance(self, provider: Provider) -> None:
        assert (provider.capabilities.inbound, provider.capabilities.balance) == (False, False)
        assert provider.capabilities.senders == {SenderKind.POOL}
        assert provider.check_account() is None


class TestTextGateway(HttpProviderContract):
    kind = "http"
    options: ClassVar = TEXT_OPTIONS
    secrets = (SECRET, base64.b64encode(f"ana:{SECRET}".encode()).decode())
    accepted_body: ClassVar = b"1701|33612345678|bc5f7425-c98c-445b-a1f7-4fc5e2acef7e\n"
    accepted = Accepted("bc5f7425-c98c-445b-a1f7-4fc5e2acef7e")
    receipts = (
        ReceiptCase("8", MessageState.SENT),
        ReceiptCase("1", MessageState.DELIVERED),
        ReceiptCase("2", MessageState.UNDELIVERED, "error_0x45", "0x45"),
        ReceiptCase("16", MessageState.UNDELIVERED),
    )
    inbound = (
        InboundCase(
            fetched({"id": "mo1", "from": "+33612345678", "to": "38000", "text": "Já chegou?"}, INBOUND_URL),
            (Inbound("mo1", "+33612345678", "38000", "Já chegou?"),),
        ),
        InboundCase(
            posted(
                {"id": "mo2", "from": "33612345678", "text": "x", "bin": "62114E0D00210020", "dcs": "8"}, INBOUND_URL
            ),
            (Inbound("mo2", "+33612345678", "", "我不! "),),
        ),
        InboundCase(
            posted({"id": "mo3", "from": "33612345678", "text": "STOP", "bin": "53544F50", "dcs": "0"}, INBOUND_URL),
            (Inbound("mo3", "+33612345678", "", "STOP"),),
        ),
    )
    failures = (
        FailureCase(200, b"1703|Invalid user", Rejected("auth", permanent=False, code="1703")),
        FailureCase(200, b"1706|33612345678", Rejected("invalid_number", permanent=True, code="1706")),
        FailureCase(200, b"1025|", Rejected("no_credit", permanent=False, code="1025")),
        FailureCase(200, b"1715|slow down", TemporarilyFailed("throttled", code="1715")),
        FailureCase(200, b"1799|?", OutcomeUnknown("unclear_failure")),
        FailureCase(200, b"1701|33612345678", OutcomeUnknown("unreadable_answer")),
        FailureCase(200, b"1701|33612345678|two words", OutcomeUnknown("unreadable_answer")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        fields = {"id": "bc5f7425", "ref": MESSAGE.id, "stat": case.word, "err": case.code, "surprise": ""}
        return posted(fields)

    def test_a_receipt_may_come_in_the_address(self, provider: Provider) -> None:
        (receipt,) = provider.read_receipts(fetched({"ref": MESSAGE.id, "stat": "1"}))
        assert (receipt.provider_id, receipt.message_id) == (MESSAGE.id, MESSAGE.id)
        assert (receipt.state, receipt.reason, receipt.recipient) == (MessageState.DELIVERED, "", None)

    @pytest.mark.parametrize("sender", ["", "38000", "Orange", "0612345678", "+0612345678", "٣٣٦١٢٣٤٥٦٧٨"])
    def test_who_has_no_international_number_is_no_customer(self, provider: Provider, sender: str) -> None:
        with pytest.raises(CallbackUnreadable, match="international number"):
            provider.read_inbound(posted({"id": "mo1", "from": sender, "text": "Oi"}, INBOUND_URL))

    @pytest.mark.parametrize("content", ["", "6", "zz", "62"])
    def test_half_a_letter_is_named_so(self, provider: Provider, content: str) -> None:
        fields = {"id": "mo1", "from": MESSAGE.to, "text": "x", "bin": content, "dcs": "8"}
        if content:
            with pytest.raises(CallbackUnreadable, match="hexadecimal"):
                provider.read_inbound(posted(fields, INBOUND_URL))
        else:
            (message,) = provider.read_inbound(posted(fields, INBOUND_URL))
            assert message.text == ""


class TestTheRequest:
    def sent(self, server: Server, options: dict[str, str], message: OutgoingMessage = MESSAGE) -> Request:
        provider = build("http", {**options, "base_url": server.url}, context(), PATIENT)
        provider.send(message)
        provider.close()
        (request,) = server.requests
        return request

    def test_json(self, server: Server) -> None:
        message = replace(MESSAGE, text='"Zoé"\n{to} \\', validity_seconds=7200, sender="Loja")
        request = self.sent(server, JSON_OPTIONS, message)
        assert (request.method, request.target) == ("POST", "/v2/send")
        assert request.header("Content-Type") == "application/json"
        assert request.header("Authorization") == "Bearer s3cret-token"
        assert json.loads(request.body) == {
            "messages": [{"recipient": "+33612345678", "text": '"Zoé"\n{to} \\', "ref": MESSAGE.id}],
            "from": "Loja",
            "ttl": 120,
            "callback": STATUS_URL,
            "unicode": True,
        }

    def test_what_a_message_does_not_say_is_left_out(self, server: Server) -> None:
        sent = json.loads(self.sent(server, JSON_OPTIONS).body)
        assert set(sent) == {"messages", "callback", "unicode"}

    def test_a_form_in_the_address(self, server: Server) -> None:
        request = self.sent(server, TEXT_OPTIONS, replace(MESSAGE, text="a&b=c €"))
        assert (request.method, request.body, request.header("Content-Type")) == ("GET", b"", None)
        assert request.header("Authorization") == "Basic " + base64.b64encode(f"ana:{SECRET}".encode()).decode()
        target = urlsplit(request.target)
        assert target.path == "/cgi-bin/send"
        assert dict(parse_qsl(target.query, strict_parsing=True)) == {
            "api": "2",
            "to": "33612345678",
            "text": "a&b=c €",
            "from": "LojaDaAna",
            "ref": f"m-{MESSAGE.id}",
        }

    def test_a_form_in_the_body(self, server: Server) -> None:
        options = {**TEXT_OPTIONS, "method": "POST", "charset": "windows-1252"}
        request = self.sent(server, options, replace(MESSAGE, text="é €", sender="X", validity_seconds=30))
        assert request.target == "/cgi-bin/send?api=2"
        assert request.header("Content-Type") == "application/x-www-form-urlencoded"
        assert request.body == f"to=33612345678&text=%E9+%80&from=X&ttl=30&ref=m-{MESSAGE.id}".encode()

    def test_another_body_for_what_is_not_in_the_gsm_alphabet(self, server: Server) -> None:
        request = self.sent(server, TEXT_OPTIONS, replace(MESSAGE, text="我!🙂", encoding="UCS-2"))
        query = dict(parse_qsl(urlsplit(request.target).query))
        assert (query["hex"], query["coding"], "text" in query) == ("62110021D83DDE42", "8", False)

    def test_xml(self, server: Server) -> None:
        request = self.sent(server, XML_OPTIONS, replace(MESSAGE, text="<a>&\"é'\x0b{pw}"))
        assert (request.method, request.target) == ("POST", "/")
        assert request.header("Content-Type") == "text/xml"
        root = ElementTree.fromstring(request.body)
        assert (root.get("user"), root.findtext("pw")) == ("ana", SECRET)
        sms = root.find("sms")
        assert (sms.text, sms.get("to"), sms.get("ref")) == ("<a>&\"é'{pw}", "0033612345678", MESSAGE.id)

    def test_xml_in_another_charset(self, server: Server) -> None:
        options = {**XML_OPTIONS, "charset": "iso-8859-1", "content_type": "text/xml; charset=iso-8859-1"}
        options["body"] = options["body"].replace('"1.0"?', '"1.0" encoding="iso-8859-1"?')
        request = self.sent(server, options, replace(MESSAGE, text="é我"))
        assert b">\xe9&#25105;</sms>" in request.body
        assert request.header("Content-Type") == "text/xml; charset=iso-8859-1"
        assert ElementTree.fromstring(request.body).findtext("sms") == "é我"

    def test_xml_inside_a_form(self, server: Server) -> None:
        request = self.sent(server, {**XML_OPTIONS, "body_field": "XML"})
        assert request.header("Content-Type") == "application/x-www-form-urlencoded"
        (xml,) = parse_qs(request.body.decode())["XML"]
        assert ElementTree.fromstring(xml).findtext("sms") == MESSAGE.text

    def test_credentials_in_address_and_headers(self, server: Server) -> None:
        options = {
            "path": "/{username}/send?key={password}",
            "headers": '{"X-Token": "t {token}", "Accept": "text/plain"}',
            "username": "ana/b",
            "password": SECRET,
            "token": "s3cret-token",
            "body": '{"to": "{to}", "text": "{text}", "reply": "{inbound_url}"}',
            "success_at": "OK {value}",
        }
        request = self.sent(server, options)
        assert request.target == "/ana%2Fb/send?key=s3cret%26more"
        assert (request.header("X-Token"), request.header("Accept")) == ("t s3cret-token", "text/plain")
        assert dict(parse_qsl(request.body.decode()))["reply"] == INBOUND_URL

    @pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (59, 1), (60, 1), (119, 1), (120, 2), (172800, 2880)])
    def test_a_validity_in_minutes(self, server: Server, seconds: int, minutes: int) -> None:
        sent = json.loads(self.sent(server, JSON_OPTIONS, replace(MESSAGE, validity_seconds=seconds)).body)
        assert sent["ttl"] == minutes

    @pytest.mark.parametrize("text", ["我", "\ud800"])
    def test_what_the_charset_cannot_write_is_not_sent_half(self, server: Server, text: str) -> None:
        options = {**TEXT_OPTIONS, "charset": "iso-8859-1", "base_url": server.url}
        outcome = build("http", options, context()).send(replace(MESSAGE, text=text))
        words = "The text has letters that iso-8859-1 cannot write."
        assert outcome == Rejected("content_refused", permanent=True, detail=words)
        assert not server.requests

    def test_a_redirect_is_not_followed(self, server: Server) -> None:
        with Server() as elsewhere:
            server.script(answer(307, b"", Location=f"{elsewhere.url}/"))
            self.sent(server, JSON_OPTIONS)
            assert not elsewhere.requests

    @given(st.text(min_size=1, max_size=50), st.text(max_size=20))
    def test_no_text_escapes_from_its_place(self, text: str, sender: str) -> None:
        message = replace(MESSAGE, text=text, sender=sender)
        values = {**values_of(message, "X"), "status_url": STATUS_URL, "username": "ana", "password": SECRET}
        as_json = read_body("json", JSON_OPTIONS["body"]).write(values, "utf-8")
        assert json.loads(as_json)["messages"] == [{"recipient": MESSAGE.to, "text": text, "ref": MESSAGE.id}]
        as_xml = ElementTree.fromstring(read_body("xml", XML_OPTIONS["body"]).write(values, "utf-8"))
        assert [child.tag for child in as_xml] == ["pw", "sms"]
        as_form = read_body("form", TEXT_OPTIONS["body"]).write(values, "utf-8")
        assert parse_qs(as_form.decode())["text"] == [text]


class TestAnswers:
    def outcome(self, server: Server, body: object, **options: str) -> Any:
        server.script(answer(200, body))
        minimal = {"base_url": server.url, "body": '{"to": "{to}", "text": "{text}"}'}
        return build("http", {**minimal, **options}, context(), PATIENT).send(MESSAGE)

    def test_an_id_alone_is_an_acceptance(self, server: Server) -> None:
        assert self.outcome(server, b"a1b2", id_at="{value}") == Accepted("a1b2")
        assert isinstance(self.outcome(server, b"<html>Down</html>", id_at="{value}"), OutcomeUnknown)
        assert isinstance(self.outcome(server, b"ERROR: no credit", id_at="{value}"), OutcomeUnknown)

    def test_a_gateway_that_names_no_id(self, server: Server) -> None:
        assert self.outcome(server, b"Sent. Splits: 2", success_at="Sent{value}") == Accepted("")
        options = {"success_at": "{value}", "success_is": '["0: *", "3: *"]'}
        assert self.outcome(server, b"3: Queued for later", **options) == Accepted("")
        assert isinstance(self.outcome(server, b"30: Whatever", **options), OutcomeUnknown)

    def test_an_xml_bomb_is_not_lit(self, server: Server) -> None:
        entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 20))
        bomb = f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]><a>&l19;</a>'.encode()
        outcome = self.outcome(server, bomb, answer="xml", id_at="a")
        assert isinstance(outcome, OutcomeUnknown) and outcome.reason == "unreadable_answer"

    def test_no_file_is_read_for_an_answer(self, server: Server) -> None:
        body = b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/hostname">]><a>&f;</a>'
        assert isinstance(self.outcome(server, body, answer="xml", id_at="a"), OutcomeUnknown)

    def test_a_reference_may_stand_in_the_address_of_a_json_callback(self) -> None:
        options = {
            **JSON_OPTIONS,
            "receipt_reference": "?message",
            "body": '{"to":"{to}","text":"{text}","url":"{status_url}?message={id}"}',
        }
        event = {"events": [{"message": {"id": "1"}, "state": "SENT"}]}
        callback = told(event, f"{STATUS_URL}?message={MESSAGE.id}")
        (receipt,) = build("http", options, context()).read_receipts(callback)
        assert receipt.message_id == MESSAGE.id
