"""From a product's payload to whether it can be bought now.

A variation is delivered as a product of its own that names its parent; the parent's own delivery is lost whenever a
variation changes it."""

from datetime import datetime
from math import floor, isfinite
from typing import Annotated

from pydantic import BeforeValidator

from connectors.reading.checks import MOST_INT, Fault, JsonObject, fetch_again, validated
from connectors.reading.stock import LONGEST_NAME, address, stock_seen
from connectors.reading.text import clean, text
from connectors.woocommerce.checks import refuse_shop_error
from connectors.woocommerce.moments import UnknownTimezone, moment
from connectors.woocommerce.payload import DeletedPayload, clean_status
from sidecar.domain.event import ShopEvent, StockLevel
from sidecar.domain.reading import Ignored, Unreadable

DELETED = "product.deleted"
TOPICS = frozenset({"product.created", "product.updated", "product.restored", DELETED})
_DRAFTS = frozenset({"auto-draft", "importing"})
_LONGEST_ID = 64


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


class ProductPayload(DeletedPayload):
    status: Annotated[str, BeforeValidator(clean_status)] = ""
    parent_id: Annotated[str, BeforeValidator(_parent)] = ""
    name: Annotated[str, text(LONGEST_NAME)] = ""
    permalink: Annotated[str, BeforeValidator(address)] = ""
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
        return stock_seen(_gone(validated(DeletedPayload, payload, "product").id))
    product = validated(ProductPayload, payload, "product")
    if product.status in _DRAFTS:
        return Ignored("a draft")
    return stock_seen(_level(product, timezone))


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
