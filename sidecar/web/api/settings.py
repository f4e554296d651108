"""The shop's settings, and its texts."""

from typing import Any

from flask import Blueprint, Response

from sidecar import byhand
from sidecar.catalog.templates import keys, template_for
from sidecar.desk import compose_for
from sidecar.domain.shop import Shop
from sidecar.policy.saving import SettingsRefused
from sidecar.pricing import Prices
from sidecar.shopkeeping import change_settings
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/settings")
    def settings() -> Response:
        return as_json(the_shop().settings.model_dump(mode="json"))

    @bp.patch("/settings")
    def save_settings() -> Response:
        changes = asking.json_body()
        try:
            with api.database.write() as connection:
                saved = change_settings(connection, the_shop().id, changes, api.clock())
        except SettingsRefused as refused:
            raise Refusal("bad_setting", errors=refused.problems) from None
        return as_json(saved.model_dump(mode="json"))

    @bp.get("/templates")
    def list_templates() -> Response:
        shop = the_shop()
        with api.database.read() as connection:
            prices = Prices(connection)
        previews = [_preview(shop, key, prices) for key in keys()]
        return as_json({"locale": shop.settings.locale, "templates": previews})


def _preview(shop: Shop, key: str, prices: Prices) -> dict[str, Any]:
    template = template_for(key, shop.settings.locale)
    filled = compose_for(shop, template, byhand.sample_order(shop))
    return {
        "key": key,
        "category": template.category,
        "text": filled.text,
        "encoding": filled.encoding,
        "segments": filled.segments,
        **prices.of(shop, shop.settings.country, filled.segments),
    }
