"""Numbers in running text, made unreadable."""

import re

_FEWEST_DIGITS, _SHOWN = 8, 2

# What looks like a number and tells of nobody comes first: it is passed over whole.
_HARMLESS = (
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    r"(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?",
    r"\d{8}T\d{6}Z",
    r"(?:\d{1,3}\.){3}\d{1,3}(?![\d.])",
    r"0x[0-9a-fA-F]+",
    r"[A-Za-z_]\w*(?:-\d{1,3}\.\d{1,3}\.\d+)?",
)
_NUMBER = r"(?:\+|%2B)?\d(?:[ .()/-]{0,2}\d)*"
_PIECE = re.compile(rf"(?P<harmless>{'|'.join(_HARMLESS)})|(?P<number>{_NUMBER})", re.ASCII)


def mask_numbers(text: str) -> str:
    """Every run of digits long enough to be a phone number, but for its last two."""
    return _PIECE.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    number = match["number"]
    digits = re.sub(r"\D", "", (number or "").removeprefix("%2B"))
    return match[0] if len(digits) < _FEWEST_DIGITS else f"***{digits[-_SHOWN:]}"
