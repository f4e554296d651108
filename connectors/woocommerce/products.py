"""From a product's payload to whether it can be bought now.

A variation is delivered as a product of its own that names its parent; the parent's own delivery is lost whenever a
variation changes it."""

from datetime import UTC, datetime
from math import floor, isfinite
from typing import Annotated

from pydantic import BeforeValidator, StrictBool

from connectors.woocommerce.checks import MOST_INT, Fault, JsonObject, fetch_again, refuse_shop_error, validated
from connectors.woocommerce.moments import UnknownTimezone, moment
from connectors.woocommerce.payload import DeletedPayload, Payload, clean, clean_status, text
from sidecar.domain.event import EventKind, ShopEvent, StockLevel
from sidecar.domain.reading import Ignored, Unreadable

DELETED = "product.deleted"
TOPICS = frozenset({"product.created", "product.updated", "product.restored", DELETED})
STOCK = "product.stock"
"""The type of our own event."""

_DRAFTS = frozenset({"auto-draft", "importing"})
_LONGEST_NAME, _LONGEST_URL, _LONGEST_ID = 200, 500, 64


def _parent(value: object) -> str:
    number = clean(value, _LONGEST_ID)
    return "" if number == "0" else number


def _quantity(value: object) -> int | None:
    """Plugins sell by weight and length: half a metre serves nobody who waits for one."""
    if isinstance(value, str):
        value = _as_number(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return max(min(floor(value), MOST_INT), -MOST_INT)


def _as_number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None


def _address(value: object) -> str:
    url = clean(value, _LONGEST_URL + 1)
    return url if url.startswith(("http://", "https://")) and len(url) <= _LONGEST_URL else ""


class ProductPayload(DeletedPayload):
    status: Annotated[str, BeforeValidator(clean_status)] = ""
    parent_id: Annotated[str, BeforeValidator(_parent)] = ""
    name: Annotated[str, text(_LONGEST_NAME)] = ""
    permalink: Annotated[str, BeforeValidator(_address)] = ""
    purchasable: Annotated[bool, BeforeValidator(bool)] = True
    manage_stock: Annotated[bool, BeforeValidator(bool)] = False
    stock_quantity: Annotated[int | None, BeforeValidator(_quantity)] = None
    stock_status: Annotated[str, text(20)] = ""
    date_modified_gmt: Annotated[str, text(40)] = ""
    date_modified: Annotated[str, text(40)] = ""

    @property
    def quantity(self) -> int | None:
        """What `manage_stock` does not count may hold an old number. It is "parent" for a variation that shares the
        product's stock, and counts likewise."""
        return self.stock_quantity if self.manage_stock else None

    @property
    def saleable(self) -> bool:
        """Really: what is on back-order can be ordered and is not there."""
        there = self.quantity is None or self.quantity > 0
        return self.status == "publish" and self.purchasable and self.stock_status == "instock" and there


def read_product(topic: str, payload: JsonObject, timezone: str) -> ShopEvent | Ignored:
    """Of one of `TOPICS`. Raises `Unreadable`."""
    refuse_shop_error(payload, "product")
    if topic == DELETED:
        return _seen(_gone(validated(DeletedPayload, payload, "product").id))
    product = validated(ProductPayload, payload, "product")
    if product.status in _DRAFTS:
        return Ignored("a draft")
    return _seen(_level(product, timezone))


def _seen(level: StockLevel) -> ShopEvent:
    return ShopEvent(EventKind.STOCK_SEEN, "", stock=level)


def _gone(product_id: str) -> StockLevel:
    return StockLevel(product_id, "", "", "", saleable=False, quantity=None, modified_at=None)


def _level(product: ProductPayload, timezone: str) -> StockLevel:
    return StockLevel(
        product_id=product.parent_id or product.id,
        variation_id=product.id if product.parent_id else "",
        name=product.name,
        url=product.permalink,
        saleable=product.saleable,
        quantity=product.quantity,
        modified_at=_modified_at(product, timezone),
    )


def _modified_at(product: ProductPayload, timezone: str) -> datetime:
    try:
        read_as = moment(product.date_modified_gmt, product.date_modified, timezone)
    except UnknownTimezone:
        raise Unreadable(
            Fault.BAD_TIMEZONE,
            "The product's dates are in the shop's time, and the shop's time zone is not a known one. "
            "Set it to a name such as America/Sao_Paulo, then replay this delivery.",
        ) from None
    except ValueError:
        raise Unreadable(
            Fault.BAD_DATE, f"The product's `date_modified_gmt` is not a date. {fetch_again('product')}"
        ) from None
    if read_as is None:
        raise Unreadable(
            Fault.MISSING_FIELD,
            f"The product has neither `date_modified_gmt` nor `date_modified`. {fetch_again('product')}",
        )
    return read_as


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
    name: Annotated[str, text(_LONGEST_NAME)] = ""
    url: Annotated[str, BeforeValidator(_address)] = ""
    saleable: StrictBool
    quantity: Annotated[int | None, BeforeValidator(_counted)] = None
    modified_at: Annotated[datetime, BeforeValidator(_aware)]


def read_stock(data: JsonObject) -> ShopEvent:
    """What our own plugin tells: it knows what can be bought. Raises `Unreadable`."""
    told = validated(StockData, data, "product")
    return _seen(
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
