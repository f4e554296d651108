"""Phone numbers as people type them, read with the order's country. The only importer of phonenumbers."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult
from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

from sidecar.domain.area_codes import SUBDIVISION


class LineType(StrEnum):
    """`MOBILE_OR_LANDLINE`: the country's numbers do not tell (North America, Mexico).
    `UNLISTED`: looks like a mobile of its country, in a range that our metadata does not list."""

    MOBILE = "mobile"
    MOBILE_OR_LANDLINE = "mobile_or_landline"
    UNLISTED = "unlisted"


class NoNumberReason(StrEnum):
    NO_NUMBER = "no_number"
    INVALID_NUMBER = "invalid_number"
    LANDLINE = "landline"
    NOT_MOBILE = "not_mobile"


@dataclass(frozen=True, slots=True)
class Number:
    e164: str
    country: str
    line_type: LineType


@dataclass(frozen=True, slots=True)
class NoNumber:
    reason: NoNumberReason


Verdict = Number | NoNumber

_LONGEST_FIELD = 200
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_BETWEEN_NUMBERS = re.compile(
    r"[;,|\n\r\t、或和]|\s+(?:ou|or|oder|o|e|et|y|and|und)\s+|(?<=[\d)])\s*(?=\+)", re.IGNORECASE
)
_EXTENSION = re.compile(
    r"(?<=\d)[\s(.]*(?:#|ext(?:ension)?|x|ramal|poste|anexo|分機|分机|转)[\s.:]*\d{1,7}[\s)]*$", re.I
)
_NOT_DIALLED = re.compile(r"[^\d+]")

# Overseas France is dialled as if at home (0692 ... from Paris), yet each part has a country code of its own.
_FRENCH_PLAN = ("FR", "RE", "GP", "MQ", "GF")
_FRANCE = frozenset(_FRENCH_PLAN) | {"YT", "BL", "MF"}

# Most countries' mobiles have no area code. North America's have; and Kazakhstan shares its calling code with Russia.
_AREA_TELLS = ("+1", "+77")

_BEST_FIRST: list[LineType | NoNumberReason] = [
    *LineType,
    NoNumberReason.LANDLINE,
    NoNumberReason.NOT_MOBILE,
    NoNumberReason.INVALID_NUMBER,
]
_UNCERTAIN = {LineType.UNLISTED, NoNumberReason.INVALID_NUMBER}
_LISTED = {PhoneNumberType.MOBILE: LineType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE: LineType.MOBILE_OR_LANDLINE}


def read(raw: str, country: str) -> Verdict:
    """The number to text, out of a field in which people write two numbers, extensions and foreign prefixes.
    Without a country only international numbers (+ or 00) can be read."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", raw[:_LONGEST_FIELD]))
    verdicts = [_read_one(piece, country.upper()) for piece in _pieces(text)]
    return min(verdicts, key=_rank, default=NoNumber(NoNumberReason.NO_NUMBER))


