"""Numbers in running text, made unreadable."""

import re

_NUMBER = re.compile(r"(?<![\w.-])\+?\d[\d\s().-]{6,18}\d(?![\w.-])")
_DATE = re.compile(r"(19|20)\d\d-[01]\d-[0-3]\d(?!\d)")
_FEWEST_DIGITS, _SHOWN = 8, 2


def mask_numbers(text: str) -> str:
    """Every run of digits long enough to be a phone number, but for its last two."""

    def masked(match: re.Match[str]) -> str:
        if _DATE.match(match.group()):
            return match.group()
        digits = re.sub(r"\D", "", match.group())
        return match.group() if len(digits) < _FEWEST_DIGITS else f"***{digits[-_SHOWN:]}"

    return _NUMBER.sub(masked, text)
