"""Wishes to be told when a product is back."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from sidecar.alerts.requests import AlertRefused
from sidecar.domain.phone import mask
from sidecar.domain.spoken import Id, NewAlert, To, WrittenIn
from sidecar.storage.alerts import Alert
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, take, the_shop
from sidecar.web.api.asking import Asked
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal

T = TypeVar("T")


Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="The six digits in the text.")]


class AlertCode(Asked):
    code: Code


class AlertQuery(BaseModel):
    """By number, or by customer."""

    model_config = ConfigDict(extra="forbid")

    number: To | None = None
    country: WrittenIn = ""
    customer_id: Id | None = None


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.post("/stock-alerts")
    def ask_for_alert() -> Response:
        take(api.alerts_asked)
        asked = asking.checked(NewAlert, asking.json_body())
        alert = _allowed(lambda: api.alerts.ask(the_shop(), asked))
        return as_json({"id": alert.id, "confirmation": the_shop().settings.alert_confirmation}, 202)

    @bp.get("/stock-alerts")
    def list_alerts() -> Response:
        asked = asking.checked(AlertQuery, request.args.to_dict())
        if (asked.number is None) == (asked.customer_id is None):
            raise Refusal("number_or_customer")
        number, customer_id = asked.number or "", asked.customer_id or ""
        found = _allowed(lambda: api.alerts.of_person(the_shop(), number, asked.country, customer_id))
        return as_json({"alerts": [_shown(alert) for alert in found]})

    @bp.post("/stock-alerts/<alert_id>/confirm")
    def confirm_alert(alert_id: str) -> Response:
        asked = asking.checked(AlertCode, asking.json_body())
        return as_json(_shown(_allowed(lambda: api.alerts.check(the_shop(), alert_id, asked.code))))

    @bp.delete("/stock-alerts/<alert_id>")
    def end_alert(alert_id: str) -> Response:
        return as_json(_shown(_allowed(lambda: api.alerts.end(the_shop(), alert_id))))


def _allowed(act: Callable[[], T]) -> T:
    try:
        return act()
    except AlertRefused as refused:
        if refused.field == "number":
            raise Refusal("bad_number", errors={"number": _SENTENCES[refused.code]}) from None
        raise Refusal(refused.code, headers=_WAIT if refused.code in _LATER else None) from None


_WAIT = {"Retry-After": "3600"}
_LATER = frozenset({"too_many_requests", "code_limit"})
_SENTENCES = {
    "no_number": "number: this holds no number.",
    "invalid_number": "number: no phone has this number; write it as in its country, or with + in front.",
    "landline": "number: this is a land line, which takes no texts.",
    "not_mobile": "number: this is no mobile number.",
}


def _shown(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "product_id": alert.product_id,
        "variation_id": alert.variation_id,
        "number": mask(alert.number),
        "customer_id": alert.customer_id,
        "locale": alert.locale,
        "state": alert.state,
        "reason": alert.reason,
        "created_at": alert.created_at,
        "confirmed_at": alert.confirmed_at,
        "texted_at": alert.texted_at,
        "ended_at": alert.ended_at,
        "expires_at": alert.expires_at,
    }
