"""What customers, the owner and other systems do to a store by its REST interface."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from itertools import count
from typing import Any

import requests

ADDRESSES: Mapping[str, Mapping[str, Any]] = {
    "BR": {
        "firstname": "Ana",
        "lastname": "Gonçalves",
        "telephone": "(11) 98765-4321",
        "country_id": "BR",
        "region": "São Paulo",
        "region_id": 508,
        "postcode": "01305-000",
        "city": "São Paulo",
        "street": ["Rua Augusta 1"],
    },
    "FR": {
        "firstname": "Zoé",
        "lastname": "Lefèvre",
        "telephone": "06 12 34 56 78",
        "country_id": "FR",
        "region": "Paris",
        "postcode": "75004",
        "city": "Paris",
        "street": ["8 rue de Rivoli"],
    },
}

_visitors = count()


def another_address() -> str:
    """Of a visitor who was not here before, or long ago."""
    return f"198.51.100.{next(_visitors) % 254 + 1}"


def guest_address(country: str, **other: str) -> dict[str, Any]:
    return {**ADDRESSES[country], "email": "guest@example.com", **other}


def guest_payment(address: Mapping[str, Any], payment: Any = None) -> dict[str, Any]:
    paid = {"paymentMethod": {"method": "checkmo", **(payment or {})}, "billingAddress": address}
    return {"email": "guest@example.com", **paid}


class Rest:
    """Of one store view."""

    def __init__(self, url: str, admin: str, password: str, view: str = "default") -> None:
        self._url, self._view = url, view
        self._who = admin, password
        self._http = requests.Session()
        self._http.trust_env = False
        # A cookie would have the store take a guest for the customer who asked before.
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._http.headers["Accept"] = "application/json"
        self.token: str = self.call("POST", "integration/admin/token", {"username": admin, "password": password})

    def of_view(self, view: str) -> "Rest":
        return Rest(self._url, *self._who, view=view)

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """The answer; anything but 2xx fails with what the store said."""
        answer = self._ask(method, f"rest/{self._view}/V1/{path}", body, token)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        return answer.json()

    def refused(self, method: str, path: str, body: Any = None, token: str | None = None) -> str:
        """Why the store would not do it."""
        answer = self._ask(method, f"rest/{self._view}/V1/{path}", body, token)
        assert 400 <= answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        return str(answer.json()["message"])

    def graphql(self, query: str, token: str | None = None, **variables: Any) -> Any:
        """What was asked for; or, where the store would not, its sentence."""
        answer = self._ask("POST", "graphql", {"query": query, "variables": variables}, token)
        told = answer.json()
        return told["errors"][0]["message"] if "errors" in told else told["data"]

    def _ask(self, method: str, path: str, body: Any, token: str | None) -> requests.Response:
        headers = {"X-Forwarded-For": another_address(), **({"Authorization": f"Bearer {token}"} if token else {})}
        return self._http.request(method, f"{self._url}/{path}", json=body, headers=headers, timeout=600)

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        return self.call(method, path, body, self.token)

    def product(self, sku: str, quantity: int, websites: Iterable[int] = (1,), **more: Any) -> int:
        """A simple product of 19.90, made or put back to this stock."""
        product = {
            "sku": sku,
            "name": sku.replace("-", " ").title(),
            "price": 19.9,
            "status": 1,
            "visibility": 4,
            "type_id": "simple",
            "attribute_set_id": 4,
            "weight": 0.5,
            "extension_attributes": {
                "website_ids": list(websites),
                "stock_item": {"qty": quantity, "is_in_stock": quantity > 0, "manage_stock": True},
            },
            **more,
        }
        return int(self.admin("POST", "products", {"product": product})["id"])

    def configurable(self, sku: str, sizes: Mapping[str, int]) -> dict[str, int]:
        """A product whose variations differ in size, with the stock of each; returns the variations by size."""
        attribute, options = self.sizes(sizes)
        product = {"extension_attributes": {"website_ids": [1], "stock_item": {"is_in_stock": True}}}
        self.product(sku, 1, type_id="configurable", **product)
        values = [{"value_index": options[size]} for size in sizes]
        option = {"attribute_id": str(attribute), "label": "Size", "position": 0, "values": values}
        self.admin("POST", f"configurable-products/{sku}/options", {"option": option})
        made = {}
        for size, quantity in sizes.items():
            child = f"{sku}-{size.lower()}"
            chosen = [{"attribute_code": "recado_size", "value": str(options[size])}]
            made[size] = self.product(child, quantity, custom_attributes=chosen, visibility=1)
            self.admin("POST", f"configurable-products/{sku}/child", {"childSku": child})
        return made

    def sizes(self, sizes: Iterable[str]) -> tuple[int, dict[str, int]]:
        """The attribute's id, and its options' by their labels."""
        path = "products/attributes/recado_size"
        if self._ask("GET", f"rest/{self._view}/V1/{path}", None, self.token).status_code == HTTPStatus.NOT_FOUND:
            labels = [{"label": size} for size in sizes]
            attribute = {
                "attribute_code": "recado_size",
                "frontend_input": "select",
                "default_frontend_label": "Size",
                "scope": "global",
                "is_user_defined": True,
                "is_required": False,
                "options": labels,
            }
            self.admin("POST", "products/attributes", {"attribute": attribute})
            of_set = "searchCriteria[filterGroups][0][filters][0][field]=attribute_set_id"
            value = "searchCriteria[filterGroups][0][filters][0][value]=4"
            groups = self.admin("GET", f"products/attribute-sets/groups/list?{of_set}&{value}")["items"]
            group = {"attributeSetId": 4, "attributeGroupId": groups[0]["attribute_group_id"], "sortOrder": 0}
            self.admin("POST", "products/attribute-sets/attributes", {**group, "attributeCode": "recado_size"})
        known = self.admin("GET", path)
        return known["attribute_id"], {o["label"]: int(o["value"]) for o in known["options"] if o["value"]}

    def customer(self, email: str, password: str, country: str = "") -> str:
        """A new customer's token; with the address of this country in the address book, or with none."""
        person: dict[str, Any] = {"email": email, "firstname": "Ana", "lastname": "Gonçalves"}
        if country:
            known = dict(ADDRESSES[country])
            region = {"region": known.pop("region"), "region_id": known.pop("region_id", 0)}
            person["addresses"] = [{**known, "region": region, "default_billing": True, "default_shipping": True}]
        self.call("POST", "customers", {"customer": person, "password": password})
        return str(self.call("POST", "integration/customer/token", {"username": email, "password": password}))

    def guest_cart(self, sku: str, country: str = "BR", quantity: int = 1, **address: str) -> str:
        """The masked number of one that only has to be paid, in `place`."""
        quote = str(self.call("POST", "guest-carts"))
        self._fill(f"guest-carts/{quote}", quote, sku, quantity, guest_address(country, **address), None)
        return quote

    def place_as_guest(
        self, sku: str, country: str = "BR", quantity: int = 1, payment: Any = None, **address: str
    ) -> int:
        cart = self.guest_cart(sku, country, quantity, **address)
        paid = guest_payment(guest_address(country, **address), payment)
        return int(self.call("POST", f"guest-carts/{cart}/payment-information", paid))

    def place_as_customer(self, token: str, sku: str, country: str = "BR") -> int:
        self.fill_customer_cart(token, sku, country)
        return self.pay_customer_cart(token, country)

    def fill_customer_cart(self, token: str, sku: str, country: str = "BR") -> None:
        self.call("POST", "carts/mine", token=token)
        quote = str(self.call("GET", "carts/mine", token=token)["id"])
        self._fill("carts/mine", quote, sku, 1, guest_address(country), token)

    def pay_customer_cart(self, token: str, country: str = "BR", payment: Any = None) -> int:
        paid = guest_payment(guest_address(country), payment)
        return int(self.call("POST", "carts/mine/payment-information", paid, token))

    def _fill(self, cart: str, quote: str, sku: str, quantity: int, address: Any, token: str | None) -> None:
        item = {"cartItem": {"sku": sku, "qty": quantity, "quote_id": quote}}
        self.call("POST", f"{cart}/items", item, token)
        shipping = {
            "shipping_address": address,
            "billing_address": address,
            "shipping_method_code": "flatrate",
            "shipping_carrier_code": "flatrate",
        }
        self.call("POST", f"{cart}/shipping-information", {"addressInformation": shipping}, token)

    def invoice(self, order_id: int) -> int:
        return int(self.admin("POST", f"order/{order_id}/invoice", {"capture": True}))

    def ship(self, order_id: int, *numbers: str, items: Any = None) -> int:
        tracks = [{"track_number": number, "title": "Correios", "carrier_code": "custom"} for number in numbers]
        shipped = {"tracks": tracks, **({"items": items} if items else {})}
        return int(self.admin("POST", f"order/{order_id}/ship", shipped))

    def track(self, order_id: int, shipment_id: int, number: str) -> None:
        track = {
            "order_id": order_id,
            "parent_id": shipment_id,
            "track_number": number,
            "title": "Correios",
            "carrier_code": "custom",
            "weight": 0,
            "qty": 1,
            "description": "",
        }
        self.admin("POST", "shipment/track", {"entity": track})

    def refund(self, order_id: int, shipping: float = 5, **more: Any) -> int:
        arguments = {"shipping_amount": shipping, "adjustment_positive": 0, "adjustment_negative": 0}
        return int(self.admin("POST", f"order/{order_id}/refund", {"arguments": arguments, **more}))

    def comment(self, order_id: int, text: str, visible: bool, status: str | None = None) -> None:
        told = {"comment": text, "is_customer_notified": 0, "is_visible_on_front": int(visible)}
        history = {**told, **({"status": status} if status else {})}
        self.admin("POST", f"orders/{order_id}/comments", {"statusHistory": history})

    def order(self, order_id: int) -> dict[str, Any]:
        return dict(self.admin("GET", f"orders/{order_id}"))

    def set_stock(self, sku: str, quantity: int) -> None:
        """Over the sources, of which the old inventory's event tells nothing."""
        item = {"sku": sku, "source_code": "default", "quantity": quantity, "status": int(quantity > 0)}
        self.admin("POST", "inventory/source-items", {"sourceItems": [item]})
