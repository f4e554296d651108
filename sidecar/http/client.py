"""One careful HTTP exchange: encrypted, bounded in time and size, and exact about what may have been lost."""

import io
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from socket import socket
from time import monotonic
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util.connection import create_connection

from sidecar.domain.exchange import DEFAULT_LIMITS, Answer, AnswerLost, Limits, NotSent
from sidecar.http.addresses import Resolve, as_named

# Shorter than the keep-alive of the usual load balancers (60 s): a request must not cross their goodbye on
# the wire, because an answer lost that way leaves a message in doubt.
_LONGEST_IDLE_SECONDS = 30.0


class HttpClient:
    """Exchanges with one host, over connections that are kept and shared by all threads.

    `requests` is used from its adapter on: a session would keep cookies, read the environment's proxies,
    follow redirects or at least read their bodies whole, and cost a third of the throughput."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str] | None = None,
        limits: Limits = DEFAULT_LIMITS,
        *,
        plain_anywhere: bool = False,
        ca_file: str | None = None,
        resolve: Resolve = as_named,
    ) -> None:
        """`resolve` says to which addresses a name may lead, and refuses those it may not."""
        self._base_url = base_url.rstrip("/") if plain_anywhere else checked_base_url(base_url)
        # Without compression a small answer stays small and a bomb cannot hide in it.
        self._headers = {"User-Agent": "recado", "Accept-Encoding": "identity", **(headers or {})}
        self._answer_bytes = limits.answer_bytes
        self._timeout: Any = Timeout(connect=limits.connect_seconds, total=limits.total_seconds)
        self._verify: bool | str = ca_file or True
        self._adapter = _Adapter(resolve, pool_connections=1, pool_maxsize=limits.pool_size)

    def get(self, path: str) -> Answer:
        return self.exchange("GET", path, {}, None)

    def post(self, path: str, content_type: str, body: bytes) -> Answer:
        return self.exchange("POST", path, {"Content-Type": content_type}, body)

    def close(self) -> None:
        self._adapter.close()

    def exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """`headers` come on top of the client's own: some vendors want each request signed."""
        length = {} if body is None else {"Content-Length": str(len(body))}
        request = PreparedRequest()
        request.method, request.url, request.body = method, self._base_url + path, body
        request.headers = CaseInsensitiveDict({**self._headers, **headers, **length})
        try:
            response = self._adapter.send(request, stream=True, timeout=self._timeout, verify=self._verify)
            return self._read(response)
        except (RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            raise AnswerLost(type(error).__name__) from error

    def _read(self, response: Response) -> Answer:
        try:
            body = response.raw.read(self._answer_bytes + 1)
        finally:
            response.close()
        if len(body) > self._answer_bytes:
            raise AnswerLost(f"the answer is longer than {self._answer_bytes} bytes")
        if response.raw.length_remaining:
            raise AnswerLost("the answer broke off")
        return Answer(response.status_code, response.raw.headers, body)


def checked_base_url(url: str) -> str:
    """The address without its last slash. Raises ValueError unless requests to it are encrypted."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("must be an address like https://api.example.com")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("must begin with https:// (http:// is for this machine only)")
    if parts.username is not None or parts.query or parts.fragment or parts.port == 0:
        raise ValueError("must hold a host and at most a port and a path")
    return url.rstrip("/")


BaseUrl = Annotated[str, AfterValidator(checked_base_url)]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _UntilDeadline(io.RawIOBase):
    """Reads a socket until one moment for the whole answer, where the socket's own time-out would begin
    anew with every byte that drips in."""

    def __init__(self, sock: socket, stream: io.RawIOBase) -> None:
        self._sock, self._stream = sock, stream
        self._ends = monotonic() + (sock.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: socket, debuglevel: int = 0, method: str | None = None, url: str | None = None) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp = io.BufferedReader(_UntilDeadline(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    """Tells a failure to connect from everything that can fail later."""

    response_class = _TimedResponse
    resolve: Resolve
    encrypted = False
    _used_at = 0.0

    def connect(self) -> None:
        try:
            super().connect()
        except NotSent:
            raise
        except Exception as error:
            raise NotSent(f"no connection to {self.host}: {type(error).__name__}") from error

    def getresponse(self) -> Any:
        self._used_at = monotonic()
        return super().getresponse()

    @property
    def is_connected(self) -> bool:
        return monotonic() - self._used_at < _LONGEST_IDLE_SECONDS and super().is_connected

    def _new_conn(self) -> socket:
        """To an address that was checked: asking for the name's address again could give another one."""
        addresses = self.resolve(self.host, self.port or self.default_port, self.encrypted)
        for address in addresses[:-1]:
            with suppress(OSError):
                return self._connected(address)
        return self._connected(addresses[-1])

    def _connected(self, address: str) -> socket:
        where = address, self.port or self.default_port
        return create_connection(where, self.timeout, self.source_address, self.socket_options)


class _TlsConnection(_Connection, HTTPSConnection):
    encrypted = True


class _Adapter(HTTPAdapter):
    def __init__(self, resolve: Resolve, **options: Any) -> None:
        self._resolve = resolve
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        resolving = {"resolve": staticmethod(self._resolve)}
        plain, tls = (type(kind.__name__, (kind,), resolving) for kind in (_Connection, _TlsConnection))
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }
