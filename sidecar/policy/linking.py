"""Which links in a text are made short, and so can be seen to be opened."""

from collections.abc import Collection
from urllib.parse import urlsplit

from sidecar.domain.shop import Shop
from sidecar.policy.countries import rules_for


def shortens(shop: Shop, country: str) -> bool:
    """Whether the shop wants it, and the recipient's country lets such links through."""
    return shop.settings.short_links and not rules_for(country).short_links_refused


def leads_to_known_hosts(url: str, shop: Shop, carriers: Collection[str]) -> bool:
    """To the shop itself, a host it named, or a carrier's own pages. We send nobody on to anywhere else: whoever can
    write an order must not be able to put an address of theirs behind ours."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    own = (urlsplit(shop.url).hostname or "").lower().removeprefix("www.")
    known = {own, *shop.settings.link_hosts, *carriers} - {""}
    sound = parts.scheme in ("http", "https") and parts.username is None
    return sound and any(host == each or host.endswith(f".{each}") for each in known)
