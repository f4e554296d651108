"""The API described for machines and people: an OpenAPI 3.1 document, made from the code that answers."""

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from sidecar import __version__
from sidecar.catalog import templates
from sidecar.domain.shop import ShopSettings
from sidecar.domain.status import MessageState
from sidecar.web.api_requests import IDEMPOTENCY_HEADER, REFUSALS, MessageQuery, NewMessage, TestMessage
from sidecar.web.throttle import TokenBuckets

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_WHOLE: Json = {"type": "integer"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_MOMENT: Json = {"type": "string", "format": "date-time"}
_MOMENT_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
_STATE: Json = {"type": "string", "enum": [state.value for state in MessageState]}
_ENCODING: Json = {"type": "string", "enum": ["GSM-7", "UCS-2"]}
_READING = ("unauthorized",)
_WITH_BODY = ("unauthorized", "bad_json", "too_large", "not_json")
_SENDING = (*_WITH_BODY, "bad_field", "unknown_template", "bad_idempotency_key", "idempotency_key_reused")


def document(public_url: str, tests: TokenBuckets, messages: TokenBuckets) -> Json:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Recado",
            "version": __version__,
            "description": "What a shop asks of its Recado sidecar. Numbers in answers are masked. Errors are "
            "`application/problem+json` with a stable `code`.",
        },
        "servers": [{"url": public_url}],
        "security": [{"api_token": []}],
        "paths": {
            **_settings_paths(),
            **_message_paths(tests, messages),
            "/api/v1/openapi.json": {"get": {**_operation("This document", {"type": "object"}), "security": []}},
        },
        "components": {
            "securitySchemes": {"api_token": {"type": "http", "scheme": "bearer", "description": "`rct_…`"}},
            "schemas": _schemas(),
        },
    }


def _settings_paths() -> Json:
    settings, change = _ref("ShopSettings"), _ref("SettingsChange")
    refused = (*_WITH_BODY, "bad_setting")
    return {
        "/api/v1/settings": {
            "get": _operation("The shop's settings", settings, _READING),
            "patch": _operation("Change some settings; answers all of them", settings, refused, body=change),
        },
        "/api/v1/templates": {
            "get": _operation("The approved texts, filled with a sample order", _ref("Templates"), _READING)
        },
        "/api/v1/balance": {
            "get": _operation(
                "How the shop pays: an unmetered one has no balance here",
                _object({"billing": {"enum": ["unmetered", "prepaid"]}}),
                _READING,
            )
        },
    }


def _message_paths(tests: TokenBuckets, messages: TokenBuckets) -> Json:
    send, test, one = _ref("NewMessage"), _ref("TestMessage"), _ref("Message")
    sending = (
        *_SENDING,
        "text_or_template",
        "order_needed",
        "bad_order",
        "unknown_placeholder",
        "bad_text",
        "too_many_requests",
    )
    message_id = {"name": "message_id", "in": "path", "required": True, "schema": _TEXT}
    page = _object({"messages": {"type": "array", "items": _ref("ListedMessage")}, "next": _TEXT_OR_NULL})
    return {
        "/api/v1/test-message": {
            "post": _sending_operation("The Test button", test, (*_SENDING, "too_many_requests"), "event `test`", tests)
        },
        "/api/v1/messages": {
            "get": {
                **_operation("Messages, newest first", page, (*_READING, "bad_field")),
                "parameters": _query_parameters(),
            },
            "post": _sending_operation("Send one text by hand", send, sending, "event `manual`", messages),
        },
        "/api/v1/messages/{message_id}": {
            "get": {
                **_operation("A message and what became of it", one, (*_READING, "unknown_message")),
                "parameters": [message_id],
            }
        },
    }


def _sending_operation(summary: str, body: Json, codes: Iterable[str], event: str, allowance: TokenBuckets) -> Json:
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
    operation = _operation(summary, _ref("Message"), codes, body, status=201)
    return {**operation, "description": described, "parameters": [header]}


