"""The GSM 7-bit alphabet (3GPP TS 23.038), and ways to stay inside it."""

import re
import unicodedata
from functools import lru_cache

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"

_INSIDE = re.compile(f"[{re.escape(BASIC + EXTENSION)}]*")
_ACCENT = re.compile("[\u0300-\u036f]")
_OUTSIDE = re.compile(f"[^{re.escape(BASIC + EXTENSION)}]")

# One of these, pasted from a word processor, halves what fits into a part and so doubles the price.
_TYPOGRAPHIC: dict[int, str] = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼʹ´`＇", "'"),
        **dict.fromkeys("“”„‟″«»＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
        **dict.fromkeys("•·", "-"),
        "…": "...",
        "‹": "<",
        "›": ">",
        "⁄": "/",
    }
)

_BY_HAND = {
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "ħ": "h",
    "Ħ": "H",
    "ı": "i",
    "œ": "oe",
    "Œ": "OE",
    "þ": "th",
    "Þ": "Th",
    "ẞ": "SS",
    "°": "o",
    "©": "(c)",
    "®": "(R)",
}


def is_gsm7(text: str) -> bool:
    return _INSIDE.fullmatch(text) is not None


def to_gsm7(text: str) -> str:
    """The same words without typographic characters; letters keep their accents."""
    return text if is_gsm7(text) else text.translate(_TYPOGRAPHIC)


def without_accents(text: str) -> str:
    """Letters outside the alphabet fall back to their base (ã -> a); é, à, ñ and all others inside it stay."""
    if is_gsm7(text):
        return text
    return _OUTSIDE.sub(lambda match: _base(match[0]), unicodedata.normalize("NFC", text))


@lru_cache(maxsize=1024)
def _base(char: str) -> str:
    if char in _BY_HAND:
        return _BY_HAND[char]
    base = _ACCENT.sub("", unicodedata.normalize("NFKD", char)).translate(_TYPOGRAPHIC)
    return base if is_gsm7(base) and not base.isspace() else char
