"""The shop's own texts, described."""

from sidecar.storage.texts import STATES
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.texts import NewText, TextChange, TextQuery
from sidecar.web.openapi.words import (
    ENCODING,
    MOMENT,
    MOMENT_OR_NULL,
    READING,
    TEXT,
    WHOLE,
    WITH_BODY,
    Json,
    asked,
    object_of,
    operation,
    path_parameter,
    query_parameters,
    ref,
)

_DRAFTING = ("bad_field", "bad_key", "unknown_language", "bad_category")
_LIFE = "A draft is submitted, and then approved or refused by the operator. Only approved texts are sent."


def paths(_api: ShopApi) -> Json:
    one, its_id = ref("OwnText"), [path_parameter("text_id")]
    listed = object_of({"texts": {"type": "array", "items": one}})
    known = (*READING, "unknown_text")
    return {
        "/api/v1/texts": {
            "get": operation(
                "The shop's own texts, newest first",
                listed,
                (*READING, "bad_field"),
                parameters=query_parameters(TextQuery),
            ),
            "post": operation(
                "Draft a text", one, (*WITH_BODY, *_DRAFTING), ref("NewText"), status=201, description=_LIFE
            ),
        },
        "/api/v1/texts/{text_id}": {
            "get": operation(
                "A text, what there is to say about it, and how it reads", ref("ReadText"), known, parameters=its_id
            ),
            "patch": operation(
                "Write a draft anew, or a refused text, which is a draft again",
                one,
                (*WITH_BODY, "bad_field", "unknown_text", "wrong_state"),
                ref("TextChange"),
                parameters=its_id,
            ),
        },
        "/api/v1/texts/{text_id}/submit": {
            "post": operation(
                "Hand a draft to the operator", one, (*known, "wrong_state", "text_faulty"), parameters=its_id
            )
        },
    }


def schemas() -> Json:
    finding = {"type": "array", "items": object_of({"code": TEXT, "sentence": TEXT})}
    preview = object_of({"text": TEXT, "encoding": ENCODING, "segments": WHOLE})
    read = {"refusals": finding, "remarks": finding, "preview": {"anyOf": [preview, {"type": "null"}]}}
    return {
        "NewText": asked(NewText),
        "TextChange": asked(TextChange),
        "OwnText": object_of(_text()),
        "ReadText": object_of({**_text(), **read}),
    }


def _text() -> Json:
    return {
        "id": TEXT,
        "key": TEXT,
        "locale": TEXT,
        "category": TEXT,
        "validity_hours": WHOLE,
        "text": TEXT,
        "state": {"type": "string", "enum": list(STATES)},
        "reason": {"type": "string", "description": "Why the operator refused it."},
        "flags": {"type": "array", "items": TEXT, "description": "What the operator was to look at twice."},
        "created_at": MOMENT,
        "submitted_at": MOMENT_OR_NULL,
        "decided_at": MOMENT_OR_NULL,
    }
