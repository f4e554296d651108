"""The store views of an installation, and which of them are the shop."""

from collections.abc import Collection, Mapping
from functools import cached_property
from urllib.parse import quote

from connectors.magento.rest import Rest, Row, objects
from connectors.reading.text import clean, object_or_empty

_ADDRESSES = ("base_url", "secure_base_url", "base_link_url", "secure_base_link_url")


class Stores:
    """`codes`: the store views that belong to the shop; none for all. Asked for once, when it is first needed."""

    def __init__(self, rest: Rest, codes: Collection[str]) -> None:
        self._rest = rest
        self._codes = frozenset(codes)

    @cached_property
    def views(self) -> Mapping[object, Row]:
        return {view.get("id"): view for view in objects(self._rest.get("store/storeConfigs"))}

    def has(self, row: Row) -> bool:
        """The store code in an address filters nothing: what it lists may belong to any view."""
        return not self._codes or self._view(row).get("code") in self._codes

    def locale(self, row: Row) -> str:
        return clean(self._view(row).get("locale"), 20)

    def page_of(self, product_id: str) -> str:
        """By number, which works whatever address the merchant has given the page."""
        base = clean(self.first.get("secure_base_link_url") or self.first.get("base_link_url"), 200)
        return f"{base.rstrip('/')}/catalog/product/view/id/{product_id}" if base else ""

    @property
    def unknown_codes(self) -> list[str]:
        """Those that none of the views has."""
        return sorted(self._codes - {str(view.get("code")) for view in self.views.values()})

    @property
    def addresses(self) -> tuple[str, ...]:
        """At which any of the installation's views is found."""
        told = {clean(view.get(name), 200) for view in self.views.values() for name in _ADDRESSES}
        return tuple(sorted(told - {""}))

    @cached_property
    def first(self) -> Row:
        mine = [view for view in self.views.values() if not self._codes or view.get("code") in self._codes]
        return mine[0] if mine else {}

    @cached_property
    def stock_id(self) -> str:
        """Of the website of the shop's first view. Raises `ShopProblem` with the code `not_there` where the store has
        no inventory modules."""
        websites = objects(self._rest.get("store/websites"))
        codes = (clean(each.get("code"), 64) for each in websites if each.get("id") == self.first.get("website_id"))
        resolved = self._rest.get(f"inventory/stock-resolver/website/{quote(next(codes, 'base'), safe='')}")
        return clean(object_or_empty(resolved).get("stock_id"), 20)

    def _view(self, row: Row) -> Row:
        return self.views.get(row.get("store_id"), {})
