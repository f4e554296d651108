"""What shops may ask of the API, read strictly, and every way in which they are refused."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import orjson
from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from sidecar.byhand import LONGEST_TEXT, TEST_TEMPLATE
from sidecar.domain.status import MessageState
from sidecar.web.bodies import read_body
from sidecar.web.problems import Problem, problem_response

M = TypeVar("M", bound=BaseModel)

MAX_BODY = 64 * 1024
IDEMPOTENCY_HEADER = "Idempotency-Key"
MESSAGE_ID = r"^msg_[0-9a-f]{27}$"

REFUSALS: Mapping[str, tuple[int, str]] = {
    "bad_json": (400, "The body is not a JSON object."),
    "unauthorized": (401, "Send the shop's api_token as `Authorization: Bearer rct_…`."),
    "unknown_message": (404, "This shop has no such message."),
    "too_large": (413, f"A body may have {MAX_BODY // 1024} KiB at most."),
    "not_json": (415, "Send the body as `Content-Type: application/json`."),
    "bad_field": (422, "A field is missing, unknown or not what it should be: `errors` says which."),
    "bad_setting": (422, "A setting cannot be saved so: `errors` says which, and nothing was saved."),
    "text_or_template": (422, "Give either a template or a text."),
    "bad_order": (422, "An order's id has 64 characters at most."),
    "order_needed": (422, "This text names an order: give its `order_id`."),
    "unknown_template": (422, "There is no approved text under this key: see GET /api/v1/templates."),
    "unknown_placeholder": (422, "The text uses a word in braces that cannot be filled."),
    "bad_text": (422, f"A text has 1 to {LONGEST_TEXT} characters, all of them printable."),
    "bad_idempotency_key": (422, f"An {IDEMPOTENCY_HEADER} has 1 to 100 visible ASCII characters."),
    "idempotency_key_reused": (422, f"This {IDEMPOTENCY_HEADER} was used before, for another message."),
    "too_many_requests": (429, "That was too much at once: wait as long as `Retry-After` says."),
}
"""Stable code -> HTTP status, and what it means."""


class Refusal(Problem):
    """A refusal out of the table above; `errors` by field, in sentences."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        status, meaning = REFUSALS[code]
        super().__init__(status, code, detail or meaning)
        self.errors = dict(errors or {})
        self.headers = dict(headers or {})

    def response(self) -> Response:
        answer = problem_response(self.status, self.code, self.detail)
        if self.errors:
            answer.set_data(orjson.dumps({**orjson.loads(answer.get_data()), "errors": self.errors}))
        answer.headers.update(self.headers)
        return answer


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


To = Annotated[str, Field(min_length=1, max_length=200, description="A number as people write it.")]
Key = Annotated[str, Field(min_length=1, max_length=60, description="Key of an approved text.")]
OrderId = Annotated[str, Field(pattern=r"^[!-~]{1,64}$", description="The shop's own id of the order.")]


class TestMessage(_Asked):
    """The Test button: one approved text about a made-up order, at once and in every mode."""

    to: To
    template: Key = TEST_TEMPLATE


class NewMessage(_Asked):
    """One text by hand: an approved one by its key, or a free one in which {order_number} and the like are filled."""

    to: To
    template: Key | None = None
    text: str | None = None
    order_id: OrderId | None = None


class MessageQuery(BaseModel):
    """`after`: the id at which an earlier page ended."""

    model_config = ConfigDict(extra="forbid")

    status: MessageState | None = None
    order_id: OrderId | None = None
    limit: int = Field(50, ge=1, le=200)
    after: Annotated[str, Field(pattern=MESSAGE_ID)] | None = None


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


def test_message() -> TestMessage:
    return _checked(TestMessage, json_body())


def new_message() -> NewMessage:
    return _checked(NewMessage, json_body())


def message_query() -> MessageQuery:
    return _checked(MessageQuery, request.args.to_dict())


def idempotency_key() -> str | None:
    key = request.headers.get(IDEMPOTENCY_HEADER)
    if key is not None and not (1 <= len(key) <= 100 and key.isascii() and key.isprintable() and " " not in key):
        raise Refusal("bad_idempotency_key")
    return key


def _checked(model: type[M], data: Mapping[str, Any]) -> M:
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
