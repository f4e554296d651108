"""Any SMS gateway that is reached over HTTP, as its options describe it."""

import re
from base64 import b64encode
from decimal import Decimal
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import BaseModel, Field

from sidecar.domain.capabilities import Capabilities, SenderKind
from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, Limits
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    Inbound,
    OutcomeUnknown,
    Receipt,
    Rejected,
    SendOutcome,
)
from sidecar.domain.status import MessageState
from sidecar.http.client import HttpClient
from sidecar.providers.base import AccountContext, Acknowledgement, CallbackUnreadable, Fault, not_sent, query_value
from sidecar.providers.gateway_document import Document, Form, read, vocabulary
from sidecar.providers.gateway_options import GatewayOptions
from sidecar.providers.gateway_request import FormBody, fill, fill_path, names_in, read_body, values_of
from sidecar.providers.http_provider import ApiError, HttpProvider, NoReply

# The data coding of SMPP for UTF-16, which gateways in front of it hand on.
_UCS2 = "8"


class GatewayError(BaseModel):
    code: str = Field(min_length=1)
    message: str = ""


class Named(BaseModel):
    """An id is one word: whatever else stands in its place is a sentence, or a page of a proxy."""

    id: str = Field(pattern=r"^[^\s<>\x00-\x1f\x7f]+$")


