"""The shop's settings, and its texts."""

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict

from sidecar.catalog import reasons
from sidecar.domain import phone
from sidecar.domain.phone import NoNumber
from sidecar.domain.shop import Shop
from sidecar.domain.spoken import To
from sidecar.intake import byhand
from sidecar.keeping.shopkeeping import change_settings
from sidecar.money.pricing import Prices
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.messages import OrderId
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.previews import shown_preview
from sidecar.web.api.refusals import Refusal


class TemplateQuery(BaseModel):
    """`order`: fill the texts with this order of the shop; `number`: to whom, as people write it."""

    model_config = ConfigDict(extra="forbid")

    order: OrderId | None = None
    number: To | None = None


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/settings")
    def settings() -> Response:
        return as_json(the_shop().settings.model_dump(mode="json"))

    @bp.patch("/settings")
    def save_settings() -> Response:
        changes = asking.json_body()
        with api.database.write() as connection:
            saved = change_settings(connection, the_shop().id, changes, api.clock())
        return as_json(saved.model_dump(mode="json"))

    @bp.get("/templates")
    def list_templates() -> Response:
        shop, asked = the_shop(), asking.checked(TemplateQuery, request.args.to_dict())
        country = _country(shop, asked.number) if asked.number else shop.settings.country
        with api.database.read() as connection:
            found, prices = byhand.previews(connection, shop, asked.order), Prices(connection)
        shown = [{**shown_preview(each), **prices.of(shop, country, each.filled.segments)} for each in found]
        return as_json({"locale": shop.settings.locale, "country": country, "templates": shown})


def _country(shop: Shop, written: str) -> str:
    number = phone.read(written, shop.settings.country)
    if isinstance(number, NoNumber):
        raise Refusal("bad_number", errors={"number": reasons.sentence(number.reason, shop.settings.locale)})
    return number.country