def countries() -> frozenset[str]:
    """All whose numbers can be read, by their two letters."""
    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def mask(e164: str) -> str:
    """`+55•••••4321`: enough to recognise one's own number, not to call it."""
    digits = e164.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return "•••••"
    code = _calling_code(digits)
    shown = min(4, (len(digits) - len(code)) // 2)
    return f"+{code}•••••{digits[len(digits) - shown :]}"


def prefix(e164: str) -> str:
    """`+55119`: the calling code and three digits, by which numbers that are used together are told from others."""
    digits = e164.removeprefix("+")
    return f"+{digits[: len(_calling_code(digits)) + 3]}"


@lru_cache(maxsize=16_384)
def zones(e164: str) -> tuple[str, ...]:
    """All time zones in which the owner of this mobile may live, or none where the number does not tell."""
    code = _calling_code(e164.removeprefix("+"))
    return main_zones(e164 if e164.startswith(_AREA_TELLS) or _mobiles_have_areas(code) else code)


def main_zones(e164: str) -> tuple[str, ...]:
    """Where numbers that begin so are at home: of most countries' mobiles one zone, however wide the country."""
    digits = e164.removeprefix("+")
    beginnings = (digits[:length] for length in range(TIMEZONE_LONGEST_PREFIX, 0, -1))
    return next((TIMEZONE_DATA[beginning] for beginning in beginnings if beginning in TIMEZONE_DATA), ())


def region_hint(e164: str) -> str:
    """The state or province of a North American number (`NY`, `ON`), as far as its area code tells; else empty.
    People keep their number when they move: an address knows better."""
    return SUBDIVISION.get(e164[2:5], "") if e164.startswith("+1") else ""


@lru_cache(maxsize=256)
def _mobiles_have_areas(code: str) -> bool:
    return bool(code) and phonenumbers.is_number_type_geographical(PhoneNumberType.MOBILE, int(code))


def _calling_code(digits: str) -> str:
    known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return next((digits[:length] for length in (1, 2, 3) if digits[:length] and int(digits[:length]) in known), "")


def _pieces(text: str) -> Iterator[str]:
    """Germans write 0171/1234567 for one number, others 0612345678/0142685300 for two: first the whole."""
    for piece in _BETWEEN_NUMBERS.split(text):
        wholes_and_parts = [piece, *piece.split("/")] if "/" in piece else [piece]
        yield from (part for part in wholes_and_parts if any(map(str.isdecimal, part)))


def _read_one(piece: str, country: str) -> Verdict:
    piece = _EXTENSION.sub("", piece)
    if any(map(str.isalpha, piece)):
        return NoNumber(NoNumberReason.INVALID_NUMBER)
    uncertain: list[Verdict] = []
    for number in _readings(_NOT_DIALLED.sub("", piece), country):
        verdict = _judge(number)
        if _found(verdict) not in _UNCERTAIN:
            return verdict
        uncertain.append(verdict)
    return min(uncertain, key=_rank, default=NoNumber(NoNumberReason.INVALID_NUMBER))


def _readings(dialled: str, country: str) -> Iterator[PhoneNumber]:
    if dialled.startswith("+"):
        yield from _parsed(dialled, None)
        return
    if dialled.startswith("00"):
        yield from _parsed("+" + dialled[2:], None)
    if country in phonenumbers.SUPPORTED_REGIONS:
        yield from _parsed(dialled, country)
    if country in _FRANCE:
        for region in _FRENCH_PLAN:
            yield from _parsed(dialled, region)


def _parsed(dialled: str, region: str | None) -> Iterator[PhoneNumber]:
    try:
        yield phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return


def _judge(number: PhoneNumber) -> Verdict:
    kind = phonenumbers.number_type(number)
    region = phonenumbers.region_code_for_number(number)
    if kind in _LISTED and region != phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY:
        return _number(number, region, _LISTED[kind])
    if kind == PhoneNumberType.FIXED_LINE:
        return NoNumber(NoNumberReason.LANDLINE)
    if kind != PhoneNumberType.UNKNOWN:
        return NoNumber(NoNumberReason.NOT_MOBILE)
    if _may_be_mobile(number):
        return _number(number, None, LineType.UNLISTED)
    return NoNumber(NoNumberReason.INVALID_NUMBER)


def _may_be_mobile(number: PhoneNumber) -> bool:
    """New ranges open before metadata knows them, and regulators keep some for films (07700 900xxx): of mobile
    length, and beginning like mobiles and nothing else. Where an area code comes first, two digits prove nothing."""
    code, digits = number.country_code or 0, str(number.national_number)
    possible = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    if possible != ValidationResult.IS_POSSIBLE:
        return False
    area_code_first = phonenumbers.is_number_type_geographical(PhoneNumberType.MOBILE, code)
    return not area_code_first and _only_mobiles_begin(code, digits[:2], len(digits))


@lru_cache(maxsize=1024)
def _only_mobiles_begin(code: int, start: str, length: int) -> bool:
    neighbours = (PhoneNumber(code, int(f"{start}{tried:02}".ljust(length, "0"))) for tried in range(100))
    kinds = {phonenumbers.number_type(neighbour) for neighbour in neighbours}
    return kinds - {PhoneNumberType.UNKNOWN} == {PhoneNumberType.MOBILE}


def _number(number: PhoneNumber, region: str | None, line_type: LineType) -> Number:
    country = region or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return Number(phonenumbers.format_number(number, PhoneNumberFormat.E164), country, line_type)


def _rank(verdict: Verdict) -> int:
    return _BEST_FIRST.index(_found(verdict))


def _found(verdict: Verdict) -> LineType | NoNumberReason:
    return verdict.line_type if isinstance(verdict, Number) else verdict.reason
