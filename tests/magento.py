"""A Magento store at the seam where requests leave: it lists, refuses and stays silent as a real one did (findings 4.3
to 4.7, 5.4 and 5.6), and keeps what it was asked."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import eq, ge, gt
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sidecar.domain.exchange import Answer, AnswerLost

_ANSWERS = Path(__file__).parent / "data" / "magento" / "answers.jsonl"
PREFIX = "/rest/all/V1/"
Row = dict[str, Any]


@cache
def _recordings() -> dict[str, dict[str, Any]]:
    lines = _ANSWERS.read_text(encoding="utf-8").splitlines()
    return {told["name"]: told for told in map(json.loads, lines)}


def recorded(name: str) -> Any:
    """A body that a real store answered with."""
    return json.loads(json.dumps(_recordings()[name]["body"]))


def answered(name: str) -> Answer:
    """The whole answer."""
    told = _recordings()[name]
    body = told["body"] if isinstance(told["body"], str) and told["status"] == 503 else json.dumps(told["body"])
    return Answer(told["status"], told["headers"], body.encode())


def answer(body: Any, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(body).encode())


@dataclass
class FakeMagento:
    """`most` is the size of page the merchant allows; `moves` is called before each list, with what it is about."""

    orders: list[Row] = field(default_factory=list)
    shipments: list[Row] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    salable: dict[str, float] = field(default_factory=dict)
    has_inventory: bool = True
    backorders: bool = False
    takes_slashes: bool = True
    most: int = 10_000
    failing: Answer | None = None
    comments: list[Row] = field(default_factory=list)
    cancellable: bool = True
    rights: Collection[str] | None = None
    """The resources that the integration may use; None for all."""
    lost: int = 0
    homes: Mapping[str, str] = field(default_factory=dict)
    """Addresses of store views, by their codes."""
    asked: list[tuple[str, str, dict[str, str], Mapping[str, str], Any]] = field(default_factory=list)
    moves: Any = None
    addresses: list[str] = field(default_factory=list)

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        parts = urlsplit(path)
        self.addresses.append(path)
        query = dict(parse_qsl(parts.query))
        resource = parts.path.removeprefix(PREFIX)
        self.asked.append((method, resource, query, headers, json.loads(body) if body else None))
        if self.failing:
            return self.failing
        if self.rights is not None and (lacking := right_for(method, resource)) not in self.rights:
            return answer({"message": LACKING, "parameters": {"resources": lacking}}, 401)
        if resource in ("orders", "shipments", "products"):
            return self._list(resource, query)
        if resource.startswith("orders/"):
            return self._order(resource.split("/")[1:], json.loads(body) if body else None)
        return self._one(resource)

    def _order(self, path: list[str], told: Any) -> Answer:
        """`lost` answers do not come back, though what was asked for is done."""
        [row] = [row for row in self.orders if str(row["entity_id"]) == path[0]]
        if path[1:] == ["comments"] and told is None:
            return answer({"items": self.comments, "total_count": len(self.comments)})
        if path[1:] == ["comments"]:
            status = told["statusHistory"].get("status", row["status"])
            if "status" in told["statusHistory"] and status not in STATUSES[row["state"]]:
                return answered("err_comment_status_of_other_state")
            self.comments.append(told["statusHistory"])
            row["status"] = status
        elif path[1:] == ["cancel"]:
            if not self.cancellable:
                return answered("err_cancel_held")
            row |= {"status": "canceled", "state": "canceled"}
        else:
            return answer(row)
        if self.lost:
            self.lost -= 1
            raise AnswerLost("ReadTimeout")
        return answer(True)

    def _one(self, resource: str) -> Answer:
        if "%2F" in resource and not self.takes_slashes:
            return answered("err_404_route")
        if resource == "store/storeConfigs":
            views = recorded("storeConfigs_two_websites")
            return answer([{**view, "base_url": self.homes.get(view["code"], view["base_url"])} for view in views])
        if resource == "store/websites":
            return answer(recorded("websites_two"))
        if resource.startswith("stockStatuses/"):
            quantity = self.salable.get(unquote(resource.rpartition("/")[2]), 0)
            return answer({"qty": quantity, "stock_status": int(quantity > 0 or self.backorders)})
        if not resource.startswith("inventory/") or not self.has_inventory:
            return answered("err_404_route")
        if resource.startswith("inventory/stock-resolver/"):
            return answer({**recorded("inv_stock_resolver"), "stock_id": 1 if resource.endswith("/base") else 2})
        _, question, sku, _stock = resource.split("/")
        quantity = self.salable.get(unquote(sku), 0)
        if question == "get-product-salable-quantity" and self._type_of(unquote(sku)) not in OF_ITS_OWN:
            return answered("inv_salable_qty_lab-hoodie")
        return answer((quantity > 0 or self.backorders) if question == "is-product-salable" else quantity)

    def _type_of(self, sku: str) -> str:
        return next(str(row["type_id"]) for row in self.products if row["sku"] == sku)

    def _list(self, resource: str, query: dict[str, str]) -> Answer:
        if refusal := _refusal(query):
            return refusal
        size = int(query["searchCriteria[pageSize]"])
        if size > self.most:
            told = {"message": "Maximum SearchCriteria pageSize is %max", "parameters": {"max": self.most}}
            return answer(told, 400)
        if self.moves:
            self.moves()
        rows = [row for row in getattr(self, resource) if _fits(row, query)]
        rows.sort(key=lambda row: tuple(row.get(name, row.get("id")) for name in _order_of(query)))
        whole = {"items": rows[:size], "search_criteria": {}, "total_count": len(rows)}
        return answer(cut_down(whole, fields_in(query["fields"])) if "fields" in query else whole)


STATUSES = {
    "new": {"pending", "confirmed"},
    "pending_payment": {"pending_payment"},
    "processing": {"processing", "fraud"},
    "payment_review": {"payment_review", "fraud"},
    "holded": {"holded"},
    "complete": {"complete"},
    "closed": {"closed"},
    "canceled": {"canceled"},
}
"""Of each state: Magento's own, and one that a merchant has added."""

