"""Every way in which the API refuses: stable codes, and what they mean."""

from collections.abc import Mapping

import orjson
from flask import Response

from sidecar.intake.byhand import LONGEST_TEXT
from sidecar.web.problems import Problem, problem_response

MAX_BODY = 64 * 1024
IDEMPOTENCY_HEADER = "Idempotency-Key"

REFUSALS: Mapping[str, tuple[int, str]] = {
    "bad_json": (400, "The body is not a JSON object."),
    "unauthorized": (401, "Send the shop's api_token as `Authorization: Bearer rct_…`."),
    "address_not_allowed": (403, "The API is not open to this address: see RECADO_API_ADDRESSES."),
    "unknown_message": (404, "This shop has no such message."),
    "unknown_alert": (404, "This shop has no such alert."),
    "mode_without_alerts": (409, "The shop's mode sends no availability alerts: choose one from 4 to 6."),
    "stock_unmanaged": (409, "Availability alerts pause: the shop does not manage its stock. Switch that on first."),
    "alerts_off": (409, "Availability alerts pause: they are switched off in the shop."),
    "pumping_stop": (403, "Codes to such numbers are stopped: so few of them come back that it looks like abuse."),
    "not_stopped": (404, "Codes to numbers that begin so are not stopped."),
    "unknown_verification": (404, "This shop has sent no such code."),
    "code_used": (409, "This code has been confirmed before, and cannot be used twice."),
    "not_sent": (409, "Something stands against sending: `detail` says what."),
    "code_expired": (410, "The code is too old: have it sent again."),
    "code_spent": (410, "There were too many wrong codes: ask for another verification."),
    "unknown_order": (404, "This shop has told nothing of such an order."),
    "unknown_text": (404, "This shop has no such text of its own."),
    "wrong_state": (409, "The text is past that already, or not there yet: `detail` says where it is."),
    "unknown_conversation": (404, "Nobody wrote to this shop under this id: see GET /api/v1/conversations."),
    "unknown_task": (404, "This shop has no such task."),
    "said_stop": (409, "This person told us to stop texting: they alone can undo that, by replying START."),
    "too_large": (413, f"A body may have {MAX_BODY // 1024} KiB at most."),
    "not_json": (415, "Send the body as `Content-Type: application/json`."),
    "bad_field": (422, "A field is missing, unknown or not what it should be: `errors` says which."),
    "bad_number": (422, "This number cannot be texted: write it as +5511912345678; `errors` may say more."),
    "bad_setting": (422, "A setting cannot be saved so: `errors` says which, and nothing was saved."),
    "text_or_template": (422, "Give either a template or a text."),
    "bad_order": (422, "An order's id has 64 characters at most."),
    "order_needed": (422, "This text names an order: give its `order_id`."),
    "facts_needed": (422, "The text tells what nobody knows when it is sent by hand."),
    "unknown_template": (422, "There is no approved text under this key: see GET /api/v1/templates."),
    "unknown_placeholder": (422, "The text uses a word in braces that cannot be filled."),
    "bad_text": (422, f"A text has 1 to {LONGEST_TEXT} characters, all of them printable."),
    "wording_needed": (422, "A consent is proved by what the person was shown: give `wording`."),
    "bad_idempotency_key": (422, f"An {IDEMPOTENCY_HEADER} has 1 to 100 visible ASCII characters."),
    "idempotency_key_reused": (422, f"This {IDEMPOTENCY_HEADER} was used before, for another message."),
    "number_or_customer": (422, "Give either a number or a customer_id."),
    "wrong_code": (422, "The code is wrong, too old or used up: ask for the alert again to get a new one."),
    "free_text_off": (422, "This shop sends approved texts only: give a template."),
    "bad_key": (422, "A text cannot have this key."),
    "unknown_language": (422, "There are no texts in this language."),
    "bad_category": (422, "A text under this key has another category."),
    "text_faulty": (422, "The text cannot be submitted: `errors` says all that is wrong with it."),
    "country_not_allowed": (422, "The shop sends no codes to this country: see its setting `code_countries`."),
    "code_wrong": (422, "The code is wrong: `errors` says how many tries are left."),
    "code_limit": (429, "Too many codes were asked for: by the number, the address, or the shop in an hour."),
    "code_too_soon": (429, "The code before is still on its way: wait as long as `Retry-After` says."),
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
