"""Plivo, Message API v1: SMS, to several numbers in one request."""

import hmac
import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlencode

from pydantic import AliasChoices, BaseModel, Field, SecretStr, model_validator

from sidecar.domain.capabilities import Capabilities, SenderKind
from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, Limits
from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    CannotTell,
    Found,
    Inbound,
    LookUp,
    NotFound,
    OutcomeUnknown,
    Receipt,
    SendOutcome,
    Wish,
)
from sidecar.domain.status import MessageState
from sidecar.http.client import BaseUrl, HttpClient
from sidecar.providers.base import (
    AccountContext,
    Acknowledgement,
    CallbackRefused,
    CallbackUnreadable,
    Fault,
    form_fields,
    header,
    not_sent,
)
from sidecar.providers.callbacks import dialled, query_fields, sent_values, understood
from sidecar.providers.formats import PhoneNumber
from sidecar.providers.http_provider import ApiError, BatchHttpProvider, ProviderOptions, by_word

FAULT_OF_CODE = by_word(
    {
        Fault.CONTENT_REFUSED: (10, 110),
        Fault.CARRIER_ERROR: (20,),
        Fault.FILTERED: (30,),
        Fault.SENDER_REFUSED: (40,),
        Fault.INVALID_NUMBER: (50, 70),
        Fault.UNROUTABLE: (60, 90, 201),
        Fault.HANDSET_UNREACHABLE: (80,),
        Fault.BLOCKED: (100,),
        Fault.OPTED_OUT: (200,),
        Fault.EXPIRED: (420,),
        Fault.REGION_NOT_ENABLED: (450,),
        Fault.NO_CREDIT: (900,),
    }
)
FAULT_OF_PHRASE = {  # a request is refused in words, without a code
    "insufficient credit": Fault.NO_CREDIT,
    "is not a valid phone number": Fault.INVALID_NUMBER,
    "too many requests": Fault.THROTTLED,
}
STATE_OF_WORD = by_word(
    {
        MessageState.ACCEPTED: ("queued",),
        MessageState.SENT: ("sent",),
        MessageState.DELIVERED: ("delivered",),
        MessageState.READ: ("read",),
        MessageState.UNDELIVERED: ("undelivered", "failed", "rejected"),
    }
)
WISHES = {"optout": Wish.STOP, "optin": Wish.START}

_LONGEST_EXPIRY_SECONDS = 10799
_SPAN = {"message_time__gte": timedelta(minutes=-1), "message_time__lte": timedelta(minutes=5)}