def _operation(
    summary: str, answer: Json, codes: Iterable[str] = (), body: Json | None = None, status: int = 200
) -> Json:
    responses: Json = {str(status): {"description": summary, "content": {"application/json": {"schema": answer}}}}
    operation: Json = {"summary": summary, "responses": {**responses, **_problems(codes)}}
    if body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _problems(codes: Iterable[str]) -> Json:
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(REFUSALS[code][0], []).append(code)
    return {
        str(status): {
            "description": " ".join(f"`{code}`: {REFUSALS[code][1]}" for code in same),
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
        for status, same in sorted(by_status.items())
    }


def _query_parameters() -> list[Json]:
    properties = MessageQuery.model_json_schema(ref_template="#/components/schemas/{model}")["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": _without_title(schema)}
        for name, schema in properties.items()
    ]


def _schemas() -> Json:
    _, found = models_json_schema(
        [(ShopSettings, "serialization"), (TestMessage, "validation"), (NewMessage, "validation")],
        ref_template="#/components/schemas/{model}",
    )
    made: Json = {name: _without_title(schema) for name, schema in found["$defs"].items()}
    made["MessageState"] = _STATE
    made["TestMessage"]["properties"]["template"]["enum"] = list(templates.keys())
    made["SettingsChange"] = _change_of(made["ShopSettings"])
    made["Templates"] = _object({"locale": _TEXT, "templates": {"type": "array", "items": _template()}})
    made["ListedMessage"] = _object(_message())
    made["Message"] = _object({**_message(), "timeline": {"type": "array", "items": _step()}})
    made["Problem"] = _problem()
    return made


def _change_of(settings: Json) -> Json:
    properties = {
        name: {key: value for key, value in schema.items() if key != "default"}
        for name, schema in settings["properties"].items()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _template() -> Json:
    return _object(
        {
            "key": {"type": "string", "enum": list(templates.keys())},
            "category": _TEXT,
            "text": _TEXT,
            "encoding": _ENCODING,
            "segments": _WHOLE,
        }
    )


def _message() -> Json:
    return {
        "id": _TEXT,
        "shop_id": _TEXT,
        "order_id": _TEXT_OR_NULL,
        "event": _TEXT,
        "template": _TEXT,
        "channel": {"type": "string", "enum": ["sms", "whatsapp"]},
        "to": {"type": "string", "description": "Masked; empty where the number given cannot be texted."},
        "text": _TEXT,
        "encoding": _ENCODING,
        "segments": _WHOLE,
        "status": _ref("MessageState"),
        "reason": {"type": "string", "description": "Stable code of why it waits or ended, or empty."},
        "provider": _TEXT,
        "provider_id": _TEXT_OR_NULL,
        "price": _TEXT_OR_NULL,
        "currency": _TEXT_OR_NULL,
        "attempts": _WHOLE,
        "created_at": _MOMENT,
        "due_at": _MOMENT,
        "sent_at": _MOMENT_OR_NULL,
        "delivered_at": _MOMENT_OR_NULL,
        "expires_at": _MOMENT,
    }


def _step() -> Json:
    step = _object({"at": _MOMENT, "state": _ref("MessageState")})
    return {**step, "additionalProperties": True, "description": "One step, and what was known of it."}


def _problem() -> Json:
    problem = _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": _WHOLE,
            "code": {"type": "string", "description": "Stable; new ones may be added.", "examples": list(REFUSALS)},
            "detail": _TEXT,
        }
    )
    errors = {"type": "object", "additionalProperties": _TEXT, "description": "A sentence for each field at fault."}
    return {**problem, "properties": {**problem["properties"], "errors": errors}}


def _object(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _without_title(schema: Json) -> Json:
    """Pydantic's titles repeat the names."""
    kept = {key: value for key, value in schema.items() if key != "title"}
    if "properties" in kept:
        kept["properties"] = {name: _without_title(part) for name, part in kept["properties"].items()}
    return kept
