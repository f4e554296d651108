"""The words of the pages that people open from a text, one file a language."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sidecar.catalog.languages import nearest_locale

_PAGES = Path(__file__).with_name("page_texts")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def _document(locale: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_PAGES / f"{locale}.toml").read_text(encoding="utf-8"))


class Words:
    """Those of one page, in the language closest to the one asked for."""

    def __init__(self, page: str, locale: str, values: Mapping[str, str]) -> None:
        self.locale = nearest_locale(locale)
        self._words = _document(self.locale)[page]
        self._values = values

    def __getitem__(self, name: str) -> str:
        """Filled in one pass, so that braces in a product's name stay what they are."""
        return _PLACEHOLDER.sub(lambda match: self._values.get(match[1], match[0]), self._words[name])
