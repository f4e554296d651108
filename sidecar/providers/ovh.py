"""OVHcloud SMS, API 1.0: SMS to France and abroad."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import Annotated, Self
from urllib.parse import urlencode

from pydantic import BaseModel, Field, RootModel, ValidationError, model_validator

from sidecar.domain.capabilities import Capabilities, SenderKind
from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, AnswerLost, Limits, NotSent
from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
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
from sidecar.providers.base import AccountContext, CallbackUnreadable, Fault, form_fields, not_sent, query_value
from sidecar.providers.formats import PhoneNumber, TimeZoneName, holds_text, local_moment
from sidecar.providers.http_provider import ApiError, BatchHttpProvider, HeaderSecret, NoReply, ProviderOptions
from sidecar.providers.ovh_words import FAULT_OF_CODE, STATE_OF_DLR, STATE_OF_PTT, reason_of

_LARGEST_BATCH = 500
_LONGEST_VALIDITY_MINUTES = 2880
_CLOCK_KEPT_FOR = timedelta(minutes=10)
_CLOCK_SKEW = timedelta(minutes=1)
_MOST_LISTED = 30


def signature(application_secret: str, consumer_key: str, method: str, url: str, body: str, timestamp: str) -> str:
    """X-Ovh-Signature; `timestamp` in seconds by OVH's clock."""
    signed = "+".join((application_secret, consumer_key, method, url, body, timestamp))
    return f"$1${hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()}"


class Sms(BaseModel):
    """One that waits (without a tag) or one that was sent."""

    id: int
    receiver: str
    message: str
    ptt: int | None = None
    tag: str | None = None

    def is_of(self, lost: LostMessage) -> bool:
        return self.tag == lost.id or (_alike(self.receiver) == lost.to and holds_text(self.message, lost.text))


class Reply(BaseModel):
    """What a customer answered, from a number longer than the short ones that OVH sends from."""

    id: str = Field(min_length=1)
    sender: Annotated[PhoneNumber, Field(min_length=9)]
    text: str


