"""Zenvia, API v2: SMS and WhatsApp in Brazil and Latin America."""

import hashlib
import hmac
import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic.alias_generators import to_camel

from sidecar.domain.capabilities import Capabilities, SenderKind
from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, Limits
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, Callback, Inbound, Receipt, SendOutcome
from sidecar.domain.status import MessageState
from sidecar.http.client import BaseUrl, HttpClient
from sidecar.providers.base import AccountContext, Fault, whatsapp_number
from sidecar.providers.formats import iso_moment, json_body, phone_number
from sidecar.providers.http_provider import ApiError, HeaderSecret, HttpProvider, ProviderOptions, by_word

FAULT_OF_CODE = by_word({Fault.AUTH: ("AUTHENTICATION_ERROR",), Fault.REFUSED: ("VALIDATION_ERROR",)})

STATE_OF_WORD = by_word(
    {
        MessageState.ACCEPTED: ("ACCEPTED",),
        MessageState.SENT: ("SENT",),
        MessageState.DELIVERED: ("DELIVERED", "VERIFIED"),
        MessageState.READ: ("READ", "CLICKED"),
        MessageState.UNDELIVERED: ("REJECTED", "NOT_DELIVERED"),
    }
)
FAULT_OF_WORD = {"REJECTED": Fault.REFUSED, "NOT_DELIVERED": Fault.CARRIER_ERROR}

_JSON = "application/json"


class _Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class Event(_Body):
    type: str


class Reference(_Body):
    id: str = Field(min_length=1)
    external_id: str | None = None


class Status(_Body):
    code: str = Field(min_length=1)
    timestamp: str | None = None


class StatusEvent(_Body):
    message: Reference
    message_status: Status

    @model_validator(mode="before")
    @classmethod
    def _as_it_was_once_written(cls, event: Any) -> Any:
        if isinstance(event, dict) and "message" not in event and "messageId" in event:
            return {**event, "message": {"id": event["messageId"]}}
        return event


class Content(_Body):
    type: str
    text: str | None = None


class Written(_Body):
    id: str = Field(min_length=1)
    sender: str = Field(alias="from")
    to: str
    contents: list[Content]
    timestamp: str | None = None
    id_ref: str | None = None

    @property
    def text(self) -> str:
        """The words, and in the place of a picture or a voice the name of its kind."""
        return "\n".join(content.text or f"[{content.type}]" for content in self.contents)


class MessageEvent(_Body):
    channel: str
    direction: str
    message: Written


class Zenvia(HttpProvider):
    kind = "zenvia"
    capabilities = Capabilities(
        frozenset({"sms", "whatsapp"}),
        max_characters=1520,
        templates_only=frozenset({"whatsapp"}),
        # A sender is an alias in the account: Zenvia's own number is what the customer sees.
        senders=frozenset({SenderKind.POOL}),
        inbound=True,
        one_callback_address=True,
        answers_stop=None,
    )
    fault_of_code = FAULT_OF_CODE

    class Options(ProviderOptions):
        """`token_secret` belongs to a token that must sign. `resend_after_internal_error`: Zenvia says that one may
        repeat such a request, but not that the first was without effect."""

        base_url: BaseUrl = "https://api.zenvia.com/v2"
        token: HeaderSecret
        token_secret: SecretStr | None = Field(None, min_length=1)
        sender: str = Field("", max_length=64)
        whatsapp_sender: str = Field("", max_length=64)
        resend_after_internal_error: bool = False

        @model_validator(mode="after")
        def _a_sender(self) -> Self:
            if not (self.sender or self.whatsapp_sender):
                raise ValueError("give sender, whatsapp_sender or both")
            return self

    class SentBody(_Body):
        id: str = Field(min_length=1)

    class ErrorBody(_Body):
        code: str = Field(min_length=1)
        message: str
        details: list[dict[str, object]] = []

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        self._options = options
        self._now = context.now
        senders = {"sms": options.sender, "whatsapp": options.whatsapp_sender}
        self._senders = {channel: sender for channel, sender in senders.items() if sender}
        self.capabilities = replace(self.capabilities, channels=frozenset(self._senders))
        self._address = urlsplit(options.base_url)
        headers = {"Accept": _JSON, "X-API-Token": options.token.get_secret_value()}
        self._http = HttpClient(options.base_url, headers, limits)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        path = f"/channels/{message.channel}/messages"
        body = json.dumps(self._fields(message), separators=(",", ":")).encode()
        return self._http.exchange("POST", path, {"Content-Type": _JSON, **self._signature(path, body)}, body)

    def _fields(self, message: OutgoingMessage) -> dict[str, object]:
        return {
            "from": self._senders[message.channel],
            "to": message.to.removeprefix("+"),
            "externalId": message.id,
            "contents": [_content(message)],
        }

    def _signature(self, path: str, body: bytes) -> dict[str, str]:
        secret = self._options.token_secret
        if secret is None:
            return {}
        date = format_datetime(self._now().astimezone(UTC), usegmt=True)
        target = self._address.path + path
        signature = signed(secret.get_secret_value(), date, self._address.hostname or "", target, body)
        return {"Date": date, "X-API-Signature": signature}

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        return Accepted(self.SentBody.model_validate_json(body).id)

    def _read_error(self, body: bytes) -> ApiError:
        error = self.ErrorBody.model_validate_json(body)
        details = [", ".join(map(str, detail.values())) for detail in error.details]
        return ApiError(error.code, "; ".join([error.message, *details]))

    def _fault(self, status: int, error: ApiError | None) -> Fault | None:
        """A conflict may be with the very message, sent before: then it is on its way."""
        if status == HTTPStatus.CONFLICT:
            return None
        if error and error.code == "INTERNAL_ERROR" and self._options.resend_after_internal_error:
            return Fault.PROVIDER_DOWN
        return super()._fault(status, error)

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        if json_body(callback, Event).type != "MESSAGE_STATUS":
            return []
        event = json_body(callback, StatusEvent)
        ours, status = event.message.external_id or None, event.message_status
        fault = FAULT_OF_WORD.get(status.code)
        return [
            Receipt(
                event.message.id,
                STATE_OF_WORD.get(status.code),
                status.code,
                reason=fault.value if fault else "",
                message_id=ours,
                at=iso_moment(status.timestamp),
            )
        ]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        if json_body(callback, Event).type != "MESSAGE":
            return []
        event = json_body(callback, MessageEvent)
        message, number = event.message, _number(event)
        if event.direction != "IN" or not number:
            return []
        at = iso_moment(message.timestamp)
        return [Inbound(message.id, number, message.to, message.text, event.channel, at, message.id_ref)]


def _number(event: MessageEvent) -> str:
    """Empty where the sender's digits are no phone number."""
    number = phone_number(event.message.sender)
    if event.channel == "whatsapp":
        return whatsapp_number(number.removeprefix("+"))
    return number if event.channel == "sms" else ""


def _content(message: OutgoingMessage) -> dict[str, object]:
    if message.channel == "whatsapp" and message.template:
        fields = dict(message.template.parameters)
        return {"type": "template", "templateId": message.template.code, "fields": fields}
    return {"type": "text", "text": message.text}


def signed(secret: str, date: str, host: str, target: str, body: bytes) -> str:
    """The signature of a POST of JSON, for tokens that Zenvia made to sign."""
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
    lines = "\n".join(("POST", digest, _JSON, date, host, target))
    return b64encode(hmac.digest(secret.encode(), lines.encode(), "sha256")).decode()
