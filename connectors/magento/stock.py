"""Whether products can be bought, as a Magento store says when it is asked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from connectors.magento.rest import MOST_ROWS, NOT_THERE, REFUSED, Rest, Row, by, where
from connectors.magento.stores import Stores
from connectors.reading.asking import attempt
from connectors.reading.stock import STOCK
from connectors.reading.text import clean, object_or_empty
from sidecar.domain.backoffice import Found, ProductKey, ShopProblem

_ENABLED = 1
_FIELDS = "id,sku,name,status"


class Stock:
    """`asked_at` stands in for the time of change, which Magento keeps none of."""

    def __init__(self, rest: Rest, stores: Stores, asked_at: datetime) -> None:
        self._rest = rest
        self._stores = stores
        self._asked_at = asked_at

    def stock(self, wanted: Sequence[ProductKey]) -> Iterator[tuple[ProductKey, Found | ShopProblem]]:
        """Each as it can be bought now: the quantities in stock count what has been ordered and not sent yet."""
        ids = sorted({number for key in wanted for number in key if number.isdigit()}, key=int)
        products = {clean(row.get("id"), 20): row for row in self._products(ids)}
        for product_id, variation_id in wanted:
            yield (product_id, variation_id), attempt(self._found, product_id, variation_id, products)

    def _products(self, ids: Sequence[str]) -> Iterator[Row]:
        for start in range(0, len(ids), MOST_ROWS):
            some = where(0, "entity_id", ",".join(ids[start : start + MOST_ROWS]), "in")
            yield from self._rest.rows("products", [*some, *by("entity_id")], MOST_ROWS, _FIELDS).rows

    def _found(self, product_id: str, variation_id: str, products: Mapping[str, Row]) -> Found:
        product = products.get(variation_id or product_id)
        saleable, quantity = self._saleable(product) if product else (False, None)
        told = {
            "product_id": product_id,
            "variation_id": variation_id,
            "name": clean((products.get(product_id) or product or {}).get("name"), 200),
            "url": self._stores.page_of(product_id),
            "saleable": saleable,
            "quantity": quantity,
        }
        body = json.dumps({**told, "modified_at": self._asked_at.isoformat()}).encode()
        # The page follows by an index, within a minute: who is told at once finds the product still sold out.
        return Found(f"{product_id}:{variation_id}", STOCK, body, looks=json.dumps(told), early=saleable)

    def _saleable(self, product: Row) -> tuple[bool, int | None]:
        if product.get("status") != _ENABLED:
            return False, None
        sku = quote(clean(product.get("sku"), 64), safe="")
        try:
            saleable = self._rest.get(f"inventory/is-product-salable/{sku}/{self._stores.stock_id}") is True
        except ShopProblem as problem:
            if problem.code != NOT_THERE:
                raise
            return self._without_inventory(sku)
        return saleable, self._quantity(sku) if saleable else None

    def _quantity(self, sku: str) -> int | None:
        """None for what has no stock of its own, which Magento refuses to count."""
        try:
            return _whole(self._rest.get(f"inventory/get-product-salable-quantity/{sku}/{self._stores.stock_id}"))
        except ShopProblem as problem:
            if problem.code != REFUSED:
                raise
            return None

    def _without_inventory(self, sku: str) -> tuple[bool, int | None]:
        """For stores that have switched Magento's inventory modules off. Some web servers find nothing at all under a
        SKU with a slash in it."""
        try:
            told = object_or_empty(self._rest.get(f"stockStatuses/{sku}"))
        except ShopProblem as problem:
            if problem.code != NOT_THERE:
                raise
            return False, None
        return told.get("stock_status") == 1, _whole(told.get("qty"))


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
