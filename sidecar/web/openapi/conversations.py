"""What customers and the shop wrote to each other, described."""

from sidecar.policy.replying import Meaning
from sidecar.web.api.conversations import Answer, ConversationQuery, Reading
from sidecar.web.api.parts import ShopApi
from sidecar.web.openapi.words import (
    MOMENT,
    READING,
    SENDING,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    WITH_BODY,
    Json,
    asked,
    object_of,
    operation,
    path_parameter,
    query_parameters,
    ref,
    sending_operation,
)

_MEANINGS = ", ".join(f"`{meaning}`" for meaning in Meaning)


def paths(api: ShopApi) -> Json:
    whose = path_parameter("conversation_id")
    both = object_of({"id": TEXT, "number": TEXT, "entries": {"type": "array", "items": ref("Entry")}})
    wrong = ("text_or_template", "order_needed", "unknown_placeholder", "bad_text", "free_text_off")
    refused = (*SENDING, *wrong, "unknown_conversation", "too_many_requests")
    marked = object_of({"marked": WHOLE})
    return {
        "/api/v1/conversations": {
            "get": operation(
                "Conversations, unread ones first",
                _page(),
                (*READING, "bad_field"),
                parameters=query_parameters(ConversationQuery),
            )
        },
        "/api/v1/conversations/{conversation_id}": {
            "get": operation(
                "What was written, both ways", both, (*READING, "unknown_conversation"), parameters=[whose]
            )
        },
        "/api/v1/conversations/{conversation_id}/read": {
            "post": operation(
                "Mark as read",
                marked,
                (*WITH_BODY, "bad_field", "unknown_conversation"),
                body=ref("Reading"),
                parameters=[whose],
            )
        },
        "/api/v1/conversations/{conversation_id}/messages": {
            "post": sending_operation(
                "Answer a customer",
                ref("Answer"),
                refused,
                "event `conversation`: it leaves at once, or `manual` where the customer wrote nothing for 24 hours",
                api.messages,
                [whose],
            )
        },
    }


def _page() -> Json:
    return object_of(
        {
            "conversations": {"type": "array", "items": ref("Conversation")},
            "next": {"type": ["integer", "null"], "description": "The next `offset`."},
        }
    )


def schemas() -> Json:
    entry = {
        "id": TEXT,
        "direction": {"type": "string", "enum": ["in", "out"]},
        "at": MOMENT,
        "channel": {"type": "string", "enum": ["sms", "whatsapp"]},
        "text": TEXT,
        "order_id": TEXT_OR_NULL,
        "meaning": {"type": "string", "description": f"Of what came in: {_MEANINGS}; of ours, the text's key."},
        "read": {"type": ["boolean", "null"]},
        "status": TEXT_OR_NULL,
    }
    told = {"id": TEXT, "number": TEXT, "unread": WHOLE, "order_id": TEXT_OR_NULL, "last": ref("Entry")}
    return {
        "Entry": object_of(entry),
        "Conversation": object_of(told),
        "Reading": asked(Reading),
        "Answer": asked(Answer),
    }
