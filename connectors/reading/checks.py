"""What is asked of every delivery before it is read, and the words in which one is turned down."""

from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from connectors.reading.text import decode
from sidecar.domain.reading import Unreadable

MOST_INT = 2**31 - 1

Model = TypeVar("Model", bound=BaseModel)
JsonObject = dict[str, object]


class Fault(StrEnum):
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    SHOP_ERROR = "shop_error"
    MISSING_FIELD = "missing_field"
    BAD_FIELD = "bad_field"
    BAD_DATE = "bad_date"
    BAD_TIMEZONE = "bad_timezone"


def fetch_again(noun: str = "order") -> str:
    return f"Save the {noun} again in the shop."


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def json_object(body: bytes, noun: str = "order") -> JsonObject:
    try:
        payload = decode(body)
    except ValueError:
        raise Unreadable(
            Fault.NOT_JSON, f"The body is not JSON: it was cut short or changed on its way. {fetch_again(noun)}"
        ) from None
    if not isinstance(payload, dict):
        raise Unreadable(
            Fault.NOT_AN_OBJECT,
            f"The body is JSON but not {_with_article(noun)}: "
            "a plugin that alters webhook payloads is the likely cause.",
        )
    return payload


def validated(model: type[Model], payload: JsonObject, noun: str = "order") -> Model:
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        if first["type"] == "missing":
            raise Unreadable(Fault.MISSING_FIELD, f"The {noun} has no `{field}`. {fetch_again(noun)}") from None
        fault = first["msg"].removeprefix("Value error, ")
        raise Unreadable(Fault.BAD_FIELD, f"The {noun}'s `{field}` is wrong: {fault}. {fetch_again(noun)}") from None
