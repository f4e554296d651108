"""Internet addresses as limits count them."""

from ipaddress import ip_address, ip_network


def network(address: str) -> str:
    """The address; of IPv6 its network, since whoever has one address of it has them all. What is no address stays
    as it is."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if ip.version == 6 and ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
