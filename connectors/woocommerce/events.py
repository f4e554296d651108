"""Events in our own envelope, `{"type": "order.updated", "data": {…}}`: what a plugin in the shop sends, with the
order as the shop's REST interface shows it, or `product.stock` with what can be bought now."""

from connectors.woocommerce import products
from connectors.woocommerce.checks import Fault, json_object
from connectors.woocommerce.normalise import KIND_OF_TOPIC, read_payload
from connectors.woocommerce.payload import clean
from sidecar.domain.event import ShopEvent
from sidecar.domain.reading import Ignored, Unreadable


def read_event(_topic: str, body: bytes, timezone: str) -> ShopEvent | Ignored:
    """The event in an envelope. Raises `Unreadable`."""
    envelope = json_object(body)
    kind, data = envelope.get("type"), envelope.get("data")
    if not isinstance(kind, str):
        raise Unreadable(Fault.MISSING_FIELD, "The event has no `type`: send one such as order.updated.")
    if kind not in KIND_OF_TOPIC and kind != products.STOCK:
        return Ignored(f"type {clean(kind, 64)}".rstrip())
    if not isinstance(data, dict):
        raise Unreadable(Fault.MISSING_FIELD, "The event has no `data`: put the order or the stock there as an object.")
    if kind == products.STOCK:
        return products.read_stock(data)
    return read_payload(kind, data, timezone)
