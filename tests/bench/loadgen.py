"""An HTTP/1.1 load generator: ready-made requests over keep-alive connections, one thread, plain sockets.

`closed_loop` sends as fast as the server answers. `open_loop` sends at a constant rate whatever the server
does, and counts every latency from the moment the request was due, so that a stall is not hidden by the
requests it kept from being sent. (A request may start up to a millisecond late: the timer's resolution.)
A request whose connection broke or that was not answered in time counts as an error, has no latency and is
not sent again. A server that is down is tried again until it has been away for `timeout` seconds.
"""

import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from .http1 import closes, message_length, status_of
from .stats import Result

Address = tuple[str, int]

SWEEP = 0.1
_clock = time.perf_counter


@dataclass(frozen=True, slots=True)
class Pace:
    """When requests are due and when to stop: every `interval` seconds, or at once (0)."""

    interval: float = 0.0
    seconds: float = inf
    count: float = inf


@dataclass(frozen=True, slots=True)
class LoadGenerator:
    address: Address
    connections: int = 16
    timeout: float = 10.0

    def closed_loop(self, requests: Iterator[bytes], *, seconds: float = inf, count: float = inf) -> Result:
        return _Run(self, requests, Pace(0.0, seconds, count)).result()

    def open_loop(self, requests: Iterator[bytes], *, rate: float, seconds: float) -> Result:
        return _Run(self, requests, Pace(1 / rate, inf, round(rate * seconds))).result()


class _Connection:
    __slots__ = ("buffer", "due", "sent", "sock")

    def __init__(self) -> None:
        self.sock: socket.socket | None = None
        self.buffer = b""
        self.due = 0.0
        self.sent = 0.0


class _Run:
    def __init__(self, generator: LoadGenerator, requests: Iterator[bytes], pace: Pace) -> None:
        self._address = generator.address
        self._timeout = generator.timeout
        self._requests = requests
        self._pace = pace
        self._result = Result()
        self._selector = selectors.DefaultSelector()
        self._connections = [_Connection() for _ in range(generator.connections)]
        self._idle: deque[_Connection] = deque()
        self._down: list[_Connection] = []
        self._taken = 0
        self._exhausted = False
        self._start = self._ended = self._last_answer = self._last_connected = self._next_sweep = 0.0

    def result(self) -> Result:
        for connection in self._connections:
            self._connect(connection)
        cpu = time.process_time()
        self._wall = time.time() - _clock()
        self._last_answer = self._last_connected = self._start = _clock()
        try:
            self._drive()
        finally:
            self._close()
        self._result.cpu_seconds = time.process_time() - cpu
        self._result.seconds = max(self._last_answer, self._ended) - self._start
        return self._result

    def _drive(self) -> None:
        select = self._selector.select
        while True:
            now = _clock()
            wait = self._send_due(now)
            if self._exhausted and len(self._idle) + len(self._down) == len(self._connections):
                return
            if now >= self._next_sweep:
                self._sweep(now)
            for key, _ in select(wait):
                self._read(key.data)

    def _send_due(self, now: float) -> float:
        """Send what is due and tell how long nothing more can be."""
        pace = self._pace
        while self._idle and not self._exhausted:
            due = self._start + self._taken * pace.interval
            if due > now:
                return min(due - now, SWEEP)
            request = self._next_request(now)
            if request is not None:
                self._send(self._idle.popleft(), request, due if pace.interval else _clock())
        return SWEEP

    def _next_request(self, now: float) -> bytes | None:
        over = self._taken >= self._pace.count or now - self._start >= self._pace.seconds
        request = None if over else next(self._requests, None)
        if request is None:
            self._finish(now)
        return request

    def _finish(self, now: float) -> None:
        self._exhausted = True
        self._ended = now

    def _send(self, connection: _Connection, request: bytes, due: float) -> None:
        assert connection.sock is not None
        self._taken += 1
        self._result.sent_at.append(self._wall + due)
        connection.due = due
        connection.sent = now = _clock()
        self._result.worst_start = max(self._result.worst_start, now - due)
        try:
            sent = connection.sock.send(request)
            if sent < len(request):
                _send_rest(connection.sock, request[sent:], self._timeout)
        except OSError:
            self._lost(connection, "send")

    def _read(self, connection: _Connection) -> None:
        assert connection.sock is not None
        try:
            data = connection.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lost(connection, "closed")
            return
        connection.buffer = data = connection.buffer + data if connection.buffer else data
        if message_length(data):
            self._answered(connection, data)

    def _answered(self, connection: _Connection, data: bytes) -> None:
        self._last_answer = now = _clock()
        self._result.latencies.append(now - connection.due)
        self._result.statuses[status_of(data)] += 1
        connection.buffer = b""
        connection.sent = 0.0
        if closes(data):
            self._lost(connection, "closed")
        else:
            self._idle.append(connection)

    def _lost(self, connection: _Connection, error: str) -> None:
        if connection.sent:
            self._result.errors[error] += 1
        else:
            self._result.reconnects += 1
            if connection in self._idle:
                self._idle.remove(connection)
        self._drop(connection)
        self._connect(connection)

    def _drop(self, connection: _Connection) -> None:
        if connection.sock is not None:
            self._selector.unregister(connection.sock)
            connection.sock.close()
        connection.sock = None
        connection.buffer = b""
        connection.sent = 0.0

    def _connect(self, connection: _Connection) -> None:
        try:
            sock = socket.create_connection(self._address, timeout=2.0)
        except OSError:
            self._result.errors["connect"] += 1
            self._down.append(connection)
            return
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)
        self._selector.register(sock, selectors.EVENT_READ, connection)
        connection.sock = sock
        self._last_connected = _clock()
        self._idle.append(connection)

    def _sweep(self, now: float) -> None:
        self._next_sweep = now + SWEEP
        down, self._down = self._down, []
        for connection in down:
            self._connect(connection)
        for connection in self._connections:
            if connection.sent and now - connection.sent > self._timeout:
                self._lost(connection, "timeout")
        if len(self._down) == len(self._connections) and now - self._last_connected > self._timeout:
            self._finish(now)

    def _close(self) -> None:
        for connection in self._connections:
            self._drop(connection)
        self._selector.close()


def _send_rest(sock: socket.socket, rest: bytes, timeout: float) -> None:
    sock.settimeout(timeout)
    sock.sendall(rest)
    sock.setblocking(False)
