"""What the catalogue knows of each language: texts, greetings and names of statuses, one file a language."""

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
}


@dataclass(frozen=True, slots=True)
class Language:
    """`named` greets by {first_name}, `nameless` without; `colon` stands between the sender and the text."""

    locale: str
    colon: str
    named: str
    nameless: str
    status_names: Mapping[str, str]


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


@lru_cache(maxsize=256)
def language_for(locale: str) -> Language:
    known = nearest_locale(locale)
    data = document(known)
    return Language(known, data["colon"], data["greeting"]["named"], data["greeting"]["nameless"], data["status_names"])


def status_slug(status: str) -> str:
    """One spelling for what shops call a status: `wc-on-hold`, `On-Hold` and Magento's `holded` are the same."""
    slug = status.strip().lower().removeprefix("wc-").replace("-", "_").replace(" ", "_")
    return _SAME_STATUS.get(slug, slug)
