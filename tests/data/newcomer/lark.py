"""Lark, a provider that nobody has: what a newcomer writes, and nothing more."""

import json
from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter

from sidecar.domain.capabilities import Capabilities, SenderKind
from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, Limits
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, Callback, Receipt, SendOutcome
from sidecar.domain.status import MessageState
from sidecar.http.client import BaseUrl, HttpClient
from sidecar.providers.base import AccountContext, Fault
from sidecar.providers.formats import json_items
from sidecar.providers.http_provider import ApiError, HeaderSecret, HttpProvider, ProviderOptions, by_word

FAULT_OF_CODE = by_word(
    {
        Fault.INVALID_NUMBER: "no_nest",
        Fault.NO_CREDIT: "no_seed",
        Fault.AUTH: "strange_bird",
        Fault.THROTTLED: "flapping",
    }
)
STATE_OF_WORD = by_word(
    {MessageState.SENT: "flying", MessageState.DELIVERED: "landed", MessageState.UNDELIVERED: "lost"}
)


class Report(BaseModel):
    flight: str = Field(min_length=1)
    word: str = Field(min_length=1)
    reference: str | None = None


REPORTS = TypeAdapter(Annotated[list[Report], Field(min_length=1)])


class Lark(HttpProvider):
    kind = "lark"
    capabilities = Capabilities(senders=frozenset({SenderKind.NAME}))
    fault_of_code = FAULT_OF_CODE

    class Options(ProviderOptions):
        base_url: BaseUrl = "https://api.lark.example"
        key: HeaderSecret
        sender: str = Field(pattern=r"^[0-9A-Za-z]{3,11}$")

    class SentBody(BaseModel):
        flight: str = Field(min_length=1)

    class ErrorBody(BaseModel):
        code: str
        message: str = ""

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        self._options, self._now, self._status_url = options, context.now, context.status_url
        self.sender = options.sender
        headers = {"Authorization": f"Lark {options.key.get_secret_value()}"}
        self._http = HttpClient(options.base_url, headers, limits)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        fields = {
            "to": message.to,
            "from": message.sender or self._options.sender,
            "song": message.text,
            "reference": message.id,
            "tell": self._status_url,
        }
        return self._http.post("/flights", "application/json", json.dumps(fields).encode())

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        return Accepted(self.SentBody.model_validate_json(body).flight)

    def _read_error(self, body: bytes) -> ApiError:
        error = self.ErrorBody.model_validate_json(body)
        return ApiError(error.code, error.message)

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        return [_receipt(report) for report in json_items(callback, REPORTS)]


def _receipt(report: Report) -> Receipt:
    state = STATE_OF_WORD.get(report.word)
    reason = Fault.CARRIER_ERROR.value if state is MessageState.UNDELIVERED else ""
    return Receipt(report.flight, state, report.word, reason, report.reference)
