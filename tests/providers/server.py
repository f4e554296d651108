"""A provider's end of the wire, scripted: real sockets, so that what is tested is what happens."""

import json
import socket
import ssl
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from types import TracebackType
from typing import BinaryIO, Self


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


Reaction = Callable[[socket.socket, Event], bool]
"""Answers on the socket; True when the connection may serve another request. The event is set at the end."""


def answer(status: int, body: object = b"", **headers: str) -> Reaction:
    return _sends(_http(status, _bytes(body), headers), stays=True)


def raw(data: bytes) -> Reaction:
    return _sends(data, stays=False)


def truncated(status: int, body: object) -> Reaction:
    whole = _http(status, _bytes(body), {})
    return _sends(whole[: -len(_bytes(body)) // 2], stays=False)


def truncated_chunks(sock: socket.socket, end: Event) -> bool:
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
    return False


def garbage(sock: socket.socket, end: Event) -> bool:
    sock.sendall(b"\x00\xff\xfe this is not HTTP\r\n\r\n\r\n")
    return False


def reset(sock: socket.socket, end: Event) -> bool:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def hang_up(sock: socket.socket, end: Event) -> bool:
    return False


def silence(sock: socket.socket, end: Event) -> bool:
    end.wait(10)
    return False


def huge(sock: socket.socket, end: Event) -> bool:
    size = 10 * 1024 * 1024
    sock.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n" % size)
    for _ in range(size // 65536):
        sock.sendall(b"x" * 65536)
    return False


def huge_unannounced(sock: socket.socket, end: Event) -> bool:
    sock.sendall(b"HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n")
    for _ in range(160):
        sock.sendall(b"x" * 65536)
    return False


def drip_body(sock: socket.socket, end: Event) -> bool:
    sock.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n")
    return _drip(sock, end, b"x" * 1000)


def drip_headers(sock: socket.socket, end: Event) -> bool:
    return _drip(sock, end, b"HTTP/1.1 201 Created\r\nX-Long: " + b"x" * 1000)


def later(seconds: float, reaction: Reaction) -> Reaction:
    def react(sock: socket.socket, end: Event) -> bool:
        time.sleep(seconds)
        return reaction(sock, end)

    return react


def _drip(sock: socket.socket, end: Event, data: bytes) -> bool:
    for byte in data:
        if end.wait(0.03):
            break
        sock.sendall(bytes([byte]))
    return False


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _http(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _sends(data: bytes, stays: bool) -> Reaction:
    def react(sock: socket.socket, end: Event) -> bool:
        sock.sendall(data)
        return stays

    return react


class Server:
    """Listens on a free port of the loopback and reacts to each request as told, the last reaction for good."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.reactions: list[Reaction] = [answer(200, {})]
        self.react: Callable[[Request], Reaction] | None = None
        self._tls = tls
        self._end = Event()
        self._lock = Lock()
        self._threads: list[Thread] = []
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    @property
    def url(self) -> str:
        host, port = self._listener.getsockname()
        return f"{'https' if self._tls else 'http'}://{'localhost' if self._tls else host}:{port}"

    def script(self, *reactions: Reaction) -> None:
        self.reactions = list(reactions)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._end.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._open:
                _shut(sock)
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: Callable[[], None]) -> None:
        thread = Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._end.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(lambda sock=sock: self._serve(sock))  # type: ignore[misc]

    def _serve(self, plain: socket.socket) -> None:
        try:
            sock = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
        except OSError:
            plain.close()
            return
        with self._lock:
            self._open.add(sock)
        try:
            with sock, sock.makefile("rb") as stream:
                while (request := _read(stream)) and self._reaction(request)(sock, self._end):
                    pass
        except (OSError, ValueError):
            pass
        finally:
            with self._lock:
                self._open.discard(sock)

    def _reaction(self, request: Request) -> Reaction:
        with self._lock:
            self.requests.append(request)
            if self.react:
                return self.react(request)
            return self.reactions.pop(0) if len(self.reactions) > 1 else self.reactions[0]


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _read(stream: BinaryIO) -> Request | None:
    line = stream.readline().decode()
    if not line:
        return None
    method, target, _ = line.split(" ", 2)
    headers: list[tuple[str, str]] = []
    while line := stream.readline().decode().strip():
        name, value = line.split(":", 1)
        headers.append((name, value.strip()))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Request(method, target, headers, stream.read(length))
