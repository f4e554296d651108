"""Vonage's SMS API: forms go out; forms, addresses or JSON come in, signed over all they hold."""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, Callback, Inbound, OutcomeUnknown, Receipt, SendOutcome
from sidecar.domain.status import MessageState
from sidecar.providers.base import CallbackRefused, CallbackUnreadable, Fault, not_sent
from sidecar.providers.callbacks import sent_values, understood
from sidecar.providers.formats import PhoneNumber
from sidecar.providers.http_provider import ApiError, by_word

Method = Literal["md5_hash", "md5", "sha1", "sha256", "sha512"]

FAULT_OF_STATUS = by_word(
    {
        Fault.THROTTLED: (1, 10),
        Fault.PROVIDER_DOWN: (5,),
        Fault.AUTH: (4, 14),
        Fault.NO_CREDIT: (9,),
        Fault.ACCOUNT_SUSPENDED: (8,),
        # 23 blames the callback address: ours, and the same for every message of the account.
        Fault.MISCONFIGURED: (11, 23, 32),
        Fault.CONTENT_REFUSED: (12,),
        Fault.SENDER_REFUSED: (15,),
        Fault.BLOCKED: (7,),
        Fault.UNROUTABLE: (22,),
        Fault.TRIAL_RESTRICTION: (29,),
        Fault.INVALID_NUMBER: (33,),
    }
)
STATE_OF_WORD = by_word(
    {
        # "unknown" is the carrier's: the message left, and that is all one can say.
        MessageState.SENT: ("accepted", "buffered", "unknown"),
        MessageState.DELIVERED: ("delivered",),
        MessageState.EXPIRED: ("expired",),
        MessageState.UNDELIVERED: ("failed", "rejected"),
    }
)
FAULT_OF_ERROR = by_word(
    {
        Fault.HANDSET_UNREACHABLE: (2, 7),
        Fault.INVALID_NUMBER: (3,),
        Fault.BLOCKED: (4, 13, 14),
        Fault.CARRIER_ERROR: (5, 8, 15, 99),
        Fault.FILTERED: (6, 50, 51, 52, 53, 54),
        Fault.OPTED_OUT: (9,),
        Fault.CONTENT_REFUSED: (10,),
        Fault.UNROUTABLE: (11, 12),
        Fault.THROTTLED: (16,),
    }
)

_LONGEST_CALLBACK = 100
_TTL_MILLISECONDS = (20_000, 604_800_000)
_JSON = TypeAdapter(dict[str, str | bool | int | float | None])


class Taken(BaseModel):
    status: Literal["0"]
    id: str = Field(alias="message-id", min_length=1)
    price: Decimal | None = Field(None, alias="message-price")


class Refused(BaseModel):
    status: str = Field(pattern="^[1-9][0-9]*$")
    text: str = Field("", alias="error-text")


class SentBody(BaseModel):
    """The parts into which Vonage cut the message, or one that says why it did not take it."""

    parts: list[Taken | Refused] = Field(alias="messages", min_length=1)


class RefusedBody(BaseModel):
    parts: list[Refused] = Field(alias="messages", min_length=1)


class Report(BaseModel):
    id: str = Field(alias="messageId", min_length=1)
    number: PhoneNumber = Field(alias="msisdn")
    word: str = Field(alias="status", min_length=1)
    code: str = Field("", alias="err-code")
    reference: str | None = Field(None, alias="client-ref")


class Reply(BaseModel):
    id: str = Field(alias="messageId", min_length=1)
    sender: PhoneNumber = Field(alias="msisdn")
    to: str
    text: str
    at: str = Field("", alias="message-timestamp")


def form(message: OutgoingMessage, sender: str, status_url: str) -> dict[str, str]:
    fields = {
        "to": message.to.removeprefix("+"),
        "from": (message.sender or sender).removeprefix("+"),
        "text": message.text,
        "client-ref": message.id,
        # Left out, it would mean GSM-7, and what that lacks would arrive as question marks.
        "type": "text" if message.encoding == "GSM-7" else "unicode",
        "status-report-req": "true",
    }
    # A longer address refuses the message; then the one in Vonage's dashboard has to do.
    if len(status_url) <= _LONGEST_CALLBACK:
        fields["callback"] = status_url
    if message.validity_seconds is not None:
        shortest, longest = _TTL_MILLISECONDS
        fields["ttl"] = str(min(max(message.validity_seconds * 1000, shortest), longest))
    return fields


