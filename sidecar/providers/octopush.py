"""Octopush, JSON API v1: SMS to France and Europe."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sidecar.domain.capabilities import Capabilities, SenderKind
from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, Limits
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, Balance, Callback, Inbound, OutcomeUnknown, Receipt, SendOutcome, Wish
from sidecar.domain.status import MessageState
from sidecar.http.client import BaseUrl, HttpClient
from sidecar.providers.base import AccountContext, CallbackUnreadable, Fault, form_fields
from sidecar.providers.formats import TimeZoneName, local_moment
from sidecar.providers.http_provider import (
    ApiError,
    BatchHttpProvider,
    HeaderSecret,
    ProviderOptions,
    by_word,
)

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
_SMALLEST_PRICE = Decimal("0.000001")

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


class CallbackBody(BaseModel):
    """A delivery report, a customer's reply or an opt-out: which it is shows by the date it has."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    number: str = Field(pattern=r"^\+?[1-9][0-9]{4,14}$")
    message_id: str | None = None
    status: str = ""
    text: str | None = None
    sim_card_number: str | None = None
    delivery_date: str | None = None
    reception_date: str | None = None
    answer_date: str | None = None
    stop_date: str | None = None

    @property
    def e164(self) -> str:
        return "+" + self.number.removeprefix("+")

    @property
    def written(self) -> str | None:
        """When a customer wrote this; None for a delivery report."""
        dates = (self.stop_date, self.reception_date, self.answer_date)
        return next((date for date in dates if date is not None), None)

    @property
    def own_id(self) -> str:
        """Octopush gives a customer's message no id of its own. This one is the same when it is told again."""
        told = (self.e164, self.written, self.text or "", self.stop_date is not None)
        return "in_" + hashlib.sha256(repr(told).encode(errors="replace")).hexdigest()[:32]


class Octopush(BatchHttpProvider):
    kind = "octopush"
    capabilities = Capabilities(
        batch_size=500,
        scheduling=True,
        max_characters=1224,
        senders=frozenset({SenderKind.NAME}),
        balance=True,
        inbound=True,
        one_callback_address=True,
        answers_stop=None,
        idempotent=True,
        idempotent_hours=24,
    )
    fault_of_code = FAULT_OF_CODE

    class Options(ProviderOptions):
        """`type`: delivery receipts come for sms_premium only. `with_replies`: customers can answer, where the
        account has that; in France a short number then stands in place of the sender. `receipt_timezone`:
        Octopush does not say in which zone its callbacks tell the time, so without it the moment a callback
        arrives is taken."""

        base_url: BaseUrl = "https://api.octopush.com/v1/public"
        api_login: str = Field(pattern=r"^[!-~]+$")
        api_key: HeaderSecret
        sender: str = Field(pattern=r"^[0-9A-Za-z ]{3,11}$")
        type: Literal["sms_premium", "sms_low_cost"] = "sms_premium"
        with_replies: bool = False
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

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        if options.with_replies:
            self.capabilities = replace(self.capabilities, senders=frozenset({SenderKind.NAME, SenderKind.SHORT_CODE}))
        self._options = options
        self.sender = options.sender
        self._now = context.now
        headers = {
            "Accept": "application/json",
            "api-login": options.api_login,
            "api-key": options.api_key.get_secret_value(),
        }
        self._http = HttpClient(options.base_url, headers, limits)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        return self._campaign([message], message.id)

    def _hand_over_batch(self, messages: Sequence[OutgoingMessage]) -> Answer:
        ids = "\n".join(message.id for message in messages)
        return self._campaign(messages, "bat_" + hashlib.sha256(ids.encode()).hexdigest()[:32])

    def _campaign(self, messages: Sequence[OutgoingMessage], request_id: str) -> Answer:
        first = messages[0]
        fields = {
            "recipients": [{"phone_number": message.to} for message in messages],
            "text": first.text,
            "sender": first.sender or self._options.sender,
            "type": self._options.type,
            # Left out, it would mean marketing.
            "purpose": "wholesale" if first.category == "marketing" else "alert",
            "with_replies": self._options.with_replies,
            "request_id": request_id,
            # Left out, Octopush rewrites the text, and the segments we announced are no longer those billed.
            "auto_optimize_text": False,
        }
        body = json.dumps(fields, ensure_ascii=False).encode()
        return self._http.post("/sms-campaign/send", "application/json", body)

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        sent = self.SentBody.model_validate_json(body)
        return Accepted(sent.sms_ticket, sent.number_of_sms_needed, sent.total_cost, "EUR")

    def _read_batch(self, body: bytes, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        """One ticket for all. Where it covers fewer than were asked for, nothing says which; and of the price each
        has the same share."""
        sent = self.SentBody.model_validate_json(body)
        if sent.number_of_contacts != len(messages):
            return [OutcomeUnknown("unreadable_answer", detail=body[:500].decode(errors="replace"))] * len(messages)
        share = None if sent.total_cost is None else (sent.total_cost / len(messages)).quantize(_SMALLEST_PRICE)
        return [Accepted(sent.sms_ticket, price=share, currency="EUR")] * len(messages)

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
        told = _read(callback)
        if told.written is not None:
            return []
        fault = FAULT_OF_WORD.get(told.status)
        return [
            Receipt(
                told.message_id or "",
                STATE_OF_WORD.get(told.status),
                told.status,
                reason=fault.value if fault else "",
                recipient=told.e164,
                at=local_moment(told.delivery_date, self._options.receipt_timezone),
            )
        ]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        told = _read(callback)
        if told.written is None:
            return []
        return [
            Inbound(
                told.own_id,
                told.e164,
                recipient=told.sim_card_number or "",
                text=told.text or "",
                at=local_moment(told.written, self._options.receipt_timezone),
                in_reply_to=told.message_id or None,
                wish=Wish.STOP if told.stop_date is not None else None,
            )
        ]


def _read(callback: Callback) -> CallbackBody:
    """JSON, or a form: which of them Octopush sends is not documented. Raises `CallbackUnreadable`."""
    try:
        if callback.body.lstrip().startswith(b"{"):
            told = CallbackBody.model_validate_json(callback.body)
        else:
            told = CallbackBody.model_validate({name: values[0] for name, values in form_fields(callback).items()})
    except ValidationError as error:
        raise CallbackUnreadable("a callback of Octopush holds a number and a date") from error
    if told.written is None and not (told.message_id and told.status):
        raise CallbackUnreadable("a delivery report holds message_id, number and status")
    return told
