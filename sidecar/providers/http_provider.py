"""What all providers reached over HTTP have in common: one exchange, and one judgement of its answer."""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Annotated, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr, ValidationError

from sidecar.domain.exchange import Answer, AnswerLost, NotSent
from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Balance,
    CannotTell,
    LookUp,
    OutcomeUnknown,
    Rejected,
    SendOutcome,
    TemporarilyFailed,
)
from sidecar.http.client import HttpClient
from sidecar.providers.base import OF_THE_TEXT, BalanceUnavailable, CheckFailed, Fault, Provider, not_sent

# These say by themselves that the request was not acted upon, whoever on the way to the provider answered.
# 500, 502 and 504 are missing on purpose: they are also said of a request that was taken in and whose answer
# broke, and a text sent twice is worse than one that waits for its look-up. They count as "not sent" only when
# the provider's own error body comes with them and its code is one that we know.
FAULT_OF_STATUS: Mapping[int, Fault] = {
    HTTPStatus.MOVED_PERMANENTLY: Fault.MISCONFIGURED,
    HTTPStatus.FOUND: Fault.MISCONFIGURED,
    HTTPStatus.SEE_OTHER: Fault.MISCONFIGURED,
    HTTPStatus.TEMPORARY_REDIRECT: Fault.MISCONFIGURED,
    HTTPStatus.PERMANENT_REDIRECT: Fault.MISCONFIGURED,
    HTTPStatus.UNAUTHORIZED: Fault.AUTH,
    HTTPStatus.PAYMENT_REQUIRED: Fault.NO_CREDIT,
    HTTPStatus.FORBIDDEN: Fault.AUTH,
    HTTPStatus.NOT_FOUND: Fault.MISCONFIGURED,
    HTTPStatus.METHOD_NOT_ALLOWED: Fault.MISCONFIGURED,
    # A batch that is too long for somebody on the way is halved until it passes.
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Fault.REFUSED,
    HTTPStatus.REQUEST_URI_TOO_LONG: Fault.REFUSED,
    HTTPStatus.TOO_MANY_REQUESTS: Fault.THROTTLED,
    HTTPStatus.SERVICE_UNAVAILABLE: Fault.PROVIDER_DOWN,
}

Reply = TypeVar("Reply", bound=BaseModel)
Meaning = TypeVar("Meaning")


class ProviderOptions(BaseModel):
    """What the options of every HTTP provider share. A wrong value is never repeated in an error: it may be
    a secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)


def by_word(words_of: Mapping[Meaning, str | Iterable[int | str]]) -> dict[str, Meaning]:
    """A vendor's codes or words, each with our meaning of it. Several may stand in one string."""
    return {
        str(word): meaning
        for meaning, words in words_of.items()
        for word in (words.split() if isinstance(words, str) else words)
    }


class NoReply(Exception):
    """A question to the provider got no answer we can use; the message says why."""

    def __init__(self, words: str, status: int | None = None) -> None:
        super().__init__(words)
        self.status = status


def _fit_for_a_header(secret: SecretStr) -> SecretStr:
    if not re.fullmatch("[!-~]+", secret.get_secret_value()):
        raise ValueError("must be letters, digits and signs without spaces")
    return secret


HeaderSecret = Annotated[SecretStr, AfterValidator(_fit_for_a_header)]


@dataclass(frozen=True, slots=True)
class ApiError:
    """An error the provider's own software wrote, as opposed to a proxy on the way."""

    code: str
    message: str


