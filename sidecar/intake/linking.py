"""Links in a text: short ones of ours in place of long ones, and a page of ours where a parcel has none."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from string import ascii_letters, digits
from typing import Any

from sidecar.catalog.context import Context
from sidecar.domain.shop import Shop
from sidecar.policy.linking import leads_to_known_hosts, shortens
from sidecar.storage.links import NewLink

OPENS, TRACKS = "l", "t"
"""First parts of the paths: a link that leads on, and our own page about a parcel."""
_ALPHABET = digits + ascii_letters
_LETTERS = 11
"""65 bits: nobody comes upon another's by guessing."""
_SHORTENED = ("tracking_url", "product_url", "link")


@dataclass(frozen=True, slots=True)
class Linking:
    """`public_url` is where people reach the sidecar, `carriers` the hosts of carriers' own pages, `fingerprint` a
    keyed hash: the same occasion has the same links, however often it is reported."""

    public_url: str
    carriers: Collection[str]
    fingerprint: Callable[..., str]

    def apply(
        self, shop: Shop, context: Context, country: str, occasion: str, devices: Mapping[str, str]
    ) -> tuple[Context, list[NewLink]]:
        """The context with the links as they leave, and the links to be kept with the message. `devices`: where
        `link` leads on phones of one make."""
        made: dict[str, NewLink] = {}
        if context.tracking_number and not context.tracking_url and shop.settings.tracking_page:
            facts = {"carrier": context.carrier, "tracking_number": context.tracking_number, "order": context.number}
            made["tracking_url"] = NewLink(self._code(shop, occasion, "page"), "", facts=facts)
        for name in _SHORTENED if shortens(shop, country) else ():
            if self._is_shortened(url := getattr(context, name), shop):
                mine = {kind: to for kind, to in devices.items() if name == "link" and self._is_shortened(to, shop)}
                made[name] = NewLink(self._code(shop, occasion, name), url, devices=mine)
        addresses: dict[str, Any] = {name: self._address(link) for name, link in made.items()}
        return replace(context, **addresses), list(made.values())

    def _is_shortened(self, url: str, shop: Shop) -> bool:
        ours = url.startswith(f"{self.public_url}/")
        return bool(url) and not ours and leads_to_known_hosts(url, shop, self.carriers)

    def _address(self, link: NewLink) -> str:
        return f"{self.public_url}/{OPENS if link.target else TRACKS}/{link.code}"

    def _code(self, shop: Shop, occasion: str, what: str) -> str:
        number = int(self.fingerprint("short", shop.id, occasion, what), 16)
        letters = []
        for _ in range(_LETTERS):
            number, at = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[at])
        return "".join(letters)