class Plivo(BatchHttpProvider):
    kind = "plivo"
    # 20 numbers leave room for our references in the address of the receipts, and 737 characters is what Plivo
    # takes of a text outside GSM-7.
    capabilities = Capabilities(
        batch_size=20,
        max_characters=737,
        senders=frozenset({SenderKind.NAME, SenderKind.NUMBER, SenderKind.SHORT_CODE, SenderKind.POOL}),
        look_up=True,
        balance=True,
        inbound=True,
        answers_stop=None,
        signed_callbacks=True,
    )
    fault_of_code = FAULT_OF_PHRASE
    tells_each_number = True
    acknowledgement = Acknowledgement("<Response></Response>", "application/xml")

    class Options(ProviderOptions):
        base_url: BaseUrl = "https://api.plivo.com"
        auth_id: str = Field(pattern=r"^[MS]A[0-9A-Z]+$")
        auth_token: SecretStr = Field(min_length=1)
        src: str = ""
        powerpack_uuid: str = Field("", pattern=r"^[0-9A-Za-z-]*$")
        log: Literal["true", "number_only"] = "true"
        list_delay_minutes: int = Field(10, ge=1)  # after it, what Plivo's list does not show never reached Plivo

        @model_validator(mode="after")
        def _one_sender(self) -> Self:
            if bool(self.src) == bool(self.powerpack_uuid):
                raise ValueError("give either src or powerpack_uuid")
            return self

    class SentBody(BaseModel):
        message_uuid: list[Annotated[str, Field(min_length=1)]]
        invalid_number: list[str] = []

    class ErrorBody(BaseModel):
        error: str

    class MessageBody(BaseModel):
        message_state: str
        error_code: str | None = None
        total_amount: Decimal | None = None

    class MessageList(BaseModel):
        objects: list[object]

    class AccountBody(BaseModel):
        cash_credits: Decimal

    class StatusReport(BaseModel):
        id: str = Field(alias="MessageUUID", min_length=1)
        to: PhoneNumber = Field(alias="To")
        word: str = Field(alias="Status", min_length=1)
        code: str = Field("", alias="ErrorCode")

    class Reply(BaseModel):
        id: str = Field(alias="MessageUUID", min_length=1)
        sender: PhoneNumber = Field(alias="From")
        to: str = Field(alias="To")
        type: str = Field("sms", alias="Type")
        text: str = Field("", validation_alias=AliasChoices("Text", "Body"))
        intent: str = Field("", alias="MessageIntent")

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        self._options = options
        self.sender = options.src
        self._status_url = context.status_url
        self._now = context.now
        self._messages = f"/v1/Account/{options.auth_id}/Message/"
        credentials = f"{options.auth_id}:{options.auth_token.get_secret_value()}".encode()
        headers = {"Accept": "application/json", "Authorization": f"Basic {b64encode(credentials).decode()}"}
        self._http = HttpClient(options.base_url, headers, limits)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        return self._hand_over_batch([message])

    def _hand_over_batch(self, messages: Sequence[OutgoingMessage]) -> Answer:
        return self._http.post(self._messages, "application/json", json.dumps(self._fields(messages)).encode())

    def _fields(self, messages: Sequence[OutgoingMessage]) -> dict[str, object]:
        message = messages[0]
        sender = message.sender or self._options.src
        fields: dict[str, object] = {
            "dst": "<".join(message.to.removeprefix("+") for message in messages),
            "text": message.text,
            **({"src": sender.removeprefix("+")} if sender else {"powerpack_uuid": self._options.powerpack_uuid}),
            "type": "sms",
            "url": self._callback_url(messages),
            "method": "POST",
            "log": self._options.log,
            "trackable": False,
        }
        if message.validity_seconds is not None:
            fields["message_expiry"] = min(max(message.validity_seconds, 5), _LONGEST_EXPIRY_SECONDS)
        return fields

    def _callback_url(self, messages: Sequence[OutgoingMessage]) -> str:
        """One address serves all recipients of a request, and a receipt names its own: so each of our references
        stands under a mark of its number, and is found even if the answer with Plivo's ids is lost."""
        return f"{self._status_url}?{urlencode({self._mark(message.to): message.id for message in messages})}"

    def _mark(self, number: str) -> str:
        """Keyed, as addresses are logged on the way and numbers are not to be."""
        return self._hmac(number).hex()[:12]

    def _hmac(self, text: str) -> bytes:
        return hmac.digest(self._options.auth_token.get_secret_value().encode(), text.encode(), "sha256")

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        sent = self.SentBody.model_validate_json(body)
        if len(sent.message_uuid) + len(sent.invalid_number) != 1:
            return _unreadable(body)
        return Accepted(sent.message_uuid[0]) if sent.message_uuid else _INVALID

    def _read_batch(self, body: bytes, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        sent = self.SentBody.model_validate_json(body)
        invalid = {"+" + number.strip().lstrip("+") for number in sent.invalid_number}
        taken = [message.to for message in messages if message.to not in invalid]
        if len(taken) != len(sent.message_uuid) or len(taken) + len(invalid) != len(messages):
            return [_unreadable(body)] * len(messages)
        # Which id is whose goes by their order, and among refused numbers that is a guess: the receipts will tell.
        certain = not invalid or len(taken) == 1
        ids = dict(zip(taken, sent.message_uuid, strict=True))
        return [_INVALID if m.to in invalid else Accepted(ids[m.to] if certain else "") for m in messages]

    def _read_error(self, body: bytes) -> ApiError:
        error = self.ErrorBody.model_validate_json(body).error
        return ApiError(next((phrase for phrase in FAULT_OF_PHRASE if phrase in error.lower()), ""), error)

    def _search(self, message: LostMessage) -> LookUp:
        if message.provider_id:
            found = self._ask(f"{self._messages}{quote(message.provider_id, safe='')}/", self.MessageBody)
            state, reason = _meaning(found.message_state, found.error_code or "")
            price = found.total_amount or None
            return Found(message.provider_id, state or MessageState.ACCEPTED, reason, price, price and "USD")
        if self._ask(f"{self._messages}?{_around(message)}", self.MessageList).objects:
            return CannotTell("Plivo lists a message to this number, but neither its text nor our reference")
        if self._now() - message.sent_after < timedelta(minutes=self._options.list_delay_minutes):
            return CannotTell("Plivo does not list it yet")
        return NotFound()

    def _read_balance(self) -> Balance:
        return Balance(self._ask(self._messages.removesuffix("Message/"), self.AccountBody).cash_credits, "USD")

    def check_callback(self, callback: Callback) -> None:
        try:
            address = callback.url.partition("?")[0]
            proven = self._proven(callback, "V3", address + _signed_v3(callback) + ".")
            proven = proven or self._proven(callback, "V2", address)
        except (ValueError, CallbackUnreadable) as error:
            raise CallbackRefused(f"unsound callback: {error}") from error
        if not proven:
            raise CallbackRefused("the signature does not match")

    def _proven(self, callback: Callback, version: str, text: str) -> bool:
        """Whether one of the signatures is right: by the account's token, or by its main account's ("Ma")."""
        expected = b64encode(self._hmac(text + header(callback, f"X-Plivo-Signature-{version}-Nonce")))
        names = (f"X-Plivo-Signature-{version}", f"X-Plivo-Signature-Ma-{version}")
        given = ",".join(header(callback, name) for name in names).split(",")
        return any(hmac.compare_digest(expected, signature.strip().encode()) for signature in given)

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        values = sent_values(callback)
        report = understood(self.StatusReport, values, "a status report holds MessageUUID, To and Status")
        state, reason = _meaning(report.word, report.code)
        ours = values.get(self._mark(report.to))
        return [Receipt(report.id, state, report.word, reason, message_id=ours, recipient=report.to)]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        values = sent_values(callback)
        reply = understood(self.Reply, values, "a customer's message holds MessageUUID, From (a number) and To")
        if "Status" in values:
            raise CallbackUnreadable("this is a status report, which belongs to the address for those")
        channel = "whatsapp" if reply.type == "whatsapp" else "sms"
        sender, wish = dialled(reply.sender, channel), WISHES.get(reply.intent.lower())
        return [Inbound(reply.id, sender, reply.to, reply.text, channel, wish=wish)]


_INVALID = not_sent(Fault.INVALID_NUMBER, detail="Plivo lists the number as invalid.")


def _unreadable(body: bytes) -> OutcomeUnknown:
    return OutcomeUnknown("unreadable_answer", detail=body[:500].decode(errors="replace"))


def _meaning(word: str, code: str) -> tuple[MessageState | None, str]:
    state, fault = STATE_OF_WORD.get(word), FAULT_OF_CODE.get(code)
    if state is not MessageState.UNDELIVERED:
        return state, ""
    if fault is Fault.EXPIRED:
        return MessageState.EXPIRED, fault.value
    unknown = f"error_{code}" if code.isascii() and code.isdigit() else ""
    return state, fault.value if fault else unknown


def _around(message: LostMessage) -> str:
    """The part of Plivo's list where a lost message must stand."""
    sent = message.sent_after.astimezone(UTC)
    written = {name: f"{sent + shift:%Y-%m-%d %H:%M:%S}" for name, shift in _SPAN.items()}
    return urlencode({"to_number": message.to, "message_direction": "outbound", **written, "limit": 1})


def _signed_v3(callback: Callback) -> str:
    """What of the query and the form is signed after the address."""
    asked, told = (
        sorted((name, value) for name, values in fields.items() for value in values)
        for fields in (query_fields(callback), {} if callback.method == "GET" else form_fields(callback))
    )
    query = "?" * bool(asked or told) + "&".join(f"{name}={value}" for name, value in asked)
    return query + "." * bool(asked and told) + "".join(name + value for name, value in told)
