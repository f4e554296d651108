"""Wishes to be told when a product is back, described."""

from sidecar.domain.spoken import NewAlert
from sidecar.domain.stock import AlertState
from sidecar.web.api.alerts import AlertCode, AlertQuery
from sidecar.web.api.parts import ShopApi
from sidecar.web.openapi.words import (
    MOMENT,
    MOMENT_OR_NULL,
    READING,
    TEXT,
    WITH_BODY,
    Json,
    asked,
    object_of,
    operation,
    path_parameter,
    query_parameters,
    ref,
)

_PAUSED = ("mode_without_alerts", "stock_unmanaged", "alerts_off")


def paths(api: ShopApi) -> Json:
    one = [path_parameter("alert_id")]
    listed = object_of({"alerts": {"type": "array", "items": ref("Alert")}})
    refusals = (*WITH_BODY, "bad_field", "bad_number", *_PAUSED, "pumping_stop", "code_limit", "too_many_requests")
    return {
        "/api/v1/stock-alerts": {
            "post": operation(
                "Ask to be told when a product is back",
                _asked(),
                refusals,
                ref("NewAlert"),
                status=202,
                description=(
                    "The answer is the same whoever has the number. It gets a text with a link, or with a code for "
                    "`…/confirm`, and the wish stands once that has come back. Asking again is the same wish. One "
                    f"shop may ask {api.alerts_asked.burst} times at once, and then once every "
                    f"{api.alerts_asked.seconds_each:g} s; one address 10 times an hour, for one number 5 times a day. "
                    "What asks to confirm counts among the shop's one-time codes, with the same limits and stop."
                ),
            ),
            "get": operation(
                "What a customer waits for, newest first",
                listed,
                (*READING, *_FINDING),
                parameters=query_parameters(AlertQuery),
            ),
        },
        "/api/v1/stock-alerts/{alert_id}/confirm": {
            "post": operation(
                "Confirm by the code in the text",
                ref("Alert"),
                (*WITH_BODY, "bad_field", "unknown_alert", "wrong_code"),
                ref("AlertCode"),
                parameters=one,
            )
        },
        "/api/v1/stock-alerts/{alert_id}": {
            "delete": operation("End a wish", ref("Alert"), (*READING, "unknown_alert"), parameters=one)
        },
    }


_FINDING = ("bad_field", "bad_number", "number_or_customer")


def schemas() -> Json:
    return {
        "NewAlert": asked(NewAlert),
        "AlertCode": asked(AlertCode),
        "Alert": object_of(
            {
                "id": TEXT,
                "product_id": TEXT,
                "variation_id": {"type": "string", "description": "Empty for a product without variations."},
                "number": {"type": "string", "description": "Masked."},
                "customer_id": {"type": "string", "description": "Empty for guests."},
                "locale": TEXT,
                "state": {"type": "string", "enum": [state.value for state in AlertState]},
                "reason": {"type": "string", "description": "Stable code of why it ended, or waits on; or empty."},
                "created_at": MOMENT,
                "confirmed_at": MOMENT_OR_NULL,
                "texted_at": MOMENT_OR_NULL,
                "ended_at": MOMENT_OR_NULL,
                "expires_at": MOMENT,
            }
        ),
    }


def _asked() -> Json:
    return object_of({"id": TEXT, "confirmation": {"type": "string", "enum": ["link", "code"]}})