def outcome(body: bytes) -> SendOutcome:
    """Vonage answers 200 to everything: each part of the message says for itself whether it was taken."""
    parts = SentBody.model_validate_json(body).parts
    taken = [part for part in parts if isinstance(part, Taken)]
    refused = [part for part in parts if isinstance(part, Refused)]
    if not taken:
        fault = FAULT_OF_STATUS.get(refused[0].status, Fault.REFUSED)
        return not_sent(fault, code=refused[0].status, detail=refused[0].text)
    if refused:
        return OutcomeUnknown("unclear_failure", detail=body[:500].decode(errors="replace"))
    prices = [part.price for part in taken if part.price is not None]
    price = sum(prices, Decimal()) if len(prices) == len(taken) else None
    return Accepted(taken[0].id, len(taken), price, None if price is None else "EUR")


def error(body: bytes) -> ApiError:
    first = RefusedBody.model_validate_json(body).parts[0]
    return ApiError(first.status, first.text)


def meaning(word: str, code: str) -> tuple[MessageState | None, str]:
    """The state that a receipt's word and error code stand for, and the reason."""
    state = STATE_OF_WORD.get(word)
    if state is MessageState.EXPIRED:
        return state, Fault.EXPIRED.value
    if state is not MessageState.UNDELIVERED:
        return state, ""
    unknown = f"error_{code}" if code.isascii() and code.isdigit() and code != "0" else ""
    return state, FAULT_OF_ERROR[code].value if code in FAULT_OF_ERROR else unknown


def receipts(callback: Callback) -> list[Receipt]:
    report = understood(Report, _values(callback), "a delivery receipt holds messageId, msisdn and status")
    state, reason = meaning(report.word, report.code)
    return [Receipt(report.id, state, report.word, reason, report.reference, report.number)]


def inbound(callback: Callback) -> list[Inbound]:
    """One part of a customer's text: Vonage hands on the parts of a long one as they come."""
    values = _values(callback)
    if "status" in values:
        raise CallbackUnreadable("this is a delivery receipt, which belongs to the address for those")
    # A binary message has no text, only data.
    values.setdefault("text", values.get("data", ""))
    reply = understood(Reply, values, "a customer's message holds messageId, msisdn (a number), to and text")
    return [Inbound(reply.id, reply.sender, reply.to, reply.text, at=_moment(reply.at))]


def signed_at(callback: Callback, secret: str, method: Method | None) -> datetime:
    """When Vonage signed the callback. Raises `CallbackRefused` unless it did."""
    try:
        values = _values(callback)
        expected, given = _signature(values, secret.encode(), method), values.get("sig", "").lower()
        moment = datetime.fromtimestamp(int(values.get("timestamp", "")), UTC)
        genuine = hmac.compare_digest(expected.encode(), given.encode())
    except (CallbackUnreadable, ValueError, OverflowError, OSError) as problem:
        raise CallbackRefused(f"unsound callback: {problem}") from problem
    if not genuine:
        raise CallbackRefused("the signature does not match")
    return moment


def _signature(values: Mapping[str, str], secret: bytes, method: Method | None) -> str:
    signed = sorted((name, value) for name, value in values.items() if name != "sig")
    text = "".join(f"&{name}={value.translate(_NO_SEPARATORS)}" for name, value in signed).encode()
    match method:
        case None:
            raise ValueError("signed, but no signature_method is set")
        case "md5_hash":
            return hashlib.md5(text + secret, usedforsecurity=False).hexdigest()
        case _:
            return hmac.new(secret, text, method).hexdigest()


def _moment(written: str) -> datetime | None:
    """Vonage's own clock, which is UTC; None where it is not told, or not in this form."""
    with suppress(ValueError):
        return datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return None


_NO_SEPARATORS = str.maketrans("&=", "__")


def _values(callback: Callback) -> dict[str, str]:
    """A form, an address or JSON: which of them Vonage sends is chosen in its dashboard."""
    if not callback.body.lstrip().startswith(b"{"):
        return sent_values(callback)
    try:
        told = _JSON.validate_json(callback.body)
    except ValidationError as problem:
        raise CallbackUnreadable("not a flat JSON object") from problem
    return {name: str(value) for name, value in told.items() if value is not None}
