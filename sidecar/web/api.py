"""What a shop's own plugin asks for, by the shop's token: its settings, its texts, its messages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import orjson
from flask import Blueprint, Response, g, request, url_for

from sidecar import byhand
from sidecar.byhand import WishRefused
from sidecar.catalog.templates import keys, template_for
from sidecar.desk import compose_for
from sidecar.domain.shop import Shop
from sidecar.intake import ByHand, Intake, KeyReused
from sidecar.ledger import reports
from sidecar.policy.saving import SettingsRefused
from sidecar.shopkeeping import change_settings
from sidecar.storage import shops
from sidecar.storage.database import Database
from sidecar.web import api_requests, openapi
from sidecar.web.api_requests import MESSAGE_ID, Refusal
from sidecar.web.throttle import TokenBuckets

UNGUARDED = "api.openapi_document"


@dataclass(frozen=True)
class ShopApi:
    """What the API works with. `tests` and `messages`: how often one shop may press Test, and send."""

    database: Database
    intake: Intake
    public_url: str
    tests: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=5, seconds_each=10.0))
    messages: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=60, seconds_each=1.0))


def blueprint(api: ShopApi) -> Blueprint:
    bp = Blueprint("api", __name__, url_prefix="/api/v1")
    _guard(bp, api)
    _settings(bp, api)
    _sending(bp, api)
    _reading(bp, api)
    document = openapi.document(api.public_url, api.tests, api.messages)

    @bp.get("/openapi.json")
    def openapi_document() -> Response:
        return _json(document)

    return bp


def _guard(bp: Blueprint, api: ShopApi) -> None:
    @bp.before_request
    def identify() -> None:
        if request.endpoint == UNGUARDED:
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        with api.database.read() as connection:
            g.shop = shops.by_token(connection, token.strip()) if scheme.lower() == "bearer" else None
        if g.shop is None:
            raise Refusal("unauthorized", headers={"WWW-Authenticate": "Bearer"})

    @bp.after_request
    def not_kept(answer: Response) -> Response:
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @bp.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        return refusal.response()


def _settings(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/settings")
    def settings() -> Response:
        return _json(_shop().settings.model_dump(mode="json"))

    @bp.patch("/settings")
    def save_settings() -> Response:
        changes = api_requests.json_body()
        try:
            with api.database.write() as connection:
                saved = change_settings(connection, _shop().id, changes)
        except SettingsRefused as refused:
            raise Refusal("bad_setting", errors=refused.problems) from None
        return _json(saved.model_dump(mode="json"))

    @bp.get("/templates")
    def list_templates() -> Response:
        shop = _shop()
        previews = [_preview(shop, key) for key in keys()]
        return _json({"locale": shop.settings.locale, "templates": previews})

    @bp.get("/balance")
    def balance() -> Response:
        return _json({"billing": _shop().settings.billing})


def _sending(bp: Blueprint, api: ShopApi) -> None:
    @bp.post("/test-message")
    def test_message() -> Response:
        _take(api.tests)
        asked = api_requests.test_message()
        return _send(api, "test", lambda shop: byhand.test_wish(shop, asked.to, asked.template))

    @bp.post("/messages")
    def send_message() -> Response:
        _take(api.messages)
        asked = api_requests.new_message()
        return _send(
            api, "manual", lambda shop: byhand.wish(shop, asked.to, asked.template, asked.text, asked.order_id)
        )


def _reading(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/messages")
    def list_messages() -> Response:
        asked = api_requests.message_query()
        with api.database.read() as connection:
            rows = reports.list_messages(
                connection, _shop().id, asked.status, asked.order_id, asked.limit + 1, asked.after
            )
        page = [reports.as_json(row) for row in rows[: asked.limit]]
        return _json({"messages": page, "next": page[-1]["id"] if len(rows) > asked.limit else None})

    @bp.get("/messages/<message_id>")
    def message(message_id: str) -> Response:
        return _json(_message(api, message_id))


def _shop() -> Shop:
    shop: Shop = g.shop
    return shop


def _preview(shop: Shop, key: str) -> dict[str, Any]:
    template = template_for(key, shop.settings.locale)
    filled = compose_for(shop, template, byhand.sample_order(shop))
    return {
        "key": key,
        "category": template.category,
        "text": filled.text,
        "encoding": filled.encoding,
        "segments": filled.segments,
    }


def _take(allowance: TokenBuckets) -> None:
    if wait := allowance.take(_shop().id):
        raise Refusal("too_many_requests", headers={"Retry-After": str(ceil(wait))})


def _send(api: ShopApi, event: str, wish_for: Callable[[Shop], ByHand]) -> Response:
    key = api_requests.idempotency_key()
    try:
        wish = wish_for(_shop())
        sent = byhand.send(api.database, api.intake, _shop(), wish, f"{event}:{key}" if key else None)
    except WishRefused as refused:
        raise Refusal(refused.code, str(refused), {refused.field: str(refused)}) from None
    except KeyReused:
        raise Refusal("idempotency_key_reused") from None
    return _json(_message(api, sent), 201, {"Location": url_for("api.message", message_id=sent)})


def _message(api: ShopApi, message_id: str) -> dict[str, Any]:
    # Not every database takes every character.
    if not re.fullmatch(MESSAGE_ID, message_id):
        raise Refusal("unknown_message")
    with api.database.read() as connection:
        row = reports.find_message(connection, message_id, _shop().id)
        if row is None:
            raise Refusal("unknown_message")
        steps = reports.timeline_of(connection, row.shop_id, row.id)
    return {**reports.as_json(row), "timeline": steps}


def _json(data: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(data), status, dict(headers or {}), content_type="application/json")
