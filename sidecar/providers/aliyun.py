"""Alibaba Cloud SMS (Dysmsapi 2017-05-25): approved templates to mobile numbers of mainland China."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, timedelta
from secrets import token_hex
from typing import Annotated, Literal
from urllib.parse import quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AliasPath, BaseModel, Field, TypeAdapter

from sidecar.domain.capabilities import Capabilities, SenderKind
from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, Limits
from sidecar.domain.message import LostMessage, OutgoingMessage, ProviderTemplate
from sidecar.domain.outcome import (
    Accepted,
    Callback,
    CannotTell,
    Found,
    Inbound,
    LookUp,
    NotFound,
    OutcomeUnknown,
    Receipt,
    Rejected,
    SendOutcome,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.http.client import BaseUrl, HttpClient
from sidecar.providers.aliyun_signature import authorization
from sidecar.providers.aliyun_words import (
    FAULT_OF_CODE,
    STATE_OF_STATUS,
    STATE_OF_SUCCESS,
    UNCLEAR,
    fault_of,
    is_limit_of_a_number,
    told,
)
from sidecar.providers.base import AccountContext, Acknowledgement, Fault
from sidecar.providers.formats import PhoneNumber, TimeZoneName, holds_text, json_items, local_moment
from sidecar.providers.http_provider import ApiError, BatchHttpProvider, HeaderSecret, NoReply, ProviderOptions

_CHINA = ZoneInfo("Asia/Shanghai")
_BATCH = "batch-"
_LARGEST_PAGE = 50
_CLOCK_SKEW, _LONGEST_WAY = timedelta(minutes=1), timedelta(minutes=5)


def _with_country(number: str) -> str:
    return re.sub(r"^\+(1[0-9]{10})$", r"+86\1", number)


Number = Annotated[PhoneNumber, AfterValidator(_with_country)]


class Report(BaseModel):
    number: Number = Field(alias="phone_number")
    biz_id: str = Field(min_length=1)
    success: bool | None = None
    err_code: str | None = None
    out_id: str | None = None
    report_time: str | None = None


class Reply(BaseModel):
    number: Number = Field(alias="phone_number")
    content: str
    sequence_id: int | Annotated[str, Field(min_length=1)]
    dest_code: str | None = None
    send_time: str | None = None


class Detail(BaseModel):
    status: int = Field(alias="SendStatus")
    code: str | None = Field(None, alias="ErrCode")
    reference: str | None = Field(None, alias="OutId")
    content: str | None = Field(None, alias="Content")


REPORTS = TypeAdapter(Annotated[list[Report], Field(min_length=1)])
REPLIES = TypeAdapter(Annotated[list[Reply], Field(min_length=1)])


class Aliyun(BatchHttpProvider):
    kind = "aliyun"
    capabilities = Capabilities(
        batch_size=1000,
        max_characters=500,
        templates_only=frozenset({"sms"}),
        countries=frozenset({"CN"}),
        senders=frozenset({SenderKind.SIGNATURE}),
        look_up=True,
        inbound=True,
        answers_stop=None,
    )
    fault_of_code = FAULT_OF_CODE
    acknowledgement = Acknowledgement('{"code":0,"msg":"接收成功"}', "application/json")

    class Options(ProviderOptions):
        """`sign_name`: the approved signature where the shop has none of its own. `receipt_timezone`: Alibaba does
        not say in which zone its callbacks tell the time, so without it the moment they arrive is taken."""

        base_url: BaseUrl = "https://dysmsapi.aliyuncs.com"
        access_key_id: str = Field(pattern=r"^[0-9A-Za-z._-]+$")
        access_key_secret: HeaderSecret
        sign_name: str = Field(min_length=1)
        receipt_timezone: TimeZoneName | None = None

    class SentBody(BaseModel):
        code: Literal["OK"] = Field(alias="Code")
        id: str = Field(alias="BizId", min_length=1)

    class ErrorBody(BaseModel):
        """With a BizId in it, something was sent after all."""

        code: str = Field(alias="Code", min_length=1)
        message: str | None = Field(None, alias="Message")
        id: Literal[""] | None = Field(None, alias="BizId")

    class DetailList(BaseModel):
        code: Literal["OK"] = Field(alias="Code")
        total: int = Field(alias="TotalCount")
        details: list[Detail] = Field([], validation_alias=AliasPath("SmsSendDetailDTOs", "SmsSendDetailDTO"))

    def __init__(
        self,
        options: Options,
        context: AccountContext,
        limits: Limits = DEFAULT_LIMITS,
        *,
        nonce: Callable[[], str] = token_hex,
    ) -> None:
        self._options, self._now, self._nonce = options, context.now, nonce
        self._http = HttpClient(options.base_url, limits=limits)

    def _objection(self, message: OutgoingMessage) -> Rejected | None:
        if re.fullmatch(r"\+861[0-9]{10}", message.to):
            return super()._objection(message)
        words = "aliyun sends to mobile numbers of mainland China only."
        return Rejected("wrong_country", permanent=True, detail=words)

    def _hand_over(self, message: OutgoingMessage) -> Answer:
        return self._call("SendSms", self._fields([message], message.id))

    def _hand_over_batch(self, messages: Sequence[OutgoingMessage]) -> Answer:
        return self._call("SendSms", self._fields(messages, _BATCH + messages[0].id))

    def _fields(self, messages: Sequence[OutgoingMessage], reference: str) -> dict[str, str]:
        template = messages[0].template or ProviderTemplate("", "")
        fields = {
            "PhoneNumbers": ",".join(message.to.removeprefix("+86") for message in messages),
            "SignName": messages[0].sender or self._options.sign_name,
            "TemplateCode": template.code,
            "OutId": reference,
        }
        if filled := dict(template.parameters):
            fields["TemplateParam"] = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))
        return fields

    def _call(self, action: str, parameters: Mapping[str, str]) -> Answer:
        query = urlencode(sorted(parameters.items()), quote_via=quote, safe="")
        headers = {
            "accept": "application/json",
            "host": urlsplit(self._options.base_url).netloc,
            "user-agent": "recado",
            "x-acs-action": action,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-credentials-provider": "static_ak",
            "x-acs-date": self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": self._nonce(),
            "x-acs-version": "2017-05-25",
        }
        secret = self._options.access_key_secret.get_secret_value()
        signed = authorization(self._options.access_key_id, secret, query, headers)
        return self._http.exchange("POST", f"/?{query}", {**headers, "Authorization": signed}, b"")

    def _judge(self, answer: Answer) -> SendOutcome:
        """Refusals come with status 200."""
        error = self._error_in(answer)
        refused = answer.ok and error and error.code != "OK"
        return self._judge_failure(answer) if refused else super()._judge(answer)

    def _judge_batch(self, answer: Answer, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        """One word for all. Where a number has had its share for the day, it is not said what became of the rest."""
        outcome = self._judge(answer)
        if isinstance(outcome, TemporarilyFailed) and is_limit_of_a_number(outcome.code):
            outcome = OutcomeUnknown("unclear_failure", detail=answer.excerpt)
        return [outcome] * len(messages)

    def _read_acceptance(self, body: bytes) -> SendOutcome:
        return Accepted(self.SentBody.model_validate_json(body).id)

    def _read_batch(self, body: bytes, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        return [self._read_acceptance(body)] * len(messages)

    def _read_error(self, body: bytes) -> ApiError:
        error = self.ErrorBody.model_validate_json(body)
        return ApiError(error.code, error.message or "")

    def _fault(self, status: int, error: ApiError | None) -> Fault | None:
        if error and (known := fault_of(error.code)):
            return known
        return None if error and error.code.startswith(UNCLEAR) else super()._fault(status, error)

    def _search(self, message: LostMessage) -> LookUp:
        if self._now() < message.sent_after + _LONGEST_WAY:
            return CannotTell("Alibaba may not list it yet")
        return _match(message, [detail for day in _days(message) for detail in self._details(message, day)])

    def _details(self, message: LostMessage, day: date) -> list[Detail]:
        number, page = message.to.removeprefix("+86"), {"PageSize": str(_LARGEST_PAGE), "CurrentPage": "1"}
        query = {"PhoneNumber": number, "SendDate": f"{day:%Y%m%d}", **page}
        listed = self._asked(lambda: self._call("QuerySendDetails", query), self.DetailList)
        if listed.total > len(listed.details):
            raise NoReply("too many messages to this number to look through")
        return listed.details

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        return [self._receipt(report) for report in json_items(callback, REPORTS)]

    def _receipt(self, report: Report) -> Receipt:
        word = report.err_code or ""
        state, reason = told(word, STATE_OF_SUCCESS[report.success])
        at = local_moment(report.report_time, self._options.receipt_timezone)
        return Receipt(report.biz_id, state, word, reason, report.out_id, report.number, at)

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        return [self._inbound(reply) for reply in json_items(callback, REPLIES)]

    def _inbound(self, reply: Reply) -> Inbound:
        at = local_moment(reply.send_time, self._options.receipt_timezone)
        return Inbound(str(reply.sequence_id), reply.number, reply.dest_code or "", reply.content, at=at)


def _days(message: LostMessage) -> list[date]:
    """The days on which Alibaba may have booked it: in China's time, or if that is wrong, in the world's."""
    moments = (message.sent_after - _CLOCK_SKEW, message.sent_after + _LONGEST_WAY)
    return sorted({moment.astimezone(zone).date() for moment in moments for zone in (_CHINA, UTC)})


def _match(lost: LostMessage, details: Sequence[Detail]) -> LookUp:
    """By our id; in a batch, which has one reference for all, by the text."""
    batched = [detail for detail in details if (detail.reference or "").startswith(_BATCH)]
    ours = [detail for detail in details if detail.reference == lost.id]
    if found := ours or [detail for detail in batched if holds_text(detail.content or "", lost.text)]:
        state, reason = told(found[0].code or "", STATE_OF_STATUS.get(found[0].status))
        return Found(lost.provider_id or "", state or MessageState.ACCEPTED, reason)
    return CannotTell("it may be in one of that day's batches", never=True) if batched else NotFound()
