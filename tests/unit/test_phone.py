"""Numbers as customers type them. WooCommerce stores them so, without a country (fact 33)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.phone import LineType, NoNumber, NoNumberReason, Number, mask, read

FULL_WIDTH = str.maketrans("0123456789+()- ", "０１２３４５６７８９＋（）－\u3000")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def e164(raw: str, country: str) -> str:
    found = read(raw, country)
    assert isinstance(found, Number), found
    return found.e164


def reason(raw: str, country: str) -> str:
    found = read(raw, country)
    assert isinstance(found, NoNumber), found
    return found.reason


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("11 91234-5678", "BR", "+5511912345678"),
        ("(11) 98765-4321", "BR", "+5511987654321"),
        ("(11) 97777-6666", "BR", "+5511977776666"),
        ("+55 31 99876 5432", "BR", "+5531998765432"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06.12.34.56.78", "FR", "+33612345678"),
        ("+33 (0)7 98 76 54 32", "FR", "+33798765432"),
        ("0912-345-678", "TW", "+886912345678"),
        ("07700 900123", "GB", "+447700900123"),
        ("+44 7700 900456", "GB", "+447700900456"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("212-555-0187 ext. 4", "US", "+12125550187"),
        ("139 1234 5678", "CN", "+8613912345678"),
        ("612 34 56 78", "ES", "+34612345678"),
        ("912 345 678", "PT", "+351912345678"),
    ],
)
def test_fact_33_phones_arrive_as_typed(raw: str, country: str, expected: str) -> None:
    assert e164(raw, country) == expected
    assert e164(raw.translate(FULL_WIDTH), country) == expected
    assert e164(f"\u202d\u200e {raw} \u202c\ufeff", country) == expected


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("", "BR", "no_number"),
        (" -- ", "BR", "no_number"),
        ("n/a", "GB", "no_number"),
        ("02 2712 3456", "TW", "landline"),
        ("020 7946 0018", "GB", "landline"),
        ("01.42.68.53.00", "FR", "landline"),
        ("(11) 3456-7890", "BR", "landline"),
        ("1-800-FLOWERS", "US", "invalid_number"),
        ("415-555-2671 BOB", "US", "invalid_number"),
        ("1-800-356-9377", "US", "not_mobile"),
        ("08 99 70 12 34", "FR", "not_mobile"),
        ("09 50 12 34 56", "FR", "not_mobile"),
        ("0800 123 4567", "GB", "not_mobile"),
        ("07600 123456", "GB", "not_mobile"),
        ("0000000000", "FR", "invalid_number"),
        ("1234", "FR", "invalid_number"),
        ("5555550187", "US", "invalid_number"),
        ("11111111111", "BR", "invalid_number"),
        ("123.456.789-09", "BR", "invalid_number"),
        ("98765-4321", "BR", "invalid_number"),
        ("12345678901", "CN", "invalid_number"),
        ("+999 123 456", "BR", "invalid_number"),
        ("9" * 3000, "FR", "invalid_number"),
    ],
)
def test_what_cannot_be_texted_is_told_apart(raw: str, country: str, expected: str) -> None:
    assert reason(raw, country) == expected


@pytest.mark.parametrize(
    "raw", ["011 98765-4321", "0 21 11 98765-4321", "02111987654321", "55 11 98765-4321", "0055 11 98765-4321"]
)
def test_a_brazilian_number_with_trunk_zero_carrier_or_country(raw: str) -> None:
    assert e164(raw, "BR") == "+5511987654321"


def test_the_ninth_digit_of_a_brazilian_mobile_is_not_guessed() -> None:
    assert reason("11 8765-4321", "BR") == "invalid_number"


@pytest.mark.parametrize("country", ["BR", "FR", "US", "TW", "", "XX", "br"])
@pytest.mark.parametrize("raw", ["+49 170 1234567", "0049 170 1234567", "(+49) 0170 1234567", "(0049)170-1234567"])
def test_a_foreign_number_says_its_own_country(raw: str, country: str) -> None:
    assert read(raw, country) == Number("+491701234567", "DE", LineType.MOBILE)


def test_a_country_dials_abroad_by_its_own_prefix() -> None:
    assert e164("011 33 6 12 34 56 78", "US") == e164("0011 33 6 12 34 56 78", "AU") == "+33612345678"


@pytest.mark.parametrize("country", ["", "XX", "france"])
def test_without_a_country_a_national_number_stays_unread(country: str) -> None:
    assert reason("06 12 34 56 78", country) == "invalid_number"


@pytest.mark.parametrize(
    "raw",
    [
        "06 12 34 56 78 / 01 42 68 53 00",
        "01 42 68 53 00 / 06 12 34 56 78",
        "0142685300/0612345678",
        "01 42 68 53 00 ; 06 12 34 56 78",
        "01 42 68 53 00, 06 12 34 56 78, 07 98 76 54 32",
        "01 42 68 53 00 ou 06 12 34 56 78",
        "+33 1 42 68 53 00 +33 6 12 34 56 78",
        "06 12 34 56 78 poste 12",
        "06 12 34 56 78 #12",
        "06 12 34 56 78 x12 / 01 42 68 53 00",
    ],
)
def test_of_several_numbers_the_first_mobile_counts(raw: str) -> None:
    assert e164(raw, "FR") == "+33612345678"


def test_of_several_numbers_without_a_mobile_the_landline_is_named() -> None:
    assert reason("abc 1 / 01 42 68 53 00", "FR") == "landline"


def test_a_slash_inside_one_german_number() -> None:
    assert e164("0171/1234567", "DE") == "+491711234567"


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("0692 12 34 56", "FR", Number("+262692123456", "RE", LineType.MOBILE)),
        ("0690 12 34 56", "FR", Number("+590690123456", "GP", LineType.MOBILE)),
        ("06 12 34 56 78", "RE", Number("+33612345678", "FR", LineType.MOBILE)),
    ],
)
def test_overseas_france_is_dialled_as_if_at_home(raw: str, country: str, expected: Number) -> None:
    assert read(raw, country) == expected


@pytest.mark.parametrize(
    ("raw", "country", "line_type"),
    [
        ("11 91234-5678", "BR", LineType.MOBILE),
        ("(415) 555-2671", "US", LineType.MOBILE_OR_LANDLINE),
        ("55 1234 5678", "MX", LineType.MOBILE_OR_LANDLINE),
        ("07700 900123", "GB", LineType.UNLISTED),
        ("06 39 98 01 23", "FR", LineType.UNLISTED),
    ],
)
def test_the_line_type_is_known(raw: str, country: str, line_type: LineType) -> None:
    found = read(raw, country)
    assert isinstance(found, Number)
    assert (found.line_type, found.country) == (line_type, country)


def test_a_satellite_phone_is_no_mobile() -> None:
    assert reason("+8816 123 45678", "FR") == "not_mobile"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+5511987654321", "+55•••••4321"),
        ("+886912345678", "+886•••••5678"),
        ("+14155552671", "+1•••••2671"),
        ("+4512345", "+45•••••45"),
        ("+999123456", "+•••••3456"),
        ("+", "•••••"),
        ("not a number", "•••••"),
        ("", "•••••"),
    ],
)
def test_a_masked_number_can_be_recognised_and_not_called(number: str, masked: str) -> None:
    assert mask(number) == masked


@given(
    st.text(st.sampled_from("0123456789+()-./; ,ouext#٣１一")) | st.text(),
    st.sampled_from(["BR", "FR", "US", "TW", ""]),
)
def test_whatever_is_typed_gives_a_number_or_a_reason(raw: str, country: str) -> None:
    found = read(raw, country)
    if isinstance(found, Number):
        assert E164.fullmatch(found.e164)
        assert read(found.e164, "") == found
        assert found.e164[1:] not in mask(found.e164)
    else:
        assert found.reason in set(NoNumberReason)
