"""Infobip, SMS API v3."""

import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

from pydantic import AliasPath, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

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
)
from sidecar.domain.status import MessageState
from sidecar.http.client import BaseUrl, HttpClient
from sidecar.providers.base import AccountContext, Fault, not_sent
from sidecar.providers.formats import iso_moment, json_body, phone_number
from sidecar.providers.http_provider import ApiError, BatchHttpProvider, HeaderSecret, ProviderOptions, by_word

# By number: the names have changed hands over the years.
FAULT_OF_STATUS = by_word(
    {
        Fault.NO_CREDIT: (12, 17),
        Fault.THROTTLED: (20,),
        Fault.PROVIDER_DOWN: (21, 100),
        Fault.INVALID_NUMBER: (8, 51, 52),
        Fault.UNROUTABLE: (6, 19),
        # 10 is a country's register, 14 the account's own list, on which STOP puts a number.
        Fault.BLOCKED: (10,),
        Fault.OPTED_OUT: (14,),
        Fault.SENDER_REFUSED: (11, 13),
        Fault.TRIAL_RESTRICTION: (18,),
        Fault.CONTENT_REFUSED: (24, 25),
        Fault.FILTERED: (87,),
    }
)
# The few of Infobip's 541 errors that a shop can act upon; of the others their group is told.
FAULT_OF_ERROR = by_word(
    {
        Fault.INVALID_NUMBER: (1, 5, 9, 351, 352, 3041),
        Fault.UNROUTABLE: (345, 565, 568, 592, 597, 629),
        Fault.BLOCKED: (560, 564, 566, 569, 573, 574, 604, 2050, 2052),
        Fault.OPTED_OUT: (603,),
        Fault.FILTERED: (561, 607, 608, 609),
        Fault.SENDER_REFUSED: (368, 375, 562, 563, 2053),
        Fault.CONTENT_REFUSED: (355,),
        Fault.THROTTLED: (541, 542, 4103, 4104, 4202),
        Fault.NO_CREDIT: (4099,),
    }
)
FAULT_OF_GROUP = {
    "HANDSET_ERRORS": Fault.HANDSET_UNREACHABLE,
    "USER_ERRORS": Fault.REFUSED,
    "OPERATOR_ERRORS": Fault.CARRIER_ERROR,
}

STATE_OF_STATUS = by_word(
    {
        MessageState.ACCEPTED: (26,),
        # 2 is "delivered", but only to the operator; 29 is "expired", but only the wait for the operator's word:
        # the text may well have arrived.
        MessageState.SENT: (2, 3, 7, 29),
        MessageState.DELIVERED: (5,),
        MessageState.UNDELIVERED: (87,),
    }
)
STATE_OF_GROUP = {
    "ACCEPTED": MessageState.ACCEPTED,
    "PENDING": MessageState.ACCEPTED,
    "DELIVERED": MessageState.SENT,
    "UNDELIVERABLE": MessageState.UNDELIVERED,
    "EXPIRED": MessageState.EXPIRED,
    "REJECTED": MessageState.UNDELIVERED,
}
_TAKEN = frozenset({"ACCEPTED", "PENDING", "DELIVERED"})
_REPEATED_ID = 23

_LONGEST_VALIDITY_MINUTES = 48 * 60
_LOGS_REACH_BACK = timedelta(hours=47)


class _Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class Status(_Body):
    id: int
    group_name: str
    name: str = Field(min_length=1)
    description: str = ""


class Error(_Body):
    id: int
    group_name: str = ""


class Report(_Body):
    """What Infobip says of one message: in the answer to a send, in a delivery report, in the logs."""

    message_id: str = Field(min_length=1)
    status: Status
    error: Error | None = None
    message_count: int | None = Field(None, validation_alias=AliasPath("details", "messageCount"))
    done_at: str | None = None


class Received(_Body):
    message_id: str = Field(min_length=1)
    sender: str = Field(alias="from")
    to: str
    text: str
    received_at: str | None = None


