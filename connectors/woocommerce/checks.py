"""What WooCommerce delivers in an order's or a product's place."""

import re

from connectors.reading.checks import Fault, JsonObject
from sidecar.domain.reading import Unreadable

SLUG = re.compile(r"[a-z0-9_]{1,64}")


def refuse_shop_error(payload: JsonObject, noun: str = "order") -> None:
    """Payloads are built with the rights of the webhook's owner; when those are lost, WooCommerce goes on
    delivering its own error message, rightly signed."""
    code = payload.get("code")
    if "id" in payload or not isinstance(code, str):
        return
    named = f" ({code})" if SLUG.fullmatch(code) else ""
    raise Unreadable(
        Fault.SHOP_ERROR,
        f"The shop sent its own error{named} in place of the {noun}: the webhook's owner has probably lost the right "
        f"to view {noun}s. Make the webhook anew as an administrator, and save again the {noun}s that were missed.",
    )
