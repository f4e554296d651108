"""One-time codes, described."""

from sidecar.codes import MOST_SENDS
from sidecar.domain.codes import MINUTES, MOST_TRIES
from sidecar.policy.codes import MOST_PER_ADDRESS_AND_HOUR, MOST_PER_NUMBER_AND_DAY, MOST_PER_NUMBER_AND_HOUR
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.verifications import CodeTried, NewVerification
from sidecar.web.openapi.words import (
    MOMENT,
    READING,
    TEXT,
    WHOLE,
    WITH_BODY,
    Json,
    asked,
    object_of,
    operation,
    path_parameter,
    ref,
)

_LIMITED = ("country_not_allowed", "pumping_stop", "code_limit", "not_sent", "too_many_requests")
_NO_MORE = ("unknown_verification", "code_used", "code_spent")


def paths(_api: ShopApi) -> Json:
    one, its_id = ref("Verification"), [path_parameter("verification_id")]
    asking = (*WITH_BODY, "bad_field", "bad_number", *_LIMITED)
    resending = (*READING, *_NO_MORE, "code_too_soon", *_LIMITED)
    checking = (*WITH_BODY, "bad_field", *_NO_MORE, "code_expired", "code_wrong", "too_many_requests")
    return {
        "/api/v1/verifications": {
            "get": operation("How codes fare, and to which numbers they are stopped", ref("Codes"), READING),
            "post": operation(
                "Send a shopper a one-time code", one, asking, ref("NewVerification"), status=202, description=_ASKING
            ),
        },
        "/api/v1/verifications/stops/{prefix}": {
            "delete": operation(
                "Lift a stop: send codes to numbers that begin so again",
                None,
                (*READING, "not_stopped", "too_many_requests"),
                status=204,
                parameters=[path_parameter("prefix")],
            )
        },
        "/api/v1/verifications/{verification_id}/check": {
            "post": operation(
                "Whether this is the code: 200 if so, and once", one, checking, ref("CodeTried"), parameters=its_id
            )
        },
        "/api/v1/verifications/{verification_id}/resend": {
            "post": operation(
                "Send a new code in place of the one before",
                one,
                resending,
                status=202,
                description=(
                    "The first time after 30 s, then each time after twice as long, "
                    f"{MOST_SENDS} codes in all. Tries count on."
                ),
                parameters=its_id,
            )
        },
    }


_ASKING = (
    f"Six digits, good for {MINUTES} minutes and {MOST_TRIES} tries. The answer is the same whoever has the number. "
    f"Asked twice within 30 s for one subject, it is one code. One number gets {MOST_PER_NUMBER_AND_HOUR} codes an "
    f"hour and {MOST_PER_NUMBER_AND_DAY} a day, one address may ask for {MOST_PER_ADDRESS_AND_HOUR} an hour; the "
    "shop's setting `code_limit_per_hour` limits all, counting codes to dear countries as the several that they cost."
)


def schemas() -> Json:
    stopped = object_of({"prefix": TEXT, "sent": WHOLE, "confirmed": WHOLE})
    return {
        "NewVerification": asked(NewVerification),
        "CodeTried": asked(CodeTried),
        "Verification": object_of(
            {
                "id": TEXT,
                "number": {"type": "string", "description": "Masked."},
                "subject": TEXT,
                "confirmed": {"type": "boolean"},
                "tries_left": WHOLE,
                "expires_at": MOMENT,
                "resend_at": {**MOMENT, "description": "Before that, no other code is sent."},
            }
        ),
        "Codes": object_of(
            {
                "sent_in_the_last_hour": WHOLE,
                "limit_per_hour": WHOLE,
                "stopped": {"type": "array", "items": stopped, "description": "Numbers that begin so get no codes."},
            }
        ),
    }
