"""Texts sent by hand, and what became of all, described."""

from sidecar.domain.status import MessageState
from sidecar.ledger.reports import OPENED
from sidecar.web.api.messages import MessageQuery, NewMessage, TestMessage
from sidecar.web.api.parts import ShopApi
from sidecar.web.openapi.words import (
    ENCODING,
    MOMENT,
    MOMENT_OR_NULL,
    READING,
    SENDING,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    Json,
    asked,
    object_of,
    operation,
    path_parameter,
    query_parameters,
    ref,
    sending_operation,
)


def paths(api: ShopApi) -> Json:
    send, test, one = ref("NewMessage"), ref("TestMessage"), ref("Message")
    testing = (*SENDING, "too_many_requests")
    sending = (
        *SENDING,
        "text_or_template",
        "order_needed",
        "facts_needed",
        "bad_order",
        "unknown_placeholder",
        "bad_text",
        "free_text_off",
        "too_many_requests",
    )
    page = object_of({"messages": {"type": "array", "items": ref("ListedMessage")}, "next": TEXT_OR_NULL})
    return {
        "/api/v1/test-message": {
            "post": sending_operation("The Test button", test, testing, "event `test`", api.tests)
        },
        "/api/v1/messages": {
            "get": operation(
                "Messages, newest first", page, (*READING, "bad_field"), parameters=query_parameters(MessageQuery)
            ),
            "post": sending_operation("Send one text by hand", send, sending, "event `manual`", api.messages),
        },
        "/api/v1/messages/{message_id}": {
            "get": operation(
                "A message and what became of it",
                one,
                (*READING, "unknown_message"),
                parameters=[path_parameter("message_id")],
            )
        },
    }


def schemas() -> Json:
    return {
        "MessageState": {"type": "string", "enum": [state.value for state in MessageState]},
        "ProviderTemplate": _provider_template(),
        "TestMessage": asked(TestMessage),
        "NewMessage": asked(NewMessage),
        "ListedMessage": object_of(_message()),
        "Message": object_of({**_message(), "timeline": {"type": "array", "items": _step()}}),
    }


def _message() -> Json:
    return {
        "id": TEXT,
        "shop_id": TEXT,
        "order_id": TEXT_OR_NULL,
        "event": TEXT,
        "template": TEXT,
        "channel": {"type": "string", "enum": ["sms", "whatsapp"]},
        "to": {"type": "string", "description": "Masked; empty where the number given cannot be texted."},
        "text": TEXT,
        "provider_template": {"anyOf": [ref("ProviderTemplate"), {"type": "null"}]},
        "encoding": ENCODING,
        "segments": WHOLE,
        "credits": {"type": "integer", "description": "What it costs a shop that prepays; 0 for others."},
        "status": ref("MessageState"),
        "reason": {"type": "string", "description": "Stable code of why it waits or ended, or empty."},
        "explanation": {"type": "string", "description": "The same in a sentence, in the shop's language."},
        "provider": TEXT,
        "provider_id": TEXT_OR_NULL,
        "price": TEXT_OR_NULL,
        "currency": TEXT_OR_NULL,
        "attempts": WHOLE,
        "created_at": MOMENT,
        "due_at": MOMENT,
        "sent_at": MOMENT_OR_NULL,
        "delivered_at": MOMENT_OR_NULL,
        "expires_at": MOMENT,
    }


def _provider_template() -> Json:
    pair = {"type": "array", "items": TEXT}
    found = object_of({"code": TEXT, "language": TEXT, "parameters": {"type": "array", "items": pair}})
    return {**found, "description": "The provider's own template that says the same; each parameter as name and value."}


def _step() -> Json:
    step = object_of({"at": MOMENT, "state": {"anyOf": [ref("MessageState"), {"const": OPENED}]}})
    return {**step, "additionalProperties": True, "description": "One step, and what was known of it."}
