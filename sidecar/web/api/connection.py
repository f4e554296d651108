"""What a shop's plugin asks for when its owner pastes in the code, and how the shop stands."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from sidecar import __version__
from sidecar.ledger import reports
from sidecar.storage.routes import routes_of
from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/shop")
    def shop() -> Response:
        return as_json(_standing(api))

    @bp.post("/connection")
    def connect() -> Response:
        secret = api.events_secret(the_shop().id)
        if secret is None:
            raise Refusal("unauthorized")
        return as_json({**_standing(api), "events_secret": secret})


def _standing(api: ShopApi) -> dict[str, Any]:
    shop = the_shop()
    told = api.crediting.balance(shop)
    with api.database.read() as connection:
        route = routes_of(connection, {shop.id}).accounts_for(shop.id)
        feeds = reports.feeds_of(connection, shop.id)
    return {
        "shop_id": shop.id,
        "name": shop.name,
        "platform": str(shop.platform),
        "url": shop.url,
        "version": __version__,
        "events_url": f"{api.public_url}/hooks/events/{shop.id}",
        "mode": int(shop.settings.mode),
        "sending": api.sending,
        "route": [account.kind for account in route],
        "billing": told.billing,
        "balance": told.balance,
        "low": told.low,
        "settings": shop.settings.model_dump(mode="json"),
        "feeds": {feed.source: {"last_accepted_at": _moment(feed.last_accepted_at)} for feed in feeds},
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
