"""Every way in which the API refuses: stable codes, and what they mean."""

from collections.abc import Mapping

import orjson
from flask import Response

from sidecar.byhand import LONGEST_TEXT
from sidecar.web.problems import Problem, problem_response

MAX_BODY = 64 * 1024
IDEMPOTENCY_HEADER = "Idempotency-Key"

REFUSALS: Mapping[str, tuple[int, str]] = {
    "bad_json": (400, "The body is not a JSON object."),
    "unauthorized": (401, "Send the shop's api_token as `Authorization: Bearer rct_…`."),
    "unknown_message": (404, "This shop has no such message."),
    "unknown_alert": (404, "This shop has no such alert."),
    "mode_without_alerts": (409, "The shop's mode sends no availability alerts: choose one from 4 to 6."),
    "stock_unmanaged": (409, "Availability alerts pause: the shop does not manage its stock. Switch that on first."),
    "alerts_off": (409, "Availability alerts pause: they are switched off in the shop."),
    "too_large": (413, f"A body may have {MAX_BODY // 1024} KiB at most."),
    "not_json": (415, "Send the body as `Content-Type: application/json`."),
    "bad_field": (422, "A field is missing, unknown or not what it should be: `errors` says which."),
    "bad_setting": (422, "A setting cannot be saved so: `errors` says which, and nothing was saved."),
    "text_or_template": (422, "Give either a template or a text."),
    "bad_order": (422, "An order's id has 64 characters at most."),
    "order_needed": (422, "This text names an order: give its `order_id`."),
    "facts_needed": (422, "The text tells what nobody knows when it is sent by hand."),
    "unknown_template": (422, "There is no approved text under this key: see GET /api/v1/templates."),
    "unknown_placeholder": (422, "The text uses a word in braces that cannot be filled."),
    "bad_text": (422, f"A text has 1 to {LONGEST_TEXT} characters, all of them printable."),
    "bad_idempotency_key": (422, f"An {IDEMPOTENCY_HEADER} has 1 to 100 visible ASCII characters."),
    "idempotency_key_reused": (422, f"This {IDEMPOTENCY_HEADER} was used before, for another message."),
    "bad_number": (422, "This number cannot be texted: `errors` says why."),
    "number_or_customer": (422, "Give either a number or a customer_id."),
    "wrong_code": (422, "The code is wrong, too old or used up: ask for the alert again to get a new one."),
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
