"""Signed order webhooks as a WooCommerce shop delivers them, cheap to make by the hundred thousand.

One delivery of a real shop is the mould: id, number, phone and dates are replaced in its bytes, so that the
form of the body (field order, escapes) stays the shop's own. Every index gives its own order and number.
"""

import hmac
import json
import re
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

DELIVERIES = Path(__file__).parents[1] / "data" / "woocommerce" / "deliveries.jsonl"
FIRST_ORDER_ID = 1_000_000
FIRST_SUBSCRIBER = 960_000_000
LAST_SUBSCRIBER = 999_999_999
_DATES = ("date_created", "date_modified", "date_paid", "date_completed")


@dataclass(frozen=True, slots=True)
class Mould:
    """A delivery with places left open in its body, as for bytes formatting."""

    headers: dict[str, str]
    body: bytes
    utc_offset: float


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a shop delivers to, and the secret it signs with."""

    shop_id: str
    secret: str
    host: str = "127.0.0.1"

    @property
    def path(self) -> str:
        return f"/hooks/woocommerce/{self.shop_id}"


def national_number(index: int) -> str:
    subscriber = FIRST_SUBSCRIBER + index
    if not FIRST_SUBSCRIBER <= subscriber <= LAST_SUBSCRIBER:
        raise ValueError(f"no mobile number left for order {index}")
    return f"11{subscriber}"


def e164(index: int) -> str:
    return f"+55{national_number(index)}"


def order_id(index: int) -> int:
    return FIRST_ORDER_ID + index


def order_requests(
    hook: Hook, *, topic: str = "order.created", status: str = "processing", first: int = 0, mould: Mould | None = None
) -> Iterator[bytes]:
    """Endless: order `first`, `first` + 1 and so on, each dated with the moment it is taken."""
    mould = mould or load_mould(topic, status)
    secret = hook.secret.encode()
    head = _head(hook, mould)
    run = secrets.token_hex(8).encode()
    for index in count(first):
        body = _body(mould, index)
        signature = b64encode(hmac.digest(secret, body, "sha256"))
        yield head % (signature, run, index, len(body)) + body


@lru_cache
def load_mould(topic: str, status: str, path: Path = DELIVERIES) -> Mould:
    """The first delivery to a Brazilian customer with this topic and order status."""
    with path.open(encoding="utf-8") as lines:
        for delivery in map(json.loads, lines):
            if delivery["headers"].get("X-WC-Webhook-Topic") != topic:
                continue
            body = b64decode(delivery["body_base64"])
            order = json.loads(body)
            if order.get("status") == status and order.get("billing", {}).get("country") == "BR":
                return _mould(delivery["headers"], body, order)
    raise LookupError(f"{path.name} has no {topic} with status {status} for Brazil")


def _mould(headers: dict[str, str], body: bytes, order: dict[str, Any]) -> Mould:
    number = str(order["id"]).encode()
    phone = json.dumps(order["billing"]["phone"]).encode()
    body = body.replace(b"%", b"%%").replace(b'{"id":%b,' % number, b'{"id":%(id)d,', 1)
    body = body.replace(b'"number":"%b"' % number, b'"number":"%(id)d"').replace(phone, b'"%(phone)b"')
    body = re.sub(rb'(?<=\\/)%b(?=[\\"])' % number, b"%(id)d", body)
    for name in _DATES:
        body = re.sub(rb'"%b":"[^"]+"' % name.encode(), b'"%b":"%%(local)b"' % name.encode(), body)
        body = re.sub(rb'"%b_gmt":"[^"]+"' % name.encode(), b'"%b_gmt":"%%(gmt)b"' % name.encode(), body)
    local, gmt = (datetime.fromisoformat(order[name]) for name in ("date_created", "date_created_gmt"))
    return Mould(headers, body, (local - gmt).total_seconds())


def _head(hook: Hook, mould: Mould) -> bytes:
    dropped = ("Host", "Connection", "Content-Length", "X-WC-Webhook-Signature", "X-WC-Webhook-Delivery-ID")
    kept = {name: value for name, value in mould.headers.items() if name not in dropped}
    lines = [
        f"POST {hook.path} HTTP/1.1",
        f"Host: {hook.host}",
        *(f"{name}: {value}" for name, value in kept.items()),
    ]
    fixed = "\r\n".join(lines).replace("%", "%%").encode()
    return fixed + b"\r\nX-WC-Webhook-Signature: %b\r\nX-WC-Webhook-Delivery-ID: %b%016x\r\nContent-Length: %d\r\n\r\n"


def _body(mould: Mould, index: int) -> bytes:
    gmt, local = _dates(int(time.time()), mould.utc_offset)
    return mould.body % {
        b"id": order_id(index),
        b"phone": national_number(index).encode(),
        b"gmt": gmt,
        b"local": local,
    }


@lru_cache(maxsize=4)
def _dates(now: int, utc_offset: float) -> tuple[bytes, bytes]:
    gmt, local = (datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S") for at in (now, now + utc_offset))
    return gmt.encode(), local.encode()
