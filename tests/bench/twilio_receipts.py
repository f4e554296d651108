"""Status callbacks as Twilio makes them: form-encoded, signed, over a few kept connections."""

import asyncio
import hmac
from base64 import b64encode
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from .http1 import message_length, request, status_of, succeeded

RETRY_PAUSE = 0.25
TICK = 0.005


class Message(Protocol):
    """What a receipt tells of a message."""

    @property
    def sid(self) -> str: ...
    @property
    def account_sid(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def service_sid(self) -> str: ...
    @property
    def callback(self) -> str: ...

    status: str


def signature(auth_token: bytes, url: str, fields: Mapping[str, str]) -> str:
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return b64encode(hmac.digest(auth_token, signed.encode(), "sha1")).decode()


def callback_fields(message: Message, status: str) -> dict[str, str]:
    service = {"MessagingServiceSid": message.service_sid} if message.service_sid else {}
    return {
        "SmsSid": message.sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": message.to,
        **service,
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "From": message.sender,
        "ApiVersion": "2010-04-01",
    }


def callback_request(auth_token: bytes, message: Message, status: str) -> bytes:
    fields = callback_fields(message, status)
    url = urlsplit(message.callback)
    headers = {
        "Host": url.netloc,
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": signature(auth_token, message.callback, fields),
    }
    return request("POST", url.path + (f"?{url.query}" if url.query else ""), headers, urlencode(fields).encode())


@dataclass(slots=True)
class Settings:
    """`statuses` are reported one after the other, `delay` seconds apart. `address`, when set, is called
    in place of the host in the callback's URL (the URL is still what is signed)."""

    auth_token: bytes
    statuses: tuple[str, ...] = ("delivered",)
    delay: float = 0.05
    connections: int = 4
    address: tuple[str, int] | None = None


@dataclass(slots=True)
class Counts:
    scheduled: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    retried: int = 0

    def as_dict(self, waiting: int) -> dict[str, Any]:
        accepted = sum(number for status, number in self.answers.items() if succeeded(status))
        return {
            "scheduled": self.scheduled,
            "accepted": accepted,
            "refused": self.answers.total() - accepted,
            "answers": {str(status): number for status, number in self.answers.items()},
            "retried": self.retried,
            "waiting": waiting,
        }


@dataclass(order=True, slots=True)
class _Receipt:
    due: float
    order: int
    message: Message = field(compare=False)
    step: int = field(compare=False, default=0)


class ReceiptSender:
    """Reports on every message it is given; tries again while the receiver cannot be reached."""

    def __init__(self, settings: Settings, loop: asyncio.AbstractEventLoop) -> None:
        self.settings = settings
        self.loop = loop
        self.counts = Counts()
        self._waiting: list[_Receipt] = []
        self._idle = deque(_Poster(self) for _ in range(settings.connections))
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None

    def report(self, message: Message, step: int = 0) -> None:
        self.counts.scheduled += 1
        due = self.loop.time() + self.settings.delay
        heappush(self._waiting, _Receipt(due, next(self._order), message, step))
        self._wake()

    def waiting(self) -> int:
        return len(self._waiting) + self.settings.connections - len(self._idle)

    def reset(self) -> None:
        self.counts = Counts()
        self._waiting.clear()

    def answered(self, poster: "_Poster", receipt: _Receipt, status: int) -> None:
        self.counts.answers[status] += 1
        self._idle.append(poster)
        if receipt.step + 1 < len(self.settings.statuses):
            self.report(receipt.message, receipt.step + 1)
        self._wake()

    def failed(self, poster: "_Poster", receipt: _Receipt) -> None:
        self.counts.retried += 1
        self._idle.append(poster)
        receipt.due = self.loop.time() + RETRY_PAUSE
        heappush(self._waiting, receipt)
        self._wake()

    def _wake(self) -> None:
        """Post what is due; come back for the rest, in batches rather than for each."""
        now = self.loop.time()
        while self._idle and self._waiting and self._waiting[0].due <= now:
            self._idle.popleft().post(heappop(self._waiting))
        if self._timer is None and self._idle and self._waiting:
            self._timer = self.loop.call_at(max(self._waiting[0].due, now + TICK), self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._wake()


class _Poster(asyncio.Protocol):
    """One kept connection, with at most one receipt under way."""

    def __init__(self, owner: ReceiptSender) -> None:
        self._owner = owner
        self._transport: asyncio.Transport | None = None
        self._receipt: _Receipt | None = None
        self._buffer = b""
        self._connecting: asyncio.Task[None] | None = None

    def post(self, receipt: _Receipt) -> None:
        self._receipt = receipt
        if self._transport is None:
            self._connecting = self._owner.loop.create_task(self._connect(receipt))
        else:
            self._write(self._transport, receipt)

    async def _connect(self, receipt: _Receipt) -> None:
        url = urlsplit(receipt.message.callback)
        host, port = self._owner.settings.address or (url.hostname or "", url.port or 80)
        try:
            await self._owner.loop.create_connection(lambda: self, host, port)
        except OSError:
            self._give_back()

    def _write(self, transport: asyncio.Transport, receipt: _Receipt) -> None:
        settings = self._owner.settings
        status = receipt.message.status = settings.statuses[receipt.step]
        transport.write(callback_request(settings.auth_token, receipt.message, status))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._receipt is not None:
            self._write(transport, self._receipt)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if message_length(self._buffer) and self._receipt is not None:
            status, self._buffer = status_of(self._buffer), b""
            receipt, self._receipt = self._receipt, None
            self._owner.answered(self, receipt, status)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._buffer = b""
        self._give_back()

    def _give_back(self) -> None:
        receipt, self._receipt = self._receipt, None
        if receipt is not None:
            self._owner.failed(self, receipt)
