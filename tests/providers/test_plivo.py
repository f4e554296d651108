import base64
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

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
    NotFound,
    OutcomeUnknown,
    Rejected,
    TemporarilyFailed,
    Wish,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import Acknowledgement, CallbackUnreadable, Provider
from sidecar.providers.registry import InvalidOptions, build

from .batch_contract import BAD, BATCH, GOOD, BatchContract
from .contract import HASTY, INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase
from .server import Request, Server, answer, silence
from .test_twilio import read_vectors

ACCOUNT, TOKEN = "MAFAKEAUTHID00000000", "fake_auth_token"
OPTIONS = {"auth_id": ACCOUNT, "auth_token": TOKEN, "src": "14155550100"}
UUID, OTHER = "5b40a428-bfc7-4daf-9d06-726c558bf3b8", "39062592-3ce1-44a0-a66e-ea65f064bf9e"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REFUSED = {"api_id": "a5169572-325d-11ec-8852-0242ac110005", "error": "'1111111' is not a valid phone number."}


def queued(*uuids: str, invalid: tuple[str, ...] = ()) -> dict[str, object]:
    body: dict[str, object] = {"api_id": "948b53a2", "message": "message(s) queued", "message_uuid": list(uuids)}
    return {**body, "invalid_number": list(invalid)} if invalid else body


def connected(server: Server, limits: Limits = PATIENT, status_url: str = STATUS_URL, **options: str) -> Provider:
    return build("plivo", {**OPTIONS, "base_url": server.url, **options}, context(status_url), limits)


def asked_for_receipts(*messages: OutgoingMessage) -> str:
    """The address under which Plivo is asked to report on these messages."""
    with Server() as server:
        server.script(answer(202, queued(*(f"{UUID}{place}" for place, _ in enumerate(messages)))))
        provider = connected(server)
        provider.send_batch(messages)
        provider.close()
        return str(json.loads(server.requests[0].body)["url"])


ASKED_FOR = asked_for_receipts(MESSAGE)


def inbound(fields: dict[str, str], method: str = "POST") -> Callback:
    query = "?" + urlencode(fields) if method == "GET" else ""
    return Callback(method, INBOUND_URL + query, FORM, b"" if method == "GET" else urlencode(fields).encode())


REPLY = {
    "MessageUUID": OTHER,
    "From": "33612345678",
    "To": "14155550100",
    "Type": "sms",
    "Text": "Obrigada, até já & tchau!",
    "Units": "1",
    "MessageIntent": "",
}
READ = Inbound(OTHER, "+33612345678", "14155550100", "Obrigada, até já & tchau!")
WHATSAPP = {name: value for name, value in REPLY.items() if name != "Text"} | {"Type": "whatsapp", "Body": "Oi"}


