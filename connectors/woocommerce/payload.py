"""The few fields of WooCommerce's order JSON that are read, made fit to be kept and sent."""

from datetime import datetime
from itertools import islice
from typing import Annotated

from pydantic import BeforeValidator, Field

from connectors.reading.text import Payload, clean, country_code, object_or_empty, order_number, text

DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})
MOST_META, MOST_ITEMS = 200, 1_000_000


def clean_status(value: object) -> str:
    """Plugins that read the database pass the `wc-` prefix on; WooCommerce itself takes it off."""
    return clean(value, 64).lower().removeprefix("wc-")


def _status(value: object) -> str:
    if status := clean_status(value):
        return status
    raise ValueError("empty")


class Address(Payload):
    first_name: Annotated[str, text(64)] = ""
    last_name: Annotated[str, text(64)] = ""
    state: Annotated[str, text(32)] = ""
    country: Annotated[str, BeforeValidator(country_code)] = ""
    phone: Annotated[str, text(64)] = ""


def short_meta(value: object) -> dict[str, str]:
    """Plugins keep whole objects in an order's meta; only short text can be a number or a language."""
    entries = (entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else ()
    found = {clean(entry.get("key"), 64): clean(entry.get("value"), 64) for entry in islice(entries, MOST_META)}
    return {key: text for key, text in found.items() if key and text}


def meta_value(value: object, key: str) -> object:
    entries = (entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else ()
    return next((entry.get("value") for entry in islice(entries, MOST_META) if entry.get("key") == key), None)


def _count(value: object) -> int:
    """How many things were bought."""
    items = [item.get("quantity") for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return sum(min(quantity, MOST_ITEMS) for quantity in items if isinstance(quantity, int) and quantity > 0)


class Change(Payload):
    """What our plugin adds to an order: from which status it came, and when, to the millisecond."""

    from_: Annotated[str, BeforeValidator(clean_status)] = Field(alias="from")
    at: Annotated[str, text(40)]


def _change(value: object) -> object:
    """One that cannot be read is as good as none: the order itself still tells its status."""
    told = value if isinstance(value, dict) else {}
    try:
        return Change.model_validate(told) if datetime.fromisoformat(str(told.get("at"))).tzinfo else None
    except ValueError:
        return None


class DeletedPayload(Payload):
    id: Annotated[str, BeforeValidator(order_number)]


class OrderPayload(DeletedPayload):
    status: Annotated[str, BeforeValidator(_status)]
    number: Annotated[str, text(64)] = ""
    total: Annotated[str, text(32)] = ""
    currency: Annotated[str, text(8)] = ""
    date_modified_gmt: Annotated[str, text(40)] = ""
    date_modified: Annotated[str, text(40)] = ""
    date_created_gmt: Annotated[str, text(40)] = ""
    date_created: Annotated[str, text(40)] = ""
    payment_method: Annotated[str, text(64)] = ""
    customer_id: Annotated[str, text(20)] = ""
    items: Annotated[int, BeforeValidator(_count)] = Field(0, alias="line_items")
    meta_data: object = None
    transition: Annotated[Change | None, BeforeValidator(_change)] = None
    billing: Annotated[Address, BeforeValidator(object_or_empty)] = Address()
    shipping: Annotated[Address, BeforeValidator(object_or_empty)] = Address()
