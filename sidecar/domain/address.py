"""Internet addresses as limits count them."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network


def network(address: str) -> str:
    """The address; of IPv6 its network, since whoever has one address of it has them all. What is no address stays
    as it is."""
    try:
        ip = _plain(address)
    except ValueError:
        return address
    return str(ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


@dataclass(frozen=True, slots=True)
class AllowedAddresses:
    """From where one may come; from everywhere where nothing is listed."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, words: Iterable[str]) -> "AllowedAddresses":
        """Addresses (192.0.2.1) and networks (2001:db8::/32). Raises `ValueError`."""
        return cls(tuple(ip_network(word, strict=False) for word in words))

    def allow(self, address: str | None) -> bool:
        if not self.networks:
            return True
        try:
            ip = _plain(address or "")
        except ValueError:
            return False
        return any(ip in allowed for allowed in self.networks if allowed.version == ip.version)


def _plain(address: str) -> IPv4Address | IPv6Address:
    """IPv4 that came wrapped in IPv6 is IPv4."""
    ip = ip_address(address)
    return ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip
