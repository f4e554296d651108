"""Whether WordPress will deliver a webhook to an address at all: it accepts any, and then stays silent."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

PORTS = (None, 80, 443, 8080)
_LOCAL_NAMES = ("localhost", ".local", ".internal")


def objection(delivery_url: str, shop_url: str) -> str:
    """Why not, in a sentence; empty where it will. The shop's own host is welcome, private or not, and its own port
    there."""
    to, shop = urlsplit(delivery_url), urlsplit(shop_url)
    at_home = to.hostname == shop.hostname
    if _is_private(to) and not at_home:
        return f"WordPress delivers nothing to the private address {to.hostname}."
    if to.port not in PORTS and not (at_home and to.port == shop.port):
        return f"WordPress delivers nothing to port {to.port}, only to 80, 443 and 8080."
    return ""


def _is_private(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_NAMES)
