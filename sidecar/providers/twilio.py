"""Twilio, Messages API 2010-04-01: SMS and WhatsApp."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Literal, Self
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field, SecretStr, model_validator

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
    Receipt,
    SendOutcome,
    Wish,
)
from sidecar.domain.status import MessageState
from sidecar.http.client import BaseUrl, HttpClient
from sidecar.providers.base import (
    AccountContext,
    Acknowledgement,
    CallbackUnreadable,
    Fault,
    form_fields,
    not_sent,
    query_value,
    whatsapp_number,
)
from sidecar.providers.formats import holds_text
from sidecar.providers.http_provider import ApiError, HttpProvider, Moment, NoReply, ProviderOptions
from sidecar.providers.twilio_signature import check_signature
from sidecar.providers.twilio_words import FAULT_OF_CODE, STATE_OF_WORD, reason_of, state_of

_LONGEST_VALIDITY_SECONDS = 36000
_CLOCK_SKEW = timedelta(minutes=1)
_LONGEST_WAY = timedelta(minutes=5)
_LISTED_PAGES = 4
_WHATSAPP = "whatsapp:"
_NUMBER = r"\+[1-9][0-9]{4,14}"
_INBOUND_WORDS = ("receiving", "received")
_WISH_OF_OPT_OUT_TYPE = {"STOP": Wish.STOP, "START": Wish.START}


class Message(BaseModel):
    """The resource as a send, a fetch and a list show it."""

    sid: str = Field(pattern=r"^[SM]M[0-9A-Za-z_]+$")
    status: str
    body: str | None = None
    error_code: int | None = None
    error_message: str | None = None
    num_segments: int | None = None
    price: Decimal | None = None
    price_unit: str | None = None

    @property
    def cost(self) -> Decimal | None:
        """Twilio books what it takes as a negative price."""
        return None if self.price is None else abs(self.price)


class Listed(Message):
    date_created: Moment


class Twilio(HttpProvider):
    kind = "twilio"
    capabilities = Capabilities(
        channels=frozenset({"sms", "whatsapp"}),
        senders=frozenset(SenderKind) - {SenderKind.SIGNATURE},
        scheduling=True,
        look_up=True,
        balance=True,
        inbound=True,
        answers_stop=None,
        signed_callbacks=True,
    )
    fault_of_code = FAULT_OF_CODE
    # Anything else in the answer to a customer's message would be texted back to the customer.
    acknowledgement = Acknowledgement('<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml")

    class Options(ProviderOptions):
        """`template_variables`: whether the placeholders of the account's content templates are numbered, as
        WhatsApp wants them, or named. Twilio fills one it is not given with the template's own sample."""

        base_url: BaseUrl = "https://api.twilio.com"
        account_sid: str = Field(pattern=r"^AC[0-9A-Za-z_]+$")
        auth_token: SecretStr = Field(min_length=1)
        sender: str = Field("", alias="from")
        messaging_service_sid: str = Field("", pattern=r"^(MG[0-9A-Za-z_]+)?$")
        whatsapp_from: str = Field("", pattern=rf"^(({_WHATSAPP})?{_NUMBER})?$")
        template_variables: Literal["numbered", "named"] = "numbered"
        webhook_shared_key: SecretStr | None = None

        @model_validator(mode="after")
        def _one_sender(self) -> Self:
            given = bool(self.sender) + bool(self.messaging_service_sid)
            if given == 2 or not (given or self.whatsapp_from):
                raise ValueError("give either from or messaging_service_sid, or whatsapp_from alone")
            return self

        @property
        def senders(self) -> tuple[str, str]:
            whatsapp = self.whatsapp_from and _WHATSAPP + self.whatsapp_from.removeprefix(_WHATSAPP)
            return self.sender, whatsapp

        @property
        def channels(self) -> frozenset[str]:
            named = {"whatsapp" if name.startswith(_WHATSAPP) else "sms" for name in self.senders if name}
            return frozenset(named | ({"sms"} if self.messaging_service_sid else set()))

    class ErrorBody(BaseModel):
        code: int
        message: str = ""

    class MessageList(BaseModel):
        messages: list[Listed]
        next_page_uri: str | None = Field(None, pattern="^/")

    class BalanceBody(BaseModel):
        balance: Decimal
        currency: str

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        self.capabilities = replace(self.capabilities, channels=options.channels)
        self._options = options
        self.sender = options.sender
        self._status_url = context.status_url
        self._now = context.now
        self._account = f"/2010-04-01/Accounts/{options.account_sid}"
        credentials = f"{options.account_sid}:{options.auth_token.get_secret_value()}"
        headers = {"Accept": "application/json", "Authorization": "Basic " + b64encode(credentials.encode()).decode()}
        self._http = HttpClient(options.base_url, headers, limits)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        body = urlencode(self._fields(message)).encode()
        return self._http.post(f"{self._account}/Messages.json", "application/x-www-form-urlencoded", body)

    def _fields(self, message: OutgoingMessage) -> dict[str, str]:
        fields = {"To": _address(message.to, message.channel), "StatusCallback": self._callback_url(message.id)}
        fields |= self._sender(message) | self._content(message)
        if message.validity_seconds is not None:
            fields["ValidityPeriod"] = str(min(max(message.validity_seconds, 1), _LONGEST_VALIDITY_SECONDS))
        return fields

    def _sender(self, message: OutgoingMessage) -> dict[str, str]:
        """The first sender that is one for the channel. Beside a messaging service, From picks one sender out of
        the service's pool, in which a WhatsApp number need not be."""
        on_whatsapp = message.channel == "whatsapp"
        known = (message.sender, *self._options.senders)
        sender = next((name for name in known if name and name.startswith(_WHATSAPP) is on_whatsapp), "")
        service = "" if on_whatsapp else self._options.messaging_service_sid
        return {name: value for name, value in (("MessagingServiceSid", service), ("From", sender)) if value}

    def _content(self, message: OutgoingMessage) -> dict[str, str]:
        if message.channel != "whatsapp" or message.template is None:
            return {"Body": message.text}
        numbered = self._options.template_variables == "numbered"
        values = enumerate(message.template.parameters, start=1)
        variables = {str(number) if numbered else name: value for number, (name, value) in values}
        content = {"ContentSid": message.template.code}
        if variables:
            content["ContentVariables"] = json.dumps(variables, ensure_ascii=False, separators=(",", ":"))
        return content

    def _callback_url(self, message_id: str) -> str:
        separator = "&" if "?" in self._status_url else "?"
        return f"{self._status_url}{separator}message={quote(message_id, safe='')}"

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        message = Message.model_validate_json(body)
        if STATE_OF_WORD.get(message.status) is MessageState.UNDELIVERED:
            fault = FAULT_OF_CODE.get(str(message.error_code), Fault.REFUSED)
            return not_sent(fault, code=str(message.error_code or ""), detail=message.error_message or "")
        # A messaging service first says 0 segments.
        return Accepted(message.sid, message.num_segments or None, message.cost, message.price_unit)

    def _read_error(self, body: bytes) -> ApiError:
        error = self.ErrorBody.model_validate_json(body)
        return ApiError(str(error.code), error.message)

    def _search(self, message: LostMessage) -> LookUp:
        if message.provider_id:
            return self._fetch(message.provider_id)
        return _match(message, list(self._listed(_address(message.to, message.channel))))

    def _fetch(self, sid: str) -> LookUp:
        try:
            return _found(self._ask(f"{self._account}/Messages/{quote(sid, safe='')}.json", Message))
        except NoReply as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return NotFound()
            raise

    def _listed(self, address: str) -> Iterator[Listed]:
        """All messages to an address. Not narrowed by `DateSent>`: a message still queued at Twilio has no date
        of sending yet, and it is the very one that must not be overlooked. The list of one person is short."""
        path = f"{self._account}/Messages.json?{urlencode({'To': address, 'PageSize': 50})}"
        for _ in range(_LISTED_PAGES):
            page = self._ask(path, self.MessageList)
            yield from page.messages
            if not page.next_page_uri:
                return
            path = page.next_page_uri
        raise NoReply("too many messages to this number to look through")

    def _read_balance(self) -> Balance:
        reply = self._ask(f"{self._account}/Balance.json", self.BalanceBody)
        return Balance(reply.balance, reply.currency)

    def check_callback(self, callback: Callback) -> None:
        check_signature(callback, self._options.auth_token, self._options.webhook_shared_key)

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        fields = form_fields(callback)
        sid, word = _first(fields, "MessageSid", "SmsSid"), _first(fields, "MessageStatus", "SmsStatus")
        if not sid or not word:
            raise CallbackUnreadable("a status callback holds MessageSid and MessageStatus")
        if word in _INBOUND_WORDS:
            raise CallbackUnreadable("this is a customer's message, which belongs to the address for inbound messages")
        code, ours = _first(fields, "ErrorCode"), query_value(callback, "message")
        return [Receipt(sid, state_of(word, code), word, reason_of(word, code), message_id=ours)]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        fields = form_fields(callback)
        if _first(fields, "MessageStatus") not in ("", *_INBOUND_WORDS):
            raise CallbackUnreadable("this is a status callback, which belongs to the address for receipts")
        sid, sender = _first(fields, "MessageSid", "SmsSid"), _first(fields, "From")
        # A messaging service may turn an SMS into RCS ("rcs:+1555…"), and the answer comes that way too.
        channel, _, number = sender.rpartition(":")
        if channel == "whatsapp":
            number = whatsapp_number(number.removeprefix("+"))
        if not sid or not re.fullmatch(_NUMBER, number):
            raise CallbackUnreadable("a customer's message holds MessageSid, and a number in From")
        return [
            Inbound(
                sid,
                number,
                recipient=_first(fields, "To"),
                text=_first(fields, "Body"),
                channel="whatsapp" if channel == "whatsapp" else "sms",
                in_reply_to=_first(fields, "OriginalRepliedMessageSid") or None,
                wish=_WISH_OF_OPT_OUT_TYPE.get(_first(fields, "OptOutType")),
            )
        ]


