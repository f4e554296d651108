"""One send of one message: the last checks, the adapter, and what its answer does to the message."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog

from sidecar.dispatch.carrying import Laden
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, OutcomeUnknown, Rejected, SendOutcome, TemporarilyFailed
from sidecar.domain.retry import look_up_delay, retry_delay
from sidecar.domain.status import MessageState
from sidecar.providers.base import UNFIT_CHANNEL, Provider
from sidecar.storage.accounts import Account
from sidecar.storage.messages import Step
from sidecar.storage.outbox import Claimed
from sidecar.storage.tables import CURRENCY, PROVIDER_ID, fitting

STALE_CLAIM = timedelta(seconds=5)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Withheld:
    """The sending switch stood against it at the last moment."""

    reason: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Not tried: it waited too long for a thread, and is anybody's again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """The shop's sending hours closed while it waited for its turn."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What it tells is no longer so, or nobody wants to know it any more."""

    reason: str


Outcome = SendOutcome | Withheld | GivenBack | Postponed | Withdrawn


@dataclass(frozen=True, slots=True)
class Finished:
    message: Claimed
    outcome: Outcome
    seconds: float
    told: Mapping[str, str] = field(default_factory=dict)


def _at_any_time(_message: Claimed, now: datetime) -> datetime:
    return now


def _as_ever(_message: Claimed) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Sender:
    """`objection` is asked last thing before a text leaves (number, whether the account reaches people);
    `observe` is told of each send: provider kind, kind of outcome, seconds; `carrying` makes a message ready for its
    account, or says why that cannot carry it; `opening` says from when on a message may leave; `overtaken` why it has
    become untrue or unwanted."""

    clock: Callable[[], datetime]
    provider_of: Callable[[str], Provider]
    objection: Callable[[str, bool], str | None]
    observe: Callable[[str, str, float], None]
    carrying: Callable[[Claimed, Provider, datetime], Laden | str]
    opening: Callable[[Claimed, datetime], datetime] = _at_any_time
    overtaken: Callable[[Claimed], str | None] = _as_ever

    def batch_size(self, account_id: str) -> int:
        """How many numbers one request of this account may carry; 1 while that cannot be told."""
        try:
            return self.provider_of(account_id).capabilities.batch_size
        except Exception:
            return 1

    def send(self, messages: Sequence[Claimed]) -> list[Finished]:
        """One message, or several of one account that share their text."""
        started = monotonic()
        ready = self._made_ready(messages)
        leaving = [one.message for one in ready if isinstance(one, Laden)]
        try:
            sent = iter(_handed_over(self.provider_of(messages[0].account_id), leaving) if leaving else ())
            outcomes = [next(sent) if isinstance(one, Laden) else one for one in ready]
        except Exception as error:
            log.exception("an adapter broke its promise", message_id=messages[0].id)
            lost = OutcomeUnknown("adapter_error", type(error).__name__)
            outcomes = [lost if isinstance(one, Laden) else one for one in ready]
        seconds = monotonic() - started
        for outcome in outcomes:
            self.observe(messages[0].provider, type(outcome).__name__, seconds)
        return [
            Finished(message, outcome, seconds, one.told if isinstance(one, Laden) else {})
            for message, outcome, one in zip(messages, outcomes, ready, strict=True)
        ]

    def _made_ready(self, messages: Sequence[Claimed]) -> Sequence[Laden | Outcome]:
        """Each message as it leaves, or what keeps it."""
        now = self.clock()
        # A process that was frozen since the claim may find that others have given the message up as lost.
        if now - messages[0].claimed_at > STALE_CLAIM:
            return [GivenBack("claim_grew_old")] * len(messages)
        try:
            provider = self.provider_of(messages[0].account_id)
        except Exception as error:
            refusal = Rejected("account_unusable", permanent=False, detail=f"{type(error).__name__}: {error}")
            return [refusal] * len(messages)
        return [self._checked(message, provider, now) for message in messages]

    def _checked(self, message: Claimed, provider: Provider, now: datetime) -> Laden | Outcome:
        """A check that fails keeps a message, too: certainly nothing has left."""
        try:
            if objection := self.objection(message.to, provider.reaches_people):
                return Withheld(objection)
            if (opening := self.opening(message, now)) > now:
                return Postponed(opening)
            if reason := self.overtaken(message):
                return Withdrawn(reason)
            laden = self.carrying(message, provider, now)
            return Rejected(laden, permanent=True) if isinstance(laden, str) else laden
        except Exception as error:
            log.exception("a check before sending failed", message_id=message.id)
            return TemporarilyFailed("check_failed", detail=type(error).__name__)