OF_ITS_OWN = {"simple", "virtual", "downloadable"}
"""Types of products that have a stock."""

LACKING = "The consumer isn't authorized to access %resources."
RIGHTS = {
    "POST orders/[0-9]+/comments": "Magento_Sales::comment",
    "POST orders/[0-9]+/cancel": "Magento_Sales::cancel",
    "GET orders.*": "Magento_Sales::actions_view",
    "GET shipments": "Magento_Sales::shipment",
    "GET store/.*": "Magento_Backend::store",
    "GET products": "Magento_Catalog::products",
    "GET stockStatuses/.*": "Magento_Catalog::catalog_inventory",
    "GET inventory/.*": "Magento_InventorySalesApi::stock",
}


def right_for(method: str, resource: str) -> str:
    return next(right for asked, right in RIGHTS.items() if re.fullmatch(asked, f"{method} {resource}"))


Fields = dict[str, "Fields"]


def fields_in(written: str) -> Fields:
    """`items[a,b[c]]` as the keys of objects within objects."""
    assert re.fullmatch(r"[\w\[\],]+", written), "Magento answers [] to this"
    found: Fields = json.loads("{" + re.sub(r"(\w+)", r'"\1":{}', written).replace("}[", "").replace("]", "}") + "}")
    return found


def cut_down(told: Any, fields: Fields) -> Any:
    """As Magento does it: an empty list becomes null, and an object of which nothing is left an empty list."""
    if isinstance(told, list):
        return [cut_down(each, fields) for each in told] or None
    if not isinstance(told, dict) or not fields:
        return told
    return {name: cut_down(value, fields[name]) for name, value in told.items() if name in fields} or []


def _refusal(query: dict[str, str]) -> Answer | None:
    """What is wrong with a question. What is wrong with a condition the store does not say: it shows nothing."""
    fields = [value for name, value in query.items() if name.endswith("[field]")]
    directions = [value for name, value in query.items() if name.endswith("[direction]")]
    if not query:
        return answered("err_no_searchcriteria")
    if set(fields) - COLUMNS:
        return answered("err_bad_field")
    if set(directions) - {"ASC", "DESC"}:
        return answered("err_bad_sort_direction")
    conditions = {value for name, value in query.items() if name.endswith("[condition_type]")}
    return answered("err_bad_condition") if conditions - set(_CONDITIONS) else None


COLUMNS = {"entity_id", "increment_id", "store_id", "state", "status", "created_at", "updated_at", "order_id", "sku"}


def _order_of(query: dict[str, str]) -> list[str]:
    names = (query.get(f"searchCriteria[sortOrders][{number}][field]") for number in range(3))
    return [name for name in names if name]


_CONDITIONS: dict[str, Callable[[Any, Any], bool]] = {
    "gteq": ge,
    "gt": gt,
    "eq": eq,
    "in": lambda has, some: has in some,
}


def _fits(row: Row, query: dict[str, str]) -> bool:
    """Compared as strings by the database, numbers as numbers; an unknown condition finds nothing."""
    groups = (f"searchCriteria[filter_groups][{number}][filters][0]" for number in range(3))
    return all(_holds(row, query, group) for group in groups if f"{group}[field]" in query)


def _holds(row: Row, query: dict[str, str], group: str) -> bool:
    wanted: Any = query[f"{group}[value]"]
    condition = query[f"{group}[condition_type]"]
    has = row.get(query[f"{group}[field]"], row.get("id"))
    if isinstance(has, int):
        wanted = [int(each) for each in wanted.split(",")] if condition == "in" else int(wanted)
    return condition in _CONDITIONS and _CONDITIONS[condition](has, wanted)
