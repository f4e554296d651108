"""What several vendors' callbacks hold: fields in the address or in a form, and numbers as they were once dialled."""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ValidationError

from sidecar.domain.outcome import Callback
from sidecar.providers.base import CallbackUnreadable, form_fields, whatsapp_number

Form = TypeVar("Form", bound=BaseModel)


def query_fields(callback: Callback) -> dict[str, list[str]]:
    """What the address the provider called asks, each with all its values. Raises `CallbackUnreadable`."""
    try:
        return parse_qs(urlsplit(callback.url).query, keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise CallbackUnreadable(f"not an address: {error}") from error


def sent_values(callback: Callback) -> dict[str, str]:
    """One value for each field that the provider sent by GET or in a form. Raises `CallbackUnreadable`."""
    return {name: values[0] for name, values in (query_fields(callback) | form_fields(callback)).items()}


def understood(form: type[Form], values: Mapping[str, object], words: str) -> Form:
    """The values as the provider documents them; raises `CallbackUnreadable` with these words if they are not."""
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise CallbackUnreadable(words) from error


def dialled(number: str, channel: str) -> str:
    """The number of a customer as it is dialled today; on WhatsApp it may be told in an older form. Raises
    `CallbackUnreadable`."""
    known = whatsapp_number(number.removeprefix("+")) if channel == "whatsapp" else number
    if not known:
        raise CallbackUnreadable("the sender has no phone number")
    return known
