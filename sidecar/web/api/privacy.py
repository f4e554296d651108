"""What the shop holds under a number: told, or taken out."""

from flask import Blueprint, Response

from sidecar.domain.spoken import To, WrittenIn
from sidecar.keeping.privacy import NotANumber, read_number
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, take, the_shop
from sidecar.web.api.asking import Asked
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal


class OneNumber(Asked):
    """Whose data it is about."""

    number: To
    country: WrittenIn = ""


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.post("/privacy/export")
    def export_number() -> Response:
        take(api.private)
        return as_json(api.privacy.export(_number(), the_shop()))

    @bp.post("/privacy/erase")
    def erase_number() -> Response:
        take(api.private)
        return as_json(api.privacy.erase(_number(), the_shop()))


def _number() -> str:
    asked = asking.checked(OneNumber, asking.json_body())
    try:
        return read_number(asked.number, asked.country or the_shop().settings.country)
    except NotANumber:
        sentence = "number: this is no phone number; write it as +5511912345678."
        raise Refusal("bad_number", errors={"number": sentence}) from None