class Gateway(HttpProvider):
    kind = "http"
    capabilities = Capabilities(max_characters=1530, receipts=False, answers_stop=None)
    fault_of_code: ClassVar = {}
    Options = GatewayOptions

    def __init__(self, options: GatewayOptions, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        self._options = options
        self.sender = options.sender
        self._now = context.now
        self._urls = {"status_url": context.status_url, "inbound_url": context.inbound_url}
        self._body = read_body(options.format, options.body)
        self._body_ucs2 = read_body(options.format, options.body_ucs2) if options.body_ucs2 else self._body
        self._succeeds = vocabulary({True: options.success_is})
        self._fault_of = vocabulary(options.faults)
        self._state_of = vocabulary({MessageState(state): words for state, words in options.states.items()})
        self._receipt_fault_of = vocabulary(options.receipt_faults)
        self.capabilities = _capabilities(options)
        self.acknowledgement = Acknowledgement(options.acknowledgement, options.acknowledgement_type)
        self._http = HttpClient(options.base_url, _headers(options), limits)

    def _objection(self, message: OutgoingMessage) -> Rejected | None:
        try:
            self._written(message)
        except UnicodeEncodeError:
            words = f"The text has letters that {self._options.charset} cannot write."
            return Rejected(Fault.CONTENT_REFUSED.value, permanent=True, detail=words)
        return super()._objection(message)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        options, body = self._options, self._written(message)
        path = fill_path(options.path, options.credentials())
        if options.method == "GET":
            return self._http.get(f"{path}{'&' if '?' in path else '?'}{body.decode()}")
        return self._http.post(path, options.content_type or self._content_type(), body)

    def _written(self, message: OutgoingMessage) -> bytes:
        options = self._options
        values = {**values_of(message, options.sender), **self._urls, **options.credentials()}
        body = self._body_ucs2 if message.encoding == "UCS-2" else self._body
        written = body.write(values, options.charset)
        return urlencode({options.body_field: written}).encode() if options.body_field else written

    def _content_type(self) -> str:
        return FormBody.content_type if self._options.body_field else self._body.content_type

    def _answer(self, body: bytes) -> Document:
        return read(self._options.answer, body, self._options.charset)

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        answer = self._answer(body)
        if self._has_succeeded(answer):
            return self._acceptance(answer)
        error = self._error_of(answer)
        fault = self._fault_of(error.code)
        if fault is None and self._options.other_errors == "unknown":
            return OutcomeUnknown("unclear_failure", detail=body[:500].decode(errors="replace"))
        return not_sent(fault or Fault.REFUSED, code=error.code, detail=error.message[:500])

    def _has_succeeded(self, answer: Document) -> bool:
        options = self._options
        word = _value(answer, options.success_at or options.id_at)
        return bool(self._succeeds(word)) if options.success_is else bool(word)

    def _acceptance(self, answer: Document) -> SendOutcome:
        options = self._options
        provider_id = Named(id=_value(answer, options.id_at)).id if options.id_at else ""
        segments, price = _value(answer, options.segments_at), _amount(_value(answer, options.price_at))
        currency = options.currency if price is not None else None
        return Accepted(provider_id, int(segments) if re.fullmatch("[1-9][0-9]?", segments) else None, price, currency)

    def _read_error(self, body: bytes) -> ApiError:
        return self._error_of(self._answer(body))

    def _error_of(self, answer: Document) -> ApiError:
        options = self._options
        code, message = (self._words(answer, place) for place in (options.error_at, options.error_text_at))
        told = GatewayError(code=code, message=message)
        return ApiError(told.code[:100], told.message or told.code)

    def _words(self, answer: Document, places: str) -> str:
        each = [places] if self._options.answer == "text" else places.split(",")
        return " ".join(filter(None, (_value(answer, place.strip()) for place in each)))

    def _fault(self, status: int, error: ApiError | None) -> Fault | None:
        told = self._fault_of(error.code) if error else None
        return told or self._fault_of.exact.get(f"HTTP {status}") or super()._fault(status, error)

    def _read_balance(self) -> Balance:
        options = self._options
        if not options.balance_path:
            return super()._read_balance()
        answer = self._get(fill_path(options.balance_path, options.credentials()))
        document = read(options.balance_format or options.answer, answer.body, options.charset)
        amount = _amount(_value(document, options.balance_at))
        if amount is None:
            raise NoReply(f"the gateway told no amount: {answer.excerpt}")
        return Balance(amount, options.balance_unit)

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        if not self._options.receipt_status:
            raise CallbackUnreadable("no option says how this gateway writes receipts")
        told = [self._receipt(item, callback) for item in self._items(callback)]
        return [receipt for receipt in told if receipt]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        if not self._options.inbound_from:
            return super().read_inbound(callback)
        told = [self._inbound(item) for item in self._items(callback)]
        return [message for message in told if message]

    def _items(self, callback: Callback) -> list[Document]:
        """What the callback tells of, one by one. Raises `CallbackUnreadable`."""
        options = self._options
        if options.callbacks == "form":
            return [_form(callback, options.charset)]
        items = read(options.callbacks, callback.body, options.charset).items(options.items_at)
        if not items:
            raise CallbackUnreadable(f"this is not the {options.callbacks} that the options describe")
        return items

    def _receipt(self, told: Document, callback: Callback) -> Receipt | None:
        options = self._options
        ours, word = self._reference(told, callback), _value(told, options.receipt_status)
        provider_id = _value(told, options.receipt_id) or ours
        if not word or not provider_id:
            if options.one_callback_address and _value(told, options.inbound_from):
                return None
            raise CallbackUnreadable(f"a receipt holds {options.receipt_status} and the message's id")
        return Receipt(
            provider_id,
            self._state_of(word),
            word,
            self._reason(word, _value(told, options.receipt_error)),
            message_id=ours or None,
            recipient=_phone_number(_value(told, options.receipt_number)) or None,
        )

    def _reference(self, told: Document, callback: Callback) -> str:
        """Our own id: in the callback, or behind a ? in the address that the gateway was given."""
        place = self._options.receipt_reference
        return query_value(callback, place[1:]) or "" if place.startswith("?") else _value(told, place)

    def _reason(self, word: str, code: str) -> str:
        state = self._state_of(word)
        if state not in (MessageState.UNDELIVERED, MessageState.EXPIRED):
            return ""
        if fault := self._receipt_fault_of(code) or self._receipt_fault_of(word):
            return fault.value
        if state is MessageState.EXPIRED:
            return Fault.EXPIRED.value
        return f"error_{code}" if re.fullmatch("[0-9A-Za-z_-]{1,40}", code) and code.strip("0") else ""

    def _inbound(self, told: Document) -> Inbound | None:
        options = self._options
        provider_id, sender = _value(told, options.inbound_id), _phone_number(_value(told, options.inbound_from))
        text = self._text(told)
        if not provider_id or not sender or text is None:
            if options.one_callback_address and _value(told, options.receipt_status):
                return None
            places = (
                f"{options.inbound_id}, {options.inbound_text} and an international number in {options.inbound_from}"
            )
            raise CallbackUnreadable(f"a customer's message holds {places}")
        return Inbound(provider_id, sender, _value(told, options.inbound_to), text)

    def _text(self, told: Document) -> str | None:
        options = self._options
        if not options.inbound_hex or _value(told, options.inbound_coding) != _UCS2:
            return told.value(options.inbound_text)
        try:
            return bytes.fromhex(_value(told, options.inbound_hex)).decode("utf-16-be")
        except ValueError as error:
            raise CallbackUnreadable(f"{options.inbound_hex} holds no UTF-16 in hexadecimal") from error


def _capabilities(options: GatewayOptions) -> Capabilities:
    names_sender = any("sender" in names_in(body) for body in options.bodies.values())
    return Capabilities(
        max_characters=options.max_characters,
        senders=frozenset({SenderKind.NAME, SenderKind.NUMBER} if names_sender else {SenderKind.POOL}),
        balance=bool(options.balance_path),
        receipts=bool(options.receipt_status),
        inbound=bool(options.inbound_from),
        one_callback_address=options.one_callback_address,
        answers_stop=None,
    )


def _headers(options: GatewayOptions) -> dict[str, str]:
    said = options.credentials()
    headers = {name: fill(value, said) for name, value in options.headers.items()}
    if options.auth == "basic":
        headers["Authorization"] = "Basic " + b64encode(f"{said['username']}:{said['password']}".encode()).decode()
    if options.auth == "bearer":
        headers["Authorization"] = f"Bearer {said['token']}"
    return headers


def _value(told: Document, place: str) -> str:
    return (told.value(place) or "").strip() if place else ""


def _amount(written: str) -> Decimal | None:
    return Decimal(written) if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", written, re.ASCII) else None


def _phone_number(written: str) -> str:
    """The E.164 number in an international one; empty for any other."""
    digits = re.sub(r"^(\+|00)", "", re.sub(r"[ ().-]", "", written))
    return f"+{digits}" if re.fullmatch("[1-9][0-9]{6,14}", digits, re.ASCII) else ""


def _form(callback: Callback, charset: str) -> Form:
    """The fields of the body and of the address."""
    try:
        query = parse_qs(urlsplit(callback.url).query, True, encoding=charset, max_num_fields=200)
        body = parse_qs(callback.body.decode(charset), True, encoding=charset, max_num_fields=200)
    except ValueError as error:
        raise CallbackUnreadable(f"not a form: {error}") from error
    return Form({**query, **body})
