"""The HTTP client by itself: what it refuses, what it bounds, and what it swears was not sent."""

import socket
import ssl
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sidecar.domain.exchange import Answer, AnswerLost, Limits, NotSent
from sidecar.http import client as http
from sidecar.http.client import HttpClient, checked_base_url

from .server import Server, answer, drip_body, drip_headers, huge, later, silence

HASTY = Limits(pool_size=2, connect_seconds=0.3, total_seconds=0.4)


@pytest.fixture
def client(server: Server) -> Iterator[HttpClient]:
    made = HttpClient(server.url)
    yield made
    made.close()


@pytest.fixture
def hasty(server: Server) -> Iterator[HttpClient]:
    made = HttpClient(server.url, limits=HASTY)
    yield made
    made.close()


def post(client: HttpClient) -> Answer:
    return client.post("/send", "text/plain", b"hello")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com",
        "http://10.0.0.8",
        "http://localhost.example.com",
        "ftp://localhost",
        "https://",
        "example.com",
        "",
        "https://user:pass@example.com",
        "https://example.com?a=b",
        "https://example.com/#x",
        "https://example.com:99999",
        "https://[::1",
    ],
)
def test_an_address_that_is_not_encrypted_or_not_plain_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        HttpClient(url)


@pytest.mark.parametrize(
    "url", ["https://api.example.com/v1/public/", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:80/x"]
)
def test_encrypted_addresses_and_this_machine_are_welcome(url: str) -> None:
    assert checked_base_url(url) == url.rstrip("/")


def test_what_is_sent_arrives(client: HttpClient, server: Server) -> None:
    server.script(answer(418, b"tea", X_Kind="Assam"))
    reply = post(client)
    assert (reply.status, reply.body, reply.headers["x-kind"], reply.ok) == (418, b"tea", "Assam", False)
    (request,) = server.requests
    assert (request.method, request.target, request.body) == ("POST", "/send", b"hello")
    assert request.header("Accept-Encoding") == "identity"


def test_nobody_is_given_cookies(client: HttpClient, server: Server) -> None:
    server.script(answer(200, b"", Set_Cookie="a=b; Path=/"))
    post(client), post(client)
    assert [request.header("Cookie") for request in server.requests] == [None, None]


def test_redirects_are_not_followed(client: HttpClient, server: Server) -> None:
    server.script(answer(307, b"", Location=f"{server.url}/elsewhere"))
    assert post(client).status == 307
    assert len(server.requests) == 1


def test_proxies_of_the_environment_are_ignored(
    client: HttpClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(client).status == 200


def test_a_refused_connection_is_not_sent() -> None:
    with pytest.raises(NotSent):
        post(HttpClient("http://127.0.0.1:1", limits=HASTY))


def test_an_unknown_name_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent):
        post(HttpClient("https://api.example.invalid", limits=HASTY))


def test_a_connection_that_takes_too_long_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(address)
        with pytest.raises(NotSent):
            post(HttpClient(f"http://127.0.0.1:{address[1]}", limits=HASTY))
        for sock in waiting:
            sock.close()


def test_plain_talk_on_an_encrypted_line_is_not_sent(server: Server) -> None:
    with pytest.raises(NotSent):
        post(HttpClient(server.url.replace("http:", "https:"), limits=HASTY))
    assert not server.requests


def test_a_handshake_that_never_ends_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(NotSent):
        post(HttpClient(f"https://127.0.0.1:{mute.getsockname()[1]}", limits=HASTY))


def test_the_certificate_is_checked(tmp_path: Path) -> None:
    tls, ca_file = _self_signed(tmp_path)
    with Server(tls) as server:
        with pytest.raises(NotSent):
            post(HttpClient(server.url, limits=HASTY))
        assert not server.requests
        assert post(HttpClient(server.url, ca_file=ca_file)).status == 200


def test_the_deadline_holds_over_tls(tmp_path: Path) -> None:
    tls, ca_file = _self_signed(tmp_path)
    with Server(tls) as server:
        server.script(drip_body)
        with pytest.raises(AnswerLost):
            post(HttpClient(server.url, limits=HASTY, ca_file=ca_file))


@pytest.mark.parametrize("reaction", [silence, drip_body, drip_headers])
def test_no_answer_takes_longer_than_the_deadline(hasty: HttpClient, server: Server, reaction: object) -> None:
    server.script(reaction)  # type: ignore[arg-type]
    begun = time.monotonic()
    with pytest.raises(AnswerLost):
        post(hasty)
    assert time.monotonic() - begun < 3


def test_a_slow_answer_within_the_deadline_is_an_answer(client: HttpClient, server: Server) -> None:
    server.script(later(0.2, answer(200, b"at last")))
    assert post(client).body == b"at last"


def test_the_longest_answer_is_read_and_a_byte_more_is_not(server: Server) -> None:
    client = HttpClient(server.url, limits=Limits(answer_bytes=1000))
    server.script(answer(200, b"x" * 1000), answer(200, b"x" * 1001))
    assert len(post(client).body) == 1000
    with pytest.raises(AnswerLost):
        post(client)


def test_of_a_huge_answer_only_the_beginning_is_read(client: HttpClient, server: Server) -> None:
    server.script(huge)
    tracemalloc.start()
    try:
        with pytest.raises(AnswerLost):
            post(client)
        assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_after_a_lost_answer_the_next_exchange_is_whole(client: HttpClient, server: Server) -> None:
    server.script(answer(200, b"x" * 300_000), answer(200, b"second"))
    with pytest.raises(AnswerLost):
        post(client)
    assert post(client).body == b"second"


def test_a_connection_idle_for_long_is_not_used_again(
    client: HttpClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_LONGEST_IDLE_SECONDS", 0.05)
    post(client)
    time.sleep(0.1)
    post(client)
    assert server.connections == 2


def test_an_illegal_header_never_leaves(server: Server) -> None:
    with pytest.raises(AnswerLost):
        post(HttpClient(server.url, {"X-Key": "a\r\nHost: elsewhere"}, HASTY))
    assert not server.requests


def _self_signed(folder: Path) -> tuple[ssl.SSLContext, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    return tls, str(file)
