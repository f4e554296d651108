import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

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
    Wish,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import CallbackUnreadable, Provider
from sidecar.providers.registry import build

from .batch_contract import BATCH, BatchContract
from .contract import INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase
from .server import Server, answer

TICKET = "sms_5fec89fe97109"
OPTIONS = {"api_login": "ana@example.org", "api_key": "k3y-0f-ana", "sender": "LojaDaAna"}


def refused(code: int, reason: str, *, permanent: bool = True) -> FailureCase:
    return FailureCase(400, {"code": code, "message": "No."}, Rejected(reason, permanent=permanent, code=str(code)))


def passing(code: int, reason: str) -> FailureCase:
    return FailureCase(400, {"code": code, "message": "Wait."}, TemporarilyFailed(reason, code=str(code)))


REPLY = {
    "message_id": TICKET,
    "number": MESSAGE.to,
    "text": "Já chegou?",
    "sim_card_number": "36180",
    "reception_date": "2025-11-22 16:00:00",
}
STOP = {"message_id": TICKET, "number": MESSAGE.to, "text": "stop", "stop_date": "2025-11-22 16:00:00"}


def told(fields: dict[str, Any], *, form: bool = False) -> Callback:
    body = urlencode(fields) if form else json.dumps(fields)
    return Callback("POST", INBOUND_URL, {}, body.encode())


def read(fields: dict[str, Any], *, form: bool = False, **options: str) -> Inbound:
    (message,) = build("octopush", {**OPTIONS, **options}, context()).read_inbound(told(fields, form=form))
    return message


