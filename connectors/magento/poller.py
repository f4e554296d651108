"""What a Magento store shows when it is asked: the orders that changed, and the shipments with their numbers."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from connectors.magento.normalise import ORDER, PARCEL
from connectors.magento.payload import delivery_address, named, utc
from connectors.magento.rest import MOST_ROWS, Params, Rest, Row, Rows, by, objects, of, where
from connectors.magento.stores import Stores
from connectors.reading.text import clean, object_or_empty
from sidecar.domain.backoffice import Found, Page, ShopProblem

SECOND = timedelta(seconds=1)
_ORDER_FIELDS = (
    *("entity_id", "increment_id", "state", "status", "store_id", "created_at", "updated_at", "customer_id"),
    *("customer_firstname", "customer_lastname", "grand_total", "order_currency_code", "relation_parent_id"),
    "relation_child_id",
)
_ADDRESS_FIELDS = ("firstname", "lastname", "telephone", "country_id", "region_code")
# Of stores that have our module, too.
_MODULES_FIELDS = ("recado_mobile",)
_ITEM_FIELDS = ("parent_item_id", "qty_ordered")
_TRACK_FIELDS = ("track_number", "title", "carrier_code", "created_at")
_ASKED = {
    "orders": (
        *_ORDER_FIELDS,
        of("billing_address", *_ADDRESS_FIELDS),
        of("payment", "method"),
        of("items", *_ITEM_FIELDS),
        of(
            "extension_attributes",
            of("shipping_assignments", of("shipping", of("address", *_ADDRESS_FIELDS))),
            *_MODULES_FIELDS,
        ),
    ),
    "shipments": ("entity_id", "order_id", "store_id", "created_at", of("tracks", "entity_id", *_TRACK_FIELDS)),
}


class Poller:
    def __init__(self, rest: Rest, stores: Stores) -> None:
        self._rest = rest
        self._stores = stores

    def orders(self, since: datetime, page_size: int) -> Iterator[Page]:
        """A partial shipment, a number added later and an edited address leave `updated_at` as it was: what is to be
        told of those is among the shipments."""
        for rows in self._changed("orders", "updated_at", since, page_size):
            found = [self._order(row) for row in rows if self._stores.has(row)]
            yield Page(found, _moment(rows[-1], "updated_at") - SECOND)

    def shipments(self, since: datetime, page_size: int) -> Iterator[Page]:
        """By when they were made, each with the numbers it has by now: adding one leaves no other trace."""
        for rows in self._changed("shipments", "created_at", since, page_size):
            found = [parcel for row in rows if self._stores.has(row) for parcel in _parcels(row)]
            yield Page(found, _moment(rows[-1], "created_at") - SECOND)

    def _changed(self, path: str, field: str, since: datetime, page_size: int) -> Iterator[list[Row]]:
        """Pages by the moment of change, each asked for from where the one before ended, its last second included:
        what changes meanwhile moves to the end of the list and pushes nothing out of sight, as it would with numbered
        pages. A second with more rows than a page holds is gone through by id, which never goes back."""
        after, size = since, min(page_size, MOST_ROWS)
        while True:
            page = self._page(path, [*where(0, field, named(after), "gteq"), *by(field, "entity_id")], size)
            if page.rows:
                yield page.rows
            if not page.is_full:
                return
            last = _moment(page.rows[-1], field)
            if last > after:
                after = last
            else:
                yield from self._of_one_second(path, where(0, field, named(last)), page.rows[-1], size)
                after = last + SECOND

    def _of_one_second(self, path: str, second: list[tuple[str, str]], last: Row, size: int) -> Iterator[list[Row]]:
        while True:
            later = where(1, "entity_id", clean(last.get("entity_id"), 20), "gt")
            page = self._page(path, [*second, *later, *by("entity_id")], size)
            if page.rows:
                yield page.rows
                last = page.rows[-1]
            if not page.is_full:
                return

    def _page(self, path: str, criteria: Params, size: int) -> Rows:
        return self._rest.rows(path, criteria, size, ",".join(_ASKED[path]))

    def _order(self, row: Row) -> Found:
        """With what is read of it, in the language of its store view; the rest would only be kept."""
        extension = object_or_empty(row.get("extension_attributes"))
        delivery = delivery_address(extension)
        shipping = {"address": _some(delivery, _ADDRESS_FIELDS)} if delivery else {}
        kept = {
            **_some(row, _ORDER_FIELDS),
            "billing_address": _some(object_or_empty(row.get("billing_address")), _ADDRESS_FIELDS),
            "payment": _some(object_or_empty(row.get("payment")), ("method",)),
            "extension_attributes": {
                "shipping_assignments": [{"shipping": shipping}],
                **_some(extension, _MODULES_FIELDS),
            },
            "items": [_some(item, _ITEM_FIELDS) for item in objects(row.get("items"))],
            "locale": self._stores.locale(row),
        }
        return Found(clean(row.get("entity_id"), 20), ORDER, _body(kept), modified_at=_moment(row, "updated_at"))


def _parcels(shipment: Row) -> Iterator[Found]:
    """One for each number; a shipment without any is one parcel."""
    made = _moment(shipment, "created_at")
    tracks = objects(shipment.get("tracks"))
    for track in tracks or [{}]:
        told = {
            **_some(shipment, ("entity_id", "created_at")),
            "tracks": [_some(track, _TRACK_FIELDS)] if track else [],
        }
        key = f"{clean(shipment.get('entity_id'), 20)}:{clean(track.get('entity_id'), 20)}"
        body = _body({"order_id": clean(shipment.get("order_id"), 20), "shipment": told})
        yield Found(key, PARCEL, body, modified_at=made)


def _some(row: Mapping[str, object], fields: Iterable[str]) -> Row:
    return {name: row[name] for name in fields if row.get(name) is not None}


def _moment(row: Row, field: str) -> datetime:
    try:
        return utc(row.get(field))
    except ValueError:
        which = clean(row.get("entity_id"), 20)
        raise ShopProblem("no_dates", f"The shop shows {which!r} without a readable `{field}`.") from None


def _body(row: Mapping[str, object]) -> bytes:
    return json.dumps(row, separators=(",", ":")).encode()
