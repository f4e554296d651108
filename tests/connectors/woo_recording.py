"""What a real WooCommerce 10.0.2 shop delivered, and short ways to read variations of it."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from connectors.woocommerce.normalise import Ignored, Unreadable, read
from connectors.woocommerce.webhook import TOPIC_HEADER
from sidecar.domain.event import Order, ShopEvent

SECRET = "lab-secret-2026"
SAO_PAULO = "America/Sao_Paulo"
RECORDED = Path(__file__).parents[1] / "data" / "woocommerce" / "deliveries.jsonl"
DELIVERIES: dict[int, dict[str, Any]] = {
    entry["seq"]: entry for entry in map(json.loads, RECORDED.read_text(encoding="utf-8").splitlines())
}


def headers_of(seq: int) -> dict[str, str]:
    return dict(DELIVERIES[seq]["headers"])


def body_of(seq: int) -> bytes:
    return b64decode(DELIVERIES[seq]["body_base64"])


def payload(seq: int = 1, /, **changes: Any) -> dict[str, Any]:
    return {**json.loads(body_of(seq)), **changes}


def address(**fields: Any) -> dict[str, Any]:
    return {"first_name": "", "country": "", "phone": "", **fields}


def read_delivery(seq: int) -> ShopEvent | Ignored:
    return read(headers_of(seq).get(TOPIC_HEADER, ""), body_of(seq), SAO_PAULO)


def order_of(seq: int) -> Order:
    told = read_delivery(seq)
    assert isinstance(told, ShopEvent) and told.order
    return told.order


def event(body: object, topic: str = "order.updated", timezone: str = SAO_PAULO) -> ShopEvent:
    told = read(topic, body if isinstance(body, bytes) else json.dumps(body).encode(), timezone)
    assert isinstance(told, ShopEvent)
    return told


def order(timezone: str = SAO_PAULO, **changes: Any) -> Order:
    told = event(payload(**changes), timezone=timezone).order
    assert told
    return told


def fault(body: object, topic: str = "order.updated", timezone: str = SAO_PAULO) -> Unreadable:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(Unreadable) as refused:
        read(topic, raw, timezone)
    return refused.value