class TestOctopush(BatchContract):
    kind = "octopush"
    options: ClassVar = OPTIONS
    secrets = ("k3y-0f-ana",)
    accepted_body: ClassVar = {
        "sms_ticket": TICKET,
        "number_of_contacts": 1,
        "total_cost": 0.0333,
        "number_of_sms_needed": 2,
        "residual_credit": 99.5,
    }
    accepted = Accepted(TICKET, segments=2, price=Decimal("0.0333"), currency="EUR")
    batch_body: ClassVar = {"sms_ticket": TICKET, "number_of_contacts": 2, "total_cost": 0.1, "number_of_sms_needed": 1}
    batch = (Accepted(TICKET, price=Decimal("0.05"), currency="EUR"),) * 2
    refused_body: ClassVar = {"code": 117, "message": "Bad number"}
    inbound = (
        InboundCase(
            told(REPLY),
            (Inbound(read(REPLY).provider_id, MESSAGE.to, "36180", "Já chegou?", in_reply_to=TICKET),),
        ),
        InboundCase(
            told(STOP),
            (Inbound(read(STOP).provider_id, MESSAGE.to, "", "stop", in_reply_to=TICKET, wish=Wish.STOP),),
        ),
        InboundCase(
            told({"number": 33612345678, "text": None, "message_id": None, "answer_date": ""}),
            (Inbound(read({"number": MESSAGE.to, "answer_date": ""}).provider_id, MESSAGE.to, "", ""),),
        ),
    )
    receipts = (
        ReceiptCase("PROCESSED", MessageState.ACCEPTED),
        ReceiptCase("ACK", MessageState.SENT),
        ReceiptCase("DELIVERED", MessageState.DELIVERED),
        ReceiptCase("READ", MessageState.READ),
        ReceiptCase("UNKNOWN_DELIVERY", MessageState.SENT),
        ReceiptCase("UNDEFINED", MessageState.SENT),
        ReceiptCase("NOT_DELIVERED", MessageState.UNDELIVERED, "carrier_error"),
        ReceiptCase("BAD_DESTINATION", MessageState.UNDELIVERED, "invalid_number"),
        ReceiptCase("NOT_ALLOWED", MessageState.UNDELIVERED, "refused"),
        ReceiptCase("BLACKLISTED_NUMBER", MessageState.UNDELIVERED, "opted_out"),
    )
    failures = (
        refused(117, "invalid_number"),
        refused(106, "sender_refused"),
        refused(121, "content_refused"),
        refused(123, "refused"),
        refused(101, "auth", permanent=False),
        refused(104, "no_credit", permanent=False),
        refused(114, "account_suspended", permanent=False),
        passing(126, "provider_down"),
        passing(128, "throttled"),
        FailureCase(422, {"message": "No code"}, Rejected("refused", permanent=True)),
        FailureCase(400, {"code": 999, "message": "request_id is taken"}, OutcomeUnknown("unclear_failure")),
        FailureCase(500, {"code": 999, "message": "Oops"}, OutcomeUnknown("unclear_failure")),
        FailureCase(500, {"code": 500, "message": "Oops"}, TemporarilyFailed("provider_down", code="500")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        report = {
            "channel": "sms",
            "message_id": TICKET,
            "number": MESSAGE.to,
            "status": case.word,
            "delivery_date": "2025-11-22 16:00:00",
            "unit_price": 0.0333,
            "meta_data": None,
        }
        return Callback("POST", STATUS_URL, {}, json.dumps(report).encode())

    def test_the_balance(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, {"amount": 12.54, "unit": "euros"}))
        assert provider.balance() == Balance(Decimal("12.54"), "EUR")
        (request,) = server.requests
        assert (request.method, request.target) == ("GET", "/wallet/check-balance")

    def test_a_repeated_send_is_accepted_without_a_ticket(self, provider: Provider, server: Server) -> None:
        server.script(answer(400, {"code": 120, "message": "A SMS with the same request_id has already been sent."}))
        assert provider.send(MESSAGE) == Accepted("")

    def test_a_ticket_for_nobody_is_not_an_acceptance(self, provider: Provider, server: Server) -> None:
        server.script(answer(201, {"sms_ticket": TICKET, "number_of_contacts": 0}))
        assert isinstance(provider.send(MESSAGE), OutcomeUnknown)

    def test_there_is_no_look_up(self, provider: Provider) -> None:
        lost = LostMessage("m", "+33612345678", "t", NOW)
        assert provider.look_up(lost) == CannotTell("this provider has no look-up", never=True)


class TestTheRequest:
    def sent(self, server: Server, message: OutgoingMessage, **more: str) -> Any:
        server.script(answer(201, TestOctopush.accepted_body))
        provider = build("octopush", {**OPTIONS, "base_url": f"{server.url}/v1/public", **more}, context(), PATIENT)
        provider.send(message)
        provider.close()
        return json.loads(server.requests[-1].body)

    def test_address_and_credentials(self, server: Server) -> None:
        self.sent(server, MESSAGE)
        (request,) = server.requests
        assert (request.method, request.target) == ("POST", "/v1/public/sms-campaign/send")
        assert request.header("api-login") == "ana@example.org"
        assert request.header("api-key") == "k3y-0f-ana"
        assert request.header("Content-Type") == "application/json"

    def test_every_field(self, server: Server) -> None:
        assert self.sent(server, MESSAGE) == {
            "recipients": [{"phone_number": "+33612345678"}],
            "text": MESSAGE.text,
            "sender": "LojaDaAna",
            "type": "sms_premium",
            "purpose": "alert",
            "with_replies": False,
            "request_id": MESSAGE.id,
            "auto_optimize_text": False,
        }

    def test_marketing_is_declared(self, server: Server) -> None:
        message = OutgoingMessage(id="m", to="+33612345678", text="Sale! STOP au XXXXX", category="marketing")
        assert self.sent(server, message)["purpose"] == "wholesale"

    def test_the_cheaper_route_and_the_shop_s_own_sender(self, server: Server) -> None:
        message = OutgoingMessage(id="m", to="+33612345678", text="Oi", sender="LojaDoZe")
        sent = self.sent(server, message, type="sms_low_cost")
        assert (sent["type"], sent["sender"]) == ("sms_low_cost", "LojaDoZe")

    def test_replies_are_asked_for(self, server: Server) -> None:
        assert self.sent(server, MESSAGE, with_replies="true")["with_replies"] is True


class TestReceipts:
    def read(self, fields: dict[str, str], *, form: bool = False, **options: str) -> Any:
        body = urlencode(fields) if form else json.dumps(fields)
        (receipt,) = build("octopush", {**OPTIONS, **options}, context()).read_receipts(
            Callback("POST", STATUS_URL, body=body.encode())
        )
        return receipt

    REPORT: ClassVar = {
        "message_id": TICKET,
        "number": "33612345678",
        "status": "DELIVERED",
        "delivery_date": "2025-07-14 16:00:00",
    }

    def test_the_ticket_and_the_number_name_the_message(self) -> None:
        receipt = self.read(self.REPORT)
        assert (receipt.provider_id, receipt.recipient, receipt.message_id) == (TICKET, "+33612345678", None)

    def test_a_form_reads_the_same(self) -> None:
        assert self.read(self.REPORT, form=True) == self.read(self.REPORT)

    def test_the_moment_is_told_only_where_the_zone_is_known(self) -> None:
        assert self.read(self.REPORT).at is None
        paris = self.read(self.REPORT, receipt_timezone="Europe/Paris").at
        assert paris == datetime(2025, 7, 14, 16, 0, tzinfo=ZoneInfo("Europe/Paris"))
        assert self.read({**self.REPORT, "delivery_date": "?"}, receipt_timezone="Europe/Paris").at is None

    @pytest.mark.parametrize("field", ["message_id", "number", "status"])
    def test_a_report_needs_all_that_finds_its_message(self, field: str) -> None:
        with pytest.raises(CallbackUnreadable):
            self.read({name: value for name, value in self.REPORT.items() if name != field})

    def test_a_reply_without_a_number_is_unreadable(self) -> None:
        for number in ("", "36180a", "+0612345678", "LojaDaAna"):
            with pytest.raises(CallbackUnreadable, match="number"):
                read({**REPLY, "number": number})


class TestReplies:
    def test_a_form_reads_the_same(self) -> None:
        assert read(REPLY, form=True) == read(REPLY)
        assert read(STOP, form=True) == read(STOP)

    def test_the_moment_is_told_only_where_the_zone_is_known(self) -> None:
        at = datetime(2025, 11, 22, 16, 0, tzinfo=ZoneInfo("Europe/Paris"))
        assert read(STOP).at is None
        assert read(STOP, receipt_timezone="Europe/Paris").at == at

    def test_it_is_octopush_that_says_what_is_an_opt_out(self) -> None:
        assert read({**REPLY, "text": "stop"}).wish is None
        assert read({**STOP, "text": "Laissez-moi"}).wish is Wish.STOP

    def test_what_is_told_twice_has_one_id(self) -> None:
        assert read(REPLY).provider_id == read(REPLY, form=True, receipt_timezone="Europe/Paris").provider_id

    @pytest.mark.parametrize(
        "other",
        [
            {**REPLY, "text": "1"},
            {**REPLY, "number": "+33612345679"},
            {**REPLY, "reception_date": "2025-11-22 16:00:01"},
            {**STOP, "text": REPLY["text"]},
        ],
    )
    def test_what_is_another_message_has_another_id(self, other: dict[str, Any]) -> None:
        assert read(other).provider_id != read(REPLY).provider_id
        assert MESSAGE.to[1:] not in read(other).provider_id

    def test_the_short_number_is_seen_only_with_replies(self) -> None:
        plain, open_ = (build("octopush", {**OPTIONS, "with_replies": yes}, context()) for yes in ("false", "true"))
        assert plain.capabilities.senders == {SenderKind.NAME}
        assert open_.capabilities.senders == {SenderKind.NAME, SenderKind.SHORT_CODE}


class TestBatches:
    def campaign(self, provider: Provider, server: Server, messages: list[OutgoingMessage]) -> Any:
        server.script(answer(201, {**TestOctopush.batch_body, "number_of_contacts": len(messages)}))
        outcomes = provider.send_batch(messages)
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        return json.loads(server.requests[-1].body)

    @pytest.fixture
    def provider(self, server: Server) -> Provider:
        return build("octopush", {**OPTIONS, "base_url": server.url}, context(), PATIENT)

    def test_it_differs_from_a_single_send_in_numbers_and_reference_only(
        self, provider: Provider, server: Server
    ) -> None:
        server.script(answer(201, TestOctopush.accepted_body))
        provider.send(MESSAGE)
        single = json.loads(server.requests[-1].body)
        batch = self.campaign(provider, server, BATCH)
        assert batch["recipients"] == [{"phone_number": message.to} for message in BATCH]
        assert {**batch, "recipients": [], "request_id": ""} == {**single, "recipients": [], "request_id": ""}

    def test_its_reference_is_the_same_for_the_same_messages_only(self, provider: Provider, server: Server) -> None:
        third = replace(MESSAGE, id="msg_c", to="+33612345670")
        batches = [BATCH, BATCH, [*BATCH, third], [BATCH[0], third], BATCH[::-1]]
        ids = [self.campaign(provider, server, batch)["request_id"] for batch in batches]
        assert ids[0] == ids[1]
        assert len(set(ids)) == 4
        assert all(len(reference) == 36 for reference in ids)

    def test_a_number_is_never_twice_in_one(self, provider: Provider, server: Server) -> None:
        server.script(answer(201, TestOctopush.accepted_body))
        outcomes = provider.send_batch([*BATCH, replace(BATCH[0], id="msg_c")])
        assert outcomes == [TestOctopush.accepted] * 3
        sent = [json.loads(request.body) for request in server.requests]
        assert [fields["request_id"] for fields in sent] == ["msg_a", "msg_b", "msg_c"]

    @pytest.mark.parametrize("contacts", [1, 3, None])
    def test_a_ticket_for_fewer_or_more_says_nothing_of_anyone(
        self, provider: Provider, server: Server, contacts: int | None
    ) -> None:
        body = {**TestOctopush.batch_body, "number_of_contacts": contacts}
        server.script(answer(201, {name: value for name, value in body.items() if value is not None}))
        outcomes = provider.send_batch(BATCH)
        assert all(isinstance(outcome, OutcomeUnknown) and TICKET in outcome.detail for outcome in outcomes)
        assert len(server.requests) == 1

    def test_shares_of_the_price_are_as_fine_as_the_ledger_keeps_them(self, provider: Provider, server: Server) -> None:
        messages = [replace(MESSAGE, id=f"msg_{n}", to=f"+3361234567{n}") for n in range(3)]
        server.script(answer(201, {"sms_ticket": TICKET, "number_of_contacts": 3, "total_cost": 0.1}))
        assert provider.send_batch(messages) == [Accepted(TICKET, price=Decimal("0.033333"), currency="EUR")] * 3
        server.script(answer(201, {"sms_ticket": TICKET, "number_of_contacts": 3}))
        assert provider.send_batch(messages) == [Accepted(TICKET, currency="EUR")] * 3

    def test_a_text_refused_is_not_tried_number_by_number(self, provider: Provider, server: Server) -> None:
        server.script(answer(400, {"code": 121, "message": "STOP is missing"}))
        refused = Rejected("content_refused", permanent=True, code="121", detail="STOP is missing")
        assert provider.send_batch(BATCH) == [refused] * 2
        assert len(server.requests) == 1

    def test_a_batch_sent_before_is_accepted_without_a_ticket(self, provider: Provider, server: Server) -> None:
        server.script(answer(400, {"code": 120, "message": "Already sent"}))
        assert provider.send_batch(BATCH) == [Accepted("")] * 2
        assert len(server.requests) == 1
