"""Stable codes in the shop's language, one file a language."""

import tomllib
from functools import cache
from pathlib import Path

from sidecar.catalog.languages import nearest_locale

_FOLDER = Path(__file__).parent


def sentence(code: str, locale: str) -> str:
    """Why a message waits, did not go or did not arrive. A code that nobody has described yet is told as it is."""
    known = _document(nearest_locale(locale))["messages"]
    return known[code] if code in known else known["unknown"].format(code=code.replace("_", " "))


def finding(code: str, locale: str, **facts: object) -> str:
    """What there is to say about a text that a shop submitted; `facts` are what the sentence tells."""
    return _document(nearest_locale(locale))["texts"][code].format(**facts)


@cache
def _document(locale: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_FOLDER / f"{locale}.toml").read_text(encoding="utf-8"))
