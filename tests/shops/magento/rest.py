"""What customers, the owner and other systems do to a store by its REST interface."""

from collections.abc import Mapping
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


class Rest:
    def __init__(self, url: str, admin: str, password: str) -> None:
        self._url = url
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers["Accept"] = "application/json"
        self.token: str = self.call("POST", "integration/admin/token", {"username": admin, "password": password})

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """The answer; anything but 2xx fails with what the store said."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self._url}/rest/default/V1/{path}"
        answer = self._http.request(method, url, json=body, headers=headers, timeout=600)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        return answer.json()

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        return self.call(method, path, body, self.token)

    def product(self, sku: str, quantity: int, **more: Any) -> int:
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
                "website_ids": [1],
                "stock_item": {"qty": quantity, "is_in_stock": quantity > 0, "manage_stock": True},
            },
            **more,
        }
        return int(self.admin("POST", "products", {"product": product})["id"])

    def customer(self, email: str, password: str) -> str:
        """A new customer's token."""
        person = {"email": email, "firstname": "Ana", "lastname": "Gonçalves"}
        self.call("POST", "customers", {"customer": person, "password": password})
        return str(self.call("POST", "integration/customer/token", {"username": email, "password": password}))

    def place_as_guest(self, sku: str, country: str = "BR", quantity: int = 1, payment: Any = None) -> int:
        cart = f"guest-carts/{self.call('POST', 'guest-carts')}"
        return self._place(cart, sku, country, quantity, {"email": "guest@example.com"}, None, payment)

    def place_as_customer(self, token: str, sku: str, country: str = "BR") -> int:
        self.call("POST", "carts/mine", token=token)
        return self._place("carts/mine", sku, country, 1, {}, token, None)

    def _place(
        self, cart: str, sku: str, country: str, quantity: int, who: dict[str, Any], token: str | None, payment: Any
    ) -> int:
        shown = self.call("GET", cart, token=token) if token else {}
        quote = str(shown.get("id") or cart.split("/")[1])
        item = {"cartItem": {"sku": sku, "qty": quantity, "quote_id": quote}}
        self.call("POST", f"{cart}/items", item, token)
        address = {**ADDRESSES[country], "email": "guest@example.com"}
        shipping = {
            "shipping_address": address,
            "billing_address": address,
            "shipping_method_code": "flatrate",
            "shipping_carrier_code": "flatrate",
        }
        self.call("POST", f"{cart}/shipping-information", {"addressInformation": shipping}, token)
        paid = {**who, "paymentMethod": {"method": "checkmo", **(payment or {})}, "billingAddress": address}
        return int(self.call("POST", f"{cart}/payment-information", paid, token))

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
