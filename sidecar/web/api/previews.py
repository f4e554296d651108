"""Texts as they would leave, before anything is saved or sent."""

from dataclasses import replace
from typing import Annotated, Any

from flask import Blueprint, Response
from pydantic import Field

from sidecar.catalog.context import Context
from sidecar.domain import phone
from sidecar.domain.phone import NoNumber
from sidecar.domain.shop import Country, Locale, Shop
from sidecar.intake import byhand
from sidecar.intake.byhand import LONGEST_TEXT, Preview
from sidecar.money.pricing import Prices
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.asking import Asked
from sidecar.web.api.messages import Key
from sidecar.web.api.parts import ShopApi

Fact = Annotated[str, Field(max_length=200)]


class PreviewOrder(Asked):
    """What the shop knows of one of its orders; nothing of it is kept. `phone` and `country` tell only where it goes,
    and so what it costs."""

    number: Fact = ""
    first_name: Fact = ""
    customer_name: Fact = ""
    status: Fact = ""
    total: Fact = ""
    currency: Fact = ""
    items: Fact = ""
    payment_method: Fact = ""
    phone: Fact = ""
    country: Country = ""


class PreviewWish(Asked):
    """`sender`, `contact`, `locale`: instead of those saved. `text`: one in words of its own instead of the approved
    ones, or of those under `keys`. Without an `order` a made-up one is taken."""

    sender: Annotated[str, Field(max_length=40)] | None = None
    contact: Annotated[str, Field(max_length=60)] | None = None
    locale: Locale | None = None
    keys: Annotated[list[Key], Field(max_length=60)] = Field(default_factory=list)
    text: Annotated[str, Field(max_length=LONGEST_TEXT)] | None = None
    order: PreviewOrder | None = None


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.post("/previews")
    def preview() -> Response:
        asked = asking.checked(PreviewWish, asking.json_body())
        shop = _as_if_saved(the_shop(), asked)
        with api.database.read() as connection:
            found = byhand.previews_about(connection, shop, _context(asked.order), asked.keys, asked.text)
            prices = Prices(connection)
        country = _country(shop, asked.order)
        shown = [{**shown_preview(each), **prices.of(shop, country, each.filled.segments)} for each in found]
        return as_json({"locale": shop.settings.locale, "country": country, "templates": shown})


def shown_preview(preview: Preview) -> dict[str, Any]:
    template, filled = preview.template, preview.filled
    return {
        "key": template.key,
        "locale": template.locale,
        "own": preview.is_own,
        "category": template.category,
        "text": filled.text,
        "encoding": filled.encoding,
        "segments": filled.segments,
        "unknown": preview.unknown,
        "provider_templates": {kind: known.as_json() for kind, known in preview.templates.items()},
    }


def _as_if_saved(shop: Shop, asked: PreviewWish) -> Shop:
    changes = {name: getattr(asked, name) for name in ("sender", "contact", "locale")}
    given = {name: value for name, value in changes.items() if value is not None}
    return replace(shop, settings=shop.settings.model_copy(update=given))


def _context(order: PreviewOrder | None) -> Context | None:
    return Context(**order.model_dump(exclude={"phone", "country"})) if order else None


def _country(shop: Shop, order: PreviewOrder | None) -> str:
    of_order = order.country if order else ""
    number = phone.read(order.phone if order else "", of_order or shop.settings.country)
    return of_order or shop.settings.country if isinstance(number, NoNumber) else number.country
