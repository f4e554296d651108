"""A shopper without a browser: the Store API, as the checkout of blocks uses it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

ADDRESS = {
    "first_name": "Maria",
    "last_name": "Lima",
    "address_1": "Rua Augusta 10",
    "city": "São Paulo",
    "state": "SP",
    "postcode": "01305-000",
    "country": "BR",
    "phone": "(11) 98765-4321",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """An order, when it was sent off (Unix time), and for how long its shopper waited."""

    order_id: int
    sent_at: float
    seconds: float


class Shopper:
    """One guest with a cart of their own. `headers` go with every request."""

    def __init__(self, url: str, **headers: str) -> None:
        self._api = f"{url}/wp-json/wc/store/v1"
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers.update({name.replace("_", "-"): value for name, value in headers.items()})

    def add(self, product: int, quantity: int = 1) -> None:
        """Into the cart; the token with which the API names the cart goes with what follows."""
        cart = self._http.get(f"{self._api}/cart", timeout=60)
        cart.raise_for_status()
        self._http.headers.update({name: cart.headers[name] for name in ("Nonce", "Cart-Token")})
        self._post("cart/add-item", id=product, quantity=quantity)

    def place(self, payment: str = "cod", **billing: str) -> Placed:
        address = {**ADDRESS, **billing}
        sent_at, started = time.time(), time.perf_counter()
        made = self._post(
            "checkout",
            billing_address={**address, "email": "maria@shop.example"},
            shipping_address=address,
            payment_method=payment,
        )
        return Placed(made["order_id"], sent_at, time.perf_counter() - started)

    def close(self) -> None:
        self._http.close()

    def _post(self, path: str, **fields: Any) -> Any:
        answer = self._http.post(f"{self._api}/{path}", json=fields, timeout=60)
        if not answer.ok:
            raise AssertionError(f"{path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()


def buy(url: str, product: int, headers: Mapping[str, str], **billing: str) -> Placed:
    shopper = Shopper(url, **headers)
    try:
        shopper.add(product)
        return shopper.place(**billing)
    finally:
        shopper.close()