class TestPlivo(BatchContract):
    kind = "plivo"
    options: ClassVar = OPTIONS
    secrets = (TOKEN, base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode())
    accepted_body: ClassVar = queued(UUID)
    accepted = Accepted(UUID)
    batch_body: ClassVar = queued(UUID, OTHER)
    batch = (Accepted(UUID), Accepted(OTHER))
    mixed = (
        queued(UUID, invalid=(BAD.removeprefix("+"),)),
        (Accepted(UUID), Rejected("invalid_number", permanent=True, detail="Plivo lists the number as invalid.")),
    )
    receipts = (
        ReceiptCase("queued", MessageState.ACCEPTED),
        ReceiptCase("sent", MessageState.SENT),
        ReceiptCase("delivered", MessageState.DELIVERED, code="000"),
        ReceiptCase("read", MessageState.READ),
        ReceiptCase("undelivered", MessageState.UNDELIVERED, "handset_unreachable", "80"),
        ReceiptCase("undelivered", MessageState.UNDELIVERED, "filtered", "30"),
        ReceiptCase("undelivered", MessageState.UNDELIVERED, "unroutable", "90"),
        ReceiptCase("undelivered", MessageState.UNDELIVERED),
        ReceiptCase("failed", MessageState.UNDELIVERED, "opted_out", "200"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "region_not_enabled", "450"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "no_credit", "900"),
        ReceiptCase("failed", MessageState.UNDELIVERED, "error_1000", "1000"),
        ReceiptCase("failed", MessageState.EXPIRED, "expired", "420"),
        ReceiptCase("rejected", MessageState.UNDELIVERED, "sender_refused", "40"),
    )
    inbound = (
        InboundCase(inbound(REPLY), (READ,)),
        InboundCase(inbound(REPLY, "GET"), (READ,)),
        InboundCase(inbound({**REPLY, "From": "+33612345678"}), (READ,)),
        InboundCase(
            inbound({**REPLY, "Text": "STOP", "MessageIntent": "optout"}), (replace(READ, text="STOP", wish=Wish.STOP),)
        ),
        InboundCase(
            inbound({**REPLY, "Text": "START", "MessageIntent": "optin"}),
            (replace(READ, text="START", wish=Wish.START),),
        ),
        InboundCase(inbound({**REPLY, "Text": "HELP", "MessageIntent": "help"}), (replace(READ, text="HELP"),)),
        InboundCase(inbound(WHATSAPP), (replace(READ, text="Oi", channel="whatsapp"),)),
        InboundCase(
            inbound({**WHATSAPP, "From": "+551187654321"}),
            (replace(READ, sender="+5511987654321", text="Oi", channel="whatsapp"),),
        ),
    )
    failures = (
        FailureCase(400, REFUSED, Rejected("invalid_number", permanent=True, code="is not a valid phone number")),
        FailureCase(
            400, {"error": "Insufficient Credit"}, Rejected("no_credit", permanent=False, code="insufficient credit")
        ),
        FailureCase(400, {"error": "Bad src"}, Rejected("refused", permanent=True)),
        FailureCase(400, {"unexpected": True}, OutcomeUnknown("unclear_failure")),
        FailureCase(401, {"error": "Denied"}, Rejected("auth", permanent=False)),
        FailureCase(405, {"error": "No"}, Rejected("misconfigured", permanent=False)),
        FailureCase(429, {"error": "Too many requests"}, TemporarilyFailed("throttled", code="too many requests")),
        FailureCase(500, {"error": "Oops"}, OutcomeUnknown("unclear_failure")),
        FailureCase(202, queued(invalid=("33612345678",)), Rejected("invalid_number", permanent=True)),
        FailureCase(202, queued(UUID, OTHER), OutcomeUnknown("unreadable_answer")),
        FailureCase(202, queued(), OutcomeUnknown("unreadable_answer")),
        FailureCase(202, queued(UUID, invalid=("33612345678",)), OutcomeUnknown("unreadable_answer")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        fields = {
            "MessageUUID": UUID,
            "To": MESSAGE.to.removeprefix("+"),
            "From": "14155550100",
            "Type": "sms",
            "Status": case.word,
            "Units": "1",
            "TotalAmount": "0.00250",
            "Sequence": "1",
            "MessageTime": "2025-11-22 15:00:00.000000",
        }
        if case.code:
            fields["ErrorCode"] = case.code
        return Callback("POST", ASKED_FOR, FORM, urlencode(fields).encode())

    def test_a_receipt_by_get_reads_the_same(self) -> None:
        posted = self.receipt_callback(self.receipts[4])
        asked = Callback("GET", f"{posted.url}&{posted.body.decode()}")
        assert self.make().read_receipts(asked) == self.make().read_receipts(posted)

    def test_a_receipt_names_its_message_and_its_number(self) -> None:
        receipt = self.read(self.receipts[0])
        assert (receipt.provider_id, receipt.message_id, receipt.recipient) == (UUID, MESSAGE.id, MESSAGE.to)

    def test_the_answer_to_a_callback_is_xml(self) -> None:
        assert self.make().acknowledgement == Acknowledgement("<Response></Response>", "application/xml")

    def test_a_status_report_is_no_customer_s_message(self) -> None:
        with pytest.raises(CallbackUnreadable, match="status report"):
            self.make().read_inbound(self.receipt_callback(self.receipts[0]))

    @pytest.mark.parametrize("sender", ["", "PLIVO", "0612345678", "+", "+1234567890123456"])
    def test_who_has_no_number_is_no_customer(self, sender: str) -> None:
        with pytest.raises(CallbackUnreadable, match="a number"):
            self.make().read_inbound(inbound({**REPLY, "From": sender}))

    def test_the_balance(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, {"auth_id": ACCOUNT, "cash_credits": "4.88860"}))
        assert provider.balance() == Balance(Decimal("4.88860"), "USD")
        (theirs,) = read_vectors("plivo-send.json")["requests"][1:]
        assert (server.requests[0].method, server.requests[0].target) == (theirs["method"], theirs["target"])


class TestTheRequest:
    """Beside what the vendor's own library sends."""

    # Host and length are those of another server and another callback address; the client's name is not ours to
    # claim; HTTP/1.1 keeps alive without saying so; a short answer needs no compression.
    DIFFERENT = frozenset({"host", "content-length", "user-agent"})
    LEFT_OUT = frozenset({"connection"})
    CHANGED: ClassVar = {"accept-encoding": "identity"}

    TWO = (
        OutgoingMessage(id="msg_1", to="+14155550101", text="Hello é"),
        OutgoingMessage(id="msg_2", to="+14155550102", text="Hello é"),
    )

    def sent(self, server: Server, *messages: OutgoingMessage, **options: str) -> Request:
        server.script(answer(202, queued(UUID, OTHER)))
        provider = connected(server, status_url="https://ex.org/cb", **options)
        provider.send_batch(messages)
        provider.close()
        return server.requests[-1]

    def fields(self, server: Server, message: OutgoingMessage, **options: str) -> Any:
        return json.loads(self.sent(server, message, **options).body)

    def test_it_equals_the_official_one(self, server: Server) -> None:
        theirs = read_vectors("plivo-send.json")["requests"][0]
        ours = self.sent(server, *self.TWO)
        assert (ours.method, ours.target) == (theirs["method"], theirs["target"])
        expected = {name.lower(): value for name, value in theirs["headers"]} | self.CHANGED
        headers = {name.lower(): value for name, value in ours.headers}
        assert set(headers) | self.LEFT_OUT == set(expected)
        comparable = set(headers) - self.DIFFERENT
        assert {name: headers[name] for name in comparable} == {name: expected[name] for name in comparable}

    def test_its_body_equals_the_official_one(self, server: Server) -> None:
        theirs = read_vectors("plivo-send.json")["requests"][0]["body_json"]
        ours = json.loads(self.sent(server, *self.TWO).body)
        # Ours carries the references that the receipts bring back.
        assert ours.pop("url").partition("?")[0] == theirs.pop("url")
        assert ours == theirs

    def test_a_powerpack_sends_unless_the_shop_has_a_sender(self, server: Server) -> None:
        pool = {"src": "", "powerpack_uuid": UUID}
        fields = self.fields(server, MESSAGE, **pool)
        assert fields["powerpack_uuid"] == UUID and "src" not in fields
        fields = self.fields(server, replace(MESSAGE, sender="LOJA ANA"), **pool)
        assert fields["src"] == "LOJA ANA" and "powerpack_uuid" not in fields

    @pytest.mark.parametrize(("asked", "sent"), [(0, 5), (5, 5), (3600, 3600), (172800, 10799)])
    def test_the_validity_is_kept_within_bounds(self, server: Server, asked: int, sent: int) -> None:
        assert self.fields(server, replace(MESSAGE, validity_seconds=asked))["message_expiry"] == sent

    def test_the_text_need_not_be_kept(self, server: Server) -> None:
        assert self.fields(server, MESSAGE, log="number_only")["log"] == "number_only"

    @pytest.mark.parametrize("wrong", [{"src": ""}, {"powerpack_uuid": UUID}, {"log": "false"}, {"auth_id": "AC1"}])
    def test_wrong_options(self, wrong: dict[str, str]) -> None:
        with pytest.raises(InvalidOptions, match="plivo: "):
            build("plivo", {**OPTIONS, **wrong}, context())


class TestABatch:
    def test_every_receipt_finds_its_own_message(self) -> None:
        messages = [replace(MESSAGE, id=f"msg_{place:027}", to=f"+3361234{place:04}") for place in range(20)]
        address = asked_for_receipts(*messages)
        assert len(address) < 1100
        for message in messages:
            fields = {"MessageUUID": UUID, "To": message.to.removeprefix("+"), "Status": "sent"}
            (receipt,) = build("plivo", OPTIONS, context()).read_receipts(
                Callback("POST", address, FORM, urlencode(fields).encode())
            )
            assert (receipt.message_id, receipt.recipient) == (message.id, message.to)

    def test_the_address_shows_no_numbers(self) -> None:
        shown = urlsplit(asked_for_receipts(*BATCH)).query
        assert not [message.to for message in BATCH if message.to[-4:] in shown]

    def test_a_number_of_another_batch_is_not_ours(self) -> None:
        fields = {"MessageUUID": UUID, "To": "33699999999", "Status": "sent"}
        callback = Callback("POST", asked_for_receipts(*BATCH), FORM, urlencode(fields).encode())
        assert build("plivo", OPTIONS, context()).read_receipts(callback)[0].message_id is None

    def test_two_texts_to_one_number_go_alone(self, server: Server) -> None:
        server.script(answer(202, queued(UUID)), answer(202, queued(OTHER)))
        twice = [replace(MESSAGE, id="msg_a"), replace(MESSAGE, id="msg_b")]
        assert connected(server).send_batch(twice) == [Accepted(UUID), Accepted(OTHER)]
        assert [json.loads(request.body)["dst"] for request in server.requests] == ["33612345678"] * 2

    def test_ids_are_not_guessed_among_refused_numbers(self, server: Server) -> None:
        three = [*BATCH, replace(MESSAGE, id="msg_c", to="+33612345670")]
        server.script(answer(202, queued(UUID, OTHER, invalid=(BAD,))))
        first, second, third = connected(server).send_batch(three)
        assert first == third == Accepted("")
        assert isinstance(second, Rejected) and second.reason == "invalid_number"

    def test_numbers_that_are_all_refused_are_not_asked_about_again(self, server: Server) -> None:
        server.script(answer(202, queued(invalid=(GOOD, BAD))))
        outcomes = connected(server).send_batch(BATCH)
        assert all(isinstance(outcome, Rejected) and outcome.reason == "invalid_number" for outcome in outcomes)
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "body",
        [
            queued(UUID),
            queued(UUID, OTHER, "third"),
            queued(UUID, invalid=("33699999999",)),
            queued(UUID, OTHER, invalid=(GOOD,)),
            queued(UUID, OTHER, invalid=("33699999999",)),
            queued(invalid=("33699999999", "33699999998")),
            queued(),
            queued("", OTHER),
        ],
    )
    def test_an_answer_that_does_not_add_up_is_kept(self, server: Server, body: dict[str, object]) -> None:
        server.script(answer(202, body))
        outcomes = connected(server).send_batch(BATCH)
        assert [type(outcome) for outcome in outcomes] == [OutcomeUnknown, OutcomeUnknown]
        assert all("message(s) queued" in outcome.detail for outcome in outcomes if isinstance(outcome, OutcomeUnknown))
        assert len(server.requests) == 1

    def test_whatever_is_answered_nobody_s_outcome_is_lost_or_invented(self, server: Server) -> None:
        numbers = st.lists(st.sampled_from([GOOD, BAD, "33612345678", "0", "+33699999999"]), max_size=4)
        provider = connected(server)

        @given(st.lists(st.sampled_from([UUID, OTHER, "x"]), max_size=4), numbers)
        def survives(uuids: list[str], invalid: list[str]) -> None:
            server.script(answer(202, {"message_uuid": uuids, "invalid_number": invalid}))
            outcomes = provider.send_batch(BATCH)
            assert len(outcomes) == len(BATCH)
            for message, outcome in zip(BATCH, outcomes, strict=True):
                listed = message.to.removeprefix("+") in {number.removeprefix("+") for number in invalid}
                assert not (listed and isinstance(outcome, Accepted))
                assert listed or not isinstance(outcome, Rejected)

        survives()


