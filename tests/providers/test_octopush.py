import json
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    CannotTell,
    OutcomeUnknown,
    Rejected,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import CallbackUnreadable, Provider
from sidecar.providers.registry import build

from .contract import MESSAGE, NOW, PATIENT, STATUS_URL, ReceiptCase, context
from .http_contract import FailureCase, HttpProviderContract
from .server import Server, answer

TICKET = "sms_5fec89fe97109"
OPTIONS = {"api_login": "ana@example.org", "api_key": "k3y-0f-ana", "sender": "LojaDaAna"}


def refused(code: int, reason: str, *, permanent: bool = True) -> FailureCase:
    return FailureCase(400, {"code": code, "message": "No."}, Rejected(reason, permanent=permanent, code=str(code)))


def passing(code: int, reason: str) -> FailureCase:
    return FailureCase(400, {"code": code, "message": "Wait."}, TemporarilyFailed(reason, code=str(code)))


class TestOctopush(HttpProviderContract):
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

    @pytest.mark.parametrize(("field", "words"), [("reception_date", "reply"), ("stop_date", "opt-out")])
    def test_what_belongs_elsewhere_is_named(self, field: str, words: str) -> None:
        with pytest.raises(CallbackUnreadable, match=words):
            self.read({"message_id": TICKET, "number": "+33612345678", "text": "STOP", field: "2025-07-14 16:00:00"})
