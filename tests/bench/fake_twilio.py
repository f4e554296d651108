"""A stand-in for Twilio's Messages API, as a process of its own: `python -m tests.bench.fake_twilio`.

It prints its port on one line, takes messages, counts them, and on request reports their delivery. Beside
Twilio's own addresses it answers GET /stats, GET /arrivals ([reference, number, Unix time] of each message
received) and POST /control ({"mode", "delay_ms", "receipts", "reset"}, each optional).
"""

import argparse
import asyncio
import gc
import time
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from .http1 import body_of, message_length, response
from .twilio_messages import Messages
from .twilio_receipts import ReceiptSender, Settings

_ACCOUNTS = "/2010-04-01/Accounts/"


class Mode(StrEnum):
    """What becomes of a request. In `lost` the message is taken, but the answer never leaves."""

    OK = "ok"
    DOWN = "down"
    UNAVAILABLE = "503"
    HANG = "hang"
    LOST = "lost"


class FakeTwilio:
    def __init__(self, receipts: ReceiptSender, *, reporting: bool, delay: float, mode: Mode) -> None:
        self.messages = Messages()
        self.receipts = receipts
        self.reporting = reporting
        self.delay = delay
        self.mode = mode
        self.requests = 0
        self.turned_away = 0

    def answer(self, request: bytes) -> bytes | None:
        """The answer to a request for Twilio; None where none is to come."""
        self.requests += 1
        if self.mode in (Mode.DOWN, Mode.HANG):
            self.turned_away += 1
            return None
        if self.mode is Mode.UNAVAILABLE:
            self.turned_away += 1
            return _problem(503, "Service Unavailable", 20503, "Service unavailable")
        method, target, _ = request[: request.index(b"\r\n")].decode().split(" ", 2)
        account_sid, _, resource = target.removeprefix(_ACCOUNTS).partition("/")
        if method == "POST" and resource == "Messages.json":
            return self._take(account_sid, body_of(request))
        return self._find(resource)

    def _take(self, account_sid: str, body: bytes) -> bytes | None:
        message = self.messages.take(account_sid, body)
        if self.reporting and message.callback:
            self.receipts.report(message)
        return None if self.mode is Mode.LOST else _json(message.as_json(), 201, "Created")

    def _find(self, resource: str) -> bytes:
        url = urlsplit(resource)
        if url.path == "Messages.json":
            return self._list({name: values[-1] for name, values in parse_qs(url.query).items()})
        message = self.messages.with_sid(url.path.removeprefix("Messages/").removesuffix(".json"))
        if message is None:
            return _problem(404, "Not Found", 20404, f"The requested resource {url.path} was not found")
        return _json(message.as_json())

    def _list(self, query: dict[str, str]) -> bytes:
        found = self.messages.sent_to(query["To"]) if "To" in query else self.messages.newest()
        size = int(query.get("PageSize", 50))
        page = [message.as_json() for message in found[:size]]
        return _json({"messages": page, "page": 0, "page_size": size, "next_page_uri": None, "start": 0})

    def stats(self) -> dict[str, Any]:
        return {
            **self.messages.stats(),
            "mode": self.mode,
            "requests": self.requests,
            "turned_away": self.turned_away,
            "receipts": self.receipts.counts.as_dict(self.receipts.waiting()),
            "cpu_seconds": time.process_time(),
        }

    def control(self, wishes: dict[str, Any]) -> dict[str, Any]:
        self.mode = Mode(wishes.get("mode", self.mode))
        self.delay = wishes.get("delay_ms", self.delay * 1000) / 1000
        self.reporting = wishes.get("receipts", self.reporting)
        if wishes.get("reset"):
            self.messages = Messages()
            self.receipts.reset()
            self.requests = self.turned_away = 0
        return self.stats()


def _json(value: Any, status: int = 200, reason: str = "OK") -> bytes:
    return response(status, reason, orjson.dumps(value))


def _problem(status: int, reason: str, code: int, message: str) -> bytes:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return _json({"code": code, "message": message, "more_info": more, "status": status}, status, reason)


class _Connection(asyncio.Protocol):
    def __init__(self, twilio: FakeTwilio, loop: asyncio.AbstractEventLoop) -> None:
        self._twilio = twilio
        self._loop = loop
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer = data = self._buffer + data if self._buffer else data
        if length := message_length(data):
            self._buffer = data[length:]
            self._serve(data[:length])

    def _serve(self, request: bytes) -> None:
        if b" /2010-04-01/" in request[:24]:
            self._serve_twilio(request)
        elif request.startswith(b"GET /stats "):
            self._transport.write(_json(self._twilio.stats()))
        elif request.startswith(b"GET /arrivals "):
            self._transport.write(_json(self._twilio.messages.arrivals()))
        elif request.startswith(b"POST /control "):
            self._transport.write(_json(self._twilio.control(orjson.loads(body_of(request)))))
        else:
            self._transport.write(_problem(404, "Not Found", 20404, "Not found"))

    def _serve_twilio(self, request: bytes) -> None:
        answer = self._twilio.answer(request)
        if answer is None:
            if self._twilio.mode is not Mode.HANG:
                self._transport.abort()
        elif self._twilio.delay:
            self._loop.call_later(self._twilio.delay, self._transport.write, answer)
        else:
            self._transport.write(answer)


async def serve(options: argparse.Namespace, announce: Callable[[int], None]) -> None:
    loop = asyncio.get_running_loop()
    settings = Settings(
        auth_token=options.auth_token.encode(),
        statuses=("sent", "delivered") if options.receipt_sent else ("delivered",),
        delay=options.receipt_delay / 1000,
        connections=options.receipt_connections,
        address=options.receipts_to,
    )
    receipts = ReceiptSender(settings, loop)
    twilio = FakeTwilio(receipts, reporting=options.receipts, delay=options.delay / 1000, mode=options.mode)
    server = await loop.create_server(lambda: _Connection(twilio, loop), "127.0.0.1", options.port, backlog=512)
    announce(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _address(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    return host, int(port)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0, help="0: any free one")
    add("--delay", type=float, default=0.0, metavar="MS", help="before every answer")
    add("--mode", "--fail-mode", type=Mode, default=Mode.OK, choices=list(Mode))
    add("--auth-token", default="bench-auth-token", help="signs the receipts")
    add("--receipts", action="store_true", help="call the StatusCallback of every message")
    add("--receipt-sent", action="store_true", help="report `sent` before `delivered`")
    add("--receipt-delay", type=float, default=50.0, metavar="MS", help="before each receipt")
    add("--receipt-connections", type=int, default=4)
    add("--receipts-to", type=_address, metavar="HOST:PORT", help="connect here, whatever the callback's host is")
    return parser.parse_args()


def main() -> None:
    gc.disable()
    asyncio.run(serve(_options(), announce=partial(print, flush=True)))


if __name__ == "__main__":
    main()
