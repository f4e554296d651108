"""What the shop holds under a number, described."""

from sidecar.web.api.parts import ShopApi
from sidecar.web.api.privacy import OneNumber
from sidecar.web.openapi.words import TEXT, WHOLE, WITH_BODY, Json, asked, object_of, operation, ref

_KINDS = ("messages", "replies", "consents", "consent_log", "alerts", "verifications", "orders", "tasks")
_KEPT_AS_THEY_CAME = ("receipts", "deliveries", "callbacks")
_COUNTED = ("cancelled", "messages", "on_their_way", "receipts", "deliveries", "callbacks", "consents")
_COUNTED_LAST = ("replies", "alerts", "verifications", "tasks", "orders")


def paths(_api: ShopApi) -> Json:
    body, codes = ref("OneNumber"), (*WITH_BODY, "bad_field", "bad_number", "too_many_requests")
    export, erase = "Everything held under a number", "Take a number out of everything; an opt-out still holds"
    return {
        "/api/v1/privacy/export": {"post": operation(export, ref("HeldUnderNumber"), codes, body)},
        "/api/v1/privacy/erase": {"post": operation(erase, ref("Erased"), codes, body)},
    }


def schemas() -> Json:
    rows: Json = {"type": "array", "items": {"type": "object"}}
    erased = object_of({"number": TEXT, **dict.fromkeys(_COUNTED, WHOLE)})
    last = dict.fromkeys(_COUNTED_LAST, WHOLE)
    return {
        "OneNumber": asked(OneNumber),
        "HeldUnderNumber": object_of({"number": TEXT, **dict.fromkeys((*_KINDS, *_KEPT_AS_THEY_CAME), rows)}),
        "Erased": {
            **erased,
            "properties": {**erased["properties"], **last},
            "description": "Rows of each kind. While a message is `on_their_way`, erase again later: the kinds "
            "that are missing then wait for it.",
        },
    }
