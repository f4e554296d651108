"""The count and the parts against an encoder that really cuts a text, and against two libraries of the trade."""

import os
from importlib import import_module
from itertools import product
from types import ModuleType

import gsm0338  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain.gsm7 import BASIC, EXTENSION, is_gsm7
from sidecar.domain.segments import Segments, cheapest, count, room, split

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
    assert split(text) == ([CODEC.decode(p)[0] for p in parts] if unit == 1 else [p.decode("utf-16-be") for p in parts])


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


def library(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError as missing:
        if os.environ.get("RECADO_REQUIRE_ALL"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def smsutil() -> ModuleType:
    return library("smsutil")


@pytest.fixture(scope="module")
def smpplib() -> ModuleType:
    return library("smpplib.gsm")


# smsutil takes a bare escape for a character; by TS 23.038 it only announces one. smpplib has ` where the standard
# has §, and neither the form feed nor that escape rule.
NOT_AS_IN_THE_STANDARD = "\x1b`§\f"
GSM7_CHARACTERS = [char for char in BASIC + EXTENSION if char not in NOT_AS_IN_THE_STANDARD]
RUNS = [1, 2, 32, 66, 69, 76, 152, 153]
GSM7_PIECES = [char * run for char in "aé€{\n" for run in RUNS] + GSM7_CHARACTERS
OTHER_PIECES = [char * run for char in "ãŁЖ王あ😀𝒳" for run in RUNS] + list("…’\uffee🇧")
ORDINARY_TEXT = (
    st.lists(st.sampled_from(GSM7_PIECES), min_size=1, max_size=5)
    | st.lists(st.sampled_from(GSM7_PIECES + OTHER_PIECES), min_size=1, max_size=5)
).map("".join)
FIVE_PIECES = st.sampled_from([GSM7_PIECES, GSM7_PIECES + OTHER_PIECES]).flatmap(
    lambda pieces: st.lists(st.sampled_from(pieces), min_size=5, max_size=5)
)


def breaks_a_pair(parts: list[bytes], encoding: int) -> bool:
    """Whether parts of smpplib, behind their headers of 6 octets, begin or end in the middle of a character."""
    bodies = [part[6:] for part in parts[:-1]]
    if encoding == 0:
        return any(body.endswith(b"\x1b") for body in bodies)
    return any(0xD8 <= body[-2] <= 0xDB for body in bodies)


@settings(max_examples=100)
@given(FIVE_PIECES)
def test_ten_thousand_texts_are_counted_as_two_libraries_of_the_trade_count_them(
    smsutil: ModuleType, smpplib: ModuleType, pieces: list[str]
) -> None:
    """A hundred times, all 125 texts of three out of five pieces."""
    for three in product(pieces, repeat=3):
        is_counted_as_they_do(smsutil, smpplib, "".join(three))


def is_counted_as_they_do(smsutil: ModuleType, smpplib: ModuleType, text: str) -> None:
    ours = count(text)
    theirs = smsutil.split(text)
    assert split(text) == [part.content for part in theirs.parts]
    assert (ours.encoding, ours.segments) == ("GSM-7" if theirs.encoding == "gsm0338" else "UCS-2", len(theirs.parts))
    assert ours.units == theirs.total_bytes // (1 if ours.encoding == "GSM-7" else 2)

    parts, encoding, _ = smpplib.make_parts(text)
    assert (encoding == 0) == (ours.encoding == "GSM-7")
    # TS 23.040 9.2.3.24.1: a character of two halves shall not be cut. smpplib cuts by length alone.
    assert len(parts) == ours.segments or (len(parts) < ours.segments and breaks_a_pair(parts, encoding))


def test_where_the_libraries_leave_the_standard(smsutil: ModuleType, smpplib: ModuleType) -> None:
    assert smsutil.is_valid_gsm("\x1b") and not is_gsm7("\x1b")
    assert [smpplib.make_parts(char)[1] == 0 for char in "`§\f"] == [True, False, False]
    assert [is_gsm7(char) for char in "`§\f"] == [False, True, True]
    straddling = "a" * 152 + "€" + "a" * 152
    assert (len(smpplib.make_parts(straddling)[0]), count(straddling).segments) == (2, 3)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("a" * 160, ["a" * 160]),
        ("a" * 161, ["a" * 153, "a" * 8]),
        ("a" * 152 + "€" + "a" * 10, ["a" * 152, "€" + "a" * 10]),
        ("王" * 66 + "😀" + "王" * 6, ["王" * 66, "😀" + "王" * 6]),
        ("王" * 70, ["王" * 70]),
        ("王" * 71, ["王" * 67, "王" * 4]),
        ("\ud83d" * 71, ["\ud83d" * 67, "\ud83d" * 4]),
    ],
)
def test_a_text_is_split_as_a_phone_joins_it(text: str, parts: list[str]) -> None:
    assert split(text) == parts


@pytest.mark.parametrize(
    ("encoding", "segments", "units"),
    [("GSM-7", 1, 160), ("GSM-7", 2, 306), ("UCS-2", 1, 70), ("UCS-2", 3, 201)],
)
def test_so_many_units_fit(encoding: str, segments: int, units: int) -> None:
    assert room(encoding, segments) == units  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "plain_letters", "sent"),
    [
        ("“Oi”…", False, '"Oi"...'),
        ("Oi, João!", True, "Oi, João!"),
        ("ã" * 71, True, "a" * 71),
        ("ã" * 71, False, "ã" * 71),
        ("ã" * 160 + "“", True, "a" * 160 + '"'),
        ("ã" * 160 + "“", False, "ã" * 160 + "“"),
        ("ã" * 71 + "王", True, "ã" * 71 + "王"),
        ("訂單…" * 10, True, "訂單…" * 10),
        ("œ" * 70, True, "œ" * 70),
        ("œ" * 80, True, "oe" * 80),
        ("…" * 53, True, "..." * 53),
        ("…" * 70, True, "…" * 70),
        ("", True, ""),
    ],
)
def test_letters_are_made_plain_only_where_allowed_and_where_it_saves_a_part(
    text: str, plain_letters: bool, sent: str
) -> None:
    assert cheapest(text, plain_letters) == sent


@given(ORDINARY_TEXT, st.booleans())
def test_the_cheapest_is_never_dearer_and_is_found_at_once(text: str, plain_letters: bool) -> None:
    found = cheapest(text, plain_letters)
    assert count(found).segments <= count(text).segments
    assert cheapest(found, plain_letters) == found
