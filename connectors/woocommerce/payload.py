"""The few fields of WooCommerce's order JSON that are read, made fit to be kept and sent."""

import json
import math
import re
from datetime import datetime
from itertools import islice
from typing import Annotated

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})
LONGEST_ID = 20
MOST_META, MOST_ITEMS = 200, 1_000_000
COUNTRY_CODE = re.compile("[A-Za-z]{2}")
CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")


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
    return int(digits) if len(digits) <= LONGEST_ID else float(digits)


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


def clean_status(value: object) -> str:
    """Plugins that read the database pass the `wc-` prefix on; WooCommerce itself takes it off."""
    return clean(value, 64).lower().removeprefix("wc-")


def text(limit: int) -> BeforeValidator:
    return BeforeValidator(lambda value: clean(value, limit))


def _order_id(value: object) -> str:
    digits = str(value) if isinstance(value, int | str) else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ID and int(digits)):
        raise ValueError("not a number above zero")
    return str(int(digits))


def _status(value: object) -> str:
    if status := clean_status(value):
        return status
    raise ValueError("empty")


def _country(value: object) -> str:
    code = clean(value, 64)
    return code.upper() if COUNTRY_CODE.fullmatch(code) else ""


def _object_or_empty(value: object) -> object:
    """PHP writes an empty array as a list."""
    return value if isinstance(value, dict) else {}


class Payload(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Address(Payload):
    first_name: Annotated[str, text(64)] = ""
    last_name: Annotated[str, text(64)] = ""
    state: Annotated[str, text(32)] = ""
    country: Annotated[str, BeforeValidator(_country)] = ""
    phone: Annotated[str, text(64)] = ""


def short_meta(value: object) -> dict[str, str]:
    """Plugins keep whole objects in an order's meta; only short text can be a number or a language."""
    entries = (entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else ()
    found = {clean(entry.get("key"), 64): clean(entry.get("value"), 64) for entry in islice(entries, MOST_META)}
    return {key: text for key, text in found.items() if key and text}


def meta_value(value: object, key: str) -> object:
    entries = (entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else ()
    return next((entry.get("value") for entry in islice(entries, MOST_META) if entry.get("key") == key), None)


def _count(value: object) -> int:
    """How many things were bought."""
    items = [item.get("quantity") for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return sum(min(quantity, MOST_ITEMS) for quantity in items if isinstance(quantity, int) and quantity > 0)


class Change(Payload):
    """What our plugin adds to an order: from which status it came, and when, to the millisecond."""

    from_: Annotated[str, BeforeValidator(clean_status)] = Field(alias="from")
    at: Annotated[str, text(40)]


def _change(value: object) -> object:
    """One that cannot be read is as good as none: the order itself still tells its status."""
    told = value if isinstance(value, dict) else {}
    try:
        return Change.model_validate(told) if datetime.fromisoformat(str(told.get("at"))).tzinfo else None
    except ValueError:
        return None


class DeletedPayload(Payload):
    id: Annotated[str, BeforeValidator(_order_id)]


class OrderPayload(DeletedPayload):
    status: Annotated[str, BeforeValidator(_status)]
    number: Annotated[str, text(64)] = ""
    total: Annotated[str, text(32)] = ""
    currency: Annotated[str, text(8)] = ""
    date_modified_gmt: Annotated[str, text(40)] = ""
    date_modified: Annotated[str, text(40)] = ""
    date_created_gmt: Annotated[str, text(40)] = ""
    date_created: Annotated[str, text(40)] = ""
    payment_method: Annotated[str, text(64)] = ""
    customer_id: Annotated[str, text(20)] = ""
    items: Annotated[int, BeforeValidator(_count)] = Field(0, alias="line_items")
    meta_data: object = None
    transition: Annotated[Change | None, BeforeValidator(_change)] = None
    billing: Annotated[Address, BeforeValidator(_object_or_empty)] = Address()
    shipping: Annotated[Address, BeforeValidator(_object_or_empty)] = Address()
