"""Every sentence of the pages in every language."""

import re

import pytest

from sidecar.web.admin.language import areas
from tests import words

GATHERED = words.gathered()


@pytest.mark.parametrize("code", words.TRANSLATED)
@pytest.mark.parametrize("area", sorted(GATHERED))
def test_every_sentence_is_translated(area: str, code: str) -> None:
    """`python -m tests.words` says what is missing."""
    kept = words.catalog(area, code)
    wanted = {message.id for message in words.sentences(GATHERED[area])}
    assert {message.id for message in words.sentences(kept)} == wanted
    assert [message.id for message in words.sentences(kept) if words.missing(message)] == []


@pytest.mark.parametrize("code", words.TRANSLATED)
@pytest.mark.parametrize("area", sorted(GATHERED))
def test_what_is_put_into_a_sentence_is_put_into_its_translation(area: str, code: str) -> None:
    for message in words.sentences(words.catalog(area, code)):
        for translated in _strings(message.string):
            blanks = _blanks(_strings(message.id)[-1])
            assert _blanks(translated) == blanks, (message.id, translated)
            assert translated % {blank[2:-2]: "" for blank in blanks}, "a sign of its own breaks the page"


@pytest.mark.parametrize("code", words.TRANSLATED)
def test_what_is_read_is_what_was_translated(code: str) -> None:
    assert set(areas()) == set(GATHERED)
    for area in GATHERED:
        compiled = words.po_path(area, code).with_suffix(".mo").read_bytes()
        assert compiled == words.compiled(words.catalog(area, code)), f"{area}: run `python -m tests.words`"


def _strings(of: str | tuple[str, ...]) -> list[str]:
    return [of] if isinstance(of, str) else list(of)


def _blanks(sentence: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", sentence))
