"""Requests to the API, read strictly."""

from collections.abc import Mapping
from typing import Any, TypeVar

import orjson
from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from sidecar.web.api.refusals import IDEMPOTENCY_HEADER, MAX_BODY, Refusal
from sidecar.web.bodies import read_body

M = TypeVar("M", bound=BaseModel)


class Asked(BaseModel):
    """The body of a request: no field too many, and none of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


def json_body() -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise Refusal("not_json")
    try:
        data = orjson.loads(read_body(MAX_BODY))
    except RequestEntityTooLarge:
        raise Refusal("too_large") from None
    except orjson.JSONDecodeError:
        raise Refusal("bad_json") from None
    if not isinstance(data, dict):
        raise Refusal("bad_json")
    return data


def idempotency_key() -> str | None:
    key = request.headers.get(IDEMPOTENCY_HEADER)
    if key is not None and not (1 <= len(key) <= 100 and key.isascii() and key.isprintable() and " " not in key):
        raise Refusal("bad_idempotency_key")
    return key


def checked(model: type[M], data: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Refusal("bad_field", errors=_sentences(error, model)) from None


def _sentences(error: ValidationError, model: type[BaseModel]) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_input=False):
        name = str(fault["loc"][0])[:60]
        sentences.setdefault(name, f"{name}: {_words(fault, model)}.")
    return sentences


def _words(fault: Any, model: type[BaseModel]) -> str:
    if fault["type"] == "extra_forbidden":
        return "there is no such field; there are " + ", ".join(model.model_fields)
    if fault["type"] == "missing":
        return "this is needed"
    return f"{fault['msg'][0].lower()}{fault['msg'][1:]}"
