"""Vonage (Nexmo): SMS by its SMS API, or SMS and WhatsApp by its Messages API."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, model_validator

from sidecar.domain.capabilities import Capabilities, SenderKind
from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, Limits
from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Balance,
    Callback,
    CannotTell,
    Found,
    Inbound,
    LookUp,
    OutcomeUnknown,
    Receipt,
    SendOutcome,
)
from sidecar.domain.status import MessageState
from sidecar.http.client import BaseUrl, HttpClient
from sidecar.providers import vonage_messages as messages
from sidecar.providers import vonage_sms as sms
from sidecar.providers.base import AccountContext, CallbackRefused
from sidecar.providers.http_provider import ApiError, HttpProvider, ProviderOptions

_REST = "https://rest.nexmo.com"
_API = "https://api.nexmo.com"
# Vonage repeats a callback for 24 hours, and does not say whether it signs each time anew.
_OLDEST_SIGNATURE = timedelta(hours=25)
_EARLIER, _LATER = timedelta(minutes=1), timedelta(minutes=2)


def _private_key(pem: str) -> Any:
    """The key itself, which shows nothing of it. In one line, its line breaks may be written as \\n."""
    return messages.rsa_key(pem.replace("\\n", "\n"))


class Record(BaseModel):
    message_id: str = Field(min_length=1)
    client_ref: str | None = None
    status: str = ""
    error_code: str | None = None
    total_price: Decimal | None = None
    currency: str | None = None


class RecordList(BaseModel):
    records: list[Record]


class Vonage(HttpProvider):
    kind = "vonage"
    capabilities = Capabilities(
        max_characters=1000,
        templates_only=frozenset({"whatsapp"}),
        senders=frozenset({SenderKind.NAME, SenderKind.NUMBER, SenderKind.SHORT_CODE}),
        balance=True,
        inbound=True,
        answers_stop=None,
    )
    fault_of_code = sms.FAULT_OF_STATUS | messages.FAULT_OF_CODE

    class Options(ProviderOptions):
        base_url: BaseUrl | None = None
        api: Literal["sms", "messages"] = "sms"
        api_key: str = Field(pattern="^[0-9A-Za-z]+$")
        api_secret: SecretStr = Field(min_length=1)
        sender: str = Field("", alias="from")
        application_id: str = ""
        private_key: Annotated[Any, BeforeValidator(_private_key)] = None
        whatsapp_from: str = Field("", pattern=r"^(\+?[1-9][0-9]{4,14})?$")
        whatsapp_free_text: bool = False
        signature_secret: SecretStr | None = Field(None, min_length=1)
        signature_method: sms.Method | None = None
        reports: bool = False

        @model_validator(mode="after")
        def _complete(self) -> Self:
            if self.api == "messages" and not (self.application_id and self.private_key):
                raise ValueError("the Messages API needs application_id and private_key")
            if not (self.sender or (self.api == "messages" and self.whatsapp_from)):
                raise ValueError("give from, or for WhatsApp by the Messages API whatsapp_from")
            if self.api == "sms" and self.signature_secret and not self.signature_method:
                raise ValueError("signature_secret needs the signature_method that is chosen in Vonage's dashboard")
            return self

    class BalanceBody(BaseModel):
        value: Decimal

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        self._options = options
        self._status_url = context.status_url
        self._now = context.now
        self.capabilities = _capabilities(options)
        self.sender = options.sender
        credentials = f"{options.api_key}:{options.api_secret.get_secret_value()}".encode()
        headers = {"Accept": "application/json", "Authorization": f"Basic {b64encode(credentials).decode()}"}
        self._http = HttpClient(options.base_url or _REST, headers, limits)
        self._api = HttpClient(options.base_url or _API, headers, limits)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        if self._options.api == "messages":
            return self._hand_over_json(message)
        body = urlencode(sms.form(message, self._options.sender, self._status_url)).encode()
        return self._http.post("/sms/json", "application/x-www-form-urlencoded", body)

    def _hand_over_json(self, message: OutgoingMessage) -> Answer:
        own = self._options.whatsapp_from if message.channel == "whatsapp" else message.sender or self._options.sender
        body = json.dumps(messages.fields(message, own, self._status_url)).encode()
        token = messages.token(message.id, self._options.application_id, self._options.private_key, self._now())
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        return self._api.exchange("POST", "/v1/messages", headers, body)

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        return messages.outcome(body) if self._options.api == "messages" else sms.outcome(body)

    def _read_error(self, body: bytes) -> ApiError:
        return messages.error(body) if self._options.api == "messages" else sms.error(body)

    def _judge_failure(self, answer: Answer) -> SendOutcome:
        error = self._error_in(answer)
        if error and error.code == messages.ALREADY_SENT:
            return OutcomeUnknown("unclear_failure", detail=answer.excerpt)
        return super()._judge_failure(answer)

    def _search(self, message: LostMessage) -> LookUp:
        """Reports cost money, and it is not told how soon they show a message: so they prove that Vonage has it,
        never that it has not."""
        if not self._options.reports:
            return super()._search(message)
        reply = self._asked(partial(self._api.get, f"/v2/reports/records?{self._around(message)}"), RecordList)
        ours = [record for record in reply.records if record.client_ref == message.id]
        if not ours:
            return CannotTell("Vonage's reports do not show it yet")
        meaning = messages.meaning if self._options.api == "messages" else sms.meaning
        state, reason = meaning(ours[0].status, ours[0].error_code or "")
        priced = (ours[0].total_price, ours[0].currency)
        return Found(ours[0].message_id, state or MessageState.ACCEPTED, reason, *priced)

    def _around(self, message: LostMessage) -> str:
        sent = message.sent_after.astimezone(UTC)
        span = {"date_start": sent - _EARLIER, "date_end": sent + _LATER}
        query = {"account_id": self._options.api_key, "product": self._options.api.upper(), "direction": "outbound"}
        return urlencode(query | {name: f"{moment:%Y-%m-%dT%H:%M:%SZ}" for name, moment in span.items()})

    def _read_balance(self) -> Balance:
        return Balance(self._ask("/account/get-balance", self.BalanceBody).value, "EUR")

    def check_callback(self, callback: Callback) -> None:
        if self._options.signature_secret is None:
            return
        secret = self._options.signature_secret.get_secret_value()
        if messages.spoke(callback):
            moment = messages.signed_at(callback, secret)
        else:
            moment = sms.signed_at(callback, secret, self._options.signature_method)
        if abs(self._now() - moment) > _OLDEST_SIGNATURE:
            raise CallbackRefused("the signature is of another day")

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        return messages.receipts(callback) if messages.spoke(callback) else sms.receipts(callback)

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        return messages.inbound(callback) if messages.spoke(callback) else sms.inbound(callback)

    def close(self) -> None:
        super().close()
        self._api.close()


def _capabilities(options: Vonage.Options) -> Capabilities:
    channels = {"sms": options.sender, "whatsapp": options.api == "messages" and options.whatsapp_from}
    return replace(
        Vonage.capabilities,
        channels=frozenset(channel for channel, sender in channels.items() if sender),
        templates_only=frozenset() if options.whatsapp_free_text else Vonage.capabilities.templates_only,
        look_up=options.reports,
        signed_callbacks=options.signature_secret is not None,
    )