class HttpProvider(Provider):
    """The vendor's file says how to hand over, and how to read an acceptance and an error."""

    fault_of_code: ClassVar[Mapping[str, Fault]]
    _http: HttpClient
    _now: Callable[[], datetime]

    @abstractmethod
    def _hand_over(self, message: OutgoingMessage) -> Answer:
        """The one exchange of a send."""

    @abstractmethod
    def _read_acceptance(self, body: bytes) -> SendOutcome:
        """What a 2xx answer says. Raises ValidationError when it is not what the provider documents."""

    @abstractmethod
    def _read_error(self, body: bytes) -> ApiError:
        """The error in any other answer. Raises ValidationError likewise."""

    def _objection(self, message: OutgoingMessage) -> Rejected | None:
        """Why this provider can never take the message; asked before any request is made."""
        if message.channel not in self.capabilities.channels:
            return Rejected("wrong_channel", permanent=True, detail=f"{self.kind} does not send {message.channel}.")
        if message.template is None and message.channel in self.capabilities.templates_only:
            sentence = f"This account sends by {message.channel} approved templates only."
            return Rejected("no_template", permanent=True, detail=sentence)
        return None

    def send(self, message: OutgoingMessage) -> SendOutcome:
        if objection := self._objection(message):
            return objection
        try:
            answer = self._hand_over(message)
        except NotSent as error:
            return TemporarilyFailed(Fault.UNREACHABLE.value, detail=str(error))
        except AnswerLost as error:
            return OutcomeUnknown("answer_lost", detail=str(error))
        return self._judge(answer)

    def _judge(self, answer: Answer) -> SendOutcome:
        if not answer.ok:
            return self._judge_failure(answer)
        try:
            return self._read_acceptance(answer.body)
        except ValidationError:
            return OutcomeUnknown("unreadable_answer", detail=answer.excerpt)

    def _judge_failure(self, answer: Answer) -> SendOutcome:
        error = self._error_in(answer)
        fault = self._fault(answer.status, error)
        if fault is None:
            return OutcomeUnknown("unclear_failure", detail=answer.excerpt)
        return not_sent(
            fault,
            code=error.code if error else str(answer.status),
            detail=error.message[:500] if error else answer.excerpt,
            retry_after=retry_after(answer, self._now()),
        )

    def _error_in(self, answer: Answer) -> ApiError | None:
        try:
            return self._read_error(answer.body)
        except ValidationError:
            return None

    def _fault(self, status: int, error: ApiError | None) -> Fault | None:
        known = self.fault_of_code.get(error.code) if error else None
        if known or status in FAULT_OF_STATUS:
            return known or FAULT_OF_STATUS[status]
        refused = error is not None and HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
        return Fault.REFUSED if refused else None

    def _ask(self, path: str, reply: type[Reply]) -> Reply:
        """Read something that changes nothing. Raises NoReply."""
        return self._asked(lambda: self._http.get(path), reply)

    def _asked(self, exchange: Callable[[], Answer], reply: type[Reply]) -> Reply:
        """The reply to a question that is asked in another way than by a plain GET. Raises NoReply."""
        answer = self._answered(exchange)
        try:
            return reply.model_validate_json(answer.body)
        except ValidationError as error:
            raise NoReply(f"{self.kind} answered unreadably: {answer.excerpt}") from error

    def _get(self, path: str) -> Answer:
        """A 2xx answer to a question. Raises NoReply."""
        return self._answered(lambda: self._http.get(path))

    def _answered(self, exchange: Callable[[], Answer]) -> Answer:
        try:
            answer = exchange()
        except (NotSent, AnswerLost) as error:
            raise NoReply(f"{self.kind} did not answer: {error}") from error
        if not answer.ok:
            raise NoReply(f"{self.kind} refused: {answer.excerpt}", answer.status)
        return answer

    def look_up(self, message: LostMessage) -> LookUp:
        try:
            return self._search(message)
        except NoReply as error:
            return CannotTell(str(error))

    def _search(self, message: LostMessage) -> LookUp:
        return super().look_up(message)

    def balance(self) -> Balance:
        try:
            return self._read_balance()
        except NoReply as error:
            raise BalanceUnavailable(str(error)) from error

    def _read_balance(self) -> Balance:
        return super().balance()

    def check_account(self) -> str | None:
        try:
            return self._check()
        except NoReply as error:
            raise CheckFailed(str(error)) from error

    def _check(self) -> str | None:
        return super().check_account()

    def close(self) -> None:
        self._http.close()


class BatchHttpProvider(HttpProvider):
    """A provider that takes one text for several numbers in one request.

    `tells_each_number`: a 2xx answer holds each number's own outcome, so that asking again in halves would only
    repeat it."""

    tells_each_number: ClassVar[bool] = False

    def send_batch(self, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        """Answers and receipts tell the messages of a batch apart by their numbers, so that no number must be in
        it twice."""
        if len({message.to for message in messages}) < len(messages):
            return [self.send(message) for message in messages]
        objections = [self._objection(message) for message in messages]
        fit = [message for message, objection in zip(messages, objections, strict=True) if objection is None]
        outcomes = iter(self._send_together(fit) if fit else ())
        return [objection or next(outcomes) for objection in objections]

    def _send_together(self, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        """A batch refused as a whole, perhaps for the fault of one number, is halved until the fault stands alone."""
        if len(messages) == 1:
            return [self.send(messages[0])]
        try:
            answer = self._hand_over_batch(messages)
        except NotSent as error:
            return [TemporarilyFailed(Fault.UNREACHABLE.value, detail=str(error))] * len(messages)
        except AnswerLost as error:
            return [OutcomeUnknown("answer_lost", detail=str(error))] * len(messages)
        outcomes = self._judge_batch(answer, messages)
        told_apart = answer.ok and self.tells_each_number
        if told_apart or not all(map(_may_be_one_number_s_fault, outcomes)):
            return outcomes
        half = len(messages) // 2
        return [*self._send_together(messages[:half]), *self._send_together(messages[half:])]

    def _judge_batch(self, answer: Answer, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        if not answer.ok:
            return [self._judge_failure(answer)] * len(messages)
        try:
            return self._read_batch(answer.body, messages)
        except ValidationError:
            return [OutcomeUnknown("unreadable_answer", detail=answer.excerpt)] * len(messages)

    @abstractmethod
    def _hand_over_batch(self, messages: Sequence[OutgoingMessage]) -> Answer:
        """The one exchange of a batch."""

    @abstractmethod
    def _read_batch(self, body: bytes, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        """What a 2xx answer says of each message, in order. Raises ValidationError."""


def _may_be_one_number_s_fault(outcome: SendOutcome) -> bool:
    return isinstance(outcome, Rejected) and outcome.permanent and outcome.reason not in OF_THE_TEXT


def retry_after(answer: Answer, now: datetime) -> float | None:
    """The seconds the provider asked us to wait, given as a number or as a date."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parse_moment(value)
    except ValueError:
        return None
    return max((moment - now).total_seconds(), 0.0)


def parse_moment(value: str) -> datetime:
    """A date as HTTP and e-mail write it. Raises ValueError."""
    moment = parsedate_to_datetime(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, BeforeValidator(lambda value: parse_moment(value) if isinstance(value, str) else value)]
