"""Looking at texts before they leave, described."""

from sidecar.web.api.parts import ShopApi
from sidecar.web.api.previews import PreviewWish
from sidecar.web.openapi.words import WITH_BODY, Json, asked, operation, ref


def paths(_api: ShopApi) -> Json:
    codes = (*WITH_BODY, "bad_field", "unknown_template", "unknown_placeholder", "bad_text", "free_text_off")
    summary = "Texts as they would leave, with settings that are not saved yet, about an order that need not be known"
    return {"/api/v1/previews": {"post": operation(summary, ref("Templates"), codes, ref("PreviewWish"))}}


def schemas() -> Json:
    wish = asked(PreviewWish)
    defined = wish.pop("$defs")
    return {**defined, "PreviewWish": wish}
