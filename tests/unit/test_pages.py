"""The words of people's pages: complete in every language, and filled once."""

import re

import pytest

from sidecar.catalog.languages import locales
from sidecar.catalog.pages import Words

NAMES = (
    *("confirm", "confirm_button", "confirm_note", "confirmed", "end", "end_button", "end_note", "ended"),
    *("over", "over_note", "unknown", "unknown_note", "to_product"),
)
VALUES = {"shop": "Loja", "product": "Caneca"}


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("name", NAMES)
def test_every_language_has_every_word(locale: str, name: str) -> None:
    filled = Words("alert", locale, VALUES)[name]
    assert filled and not re.search(r"[{}]", filled)
    english = Words("alert", "en", {})[name]
    assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", Words("alert", locale, {})[name]))


def test_the_nearest_language_answers() -> None:
    assert Words("alert", "pt_PT", {}).locale == "pt_BR"
    assert Words("alert", "de", {}).locale == "en"


def test_braces_in_a_name_stay_what_they_are() -> None:
    assert "{shop}" in Words("alert", "en", {"product": "{shop}", "shop": "X"})["confirm"]
