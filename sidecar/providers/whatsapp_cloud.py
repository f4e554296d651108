"""WhatsApp Business by Meta's own Cloud API: approved templates, and free text while a conversation is open."""

import hmac
import json
import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlencode

from pydantic import Field, SecretStr

from sidecar.domain.capabilities import Capabilities, SenderKind
from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, Limits
from sidecar.domain.message import OutgoingMessage, ProviderTemplate
from sidecar.domain.outcome import Accepted, Callback, Inbound, Receipt, SendOutcome
from sidecar.http.client import BaseUrl, HttpClient
from sidecar.providers.base import (
    AccountContext,
    Acknowledgement,
    CallbackRefused,
    CallbackUnreadable,
    Fault,
    header,
    query_value,
)
from sidecar.providers.http_provider import ApiError, HeaderSecret, HttpProvider, ProviderOptions
from sidecar.providers.whatsapp_words import FAULT_OF_CODE, ErrorBody, NumberBody, SentBody, inbound, receipt, values

_NO_SUCH_NUMBER = (100, 33)
# "Invalid request or possible server error": it does not say whether the message was taken.
_SAYS_NOTHING = "1"


class WhatsAppCloud(HttpProvider):
    kind = "whatsapp_cloud"
    capabilities = Capabilities(
        channels=frozenset({"whatsapp"}),
        max_characters=4096,
        senders=frozenset({SenderKind.NUMBER}),
        inbound=True,
        one_callback_address=True,
        signed_callbacks=True,
    )
    fault_of_code = FAULT_OF_CODE

    class Options(ProviderOptions):
        """`app_secret` is what Meta signs callbacks with, `verify_token` a word of your own for its handshake.
        `template_variables`: whether your templates number their variables or name them. `stop_words`: the
        buttons, by their text or payload, with which a customer opts out."""

        base_url: BaseUrl = "https://graph.facebook.com"
        api_version: str = Field("v23.0", pattern=r"^v[0-9]+\.[0-9]+$")
        phone_number_id: str = Field(pattern=r"^[0-9]+$")
        access_token: HeaderSecret
        app_secret: SecretStr = Field(min_length=1)
        verify_token: SecretStr = Field(min_length=1)
        appsecret_proof: bool = False
        template_variables: Literal["numbered", "named"] = "numbered"
        stop_words: str = "stop, unsubscribe"

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        self._options = options
        self._now = context.now
        self._stop_words = frozenset(word.strip().casefold() for word in options.stop_words.split(",")) - {""}
        token = options.access_token.get_secret_value()
        self._http = HttpClient(options.base_url, {"Authorization": f"Bearer {token}"}, limits)
        self._number = f"/{options.api_version}/{options.phone_number_id}"
        self._proof = {"appsecret_proof": self._signature(token.encode())} if options.appsecret_proof else {}

    def _signature(self, content: bytes) -> str:
        return hmac.digest(self._options.app_secret.get_secret_value().encode(), content, "sha256").hex()

    def _path(self, path: str, **query: str) -> str:
        asked = urlencode({**query, **self._proof}, safe=",")
        return f"{self._number}{path}?{asked}" if asked else self._number + path

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        body = json.dumps(self._fields(message), ensure_ascii=False).encode()
        return self._http.post(self._path("/messages"), "application/json", body)

    def _fields(self, message: OutgoingMessage) -> dict[str, object]:
        return {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.to,
            **self._content(message),
            # Meta tells it again with every status, which settles a message whose answer was lost.
            "biz_opaque_callback_data": message.id,
        }

    def _content(self, message: OutgoingMessage) -> dict[str, object]:
        if message.template:
            return {"type": "template", "template": self._template(message.template)}
        return {"type": "text", "text": {"body": message.text, "preview_url": False}}

    def _template(self, template: ProviderTemplate) -> dict[str, object]:
        named: dict[str, object] = {"name": template.code, "language": {"code": template.language}}
        components = list(self._components(template.parameters))
        return {**named, "components": components} if components else named

    def _components(self, parameters: tuple[tuple[str, str], ...]) -> Iterator[dict[str, object]]:
        """`header` belongs to the header, `button_0` and so on to the buttons, every other name to the body."""
        for place in ("header", "body"):
            if mine := [self._parameter(name, value) for name, value in parameters if _place(name) == place]:
                yield {"type": place, "parameters": mine}
        for name, value in parameters:
            if _place(name) == "button":
                ending = [{"type": "text", "text": value}]
                yield {"type": "button", "sub_type": "url", "index": name[-1], "parameters": ending}

    def _parameter(self, name: str, value: str) -> dict[str, str]:
        # With a line break, a tab or five spaces in a row in it, Meta refuses the message.
        parameter = {"type": "text", "text": " ".join(value.split())}
        return {**parameter, "parameter_name": name} if self._options.template_variables == "named" else parameter

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        return Accepted(SentBody.model_validate_json(body).messages[0].id)

    def _read_error(self, body: bytes) -> ApiError:
        error = ErrorBody.model_validate_json(body).error
        unknown_number = (error.code, error.error_subcode) == _NO_SUCH_NUMBER
        code = "100/33" if unknown_number else str(error.code)
        details = error.error_data.get("details") if isinstance(error.error_data, dict) else None
        return ApiError(code, f"{error.message}: {details}" if details else error.message)

    def _fault(self, status: int, error: ApiError | None) -> Fault | None:
        return None if error and error.code == _SAYS_NOTHING else super()._fault(status, error)

    def _check(self) -> str:
        number = self._ask(self._path("", fields="display_phone_number,quality_rating"), NumberBody)
        return f"number {number.display_phone_number}, quality {number.quality_rating}"

    def handshake(self, callback: Callback) -> Acknowledgement | None:
        if callback.method != "GET":
            return None
        try:
            told = [query_value(callback, f"hub.{name}") or "" for name in ("mode", "verify_token", "challenge")]
            mode, token, challenge = told
            ours = hmac.compare_digest(token.encode(), self._options.verify_token.get_secret_value().encode())
        except (CallbackUnreadable, ValueError) as error:
            raise CallbackRefused(f"unsound handshake: {error}") from error
        if mode != "subscribe" or not ours or not challenge:
            raise CallbackRefused("the verify token does not match")
        return Acknowledgement(challenge)

    def check_callback(self, callback: Callback) -> None:
        given = header(callback, "X-Hub-Signature-256").encode(errors="replace")
        if not hmac.compare_digest(given, f"sha256={self._signature(callback.body)}".encode()):
            raise CallbackRefused("the signature does not match")

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        told = values(callback.body, self._options.phone_number_id)
        return [receipt(status) for value in told for status in value.statuses]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        told = values(callback.body, self._options.phone_number_id)
        return [message for value in told for message in inbound(value, self._stop_words)]


def _place(name: str) -> str:
    """The part of a template that a parameter belongs to."""
    if re.fullmatch("button_[0-9]", name):
        return "button"
    return "header" if name == "header" else "body"
