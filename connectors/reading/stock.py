"""Stock as our own plugins tell it: they know what can be bought."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, StrictBool

from connectors.reading.checks import MOST_INT, JsonObject, validated
from connectors.reading.text import Payload, clean, text
from sidecar.domain.event import EventKind, ShopEvent, StockLevel

STOCK = "product.stock"
LONGEST_NAME, _LONGEST_URL, _LONGEST_ID = 200, 500, 64


def stock_seen(level: StockLevel) -> ShopEvent:
    return ShopEvent(EventKind.STOCK_SEEN, "", stock=level)


def address(value: object) -> str:
    url = clean(value, _LONGEST_URL + 1)
    return url if url.startswith(("http://", "https://")) and len(url) <= _LONGEST_URL else ""


def _own_id(value: object) -> str:
    told = clean(value, _LONGEST_ID + 1)
    if not told or len(told) > _LONGEST_ID:
        raise ValueError(f"not an id of 1 to {_LONGEST_ID} characters")
    return told


def _aware(value: object) -> datetime:
    try:
        read_as = datetime.fromisoformat(value) if isinstance(value, str) else None
        if read_as and read_as.tzinfo:
            return read_as.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("not a moment with its offset such as 2026-11-22T12:50:11Z")


def _counted(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_INT):
        return value
    raise ValueError("neither a whole number nor null")


class StockData(Payload):
    product_id: Annotated[str, BeforeValidator(_own_id)]
    variation_id: Annotated[str, text(_LONGEST_ID)] = ""
    name: Annotated[str, text(LONGEST_NAME)] = ""
    url: Annotated[str, BeforeValidator(address)] = ""
    saleable: StrictBool
    quantity: Annotated[int | None, BeforeValidator(_counted)] = None
    modified_at: Annotated[datetime, BeforeValidator(_aware)]


def read_stock(data: JsonObject) -> ShopEvent:
    """Raises `Unreadable`."""
    told = validated(StockData, data, "product")
    return stock_seen(
        StockLevel(
            product_id=told.product_id,
            variation_id=told.variation_id,
            name=told.name,
            url=told.url,
            saleable=told.saleable and (told.quantity is None or told.quantity > 0),
            quantity=told.quantity,
            modified_at=told.modified_at,
        )
    )
