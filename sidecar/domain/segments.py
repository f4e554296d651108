"""In how many parts a text is sent, and charged: 3GPP TS 23.038 (alphabets) and TS 23.040 (joined messages)."""

import re
from dataclasses import dataclass
from typing import Literal

from sidecar.domain.gsm7 import EXTENSION, is_gsm7, to_gsm7, without_accents

Encoding = Literal["GSM-7", "UCS-2"]

# 140 octets; a part of several gives 6 of them to a header by which the phone joins them again.
_ALONE: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
_JOINED: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}

_ESCAPE = "\x1b"
_EXTENDED = re.compile(f"[{re.escape(EXTENSION)}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_HIGH_SURROGATES = frozenset(map(chr, range(0xD800, 0xDC00)))


@dataclass(frozen=True, slots=True)
class Segments:
    """`units` are septets in GSM-7 and 16-bit units in UCS-2."""

    encoding: Encoding
    units: int
    segments: int


def count(text: str) -> Segments:
    if is_gsm7(text):
        septets = _EXTENDED.sub(_ESCAPE + "x", text)
        return Segments("GSM-7", len(septets), _parts(septets, "GSM-7", frozenset(_ESCAPE)))
    units = _ASTRAL.sub("\ud800\udc00", text)
    return Segments("UCS-2", len(units), _parts(units, "UCS-2", _HIGH_SURROGATES))


def room(encoding: Encoding, segments: int) -> int:
    """How many units this many parts hold at best."""
    return _ALONE[encoding] if segments == 1 else _JOINED[encoding] * segments


def split(text: str) -> list[str]:
    """The parts, as a phone joins them; no character is ever in two of them."""
    counted = count(text)
    if counted.segments <= 1:
        return [text] if text else []
    width = _septets if counted.encoding == "GSM-7" else _utf16_units
    parts, begin, filled = [], 0, 0
    for at, char in enumerate(text):
        if filled + width(char) > _JOINED[counted.encoding]:
            parts.append(text[begin:at])
            begin, filled = at, 0
        filled += width(char)
    return [*parts, text[begin:]]


def cheapest(text: str, plain_letters: bool) -> str:
    """The same words in the fewest parts: without typographic characters where that is enough for GSM-7, and, where
    `plain_letters` allows it and it saves a part, without the accents that GSM-7 lacks."""
    if is_gsm7(text):
        return text
    parts = count(text).segments
    simple = to_gsm7(text)
    if is_gsm7(simple):
        return simple if count(simple).segments <= parts else text
    plain = without_accents(simple) if plain_letters else text
    return plain if is_gsm7(plain) and count(plain).segments < parts else text


def _parts(units: str, encoding: Encoding, first_halves: frozenset[str]) -> int:
    """Walks, as dividing by 153 undercounts where a pair would straddle two parts and moves to the second."""
    if len(units) <= _ALONE[encoding]:
        return 1 if units else 0
    taken = parts = 0
    while taken < len(units):
        taken += _JOINED[encoding]
        parts += 1
        if taken < len(units) and units[taken - 1] in first_halves:
            taken -= 1
    return parts


def _septets(char: str) -> int:
    return 2 if char in EXTENSION else 1


def _utf16_units(char: str) -> int:
    return 2 if ord(char) > 0xFFFF else 1
