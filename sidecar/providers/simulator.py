"""A provider that reaches nobody: it answers like a real one, and reports receipts and customers' answers to our
own addresses over HTTP.

What happens is decided by the last four digits of the number:

    9901  rejected for good                 9907  accepted, then undelivered
    9902  fails, worth another try          9908  delivered, and the customer answers STOP
    9903  throttled, asked to wait          9909  delivered, and the customer answers 1
    9904  accepted, then silence            9910  delivered, then read
    9905  accepted, but the answer is lost  others  accepted, then sent and delivered
    9906  accepted after two seconds
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Thread

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from sidecar.domain.capabilities import Capabilities
from sidecar.domain.exchange import DEFAULT_LIMITS, AnswerLost, Limits, NotSent
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
from sidecar.http.client import HttpClient
from sidecar.providers.base import AccountContext, CallbackUnreadable, Fault, Provider, not_sent
from sidecar.providers.http_provider import ProviderOptions

_log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5.0
SLOW_SECONDS = 2.0
# Long enough for a sidecar that is still starting.
RETRY_DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0)
_POST_LIMITS = Limits(pool_size=1, connect_seconds=2.0, total_seconds=10.0)


@dataclass(frozen=True, slots=True)
class _Play:
    """What becomes of one number's messages. `outcome` None: accepted; `reply`: what the customer answers."""

    outcome: SendOutcome | None = None
    receipts: tuple[MessageState, ...] = (MessageState.SENT, MessageState.DELIVERED)
    seconds: float = 0.0
    reply: str = ""


_USUAL = _Play()
_PLAYS: Mapping[str, _Play] = {
    "9901": _Play(not_sent(Fault.INVALID_NUMBER, code="9901"), receipts=()),
    "9902": _Play(not_sent(Fault.PROVIDER_DOWN, code="9902"), receipts=()),
    "9903": _Play(not_sent(Fault.THROTTLED, code="9903", retry_after=RETRY_AFTER_SECONDS), receipts=()),
    "9904": _Play(receipts=()),
    "9905": _Play(OutcomeUnknown("answer_lost")),
    "9906": _Play(seconds=SLOW_SECONDS),
    "9907": _Play(receipts=(MessageState.SENT, MessageState.UNDELIVERED)),
    "9908": _Play(reply="STOP"),
    "9909": _Play(reply="1"),
    "9910": _Play(receipts=(MessageState.SENT, MessageState.DELIVERED, MessageState.READ)),
}


def _play(number: str) -> _Play:
    return _PLAYS.get(number[-4:], _USUAL)


def _provider_id(message_id: str) -> str:
    return f"sim-{message_id}"


class Report(BaseModel):
    """The body of a receipt."""

    id: str = Field(min_length=1)
    message: str = Field(min_length=1)
    status: str
    reason: str = ""
    at: AwareDatetime


class Reply(BaseModel):
    """The body of a customer's message. `answers` is the id of the message it answers."""

    id: str = Field(min_length=1)
    customer: str = Field(pattern=r"^\+[1-9][0-9]{4,14}$")
    shop: str
    text: str
    channel: str
    answers: str
    at: AwareDatetime


