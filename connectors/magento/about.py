"""What a Magento store tells of itself: which time it keeps, what it sells in, which language it speaks."""

import re

from connectors.magento.rest import Rest, by
from connectors.magento.stores import Stores
from connectors.reading.text import clean
from sidecar.domain.backoffice import About, ShopProblem

_LOCALE = re.compile(r"([a-z]{2,3})(?:_[A-Z][a-z]{3})?_([A-Z]{2})")


def about(rest: Rest, stores: Stores) -> About:
    """Of the shop's first store view. Raises `ShopProblem`, too, where the keys do not open orders and shipments."""
    if unknown := stores.unknown_codes:
        raise ShopProblem(
            "unknown_store", f"The shop has no store view of the code {unknown[0]!r}: see Stores > All Stores."
        )
    view = stores.first
    for path in ("orders", "shipments"):
        rest.rows(path, by("entity_id"), 1, "entity_id")
    locale = clean(view.get("locale"), 20)
    region = _LOCALE.fullmatch(locale)
    return About(
        # The country of the shop is told nowhere; that of its language is what its customers write numbers for.
        country=region[2] if region else "",
        currency=clean(view.get("base_currency_code"), 8),
        timezone=clean(view.get("timezone"), 64),
        locale=f"{region[1]}_{region[2]}" if region else "",
        stock_managed=False,
        version="",
        addresses=stores.addresses,
    )
