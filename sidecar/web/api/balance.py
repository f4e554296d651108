"""How the shop pays, and what it has left."""

from flask import Blueprint, Response

from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.parts import ShopApi


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/balance")
    def balance() -> Response:
        told = api.crediting.balance(the_shop())
        coming = [{"credits": row.amount, "counts_from": row.counts_from.isoformat()} for row in told.coming]
        known = {"billing": told.billing, "balance": told.balance, "low": told.low, "waiting": told.waiting}
        return as_json({**known, "coming": coming})
