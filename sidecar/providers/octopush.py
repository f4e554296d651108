"""Octopush, JSON API v1: SMS to France and Europe."""

import json
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, Balance, Callback, OutcomeUnknown, Receipt, SendOutcome
from sidecar.domain.status import MessageState
from sidecar.providers.base import (
    DEFAULT_LIMITS,
    AccountContext,
    CallbackUnreadable,
    Capabilities,
    Fault,
    Limits,
    form_fields,
)
from sidecar.providers.formats import TimeZoneName, local_moment
from sidecar.providers.http import Answer, BaseUrl, HttpClient
from sidecar.providers.http_provider import ApiError, HeaderSecret, HttpProvider, ProviderOptions, by_word

FAULT_OF_CODE = by_word(
    {
        Fault.AUTH: (101, 108, 109),
        Fault.NO_CREDIT: (104, 105),
        Fault.ACCOUNT_SUSPENDED: (113, 114),
        Fault.MISCONFIGURED: (112,),
        Fault.THROTTLED: (128,),
        Fault.PROVIDER_DOWN: (125, 126, 127, 129, 500, 501),
        Fault.INVALID_NUMBER: (103, 110, 117, 150),
        Fault.SENDER_REFUSED: (106,),
        Fault.CONTENT_REFUSED: (102, 107, 119, 121, 122),
    }
)
_ALREADY_SENT = "120"

STATE_OF_WORD = by_word(
    {
        MessageState.ACCEPTED: ("PROCESSED",),
        # The last two are Octopush's "we shall never know": the message left, and that is all one can say.
        MessageState.SENT: ("ACK", "TRANSMITTED", "ISP_SEND", "UNKNOWN_DELIVERY", "UNDEFINED"),
        MessageState.DELIVERED: ("DELIVERED",),
        MessageState.READ: ("READ",),
        MessageState.UNDELIVERED: ("NOT_DELIVERED", "BAD_DESTINATION", "NOT_ALLOWED", "BLACKLISTED_NUMBER"),
    }
)
FAULT_OF_WORD = {
    "NOT_DELIVERED": Fault.CARRIER_ERROR,
    "BAD_DESTINATION": Fault.INVALID_NUMBER,
    "NOT_ALLOWED": Fault.REFUSED,
    "BLACKLISTED_NUMBER": Fault.OPTED_OUT,
}


class Octopush(HttpProvider):
    kind = "octopush"
    capabilities = Capabilities(max_characters=1224, balance=True, idempotent=True, idempotent_hours=24)
    fault_of_code = FAULT_OF_CODE

    class Options(ProviderOptions):
        """`type`: delivery receipts come for sms_premium only. `receipt_timezone`: Octopush does not say in
        which zone its receipts tell the time, so without it the moment a receipt arrives is taken."""

        base_url: BaseUrl = "https://api.octopush.com/v1/public"
        api_login: str = Field(pattern=r"^[!-~]+$")
        api_key: HeaderSecret
        sender: str = Field(pattern=r"^[0-9A-Za-z ]{3,11}$")
        type: Literal["sms_premium", "sms_low_cost"] = "sms_premium"
        receipt_timezone: TimeZoneName | None = None

    class SentBody(BaseModel):
        sms_ticket: str = Field(min_length=1)
        number_of_contacts: int = Field(1, ge=1)
        number_of_sms_needed: int | None = None
        total_cost: Decimal | None = None

    class ErrorBody(BaseModel):
        code: int | None = None
        message: str

    class BalanceBody(BaseModel):
        amount: Decimal
        unit: str

    class DeliveryReport(BaseModel):
        message_id: str = Field(min_length=1)
        number: str = Field(pattern=r"^\+?[0-9]+$")
        status: str = Field(min_length=1)
        delivery_date: str | None = None

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        self._options = options
        self._now = context.now
        headers = {
            "Accept": "application/json",
            "api-login": options.api_login,
            "api-key": options.api_key.get_secret_value(),
        }
        self._http = HttpClient(options.base_url, headers, limits)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        body = json.dumps(self._fields(message), ensure_ascii=False).encode()
        return self._http.post("/sms-campaign/send", "application/json", body)

    def _fields(self, message: OutgoingMessage) -> dict[str, object]:
        return {
            "recipients": [{"phone_number": message.to}],
            "text": message.text,
            "sender": message.sender or self._options.sender,
            "type": self._options.type,
            # Left out, it would mean marketing.
            "purpose": "wholesale" if message.category == "marketing" else "alert",
            "with_replies": False,
            "request_id": message.id,
            # Left out, Octopush rewrites the text, and the segments we announced are no longer those billed.
            "auto_optimize_text": False,
        }

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        sent = self.SentBody.model_validate_json(body)
        return Accepted(sent.sms_ticket, sent.number_of_sms_needed, sent.total_cost, "EUR")

    def _read_error(self, body: bytes) -> ApiError:
        error = self.ErrorBody.model_validate_json(body)
        return ApiError("" if error.code is None else str(error.code), error.message)

    def _judge_failure(self, answer: Answer) -> SendOutcome:
        """Code 120 says in so many words that a message with this request_id "has already been sent": ours,
        whose answer we lost. It is accepted, only its ticket stays unknown. Any other complaint about the
        request_id is likely the same in words we do not know, so it must not count as a refusal."""
        error = self._error_in(answer)
        if error and error.code == _ALREADY_SENT:
            return Accepted("")
        if error and error.code not in FAULT_OF_CODE and b"request_id" in answer.body:
            return OutcomeUnknown("unclear_failure", detail=answer.excerpt)
        return super()._judge_failure(answer)

    def _read_balance(self) -> Balance:
        reply = self._ask("/wallet/check-balance", self.BalanceBody)
        return Balance(reply.amount, "EUR" if reply.unit.lower() in ("euro", "euros") else reply.unit)

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        report = self._read_report(callback)
        fault = FAULT_OF_WORD.get(report.status)
        return [
            Receipt(
                report.message_id,
                STATE_OF_WORD.get(report.status),
                report.status,
                reason=fault.value if fault else "",
                recipient="+" + report.number.removeprefix("+"),
                at=local_moment(report.delivery_date, self._options.receipt_timezone),
            )
        ]

    def _read_report(self, callback: Callback) -> DeliveryReport:
        """JSON, or a form: which of them Octopush sends is not documented."""
        try:
            if callback.body.lstrip().startswith(b"{"):
                return self.DeliveryReport.model_validate_json(callback.body)
            fields = {name: values[0] for name, values in form_fields(callback).items()}
            return self.DeliveryReport.model_validate(fields)
        except ValidationError as error:
            raise CallbackUnreadable(_what_it_is(callback.body)) from error


def _what_it_is(body: bytes) -> str:
    if b"reception_date" in body:
        return "this is a reply, which belongs to the address for inbound messages"
    if b"stop_date" in body:
        return "this is an opt-out, which belongs to the address for inbound messages"
    return "a delivery report holds message_id, number and status"
