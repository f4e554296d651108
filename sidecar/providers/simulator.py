"""A provider that reaches nobody: it answers like a real one and sends real receipts to our own address.

What happens is decided by the last four digits of the number:

    9901  rejected for good                 9905  accepted, but the answer is lost
    9902  fails, worth another try          9906  accepted after two seconds
    9903  throttled, asked to wait          9907  accepted, then undelivered
    9904  accepted, then silence            others  accepted, then sent and delivered
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Thread
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    Found,
    LookUp,
    NotFound,
    OutcomeUnknown,
    Receipt,
    SendOutcome,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import (
    DEFAULT_LIMITS,
    AccountContext,
    CallbackUnreadable,
    Capabilities,
    Fault,
    Limits,
    Provider,
    not_sent,
)
from sidecar.providers.http import AnswerLost, HttpClient, NotSent
from sidecar.providers.http_provider import ProviderOptions

_log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5.0
SLOW_SECONDS = 2.0
# Long enough for a sidecar that is still starting.
RETRY_DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0)
_RECEIPT_LIMITS = Limits(pool_size=1, connect_seconds=2.0, total_seconds=10.0)


@dataclass(frozen=True, slots=True)
class _Play:
    """What becomes of one number's messages. `outcome` None: accepted."""

    outcome: SendOutcome | None = None
    receipts: tuple[MessageState, ...] = (MessageState.SENT, MessageState.DELIVERED)
    seconds: float = 0.0


_USUAL = _Play()
_PLAYS: Mapping[str, _Play] = {
    "9901": _Play(not_sent(Fault.INVALID_NUMBER, code="9901"), receipts=()),
    "9902": _Play(not_sent(Fault.PROVIDER_DOWN, code="9902"), receipts=()),
    "9903": _Play(not_sent(Fault.THROTTLED, code="9903", retry_after=RETRY_AFTER_SECONDS), receipts=()),
    "9904": _Play(receipts=()),
    "9905": _Play(OutcomeUnknown("answer_lost")),
    "9906": _Play(seconds=SLOW_SECONDS),
    "9907": _Play(receipts=(MessageState.SENT, MessageState.UNDELIVERED)),
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


class Simulator(Provider):
    kind = "simulator"
    capabilities = Capabilities(frozenset({"sms", "whatsapp"}), look_up=True, balance=True, idempotent=True)
    reaches_people = False

    class Options(ProviderOptions):
        """`receipt_delay`: seconds from the answer to the first receipt, and again to the second."""

        receipt_delay: float = Field(0.3, ge=0, le=3600)

    def __init__(
        self,
        options: Options,
        context: AccountContext,
        limits: Limits = DEFAULT_LIMITS,
        *,
        sleep: Callable[[float], None] = time.sleep,
        retry_delays: tuple[float, ...] = RETRY_DELAYS,
    ) -> None:
        self._delay = options.receipt_delay
        self._sleep = sleep
        self._post = ReceiptPost(context.status_url, context.now, retry_delays)

    def send(self, message: OutgoingMessage) -> SendOutcome:
        play = _play(message.to)
        if play.seconds:
            self._sleep(play.seconds)
        for number, state in enumerate(play.receipts, start=1):
            self._post.schedule(number * self._delay, message.id, state)
        return play.outcome or Accepted(_provider_id(message.id))

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        try:
            report = Report.model_validate_json(callback.body)
        except ValidationError as error:
            raise CallbackUnreadable("a receipt holds id, message, status and at") from error
        state = MessageState(report.status) if report.status in list(MessageState) else None
        return [Receipt(report.id, state, report.status, report.reason, message_id=report.message, at=report.at)]

    def look_up(self, message: LostMessage) -> LookUp:
        """Without memory, since a process may end: the number alone tells whether the message had been taken."""
        if isinstance(_play(message.to).outcome, OutcomeUnknown):
            return Found(_provider_id(message.id), MessageState.ACCEPTED)
        return NotFound()

    def balance(self) -> Balance:
        return Balance(Decimal(1000), "simulated messages")

    def close(self) -> None:
        self._post.close()


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    at: float
    number: int
    message_id: str
    state: MessageState
    attempt: int = 0


class ReceiptPost:
    """Posts receipts when they are due, from one thread that starts with the first of them."""

    def __init__(self, status_url: str, now: Callable[[], datetime], retry_delays: tuple[float, ...]) -> None:
        parts = urlsplit(status_url)
        host = f"{parts.scheme}://{parts.netloc}"
        self._path = status_url.removeprefix(host)
        self._http = HttpClient(host, limits=_RECEIPT_LIMITS, plain_anywhere=True)
        self._now = now
        self._retry_delays = retry_delays
        self._queue: list[_Due] = []
        self._numbers = count()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._closed = False

    def schedule(self, delay: float, message_id: str, state: MessageState, attempt: int = 0) -> None:
        with self._changed:
            due = _Due(time.monotonic() + delay, next(self._numbers), message_id, state, attempt)
            heappush(self._queue, due)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="simulator-receipts", daemon=True)
                self._thread.start()
            if self._queue[0] is due:
                self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread:
            self._thread.join(_RECEIPT_LIMITS.total_seconds)
        self._http.close()

    def _run(self) -> None:
        while due := self._next():
            if not self._delivered(due):
                self._retry(due)

    def _next(self) -> _Due | None:
        """Wait for the next receipt to fall due. None when closed."""
        with self._changed:
            while not self._closed:
                left = self._queue[0].at - time.monotonic() if self._queue else None
                if left is not None and left <= 0:
                    return heappop(self._queue)
                self._changed.wait(left)
            return None

    def _delivered(self, due: _Due) -> bool:
        try:
            return self._http.post(self._path, "application/json", self._body(due)).ok
        except (NotSent, AnswerLost):
            return False

    def _body(self, due: _Due) -> bytes:
        reason = Fault.HANDSET_UNREACHABLE if due.state is MessageState.UNDELIVERED else ""
        report = {"id": _provider_id(due.message_id), "message": due.message_id, "status": due.state, "reason": reason}
        return json.dumps({**report, "at": self._now().isoformat()}).encode()

    def _retry(self, due: _Due) -> None:
        if due.attempt < len(self._retry_delays):
            self.schedule(self._retry_delays[due.attempt], due.message_id, due.state, due.attempt + 1)
        else:
            _log.warning("receipt %s of %s given up", due.state, due.message_id)
