"""Wishes to be told when a product is back."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sidecar.alerts.requests import AlertRefused
from sidecar.alerts.requests import Asked as AskedAlert
from sidecar.domain.phone import mask
from sidecar.domain.shop import Country, Locale
from sidecar.storage.alerts import Alert
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, take, the_shop
from sidecar.web.api.asking import Asked, is_address
from sidecar.web.api.messages import To
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal

T = TypeVar("T")


def _is_web_address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("write it with https:// in front")
    return url


Id = Annotated[str, Field(pattern=r"^[!-~]{1,64}$", description="The shop's own id.")]
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="The six digits in the text.")]
Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]


class NewAlert(Asked):
    """What a shop passes on of a customer or guest who wants to be told. `wording`: what they agreed to, word for word;
    `ip`: their address, not the shop's. Both are kept as proof."""

    product_id: Id
    variation_id: Id | None = None
    name: Annotated[Line, Field(min_length=1, max_length=200, description="What the product is called.")]
    url: Annotated[Line, Field(max_length=500, description="Where it can be bought."), AfterValidator(_is_web_address)]
    number: To
    country: Country = ""
    locale: Locale | None = None
    wording: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
    ip: Annotated[str, Field(max_length=45), AfterValidator(is_address)]
    customer_id: Id | None = None


class AlertCode(Asked):
    code: Code


class AlertQuery(BaseModel):
    """One of the two."""

    model_config = ConfigDict(extra="forbid")

    number: To | None = None
    customer_id: Id | None = None


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.post("/stock-alerts")
    def ask_for_alert() -> Response:
        take(api.alerts_asked)
        asked = asking.checked(NewAlert, asking.json_body())
        alert = _allowed(lambda: api.alerts.ask(the_shop(), _passed_on(asked)))
        return as_json({"id": alert.id, "confirmation": the_shop().settings.alert_confirmation}, 202)

    @bp.get("/stock-alerts")
    def list_alerts() -> Response:
        asked = asking.checked(AlertQuery, request.args.to_dict())
        if (asked.number is None) == (asked.customer_id is None):
            raise Refusal("number_or_customer")
        found = _allowed(lambda: api.alerts.of_person(the_shop(), asked.number or "", asked.customer_id or ""))
        return as_json({"alerts": [_shown(alert) for alert in found]})

    @bp.post("/stock-alerts/<alert_id>/confirm")
    def confirm_alert(alert_id: str) -> Response:
        asked = asking.checked(AlertCode, asking.json_body())
        return as_json(_shown(_allowed(lambda: api.alerts.check(the_shop(), _our_id(alert_id), asked.code))))

    @bp.delete("/stock-alerts/<alert_id>")
    def end_alert(alert_id: str) -> Response:
        return as_json(_shown(_allowed(lambda: api.alerts.end(the_shop(), _our_id(alert_id)))))


def _allowed(act: Callable[[], T]) -> T:
    try:
        return act()
    except AlertRefused as refused:
        if refused.field == "number":
            raise Refusal("bad_number", errors={"number": _SENTENCES[refused.code]}) from None
        raise Refusal(refused.code, headers=_WAIT if refused.code == "too_many_requests" else None) from None


_WAIT = {"Retry-After": "3600"}
_SENTENCES = {
    "no_number": "number: this holds no number.",
    "invalid_number": "number: no phone has this number; write it as in its country, or with + in front.",
    "landline": "number: this is a land line, which takes no texts.",
    "not_mobile": "number: this is no mobile number.",
}


def _our_id(alert_id: str) -> str:
    # Not every database takes every character.
    return alert_id if alert_id.isascii() and alert_id.isprintable() else ""


def _passed_on(asked: NewAlert) -> AskedAlert:
    return AskedAlert(
        product_id=asked.product_id,
        variation_id=asked.variation_id or "",
        name=asked.name,
        url=asked.url,
        to=asked.number,
        country=asked.country,
        locale=asked.locale or "",
        wording=asked.wording,
        ip=asked.ip,
        customer_id=asked.customer_id or "",
    )


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