class Infobip(BatchHttpProvider):
    kind = "infobip"
    capabilities = Capabilities(
        # The answer has some 450 bytes for each number, and must stay within what is read of one answer.
        batch_size=200,
        max_characters=1600,
        senders=frozenset({SenderKind.NAME, SenderKind.NUMBER, SenderKind.SHORT_CODE}),
        scheduling=True,
        look_up=True,
        balance=True,
        inbound=True,
        answers_stop=None,
    )
    fault_of_code = FAULT_OF_STATUS
    tells_each_number = True

    class Options(ProviderOptions):
        """`logs_settle_minutes`: how long a message may be missing in the logs though Infobip has it."""

        base_url: BaseUrl
        api_key: HeaderSecret
        sender: str = Field(pattern=r"^(\+?[0-9]{3,15}|[ -~]{1,11})$")
        logs_settle_minutes: int = Field(5, ge=1, le=60)

    class SentBody(_Body):
        messages: list[Report]

    class SentOneBody(_Body):
        messages: list[Report] = Field(min_length=1, max_length=1)

    class ErrorBody(_Body):
        error_code: str = Field(min_length=1)
        description: str = ""
        violations: list[dict[str, object]] = []

    class Reports(_Body):
        results: list[Report]

    class Inbox(_Body):
        results: list[Received]

    class BalanceBody(_Body):
        balance: Decimal
        currency: str

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        self._options = options
        self.sender = options.sender
        self._status_url = context.status_url
        self._now = context.now
        key = options.api_key.get_secret_value()
        headers = {"Accept": "application/json", "Authorization": f"App {key}"}
        self._http = HttpClient(options.base_url, headers, limits)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        return self._hand_over_batch([message])

    def _hand_over_batch(self, messages: Sequence[OutgoingMessage]) -> Answer:
        fields = {"messages": [self._fields(messages)], "options": {"includeSmsCountInResponse": True}}
        return self._http.post("/sms/3/messages", "application/json", json.dumps(fields).encode())

    def _fields(self, messages: Sequence[OutgoingMessage]) -> dict[str, object]:
        first = messages[0]
        fields: dict[str, object] = {
            "sender": (first.sender or self._options.sender).removeprefix("+"),
            "destinations": [{"to": each.to.removeprefix("+"), "messageId": each.id} for each in messages],
            "content": {"text": first.text},
            "webhooks": {"delivery": {"url": self._status_url, "notify": True}, "contentType": "application/json"},
        }
        if validities := [each.validity_seconds for each in messages if each.validity_seconds is not None]:
            minutes = min(max(min(validities) // 60, 1), _LONGEST_VALIDITY_MINUTES)
            fields["options"] = {"validityPeriod": {"amount": minutes, "timeUnit": "MINUTES"}}
        return fields

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        return _outcome(self.SentOneBody.model_validate_json(body).messages[0])

    def _read_batch(self, body: bytes, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        told = {each.message_id: _outcome(each) for each in self.SentBody.model_validate_json(body).messages}
        silence = OutcomeUnknown("unreadable_answer", detail="The answer does not name this message.")
        return [told.get(message.id, silence) for message in messages]

    def _read_error(self, body: bytes) -> ApiError:
        error = self.ErrorBody.model_validate_json(body)
        faults = [": ".join(map(str, violation.values())) for violation in error.violations]
        return ApiError(error.error_code, " ".join([error.description, *faults]))

    def _search(self, message: LostMessage) -> LookUp:
        """The logs only: a delivery report that is asked for is told once and then gone."""
        reference = message.provider_id or message.id
        entries = self._ask(f"/sms/3/logs?{urlencode({'messageId': reference})}", self.Reports).results
        if any(entry.message_id != reference for entry in entries):
            return CannotTell("Infobip told of other messages than the one it was asked about")
        # Such an entry is of a repeated send, and says nothing about the one it repeats.
        genuine = [entry for entry in entries if entry.status.id != _REPEATED_ID]
        if genuine:
            return _found(min(genuine, key=lambda entry: entry.status.group_name == "REJECTED"))
        return CannotTell("Infobip's logs show repetitions only") if entries else self._missing(message)

    def _missing(self, message: LostMessage) -> LookUp:
        age = self._now() - message.sent_after
        if age > _LOGS_REACH_BACK:
            return CannotTell("Infobip's logs do not reach back so far", never=True)
        if age < timedelta(minutes=self._options.logs_settle_minutes):
            return CannotTell("Infobip's logs may not show it yet")
        return NotFound()

    def _read_balance(self) -> Balance:
        reply = self._ask("/account/1/balance", self.BalanceBody)
        return Balance(reply.balance, reply.currency)

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        return [_receipt(report) for report in json_body(callback, self.Reports).results]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        """Without what no customer can have sent: operators and services write from names and short codes."""
        return [
            Inbound(each.message_id, number, each.to, each.text, at=iso_moment(each.received_at))
            for each in json_body(callback, self.Inbox).results
            if (number := phone_number(each.sender))
        ]


def _outcome(report: Report) -> SendOutcome:
    """A repeated id leaves open what became of the first send with it: the look-up tells."""
    status = report.status
    detail = f"{status.name} {status.description}"[:500]
    if status.group_name in _TAKEN:
        return Accepted(report.message_id, report.message_count or None)
    if status.group_name == "REJECTED" and status.id != _REPEATED_ID:
        return not_sent(FAULT_OF_STATUS.get(str(status.id), Fault.REFUSED), code=str(status.id), detail=detail)
    return OutcomeUnknown("unclear_failure", detail=detail)


def _state(status: Status) -> MessageState | None:
    if status.id == _REPEATED_ID:
        return None
    return STATE_OF_STATUS.get(str(status.id)) or STATE_OF_GROUP.get(status.group_name)


def _reason(report: Report) -> str:
    state, error = _state(report.status), report.error or Error(id=0, groupName="")
    if state is MessageState.EXPIRED:
        return Fault.EXPIRED.value
    if state is not MessageState.UNDELIVERED:
        return ""
    told = FAULT_OF_ERROR.get(str(error.id)) or FAULT_OF_STATUS.get(str(report.status.id))
    return (told or FAULT_OF_GROUP.get(error.group_name, Fault.CARRIER_ERROR)).value


def _receipt(report: Report) -> Receipt:
    ours = report.message_id
    word, at = report.status.name, iso_moment(report.done_at)
    return Receipt(ours, _state(report.status), word, _reason(report), message_id=ours, at=at)


def _found(entry: Report) -> Found:
    # A word that Infobip adds one day still means that it has the message.
    return Found(entry.message_id, _state(entry.status) or MessageState.ACCEPTED, _reason(entry))
