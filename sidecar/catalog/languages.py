"""What the catalogue knows of each language: texts, phrases and names of statuses, one file a language."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_TEXTS = Path(__file__).with_name("texts")
_TRADITIONAL = {"TW", "HK", "MO", "HANT"}
FALLBACK = "en"

# What Magento calls them, and WooCommerce. "Suspected Fraud" is for the shop's eyes: the customer reads that the
# order is being checked.
_SAME_STATUS = {
    "pending_payment": "pending",
    "holded": "on_hold",
    "complete": "completed",
    "canceled": "cancelled",
    "closed": "refunded",
    "fraud": "payment_review",
    "partial_shipped": "partially_shipped",
}


Wordings = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """`colon` stands between the sender and the text; `date` is the skeleton by which a day is written. A phrase has
    one or several wordings, each with those to which it may give way; `samples` is what a sample order says."""

    locale: str
    colon: str
    date: str
    phrases: Mapping[str, Wordings]
    status_names: Mapping[str, str]
    samples: Mapping[str, str]


@cache
def locales() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _TEXTS.glob("*.toml")))


@cache
def document(locale: str) -> dict[str, Any]:
    return tomllib.loads((_TEXTS / f"{locale}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=256)
def nearest_locale(locale: str) -> str:
    """The written language closest to what the shop asked for: pt_PT -> pt_BR, zh_HK -> zh_TW, de -> en."""
    language, *details = re.split(r"[-_.@]", locale)
    if language.lower() == "zh":
        return "zh_TW" if _TRADITIONAL & {detail.upper() for detail in details} else "zh_CN"
    return next((known for known in locales() if known.split("_")[0] == language.lower()), FALLBACK)


def language_for(locale: str) -> Language:
    return _language(nearest_locale(locale))


def speaks(locale: str) -> bool:
    """Whether texts are written in the language of this locale, and not only in one near to it."""
    return nearest_locale(locale).split("_")[0] == re.split(r"[-_.@]", locale)[0].lower()


def status_slug(status: str) -> str:
    """One spelling for what shops call a status: `wc-on-hold`, `On-Hold` and Magento's `holded` are the same."""
    slug = status.strip().lower().removeprefix("wc-").replace("-", "_").replace(" ", "_")
    return _SAME_STATUS.get(slug, slug)


@cache
def _language(locale: str) -> Language:
    data = document(locale)
    phrases = {name: tuple(map(_wording, wordings)) for name, wordings in data["phrases"].items()}
    return Language(locale, data["colon"], data["date"], phrases, data["status_names"], data["samples"])


def _wording(wording: str | list[str]) -> tuple[str, ...]:
    return (wording,) if isinstance(wording, str) else tuple(wording)
