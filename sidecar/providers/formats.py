"""The forms in which several vendors write numbers, moments, lists and copies of our texts."""

import re
from datetime import datetime
from typing import Annotated, TypeVar
from unicodedata import normalize
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError

from sidecar.domain.outcome import Callback
from sidecar.providers.base import CallbackUnreadable

Item = TypeVar("Item", bound=BaseModel)

_LONGEST_SHORT_CODE = len("+123456")


def _in_e164(number: str) -> str:
    found = re.fullmatch(r"(?:\+|00)?([1-9][0-9]{4,14})", number.strip())
    if not found:
        raise ValueError("must be an international phone number")
    return f"+{found[1]}"


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError("must be a time zone like Europe/Paris") from error
    return name


def phone_number(written: str) -> str:
    """The E.164 number of a person who wrote to us; empty for the name or short code of a service."""
    try:
        number = _in_e164(written)
    except ValueError:
        return ""
    return number if len(number) > _LONGEST_SHORT_CODE else ""


PhoneNumber = Annotated[str, AfterValidator(_in_e164)]
"""A number as vendors write it: with its plus sign, two zeros or nothing before it, or with a plus sign that their form
turned into a space."""
TimeZoneName = Annotated[str, AfterValidator(_known_timezone)]


def local_moment(written: str | None, zone: str | None) -> datetime | None:
    """A date like 2025-11-22 16:00:00 in `zone`; None where it is not told, or not in this form."""
    if not written or not zone:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


def iso_moment(written: str | None) -> datetime | None:
    """A moment as ISO 8601 writes it, with its zone; None where it is not told, or not in this form."""
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def json_body(callback: Callback, form: type[Item]) -> Item:
    """A callback whose body is a JSON object. Raises `CallbackUnreadable`."""
    try:
        return form.model_validate_json(callback.body)
    except ValidationError as error:
        raise _unreadable(error) from error


def json_items(callback: Callback, lists: TypeAdapter[list[Item]]) -> list[Item]:
    """The things in a callback whose body is a JSON list. Raises `CallbackUnreadable`."""
    try:
        return lists.validate_json(callback.body)
    except ValidationError as error:
        raise _unreadable(error) from error


def _unreadable(error: ValidationError) -> CallbackUnreadable:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "the body"
    return CallbackUnreadable(f"{where}: {first['msg']}")


def holds_text(copy: str, text: str) -> bool:
    """Whether a vendor's copy of a message holds `text`. Letters and digits tell: prefixes, smart encoding and
    trimming change the rest."""
    return _letters(text) in _letters(copy)


def _letters(text: str) -> str:
    return "".join(character for character in normalize("NFKD", text) if character.isalnum()) or text