class TestLookUp:
    LOST = LostMessage(MESSAGE.id, MESSAGE.to, MESSAGE.text, sent_after=NOW - timedelta(minutes=11))
    LISTED: ClassVar = {"message_uuid": UUID, "message_state": "sent", "to_number": "33612345678", "units": 1}

    def page(self, *messages: object) -> Any:
        return answer(200, {"api_id": "95", "meta": {"limit": 1, "offset": 0, "next": None}, "objects": list(messages)})

    def test_what_is_not_listed_after_a_while_never_arrived(self, server: Server) -> None:
        server.script(self.page())
        assert connected(server).look_up(self.LOST) == NotFound()
        target = urlsplit(server.requests[0].target)
        assert target.path == f"/v1/Account/{ACCOUNT}/Message/"
        assert parse_qs(target.query) == {
            "to_number": ["+33612345678"],
            "message_direction": ["outbound"],
            "message_time__gte": ["2025-11-22 14:48:00"],
            "message_time__lte": ["2025-11-22 14:54:00"],
            "limit": ["1"],
        }

    @pytest.mark.parametrize(("minutes", "known"), [("11", True), ("12", False)])
    def test_the_list_is_given_time(self, server: Server, minutes: str, known: bool) -> None:
        server.script(self.page())
        answered = connected(server, list_delay_minutes=minutes).look_up(self.LOST)
        assert answered == (NotFound() if known else CannotTell("Plivo does not list it yet"))

    def test_a_message_without_our_mark_is_no_proof(self, server: Server) -> None:
        server.script(self.page(self.LISTED))
        found = connected(server).look_up(self.LOST)
        assert isinstance(found, CannotTell) and not found.never

    @pytest.mark.parametrize(
        ("shown", "found"),
        [
            ({"message_state": "queued", "total_amount": "0.00000"}, Found(UUID, MessageState.ACCEPTED)),
            (
                {"message_state": "sent", "error_code": None, "total_amount": "0.00250"},
                Found(UUID, MessageState.SENT, price=Decimal("0.00250"), currency="USD"),
            ),
            ({"message_state": "delivered", "error_code": "000"}, Found(UUID, MessageState.DELIVERED)),
            ({"message_state": "failed", "error_code": "50"}, Found(UUID, MessageState.UNDELIVERED, "invalid_number")),
            ({"message_state": "failed", "error_code": "420"}, Found(UUID, MessageState.EXPIRED, "expired")),
            ({"message_state": "levitating"}, Found(UUID, MessageState.ACCEPTED)),
        ],
    )
    def test_a_known_message_is_fetched(self, server: Server, shown: dict[str, object], found: Found) -> None:
        server.script(answer(200, {**self.LISTED, **shown}))
        assert connected(server).look_up(replace(self.LOST, provider_id=UUID)) == found
        assert server.requests[0].target == f"/v1/Account/{ACCOUNT}/Message/{UUID}/"

    @pytest.mark.parametrize("provider_id", [None, UUID])
    @pytest.mark.parametrize(
        "reaction",
        [silence, answer(404, {"error": "not found"}), answer(429, b"{}"), answer(500, b""), answer(200, b"{}")],
    )
    def test_no_answer_cannot_tell(self, server: Server, reaction: Any, provider_id: str | None) -> None:
        server.script(reaction)
        told = connected(server, HASTY).look_up(replace(self.LOST, provider_id=provider_id))
        assert isinstance(told, CannotTell) and not told.never
