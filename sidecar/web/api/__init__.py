"""What a shop's own plugin asks for, by the shop's token: one file for each thing it may ask about."""

from functools import cache

from flask import Blueprint, Response, g, request

from sidecar.domain.refused import Refused
from sidecar.storage import shops
from sidecar.web import openapi
from sidecar.web.api import (
    alerts,
    balance,
    connection,
    consents,
    conversations,
    messages,
    previews,
    privacy,
    settings,
    tasks,
    texts,
    verifications,
)
from sidecar.web.api.answers import as_json
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal

UNGUARDED = "api.openapi_document"
PARTS = (
    connection,
    settings,
    previews,
    balance,
    messages,
    alerts,
    consents,
    conversations,
    tasks,
    privacy,
    verifications,
    texts,
)


def blueprint(api: ShopApi) -> Blueprint:
    bp = Blueprint("api", __name__, url_prefix="/api/v1")
    _guard(bp, api)
    for part in PARTS:
        part.install(bp, api)
    document = cache(lambda: openapi.document(api))

    @bp.get("/openapi.json")
    def openapi_document() -> Response:
        return as_json(document())

    return bp


def _guard(bp: Blueprint, api: ShopApi) -> None:
    @bp.before_request
    def identify() -> None:
        if request.endpoint == UNGUARDED:
            return
        if not api.addresses.allow(request.remote_addr):
            raise Refusal("address_not_allowed")
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

    @bp.errorhandler(Refused)
    def not_granted(refused: Refused) -> Response:
        return Refusal(refused.code, str(refused), refused.problems).response()
