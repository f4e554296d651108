"""JSON from shops, read leniently, and its words made fit to be kept and sent."""

import json
import math
import re

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict

LONGEST_NUMBER = 20
COUNTRY_CODE = re.compile("[A-Za-z]{2}")
CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")


class Payload(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


def decode(body: bytes) -> object:
    """The JSON in a body. Raises ValueError."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _decode_leniently(body)


def _decode_leniently(body: bytes) -> object:
    """orjson refuses lone surrogates, NaN and endless numbers, even in fields nobody reads; an order is worth more."""
    try:
        return json.loads(body.decode(), parse_int=_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _number(digits: str) -> int | float:
    """Python refuses to make an int of more than 4,300 digits."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)


def clean(value: object, limit: int) -> str:
    """One line of text. PHP plugins write null, false or [] for "nothing", and numbers where WooCommerce has strings.
    Databases refuse NUL and lone surrogates, so neither is let through."""
    text = _astext(value).encode("utf-8", "ignore").decode().translate(CONTROLS)
    return " ".join(text.split())[:limit].rstrip()


def _astext(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) else str(value)


def text(limit: int) -> BeforeValidator:
    return BeforeValidator(lambda value: clean(value, limit))


def country_code(value: object) -> str:
    code = clean(value, 64)
    return code.upper() if COUNTRY_CODE.fullmatch(code) else ""


def object_or_empty(value: object) -> dict[str, object]:
    """PHP writes an empty array as a list."""
    return value if isinstance(value, dict) else {}


def order_number(value: object) -> str:
    """The id by which a shop's own database knows an order. Raises ValueError."""
    digits = str(value) if isinstance(value, int | str) else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER and int(digits)):
        raise ValueError("not a number above zero")
    return str(int(digits))
