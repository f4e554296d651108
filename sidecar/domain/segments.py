"""How many parts a text is sent, and charged, in."""

import re
from dataclasses import dataclass
from typing import Literal

from sidecar.domain.gsm7 import EXTENSION, is_gsm7

Encoding = Literal["GSM-7", "UCS-2"]

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
        return Segments("GSM-7", len(septets), _parts(septets, 160, 153, frozenset(_ESCAPE)))
    units = _ASTRAL.sub("\ud800\udc00", text)
    return Segments("UCS-2", len(units), _parts(units, 70, 67, _HIGH_SURROGATES))


def _parts(units: str, alone: int, joined: int, first_halves: frozenset[str]) -> int:
    """Walks, as dividing by 153 undercounts where a pair would straddle two parts and moves to the second."""
    if len(units) <= alone:
        return 1 if units else 0
    taken = parts = 0
    while taken < len(units):
        taken += joined
        parts += 1
        if taken < len(units) and units[taken - 1] in first_halves:
            taken -= 1
    return parts
