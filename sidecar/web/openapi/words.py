"""The words in which the API is described."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from sidecar.web.api.refusals import IDEMPOTENCY_HEADER, REFUSALS
from sidecar.web.throttle import TokenBuckets

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
TEXT_OR_NULL: Json = {"type": ["string", "null"]}
MOMENT: Json = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
ENCODING: Json = {"type": "string", "enum": ["GSM-7", "UCS-2"]}
READING = ("unauthorized", "address_not_allowed")
WITH_BODY = (*READING, "bad_json", "too_large", "not_json")
SENDING = (*WITH_BODY, "bad_field", "unknown_template", "bad_idempotency_key", "idempotency_key_reused")


def sending_operation(
    summary: str, body: Json, codes: Iterable[str], event: str, allowance: TokenBuckets, parameters: Sequence[Json] = ()
) -> Json:
    header = {
        "name": IDEMPOTENCY_HEADER,
        "in": "header",
        "required": False,
        "description": "The same key is the same message, sent once; without one, each request is a message.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
    }
    described = (
        f"Answers at once with the message ({event}) as it went into the outbox, or with the reason why it will not "
        f"be sent; ask for it again to see what became of it. One shop may send {allowance.burst} at once, and then "
        f"one every {allowance.seconds_each:g} s."
    )
    return operation(
        summary, ref("Message"), codes, body, status=201, description=described, parameters=[*parameters, header]
    )


def operation(
    summary: str,
    answer: Json | None,
    codes: Iterable[str] = (),
    body: Json | None = None,
    *,
    status: int = 200,
    description: str = "",
    parameters: Sequence[Json] = (),
) -> Json:
    """Without an `answer`, it is empty."""
    responses: Json = {str(status): {"description": summary, **_content(answer)}}
    described: Json = {"summary": summary, "responses": {**responses, **_problems(codes)}}
    if description:
        described["description"] = description
    if parameters:
        described["parameters"] = list(parameters)
    if body:
        described["requestBody"] = {"required": True, **_content(body)}
    return described


def _content(schema: Json | None) -> Json:
    return {"content": {"application/json": {"schema": schema}}} if schema else {}


def _problems(codes: Iterable[str]) -> Json:
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(REFUSALS[code][0], []).append(code)
    return {
        str(status): {
            "description": " ".join(f"`{code}`: {REFUSALS[code][1]}" for code in same),
            "content": {"application/problem+json": {"schema": ref("Problem")}},
        }
        for status, same in sorted(by_status.items())
    }


def query_parameters(model: type[BaseModel]) -> list[Json]:
    properties = model.model_json_schema(ref_template="#/components/schemas/{model}")["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": without_title(schema)}
        for name, schema in properties.items()
    ]


def path_parameter(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


def asked(model: type[BaseModel]) -> Json:
    """The schema of a request's body."""
    return without_title(model.model_json_schema(ref_template="#/components/schemas/{model}"))


def object_of(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def without_title(schema: Json) -> Json:
    """Pydantic's titles repeat the names."""
    kept = {key: value for key, value in schema.items() if key != "title"}
    if "properties" in kept:
        kept["properties"] = {name: without_title(part) for name, part in kept["properties"].items()}
    return kept
