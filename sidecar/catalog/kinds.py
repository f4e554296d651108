"""What is true of each text in every language."""

import tomllib
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

CATEGORIES = ("transactional", "marketing", "code", "staff")

_KINDS = Path(__file__).with_name("kinds.toml")


@dataclass(frozen=True, slots=True)
class Kind:
    """`context` names what is known when it is sent; `delay` is the usual wait after the event, as settings write
    it; `contact` tells whether the shop's contact closes it."""

    key: str
    category: str
    context: frozenset[str]
    validity_hours: float
    delay: str = ""
    contact: bool = True


class UnknownTemplate(LookupError):
    """The catalogue has no text under this key."""


FREE_TEXT = Kind("free_text", "transactional", frozenset({"customer", "order", "link"}), 24)
"""What a person writes for one number."""

_OWN = Kind("", "transactional", frozenset({"customer", "order"}), 24)
_OWN_MARKETING = Kind("", "marketing", frozenset({"customer", "link"}), 24)
"""What a shop writes under a key of its own."""


def own_kind(key: str, category: str, validity_hours: float) -> Kind:
    """Of a text that a shop wrote itself, under a key of the catalogue or one of its own."""
    known = kinds().get(key) or (_OWN_MARKETING if category == "marketing" else _OWN)
    return replace(known, key=key, category=category, validity_hours=validity_hours)


@cache
def kinds() -> dict[str, Kind]:
    data = tomllib.loads(_KINDS.read_text(encoding="utf-8"))
    return {key: Kind(key, **{**entry, "context": frozenset(entry["context"])}) for key, entry in data.items()}


def kind_of(key: str) -> Kind:
    try:
        return kinds()[key]
    except KeyError:
        nearest = ", ".join(get_close_matches(key, kinds(), n=3, cutoff=0))
        raise UnknownTemplate(f"no text is called {key!r}; the nearest are {nearest}") from None
