"""Addresses that users give do not open the operator's network to them."""

import socket
from ipaddress import ip_network

import pytest

from sidecar.domain.exchange import AddressRefused, NotSent
from sidecar.http import addresses
from sidecar.http.addresses import Guard
from sidecar.http.client import HttpClient
from tests.providers.server import Server, answer

LOOPBACK = (ip_network("127.0.0.0/8"),)


def leads_to(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """The one thing that cannot be had without asking the network."""

    def told(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(addresses, "getaddrinfo", told)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fd00::5",
        "fe80::1%eth0",
        "::ffff:10.0.0.5",
        "64:ff9b::a00:5",
        "2002:a00:5::1",
    ],
)
def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    leads_to(monkeypatch, address)
    with pytest.raises(AddressRefused, match="RECADO_SHOP_NETWORKS"):
        Guard()("shop.example", 443, True)


def test_public_addresses_are_welcome_encrypted_only(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "93.184.216.34", "2606:4700::1")
    assert Guard()("shop.example", 443, True) == ["93.184.216.34", "2606:4700::1"]
    with pytest.raises(AddressRefused, match="https://"):
        Guard()("shop.example", 80, False)


def test_of_several_addresses_only_those_that_are_allowed_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "10.0.0.5", "93.184.216.34")
    assert Guard()("shop.example", 443, True) == ["93.184.216.34"]


def test_what_the_operator_allows_is_allowed_without_encryption_too(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "10.0.0.5")
    assert Guard((ip_network("10.0.0.0/8"),))("wordpress", 80, False) == ["10.0.0.5"]


def test_a_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers otherwise the second time it is asked opens nothing."""
    asked = []

    def once(host: str, port: int, _encrypted: bool) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with Server() as server:
        server.script(answer(200, b"here"))
        port = server.url.rpartition(":")[2]
        client = HttpClient(f"http://nowhere.invalid:{port}", plain_anywhere=True, resolve=once)
        assert client.get("/").body == b"here"
        assert server.requests[0].header("Host") == f"nowhere.invalid:{port}"
        client.close()
    assert asked == ["nowhere.invalid"]


def test_a_refused_address_is_never_connected_to() -> None:
    with Server() as server:
        client = HttpClient(server.url, plain_anywhere=True, resolve=Guard())
        with pytest.raises(AddressRefused):
            client.get("/")
        assert server.connections == 0
        allowed = HttpClient(server.url, plain_anywhere=True, resolve=Guard(LOOPBACK))
        assert allowed.get("/").ok
        client.close()
        allowed.close()


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with Server() as server, Server() as other:
        server.script(answer(302, b"", Location=f"{other.url}/stolen"))
        client = HttpClient(server.url, plain_anywhere=True, resolve=Guard(LOOPBACK))
        assert client.get("/").status == 302
        assert other.connections == 0
        client.close()


def test_a_name_that_does_not_exist_is_not_sent() -> None:
    with pytest.raises(NotSent):
        Guard()("nowhere.invalid", 443, True)
