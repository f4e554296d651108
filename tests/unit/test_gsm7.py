"""The 7-bit alphabet, against another author's codec, and the ways back into it."""

import gsm0338  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.gsm7 import BASIC, EXTENSION, is_gsm7, to_gsm7, without_accents

REFERENCE = gsm0338.Codec()
LATIN = st.text(st.characters(max_codepoint=0x24F))


@pytest.mark.parametrize("char", BASIC)
def test_a_basic_character_is_one_septet_for_the_reference_codec(char: str) -> None:
    assert len(REFERENCE.encode(char)[0]) == 1


@pytest.mark.parametrize("char", EXTENSION)
def test_an_extension_character_is_two_septets_for_the_reference_codec(char: str) -> None:
    assert len(REFERENCE.encode(char)[0]) == 2


def test_the_alphabet_is_complete() -> None:
    assert len(set(BASIC)) == 127
    assert len(set(EXTENSION)) == 10


@given(st.characters(exclude_characters="\x1b"))
def test_a_character_is_inside_exactly_when_the_reference_codec_knows_it(char: str) -> None:
    encoded, _ = REFERENCE.encode(char, "ignore")
    assert is_gsm7(char) == bool(encoded)


def test_a_bare_escape_is_no_character() -> None:
    assert not is_gsm7("\x1b")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("“Olá”", '"Olá"'),
        ("l’été", "l'été"),
        ("«\u00a0bon\u202f»", '" bon "'),
        ("10–12 — já", "10-12 - já"),
        ("R$\u00a0149,90", "R$ 149,90"),
        ("wait…", "wait..."),
        ("a\u2009b\u3000c\td", "a b c d"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("訂單…", "訂單..."),
        ("plain ~ € [x]", "plain ~ € [x]"),
    ],
)
def test_typographic_characters_that_only_cost_money_are_replaced(typed: str, sent: str) -> None:
    assert to_gsm7(typed) == sent


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("João Conceição", "Joao Conceicao"),
        ("você está aí", "voce esta ai"),
        ("été à Noël, señor Müller, Ångström, Çà", "été à Noel, señor Müller, Ångström, Çà"),
        ("Łódź, Đà Nẵng, Þór, ısı", "Lodz, Dà Nang, Thor, isi"),
        ("cœur n° 3, nº 4, ½", "coeur no 3, no 4, 1/2"),
        ("Joa\u0303o", "Joao"),
        ("e\u0301", "é"),
        ("王小明", "王小明"),
        ("हिन्दी", "हिन्दी"),
        ("한글 йё ЎЇ", "한글 йё ЎЇ"),
        ("¯", "¯"),
        ("Ana 🎉", "Ana 🎉"),
    ],
)
def test_letters_outside_fall_back_to_their_base(typed: str, sent: str) -> None:
    assert without_accents(typed) == sent


@given(st.text())
def test_what_is_inside_stays_and_the_rest_settles_in_one_go(text: str) -> None:
    inside = "".join(filter(is_gsm7, text))
    assert to_gsm7(inside) == without_accents(inside) == inside
    once = without_accents(to_gsm7(text))
    assert without_accents(to_gsm7(once)) == once


@given(LATIN)
def test_no_letter_of_a_word_is_lost(text: str) -> None:
    assert sum(map(str.isalnum, without_accents(text))) >= sum(map(str.isalnum, text))
