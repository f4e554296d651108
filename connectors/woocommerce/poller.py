"""What a shop shows when it is asked: the orders that changed, and the stock of products."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.reading.asking import attempt
from connectors.reading.text import clean
from connectors.woocommerce.moments import moment
from connectors.woocommerce.payload import DRAFTS, OrderPayload, clean_status
from connectors.woocommerce.products import DELETED, ProductPayload
from connectors.woocommerce.rest import NOT_THERE, Rest
from sidecar.domain.backoffice import Found, Page, ProductKey, ShopProblem

ORDER, PRODUCT = "order.updated", "product.updated"
SECOND = timedelta(seconds=1)
_FIELDS = ",".join(["parent_id", *(field.alias or name for name, field in OrderPayload.model_fields.items())])
"""What is read of an order; the rest would only be kept."""
_PRODUCT_FIELDS = ",".join(ProductPayload.model_fields)

Row = dict[str, Any]


class Poller:
    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def orders(self, since: datetime, page_size: int) -> Iterator[Page]:
        """Trashed ones first, which the list of all leaves out, and which say nothing of how far we are."""
        for rows in self._changed("trash", since, page_size):
            yield Page(_shown(rows))
        up_to = since
        for rows in self._changed("any", since, page_size):
            # Another order of the last second may stand on the next page, or still be on its way into the list.
            up_to = max(up_to, _modified(rows[-1]) - SECOND)
            yield Page(_shown(rows), up_to)

    def stock(self, wanted: Sequence[ProductKey]) -> Iterator[tuple[ProductKey, Found | ShopProblem]]:
        """The list shows no variations, and what shows a product's variations shortens their names: each is asked
        for by itself, as are the deliveries of webhooks made."""
        for product_id, variation_id in wanted:
            if (variation_id or product_id).isdigit():
                yield (product_id, variation_id), attempt(self._product, product_id, variation_id)

    def _changed(self, status: str, since: datetime, page_size: int) -> Iterator[list[Row]]:
        """Pages by the moment of the last change, each asked for from where the one before ended: what changes
        meanwhile moves to the end of the list and pushes nothing out of sight, as it would with numbered pages.
        `modified_after` leaves out the very second that is named."""
        after = since - SECOND
        while rows := self._page(status, page_size, {"modified_after": _named(after), "orderby": "modified"}):
            if _modified(rows[0]) <= after:
                raise ShopProblem(
                    "too_old", "The shop does not know `modified_after`: it needs WooCommerce 5.8 or later."
                )
            yield rows
            if len(rows) < page_size:
                return
            last = _modified(rows[-1])
            if last - SECOND > after:
                after = last - SECOND
            else:
                yield from self._of_one_second(status, last, page_size)
                after = last

    def _of_one_second(self, status: str, second: datetime, page_size: int) -> Iterator[list[Row]]:
        """More than a page can hold, as after a change in bulk: within a second the order of the list is anybody's
        guess, so by number. Orders that leave the second pull later ones forward, past a reader who goes on, so the
        reader goes back over all of it again."""
        bounds = {"modified_after": _named(second - SECOND), "modified_before": _named(second + SECOND)}

        def page(number: int) -> list[Row]:
            return self._page(status, page_size, {**bounds, "orderby": "id", "page": str(number)})

        number = 1
        while len(rows := page(number)) == page_size:
            yield rows
            number += 1
        yield from filter(None, [rows, *map(page, range(number - 1, 0, -1))])

    def _page(self, status: str, page_size: int, asked: Mapping[str, str]) -> list[Row]:
        always = {"status": status, "per_page": str(page_size), "order": "asc", "dates_are_gmt": "true"}
        return self._rest.get_list("orders", {**always, **asked, "_fields": _FIELDS})

    def _product(self, product_id: str, variation_id: str) -> Found:
        wanted = variation_id or product_id
        try:
            product = self._rest.get_object(f"products/{wanted}", {"_fields": _PRODUCT_FIELDS})
        except ShopProblem as problem:
            if problem.code != NOT_THERE:
                raise
            return Found(f"{product_id}:{variation_id}", DELETED, _body({"id": int(wanted)}))
        return Found(f"{product_id}:{variation_id}", PRODUCT, _body(product), modified_at=_modified(product))


def _shown(rows: Sequence[Row]) -> list[Found]:
    """People who are still typing at the checkout have not ordered: what is known of them is not kept."""
    placed = (row for row in rows if clean_status(row.get("status")) not in DRAFTS)
    return [Found(clean(row.get("id"), 64), ORDER, _body(row), modified_at=_modified(row)) for row in placed]


def _modified(row: Row) -> datetime:
    try:
        changed = moment(clean(row.get("date_modified_gmt"), 40), "", "UTC")
    except ValueError:
        changed = None
    if changed is None:
        raise ShopProblem("no_dates", f"The shop shows {clean(row.get('id'), 64)!r} without `date_modified_gmt`.")
    return changed


def _named(when: datetime) -> str:
    """With `dates_are_gmt`, the shop takes a moment without an offset as one of UTC, else as one of its own time."""
    return when.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()


def _body(row: Row) -> bytes:
    return json.dumps(row, separators=(",", ":")).encode()
