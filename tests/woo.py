"""A WooCommerce shop as far as its REST interface is asked by us: the rules are those that a real one was seen to keep
(findings 4, 5, 20, 25 to 30), and its answers can be lost, refused or late."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from sidecar.domain.exchange import Answer, AnswerLost

RECORDED = {
    line["name"]: line
    for line in map(
        json.loads,
        (Path(__file__).parent / "data" / "woocommerce" / "rest.jsonl").read_text(encoding="utf-8").splitlines(),
    )
}
Row = dict[str, Any]


def recorded(name: str) -> Any:
    return json.loads(json.dumps(RECORDED[name]["body"]))


@dataclass
class FakeWoo:
    """Called as an exchange. `before` sees each request and may raise or answer in the shop's place; `lose` has the
    answers to the next requests of these methods lost after they were processed."""

    orders: dict[int, Row] = field(default_factory=dict)
    products: dict[int, Row] = field(default_factory=dict)
    webhooks: dict[int, Row] = field(default_factory=dict)
    notes: dict[int, list[Row]] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    """The plugin's outbox: bodies by event id."""
    plugin_secret: str = ""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    before: Callable[[str, str, dict[str, str]], Answer | None] | None = None
    lose: list[str] = field(default_factory=list)

    def put(self, *rows: Row) -> None:
        for row in rows:
            self.orders[int(row["id"])] = row

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query))
        where = parts.path.removeprefix("/wp-json/wc/v3/")
        if where in ("/", "/wp-cron.php", "/wp-json/"):
            where = query.get("rest_route", where)
        self.asked.append((method, where, query))
        if self.before and (instead := self.before(method, where, query)):
            return instead
        if where == "/recado/v1/outbox":
            status, told = self._outbox(dict(headers), body or b"")
        else:
            status, told = self._answer(method, where, query, json.loads(body) if body else {})
        if method in self.lose:
            self.lose.remove(method)
            raise AnswerLost("TimeoutError")
        return answer(status, told)

    def _answer(self, method: str, where: str, query: dict[str, str], data: Row) -> tuple[int, Any]:
        if where == "orders":
            return (200, self._listed(query)) if int(query.get("per_page", "10")) <= 100 else (400, PER_PAGE)
        if match := re.fullmatch(r"orders/(\d+)(/notes)?", where):
            return self._order(method, int(match[1]), data, notes=bool(match[2]))
        if match := re.fullmatch(r"webhooks(?:/(\d+))?", where):
            return self._webhook(method, int(match[1] or 0), data, query)
        if where in SETTINGS:
            return 200, recorded(SETTINGS[where]) if isinstance(SETTINGS[where], str) else SETTINGS[where]
        if match := re.fullmatch(r"products/(\d+)", where):
            return one(self.products, int(match[1]), "woocommerce_rest_product_invalid_id")
        return 404, error("rest_no_route", 404)

    def _order(self, method: str, number: int, data: Row, *, notes: bool) -> tuple[int, Any]:
        if number not in self.orders:
            return 404, error("woocommerce_rest_shop_order_invalid_id", 404)
        written = self.notes.setdefault(number, [])
        if notes and method == "POST":
            written.insert(0, {"id": len(written) + 1, **data})
            return 201, written[0]
        if method == "PUT":
            self.orders[number].update(data)
        return 200, written if notes else self.orders[number]

    def _webhook(self, method: str, number: int, data: Row, query: dict[str, str]) -> tuple[int, Any]:
        """The secret is never told (finding 14)."""
        if method == "GET":
            page, size = int(query["page"]), int(query["per_page"])
            return 200, [hidden(row) for row in self.webhooks.values()][size * (page - 1) : size * page]
        if not number and data["topic"] not in TOPICS:
            return 400, error("woocommerce_rest_invalid_webhook_topic", 400)
        number = number or len(self.webhooks) + 1
        self.webhooks[number] = {**self.webhooks.get(number, {}), **data, "id": number}
        return 201, hidden(self.webhooks[number])

    def _outbox(self, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        try:
            Webhook(self.plugin_secret).verify(body, headers)
        except (WebhookVerificationError, ValueError):
            return (
                (401, error("recado_bad_signature", 401)) if self.plugin_secret else (404, error("rest_no_route", 404))
            )
        asked = json.loads(body)
        for event_id in asked["done"]:
            self.waiting.pop(event_id, None)
        events = [{"id": key, "body": text} for key, text in list(self.waiting.items())[: asked["take"]]]
        return 200, {"events": events, "left": len(self.waiting) - len(events), "plugin": "1.0.0"}

    def _listed(self, query: dict[str, str]) -> list[Row]:
        """Finding 28: strictly later, by seconds; naive moments are the shop's own unless said otherwise. Finding 29:
        drafts and trash are not among `any`."""
        assert query["dates_are_gmt"] == "true"
        hidden = {"trash", "checkout-draft", "auto-draft"}
        wanted = query["status"]
        listed = (lambda row: row["status"] not in hidden) if wanted == "any" else (lambda row: row["status"] == wanted)
        rows = list(filter(listed, self.orders.values()))
        after, before = query.get("modified_after", ""), query.get("modified_before", "9999")
        rows = [row for row in rows if after < row["date_modified_gmt"] < before]
        by = {"modified": lambda row: row["date_modified_gmt"], "id": lambda row: row["id"]}[query["orderby"]]
        size, number = int(query["per_page"]), int(query.get("page", "1"))
        return sorted(rows, key=by)[size * (number - 1) : size * number]


TOPICS = {
    f"{resource}.{event}"
    for resource in ("coupon", "customer", "order", "product")
    for event in ("created", "updated", "deleted", "restored")
} - {"customer.restored"}
"""There is none for notes, refunds, variations, stock and carts (finding 20)."""

SETTINGS: dict[str, Any] = {
    "settings/general": "settings-general",
    "settings/products": [{"id": "woocommerce_manage_stock", "value": "yes"}],
    "system_status": {"environment": {"version": "10.0.2", "language": "pt_BR"}},
    "/wp-json/": {"timezone_string": "America/Sao_Paulo", "gmt_offset": -3},
    "/wp-cron.php": {},
}


def hidden(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "secret"}


PER_PAGE = {"code": "rest_invalid_param", "message": "Invalid parameter(s): per_page", "data": {"status": 400}}


def one(rows: Mapping[int, Row], number: int, code: str) -> tuple[int, Any]:
    return (200, rows[number]) if number in rows else (404, error(code, 404))


def error(code: str, status: int) -> Row:
    return {"code": code, "message": "Invalid ID.", "data": {"status": status}}


def answer(status: int, told: Any, **headers: str) -> Answer:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return Answer(status, headers, body)