class Ovh(BatchHttpProvider):
    kind = "ovh"
    capabilities = Capabilities(
        max_characters=918,
        senders=frozenset({SenderKind.NAME, SenderKind.NUMBER, SenderKind.SHORT_CODE}),
        scheduling=True,
        look_up=True,
        balance=True,
        inbound=True,
        answers_stop=None,
    )
    fault_of_code = FAULT_OF_CODE
    tells_each_number = True

    class Options(ProviderOptions):
        """`short_number`: send from numbers that customers can answer, which OVH offers in France only.
        `batch_ids_in_order`: OVH does not say in which order it names the ids of a batch; a wrong one would show
        one customer's receipt as another's, so that without this word no batches are sent. `reply_fields`: nor how
        it names a reply's id, sender and text."""

        base_url: BaseUrl = "https://eu.api.ovh.com/1.0"
        application_key: str = Field(pattern=r"^[!-~]+$")
        application_secret: HeaderSecret
        consumer_key: HeaderSecret
        service_name: str = Field(pattern=r"^[0-9A-Za-z_-]+$")
        sender: str = Field("", pattern=r"^([0-9A-Za-z ]{1,11}|\+[1-9][0-9]{4,14})?$")
        short_number: bool = False
        batch_ids_in_order: bool = False
        reply_fields: str = Field("id,sender,message", pattern=r"^[^,]+,[^,]+,[^,]+$")
        receipt_timezone: TimeZoneName | None = None

        @model_validator(mode="after")
        def _one_sender(self) -> Self:
            if bool(self.sender) == self.short_number:
                raise ValueError("give either sender or short_number=true")
            return self

    class SendingReport(BaseModel):
        ids: list[int]
        valid: list[str] = Field(alias="validReceivers")
        invalid: list[str] = Field(alias="invalidReceivers")
        credits: Decimal | None = Field(None, alias="totalCreditsRemoved")

    class ErrorBody(BaseModel):
        message: str
        code: str | None = Field(None, alias="errorCode")
        kind: str | None = Field(None, alias="class")

    class Account(BaseModel):
        credits_left: Decimal = Field(alias="creditsLeft")

    def __init__(self, options: Options, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        if options.batch_ids_in_order:
            self.capabilities = replace(self.capabilities, batch_size=_LARGEST_BATCH)
        self._options = options
        self.sender = options.sender
        self._now = context.now
        self._service = f"/sms/{options.service_name}"
        self._http = HttpClient(options.base_url, {"Accept": "*/*"}, limits)
        self._clock: tuple[datetime, int] | None = None

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        return self._signed("POST", f"{self._service}/jobs", self._job([message], message.id))

    def _hand_over_batch(self, messages: Sequence[OutgoingMessage]) -> Answer:
        return self._signed("POST", f"{self._service}/jobs", self._job(messages, f"batch-{messages[0].id}"))

    def _job(self, messages: Sequence[OutgoingMessage], tag: str) -> dict[str, object]:
        message = messages[0]
        job: dict[str, object] = {"message": message.text, "receivers": [message.to for message in messages]}
        if not self._options.short_number:
            job["sender"] = message.sender or self._options.sender
        # Without it OVH adds a mention of STOP, and keeps the text back at night and at weekends.
        job |= {"noStopClause": message.category != "marketing", "priority": "high", "charset": "UTF-8"}
        job["coding"] = "7bit" if message.encoding == "GSM-7" else "8bit"
        if message.validity_seconds is not None:
            job["validityPeriod"] = min(max(message.validity_seconds // 60, 1), _LONGEST_VALIDITY_MINUTES)
        return {**job, "senderForResponse": self._options.short_number, "tag": tag}

    def _signed(self, method: str, path: str, job: Mapping[str, object] | None = None) -> Answer:
        body = json.dumps(job, separators=(",", ":")) if job else ""
        options, timestamp = self._options, str(self._timestamp())
        secret, consumer = options.application_secret.get_secret_value(), options.consumer_key.get_secret_value()
        headers = {
            "X-Ovh-Application": options.application_key,
            "X-Ovh-Consumer": consumer,
            "X-Ovh-Timestamp": timestamp,
            "X-Ovh-Signature": signature(secret, consumer, method, options.base_url + path, body, timestamp),
            **({"Content-Type": "application/json"} if job else {}),
        }
        return self._http.exchange(method, path, headers, body.encode() if job else None)

    def _timestamp(self) -> int:
        """Seconds by OVH's clock, asked now and then as ours may be set right meanwhile. Raises NotSent."""
        now = self._now()
        if self._clock is None or abs(now - self._clock[0]) > _CLOCK_KEPT_FOR:
            self._clock = now, self._ask_time() - int(now.timestamp())
        return int(now.timestamp()) + self._clock[1]

    def _ask_time(self) -> int:
        try:
            answer = self._http.get("/auth/time")
            if answer.ok:
                return int(answer.body)
        except (AnswerLost, ValueError) as error:
            raise NotSent(f"OVH did not tell the time: {type(error).__name__}") from error
        raise NotSent(f"OVH did not tell the time: {answer.excerpt}")

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        report = self.SendingReport.model_validate_json(body)
        match report.ids, report.valid, report.invalid:
            case [number], [_], []:
                return Accepted(str(number), price=report.credits, currency="credits")
            case [], [], [_]:
                return not_sent(Fault.INVALID_NUMBER)
        return OutcomeUnknown("unreadable_answer", detail=_excerpt(body))

    def _read_batch(self, body: bytes, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        report = self.SendingReport.model_validate_json(body)
        valid, invalid = ([_alike(number) for number in numbers] for numbers in (report.valid, report.invalid))
        in_order = self._options.batch_ids_in_order and len(report.ids) == len(valid)
        ids = dict(zip(valid, map(str, report.ids), strict=True)) if in_order else {}
        outcomes: list[SendOutcome] = []
        for to in (message.to for message in messages):
            if (to in valid) is (to in invalid):
                outcomes.append(OutcomeUnknown("unreadable_answer", detail=_excerpt(body)))
            else:
                outcomes.append(Accepted(ids.get(to, "")) if to in valid else not_sent(Fault.INVALID_NUMBER))
        return outcomes

    def _read_error(self, body: bytes) -> ApiError:
        error = self.ErrorBody.model_validate_json(body)
        return ApiError(error.code or error.kind or "", error.message)

    def _fault(self, status: int, error: ApiError | None) -> Fault | None:
        """What OVH answers when credits run out is not documented. A message that waits for them needlessly is
        better than one given up. 460 is OVH's own, for a service that has expired."""
        if error and status < HTTPStatus.INTERNAL_SERVER_ERROR and "credit" in error.message.lower():
            return Fault.NO_CREDIT
        return Fault.ACCOUNT_SUSPENDED if status == 460 else super()._fault(status, error)

    def _read_balance(self) -> Balance:
        account = self._asked(partial(self._signed, "GET", self._service), self.Account)
        return Balance(account.credits_left, "credits")

    def _search(self, message: LostMessage) -> LookUp:
        """Among those waiting first: one that leaves meanwhile is then among those sent. A batch has a tag of its
        own, so there the number and the text tell."""
        since = (message.sent_after - _CLOCK_SKEW).isoformat(timespec="seconds")
        tagged, dated = {"tag": message.id}, {"receiver": message.to, "creationDatetime.from": since}
        for place in ("jobs", f"outgoing?{urlencode(tagged)}", f"outgoing?{urlencode(dated)}"):
            if found := next((sms for sms in self._listed(place) if sms.is_of(message)), None):
                state = STATE_OF_PTT.get(str(found.ptt)) or MessageState.ACCEPTED
                return Found(str(found.id), state, reason_of(str(found.ptt), state))
        return NotFound()

    def _listed(self, query: str) -> Iterator[Sms]:
        ids = self._asked(partial(self._signed, "GET", f"{self._service}/{query}"), RootModel[list[int]]).root
        if len(ids) > _MOST_LISTED:
            raise NoReply("too many messages to look through")
        for number in ids:
            try:
                path = f"{self._service}/{query.partition('?')[0]}/{number}"
                yield self._asked(partial(self._signed, "GET", path), Sms)
            except NoReply as error:
                if query != "jobs" or error.status != HTTPStatus.NOT_FOUND:
                    raise

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        number, ptt = query_value(callback, "id"), query_value(callback, "ptt")
        if not number or not ptt:
            raise CallbackUnreadable("a delivery report names id and ptt")
        state = STATE_OF_PTT.get(ptt) or STATE_OF_DLR.get(query_value(callback, "description") or "")
        at = local_moment(query_value(callback, "date"), self._options.receipt_timezone)
        return [Receipt(number, state, ptt, reason_of(ptt, state), at=at)]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        form, names = form_fields(callback), self._options.reply_fields.split(",")
        told = [query_value(callback, name) or form.get(name, [None])[0] for name in names]
        try:
            reply = Reply.model_validate(dict(zip(Reply.model_fields, told, strict=True)))
        except ValidationError as error:
            raise CallbackUnreadable(f"a reply is expected to hold {', '.join(names)}") from error
        return [Inbound(reply.id, reply.sender, "", reply.text)]


def _alike(number: str) -> str:
    return "+" + number.removeprefix("+").removeprefix("00")


def _excerpt(body: bytes) -> str:
    return body[:500].decode(errors="replace")