class Simulator(Provider):
    kind = "simulator"
    capabilities = Capabilities(
        channels=frozenset({"sms", "whatsapp"}),
        batch_size=100,
        look_up=True,
        balance=True,
        inbound=True,
        idempotent=True,
    )
    reaches_people = False

    class Options(ProviderOptions):
        """`receipt_delay`: seconds from the answer to the first receipt, and again to each of the others.
        `reply_delay`: seconds from the last receipt to the customer's answer."""

        receipt_delay: float = Field(0.3, ge=0, le=3600)
        reply_delay: float = Field(1.0, ge=0, le=3600)

    def __init__(
        self,
        options: Options,
        context: AccountContext,
        limits: Limits = DEFAULT_LIMITS,
        *,
        sleep: Callable[[float], None] = time.sleep,
        retry_delays: tuple[float, ...] = RETRY_DELAYS,
    ) -> None:
        self._options = options
        self._sleep = sleep
        self._status = HttpClient(context.status_url, limits=_POST_LIMITS, plain_anywhere=True)
        self._inbound = HttpClient(context.inbound_url, limits=_POST_LIMITS, plain_anywhere=True)
        self._post = Post(context.now, retry_delays)

    def send(self, message: OutgoingMessage) -> SendOutcome:
        play = _play(message.to)
        if play.seconds:
            self._sleep(play.seconds)
        for number, state in enumerate(play.receipts, start=1):
            name = f"receipt {state} of {message.id}"
            self._post.schedule(
                number * self._options.receipt_delay, _Letter(name, self._status, _report(message, state))
            )
        if play.reply:
            after = len(play.receipts) * self._options.receipt_delay + self._options.reply_delay
            letter = _Letter(f"answer to {message.id}", self._inbound, _reply(message, play.reply))
            self._post.schedule(after, letter)
        return play.outcome or Accepted(_provider_id(message.id))

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        try:
            report = Report.model_validate_json(callback.body)
        except ValidationError as error:
            raise CallbackUnreadable("a receipt holds id, message, status and at") from error
        state = MessageState(report.status) if report.status in list(MessageState) else None
        return [Receipt(report.id, state, report.status, report.reason, message_id=report.message, at=report.at)]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        try:
            reply = Reply.model_validate_json(callback.body)
        except ValidationError as error:
            raise CallbackUnreadable("an answer holds id, customer, shop, text, channel, answers and at") from error
        return [
            Inbound(
                reply.id,
                reply.customer,
                recipient=reply.shop,
                text=reply.text,
                channel=reply.channel,
                at=reply.at,
                in_reply_to=reply.answers,
            )
        ]

    def look_up(self, message: LostMessage) -> LookUp:
        """Without memory, since a process may end: the number alone tells whether the message had been taken."""
        if isinstance(_play(message.to).outcome, OutcomeUnknown):
            return Found(_provider_id(message.id), MessageState.ACCEPTED)
        return NotFound()

    def balance(self) -> Balance:
        return Balance(Decimal(1000), "simulated messages")

    def close(self) -> None:
        self._post.close()
        self._status.close()
        self._inbound.close()


def _report(message: OutgoingMessage, state: MessageState) -> dict[str, str]:
    reason = Fault.HANDSET_UNREACHABLE if state is MessageState.UNDELIVERED else ""
    return {"id": _provider_id(message.id), "message": message.id, "status": state, "reason": reason}


def _reply(message: OutgoingMessage, text: str) -> dict[str, str]:
    answers = _provider_id(message.id)
    told = {"id": f"{answers}-answer", "customer": message.to, "shop": message.sender or "simulator"}
    return {**told, "text": text, "channel": message.channel, "answers": answers}


@dataclass(frozen=True, slots=True)
class _Letter:
    name: str
    address: HttpClient
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    at: float
    number: int
    letter: _Letter = field(compare=False)
    attempt: int = field(compare=False)


class Post:
    """Posts letters when they are due, from one thread that starts with the first of them."""

    def __init__(self, now: Callable[[], datetime], retry_delays: tuple[float, ...]) -> None:
        self._now = now
        self._retry_delays = retry_delays
        self._queue: list[_Due] = []
        self._numbers = count()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._closed = False

    def schedule(self, delay: float, letter: _Letter, attempt: int = 0) -> None:
        with self._changed:
            due = _Due(time.monotonic() + delay, next(self._numbers), letter, attempt)
            heappush(self._queue, due)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="simulator-post", daemon=True)
                self._thread.start()
            if self._queue[0] is due:
                self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread:
            self._thread.join(_POST_LIMITS.total_seconds)

    def _run(self) -> None:
        while due := self._next():
            if not self._delivered(due.letter):
                self._retry(due)

    def _next(self) -> _Due | None:
        """Wait for the next letter to fall due. None when closed."""
        with self._changed:
            while not self._closed:
                left = self._queue[0].at - time.monotonic() if self._queue else None
                if left is not None and left <= 0:
                    return heappop(self._queue)
                self._changed.wait(left)
            return None

    def _delivered(self, letter: _Letter) -> bool:
        body = json.dumps({**letter.told, "at": self._now().isoformat()}).encode()
        try:
            return letter.address.post("", "application/json", body).ok
        except (NotSent, AnswerLost):
            return False

    def _retry(self, due: _Due) -> None:
        if due.attempt < len(self._retry_delays):
            self.schedule(self._retry_delays[due.attempt], due.letter, due.attempt + 1)
        else:
            _log.warning("%s given up", due.letter.name)