def _address(number: str, channel: str) -> str:
    return _WHATSAPP + number if channel == "whatsapp" else number


def _found(message: Message) -> Found:
    code = str(message.error_code or "")
    # A word Twilio adds one day still means that Twilio has the message.
    state = state_of(message.status, code) or MessageState.ACCEPTED
    return Found(message.sid, state, reason_of(message.status, code), message.cost, message.price_unit)


def _match(lost: LostMessage, listed: Iterable[Listed]) -> LookUp:
    """Twilio keeps no reference of ours, so the text and the moment must tell. Where several match, the same
    words went to the same person more than once: whichever is ours, it is not to be sent again."""
    earliest, latest = lost.sent_after - _CLOCK_SKEW, lost.sent_after + _LONGEST_WAY
    window = [message for message in listed if earliest <= message.date_created <= latest]
    if ours := [message for message in window if holds_text(message.body or "", lost.text)]:
        return _found(min(ours, key=lambda message: message.date_created))
    if any(not message.body for message in window):
        return CannotTell("this Twilio account does not keep its texts", never=True)
    if window and lost.channel == "whatsapp":
        return CannotTell("a template of ours may be listed in other words", never=True)
    return NotFound()


def _first(fields: Mapping[str, list[str]], *names: str) -> str:
    return next((fields[name][0] for name in names if name in fields), "")
