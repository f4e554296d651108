"""The count against an encoder that really cuts a text into parts."""

import gsm0338  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain.gsm7 import BASIC, EXTENSION
from sidecar.domain.segments import Segments, count

CODEC = gsm0338.Codec()

GSM7_TEXT = st.text(st.sampled_from(BASIC + EXTENSION * 4), max_size=700)
LONG_GSM7_TEXT = st.builds(
    lambda pieces: "".join(char * times for char, times in pieces),
    st.lists(st.tuples(st.sampled_from("aé€{"), st.integers(1, 160)), max_size=8),
)
UCS2_TEXT = st.builds(
    lambda pieces: "中" + "".join(char * times for char, times in pieces),
    st.lists(st.tuples(st.sampled_from("aã王😀"), st.integers(1, 70)), max_size=8),
)


def real_parts(text: str) -> tuple[str, list[bytes]]:
    """Encodes character by character and opens a new part whenever the next character does not fit whole."""
    try:
        chars, encoding, alone, joined = [CODEC.encode(char)[0] for char in text], "GSM-7", 160, 153
    except UnicodeEncodeError:
        chars, encoding, alone, joined = [char.encode("utf-16-be") for char in text], "UCS-2", 140, 134
    if sum(map(len, chars)) <= alone:
        return encoding, [b"".join(chars)] if chars else []
    parts = [b""]
    for char in chars:
        if len(parts[-1]) + len(char) > joined:
            parts.append(b"")
        parts[-1] += char
    return encoding, parts


def assert_counts_like_the_real_parts(text: str) -> None:
    encoding, parts = real_parts(text)
    unit = 1 if encoding == "GSM-7" else 2
    assert count(text) == Segments(encoding, sum(map(len, parts)) // unit, len(parts))  # type: ignore[arg-type]
    if encoding == "GSM-7":
        assert "".join(CODEC.decode(part)[0] for part in parts) == text
    else:
        assert "".join(part.decode("utf-16-be") for part in parts) == text


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 80 + "a", "GSM-7", 161, 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("a" * 159 + "\f", "GSM-7", 161, 2),
        ("ção", "UCS-2", 3, 1),
        ("é" * 160, "GSM-7", 160, 1),
        ("ç" * 70, "UCS-2", 70, 1),
        ("ç" * 71, "UCS-2", 71, 2),
        ("王" * 134, "UCS-2", 134, 2),
        ("王" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("王" * 66 + "😀" + "王" * 66, "UCS-2", 134, 3),
        ("a" * 69 + "😀", "UCS-2", 71, 2),
        ("\x1b" * 100, "UCS-2", 100, 2),
        ("\ud83d", "UCS-2", 1, 1),
    ],
)
def test_the_table_of_limits(text: str, encoding: str, units: int, segments: int) -> None:
    assert count(text) == Segments(encoding, units, segments)  # type: ignore[arg-type]


def test_dividing_by_153_would_count_one_part_too_few() -> None:
    text = "a" * 152 + "€" + "a" * 152
    assert count(text).units / 153 == 2
    assert count(text).segments == 3


@settings(max_examples=300)
@given(GSM7_TEXT | LONG_GSM7_TEXT | UCS2_TEXT)
def test_the_count_is_the_number_of_real_parts(text: str) -> None:
    assert_counts_like_the_real_parts(text)


@given(st.text(st.characters(exclude_characters="\x1b", exclude_categories=["Cs"]), max_size=300))
def test_any_text_is_counted_like_its_real_parts(text: str) -> None:
    assert_counts_like_the_real_parts(text)


@given(GSM7_TEXT | UCS2_TEXT, st.sampled_from("a€"))
def test_one_more_character_never_makes_a_text_cheaper(text: str, char: str) -> None:
    assert count(text + char).segments >= count(text).segments
