"""Twilio, Messages API 2010-04-01: SMS."""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Self
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from pydantic import BaseModel, Field, SecretStr, model_validator

from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    CannotTell,
    Found,
    LookUp,
    NotFound,
    Receipt,
    SendOutcome,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import (
    DEFAULT_LIMITS,
    AccountContext,
    CallbackRefused,
    CallbackUnreadable,
    Capabilities,
    Fault,
    Limits,
    form_fields,
    header,
    not_sent,
    query_value,
)
from sidecar.providers.formats import holds_text
from sidecar.providers.http import Answer, BaseUrl, HttpClient
from sidecar.providers.http_provider import ApiError, HttpProvider, Moment, NoReply, ProviderOptions, by_word

FAULT_OF_CODE = by_word(
    {
        Fault.AUTH: (20003,),
        Fault.ACCOUNT_SUSPENDED: (20005, 30002),
        # 21609 and 21626 blame the callback address: ours, and the same for every message of the account.
        Fault.MISCONFIGURED: (20404, 21609, 21626, 21703, 21704, 21705),
        Fault.THROTTLED: (14107, 20429, 21611, 30001, 30022, 30023, 30027),
        Fault.PROVIDER_DOWN: (20500, 20503),
        Fault.INVALID_NUMBER: (21211, 21217, 21614, 30005),
        Fault.LANDLINE: (30006,),
        Fault.UNROUTABLE: (21612,),
        Fault.REGION_NOT_ENABLED: (21408,),
        Fault.TRIAL_RESTRICTION: (21608,),
        Fault.OPTED_OUT: (21610,),
        Fault.BLOCKED: (30004,),
        Fault.FILTERED: (30007, 30450),
        Fault.SENDER_REFUSED: (21212, 21601, 21603, 21606, 21659, 21660, 30024, 30032, 30034),
        Fault.CONTENT_REFUSED: (21602, 21617, 21618, 21620, 21623, 21624, 21654, 21655, 21656, 21657, 21658, 30019),
        Fault.HANDSET_UNREACHABLE: (30003,),
        Fault.CARRIER_ERROR: (30008, 30017, 30410),
        Fault.EXPIRED: (30036,),
    }
)

STATE_OF_WORD = by_word(
    {
        MessageState.ACCEPTED: ("accepted", "scheduled", "queued", "sending"),
        MessageState.SENT: ("sent", "partially_delivered"),
        MessageState.DELIVERED: ("delivered",),
        MessageState.READ: ("read",),
        MessageState.UNDELIVERED: ("undelivered", "failed", "canceled"),
    }
)

_LONGEST_VALIDITY_SECONDS = 36000
_CLOCK_SKEW = timedelta(minutes=1)
_LONGEST_WAY = timedelta(minutes=5)
_LISTED_PAGES = 4
_HASHES = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}


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


class Listed(Message):
    date_created: Moment


class Twilio(HttpProvider):
    kind = "twilio"
    capabilities = Capabilities(look_up=True, balance=True, signed_callbacks=True)
    fault_of_code = FAULT_OF_CODE

    class Options(ProviderOptions):
        base_url: BaseUrl = "https://api.twilio.com"
        account_sid: str = Field(pattern=r"^AC[0-9A-Za-z_]+$")
        auth_token: SecretStr = Field(min_length=1)
        sender: str = Field("", alias="from")
        messaging_service_sid: str = Field("", pattern=r"^(MG[0-9A-Za-z_]+)?$")
        webhook_shared_key: SecretStr | None = None

        @model_validator(mode="after")
        def _one_sender(self) -> Self:
            if bool(self.sender) == bool(self.messaging_service_sid):
                raise ValueError("give either from or messaging_service_sid")
            return self

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
        self._options = options
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
        fields = {"To": message.to, "Body": message.text, "StatusCallback": self._callback_url(message.id)}
        if self._options.messaging_service_sid:
            fields["MessagingServiceSid"] = self._options.messaging_service_sid
        # Beside a messaging service, From picks one sender out of the service's pool.
        if sender := message.sender or self._options.sender:
            fields["From"] = sender
        if message.validity_seconds is not None:
            fields["ValidityPeriod"] = str(min(max(message.validity_seconds, 1), _LONGEST_VALIDITY_SECONDS))
        return fields

    def _callback_url(self, message_id: str) -> str:
        separator = "&" if "?" in self._status_url else "?"
        return f"{self._status_url}{separator}message={quote(message_id, safe='')}"

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        message = Message.model_validate_json(body)
        if STATE_OF_WORD.get(message.status) is MessageState.UNDELIVERED:
            fault = FAULT_OF_CODE.get(str(message.error_code), Fault.REFUSED)
            return not_sent(fault, code=str(message.error_code or ""), detail=message.error_message or "")
        # A messaging service first says 0 segments, and Twilio books what it takes as a negative price.
        price = None if message.price is None else abs(message.price)
        return Accepted(message.sid, message.num_segments or None, price, message.price_unit)

    def _read_error(self, body: bytes) -> ApiError:
        error = self.ErrorBody.model_validate_json(body)
        return ApiError(str(error.code), error.message)

    def _search(self, message: LostMessage) -> LookUp:
        if message.provider_id:
            return self._fetch(message.provider_id)
        return _match(message, list(self._listed(message.to)))

    def _fetch(self, sid: str) -> LookUp:
        try:
            return _found(self._ask(f"{self._account}/Messages/{quote(sid, safe='')}.json", Message))
        except NoReply as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return NotFound()
            raise

    def _listed(self, number: str) -> Iterator[Listed]:
        """All messages to a number. Not narrowed by `DateSent>`: a message still queued at Twilio has no date
        of sending yet, and it is the very one that must not be overlooked. The list of one person is short."""
        path = f"{self._account}/Messages.json?{urlencode({'To': number, 'PageSize': 50})}"
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
        try:
            sign = self._signer(header(callback, "X-Twilio-Webhooks-Signature-Settings"))
            given = header(callback, "X-Twilio-Signature").encode()
            fields = _signed_fields(callback)
            matches = [hmac.compare_digest(given, sign(url + fields)) for url in _spellings(callback.url)]
        except (ValueError, CallbackUnreadable) as error:
            raise CallbackRefused(f"unsound callback: {error}") from error
        if not any(matches):
            raise CallbackRefused("the signature does not match")

    def _signer(self, settings: str) -> Callable[[str], bytes]:
        named = re.search(r"(?:^|,)\s*algorithm\s*=\s*(\w+)", settings)
        algorithm = named[1].upper() if named else "HMAC_SHA1"
        if algorithm not in _HASHES:
            raise ValueError(f"signed with {algorithm}")
        shared = self._options.webhook_shared_key if algorithm == "HMAC_SHA256" else None
        key = (shared or self._options.auth_token).get_secret_value().encode()
        return lambda text: b64encode(hmac.digest(key, text.encode(), _HASHES[algorithm]))

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        fields = form_fields(callback)
        sid, word = _first(fields, "MessageSid", "SmsSid"), _first(fields, "MessageStatus", "SmsStatus")
        if not sid or not word:
            raise CallbackUnreadable("a status callback holds MessageSid and MessageStatus")
        code, ours = _first(fields, "ErrorCode"), query_value(callback, "message")
        return [Receipt(sid, _state(word, code), word, _reason(word, code), message_id=ours)]


