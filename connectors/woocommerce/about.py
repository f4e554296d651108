"""What a shop tells of itself: where it is, what it sells in, which language it speaks."""

import re
from typing import Any

from connectors.woocommerce.rest import Rest
from sidecar.domain.backoffice import About

_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?")


def about(rest: Rest) -> About:
    """Asks for what only somebody may see who may read and write the shop's settings. Raises `ShopProblem`."""
    general = _values(rest.get_list("settings/general"))
    products = _values(rest.get_list("settings/products"))
    environment = rest.get_object("system_status", {"_fields": "environment"}).get("environment")
    told = environment if isinstance(environment, dict) else {}
    locale = _LOCALE.match(str(told.get("language") or ""))
    return About(
        country=str(general.get("woocommerce_default_country") or "").partition(":")[0].upper()[:2],
        currency=str(general.get("woocommerce_currency") or "")[:8],
        timezone=_timezone(rest.index()),
        locale=locale.group() if locale else "",
        stock_managed=products.get("woocommerce_manage_stock") == "yes",
        version=str(told.get("version") or "")[:20],
    )


def _values(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {str(row.get("id")): row.get("value") for row in rows}


def _timezone(index: dict[str, Any]) -> str:
    """WordPress has a name or hours; the names of zones that are hours count them from the other side."""
    if named := str(index.get("timezone_string") or ""):
        return named
    try:
        hours = float(index.get("gmt_offset") or 0)
    except (TypeError, ValueError):
        return ""
    if not hours.is_integer():
        return ""
    return f"Etc/GMT{-int(hours):+d}" if hours else "UTC"
