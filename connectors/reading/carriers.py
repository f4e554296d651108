"""Carriers: their names, and where a parcel can be followed."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from connectors.reading.text import clean

LONGEST_LINK = 200


def link(value: object) -> str:
    """A web address that fits a text, else nothing."""
    written = clean(value, LONGEST_LINK + 1)
    try:
        parts = urlsplit(written)
    except ValueError:
        return ""
    sound = parts.scheme in ("http", "https") and parts.hostname and " " not in written
    return written if sound and len(written) <= LONGEST_LINK else ""


def carrier_name(slug: str) -> str:
    known = _carriers().get(slug.lower(), {})
    return known.get("name") or slug.replace("-", " ").title() if slug.islower() else slug


def known_link(slug: str, number: str) -> str:
    """For carriers the plugins know by themselves they keep no link."""
    pattern = _carriers().get(slug.lower(), {}).get("link", "")
    return pattern.replace("{number}", quote(number, safe="")) if pattern and number else ""


def hosts() -> frozenset[str]:
    """Of the carriers' own pages."""
    links = (carrier.get("link", "") for carrier in _carriers().values())
    return frozenset(host for host in (urlsplit(link).hostname for link in links) if host)


@cache
def _carriers() -> Mapping[str, Mapping[str, str]]:
    return dict(_by_slug(tomllib.loads(Path(__file__).with_name("carriers.toml").read_text(encoding="utf-8"))))


def _by_slug(carriers: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for slug, carrier in carriers.items():
        for spelling in (slug, *carrier.get("also", "").split()):
            yield spelling, carrier