def _state(word: str, code: str) -> MessageState | None:
    state = STATE_OF_WORD.get(word)
    expired = state is MessageState.UNDELIVERED and FAULT_OF_CODE.get(code) is Fault.EXPIRED
    return MessageState.EXPIRED if expired else state


def _reason(word: str, code: str) -> str:
    if STATE_OF_WORD.get(word) is not MessageState.UNDELIVERED:
        return ""
    if word == "canceled":
        return Fault.CANCELLED.value
    if fault := FAULT_OF_CODE.get(code):
        return fault.value
    return f"error_{code}" if code.isascii() and code.isdigit() else ""


def _found(message: Message) -> Found:
    code = str(message.error_code or "")
    # A word Twilio adds one day still means that Twilio has the message.
    state = _state(message.status, code) or MessageState.ACCEPTED
    return Found(message.sid, state, _reason(message.status, code))


def _match(lost: LostMessage, listed: Iterable[Listed]) -> LookUp:
    """Twilio keeps no reference of ours, so the text and the moment must tell. Where several match, the same
    words went to the same person more than once: whichever is ours, it is not to be sent again."""
    earliest, latest = lost.sent_after - _CLOCK_SKEW, lost.sent_after + _LONGEST_WAY
    window = [message for message in listed if earliest <= message.date_created <= latest]
    if ours := [message for message in window if holds_text(message.body or "", lost.text)]:
        return _found(min(ours, key=lambda message: message.date_created))
    if any(not message.body for message in window):
        return CannotTell("this Twilio account does not keep its texts", never=True)
    return NotFound()


def _first(fields: Mapping[str, list[str]], *names: str) -> str:
    return next((fields[name][0] for name in names if name in fields), "")


def _signed_fields(callback: Callback) -> str:
    """What Twilio signs after the address: a form's fields, of any other body nothing but its hash, which is
    in the address. Raises ValueError when the hash is missing or wrong."""
    if not callback.body:
        return ""
    if header(callback, "Content-Type").lower().startswith("application/x-www-form-urlencoded"):
        fields = form_fields(callback)
        return "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))
    claimed = parse_qs(urlsplit(callback.url).query).get("bodySHA256", [""])[0]
    if not hmac.compare_digest(claimed.encode(), hashlib.sha256(callback.body).hexdigest().encode()):
        raise ValueError("the body is not the one of bodySHA256")
    return ""


def _spellings(url: str) -> set[str]:
    """The address without a port and with one, the default if need be: Twilio signs now one, now the other."""
    scheme, _, rest = url.partition("//")
    netloc = urlsplit(url).netloc
    bare = re.sub(r":\d*$", "", netloc)
    default = "443" if scheme == "https:" else "80"
    hosts = (bare, netloc if netloc != bare else f"{bare}:{default}")
    return {f"{scheme}//{host}{rest.removeprefix(netloc)}" for host in hosts}