def _handed_over(provider: Provider, messages: Sequence[OutgoingMessage]) -> Iterator[SendOutcome]:
    """Those that differ in nothing but their numbers go together: another country may want another sender."""
    alike: dict[OutgoingMessage, list[OutgoingMessage]] = {}
    for message in messages:
        alike.setdefault(replace(message, id="", to="", validity_seconds=None), []).append(message)
    outcomes = {
        message.id: outcome
        for together in alike.values()
        for message, outcome in zip(together, _sent(provider, together), strict=True)
    }
    return (outcomes[message.id] for message in messages)


def _sent(provider: Provider, together: Sequence[OutgoingMessage]) -> Sequence[SendOutcome]:
    if len(together) == 1:
        return [provider.send(together[0])]
    outcomes = provider.send_batch(together)
    if len(outcomes) != len(together):
        raise ValueError("an outcome for each message of a batch, or it is not known whose is whose")
    return outcomes


def step_after(
    finished: Finished,
    now: datetime,
    jitter: float,
    probe_at: datetime | None = None,
    elsewhere: Account | None = None,
) -> Step:
    """Where the message goes from here. `probe_at`: while its account is out of order, when to try that again;
    `elsewhere`: the account that it goes on to."""
    message, outcome = finished.message, finished.outcome
    if elsewhere and isinstance(outcome, Rejected | TemporarilyFailed):
        return _handed_on(finished, outcome, elsewhere, now)
    state, columns, told = _consequence(outcome, message.attempts, now, jitter)
    if state is MessageState.QUEUED and probe_at:
        columns["due_at"] = probe_at
    detail = {"attempt": message.attempts, "seconds": round(finished.seconds, 3), **finished.told, **told}
    return Step(message.shop_id, message.id, state, columns, detail, message.attempts)


def is_unfit(outcome: Outcome) -> bool:
    """The message is sound, and this account or its channel cannot bring it to this person."""
    return isinstance(outcome, Rejected) and outcome.reason in UNFIT_CHANNEL


def _handed_on(finished: Finished, outcome: Rejected | TemporarilyFailed, account: Account, now: datetime) -> Step:
    columns: dict[str, Any] = {
        "account_id": account.id,
        "provider": account.kind,
        "channel": account.channel,
        "due_at": now,
        "reason": outcome.reason,
    }
    if is_unfit(outcome):
        columns["unfit"] = [*finished.message.unfit, finished.message.account_id]
    attempt = finished.message.attempts
    told = {"attempt": attempt, **_refusal(outcome), "failed_over_to": account.name}
    return Step(*finished.message.key, MessageState.QUEUED, columns, told, attempt)


def _consequence(
    outcome: Outcome, attempts: int, now: datetime, jitter: float
) -> tuple[MessageState, dict[str, Any], dict[str, Any]]:
    match outcome:
        case Accepted():
            columns = {
                "provider_id": fitting(outcome.provider_id, PROVIDER_ID) or None,
                "sent_at": now,
                "price": outcome.price,
                "currency": outcome.currency and fitting(outcome.currency, CURRENCY),
                "reason": "",
            }
            return MessageState.ACCEPTED, columns, {"provider_id": outcome.provider_id, "segments": outcome.segments}
        case Withheld(reason):
            return MessageState.SUPPRESSED, {"reason": reason}, {"reason": reason}
        case Withdrawn(reason):
            return MessageState.CANCELLED, {"reason": reason}, {"reason": reason}
        case Postponed(until):
            waiting: dict[str, Any] = {"due_at": until, "reason": "sending_hours", "attempts": attempts - 1}
            return MessageState.HELD, waiting, {"reason": "sending_hours", "until": until.isoformat()}
        case GivenBack(reason):
            return MessageState.QUEUED, {"due_at": now, "attempts": attempts - 1}, {"reason": reason}
        case OutcomeUnknown():
            columns = {"reason": outcome.reason, "check_at": now + look_up_delay(0)}
            return MessageState.UNKNOWN, columns, {"reason": outcome.reason, "answer": outcome.detail}
        case Rejected() if outcome.permanent:
            return MessageState.REJECTED, {"reason": outcome.reason}, _refusal(outcome)
        case Rejected() | TemporarilyFailed():
            wait = retry_delay(attempts, jitter, getattr(outcome, "retry_after", None))
            columns = {"reason": outcome.reason, "due_at": now + wait}
            return MessageState.QUEUED, columns, {**_refusal(outcome), "again_in": round(wait.total_seconds(), 1)}


def _refusal(outcome: Rejected | TemporarilyFailed) -> dict[str, str]:
    return {"reason": outcome.reason, "code": outcome.code, "answer": outcome.detail}
