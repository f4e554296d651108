"""Where a name may lead. Addresses that users give must not open the operator's own network to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM, gaierror, getaddrinfo

from sidecar.domain.exchange import AddressRefused, NotSent

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int, bool], Sequence[str]]
"""Host, port and whether the connection is encrypted in; the addresses to try out, one or more. Raises `NotSent`."""

_NAT64 = IPv6Network("64:ff9b::/96")


def as_named(host: str, _port: int, _encrypted: bool) -> Sequence[str]:
    """Anywhere: for hosts that the operator chose."""
    return (host,)


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets connections through to the public internet, encrypted, and to the `allowed` networks, in any way."""

    allowed: tuple[Network, ...] = ()

    def __call__(self, host: str, port: int, encrypted: bool) -> Sequence[str]:
        found = _addresses(host, port)
        welcome = [address for address in found if self._is_allowed(address) or (encrypted and _is_public(address))]
        if welcome:
            return [str(address) for address in welcome]
        if any(map(_is_public, found)):
            raise AddressRefused(f"http://{host} would send keys in the open: give the https:// address.")
        meant = "If it is meant to, name the network in RECADO_SHOP_NETWORKS."
        raise AddressRefused(f"{host} leads to the private address {found[0]}. {meant}")

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self.allowed)


def _addresses(host: str, port: int) -> list[Address]:
    try:
        found = getaddrinfo(host.strip("[]"), port, type=SOCK_STREAM)
    except (gaierror, UnicodeError) as error:
        raise NotSent(f"no address found for {host}") from error
    return [_unwrapped(ip_address(str(where[0]).partition("%")[0])) for *_, where in found]


def _unwrapped(address: Address) -> Address:
    """What an IPv6 address stands for, where it holds one of IPv4."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast
