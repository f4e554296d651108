"""The shop's webhooks, made and kept awake: WooCommerce switches off, in silence, what failed seven times in a row."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from connectors.woocommerce.deliverable import objection
from connectors.woocommerce.rest import Rest
from sidecar.domain.backoffice import Kept, ShopProblem

ORDER_TOPICS = ("order.created", "order.updated", "order.deleted", "order.restored")
PRODUCT_TOPICS = ("product.updated", "product.deleted", "product.restored")
_PAGE = 100

Row = dict[str, Any]


class Subscriptions:
    """`delivery_url` names the shop by its id, so that ours are known again when the sidecar has moved."""

    def __init__(self, rest: Rest, shop_url: str, delivery_url: str, secret: str) -> None:
        self._rest = rest
        self._shop_url = shop_url
        self._delivery_url = delivery_url
        self._secret = secret

    def keep(self, *, products: bool) -> Kept:
        if refusal := objection(self._delivery_url, self._shop_url):
            advice = "Set RECADO_PUBLIC_URL to a public https address, or connect the shop by its plugin."
            raise ShopProblem("undeliverable", f"{refusal} {advice}", hopeless=True)
        ours = [row for row in self._every() if self._is_ours(row)]
        topics = ORDER_TOPICS + PRODUCT_TOPICS if products else ORDER_TOPICS
        made = [topic for topic in topics if not any(row.get("topic") == topic for row in ours)]
        for topic in made:
            self._rest.post("webhooks", {"name": f"Recado: {topic}", "topic": topic, **self._settings()})
        revived = [row for row in ours if row.get("status") == "disabled"]
        moved = [row for row in ours if row not in revived and row.get("delivery_url") != self._delivery_url]
        for row in (*revived, *moved):
            self._rest.put(f"webhooks/{int(row['id'])}", self._settings())
        return Kept(made, _topics(revived), _topics([row for row in ours if row.get("status") == "paused"]))

    def _every(self) -> Iterator[Row]:
        number, rows = 1, self._page(1)
        while rows:
            yield from rows
            number += 1
            rows = self._page(number) if len(rows) == _PAGE else []

    def _page(self, number: int) -> list[Row]:
        return self._rest.get_list("webhooks", {"per_page": str(_PAGE), "page": str(number)})

    def _is_ours(self, row: Row) -> bool:
        return urlsplit(str(row.get("delivery_url"))).path == urlsplit(self._delivery_url).path

    def _settings(self) -> Row:
        """The secret too: the shop never tells the one it has."""
        return {"status": "active", "delivery_url": self._delivery_url, "secret": self._secret}


def _topics(rows: Sequence[Row]) -> list[str]:
    return [str(row.get("topic")) for row in rows]
