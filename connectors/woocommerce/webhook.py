"""The first look at a delivery, before anything of it is kept."""

import re
from enum import Enum, auto

from connectors.reading.text import decode
from connectors.woocommerce.payload import DRAFTS, clean_status

TOPIC_HEADER = "X-WC-Webhook-Topic"
SIGNATURE_HEADER = "X-WC-Webhook-Signature"
# A hash of webhook and second: two deliveries within one second share it. It must never be used to drop the second.
DELIVERY_ID_HEADER = "X-WC-Webhook-Delivery-ID"

PING_BODY = re.compile(rb"webhook_id=[0-9]{1,20}")


class FirstLook(Enum):
    """PING is to be answered 200 unsigned and forgotten. DRAFT and STORE are of use only with a right signature:
    a draft is answered 200 and not kept, the rest is kept."""

    PING = auto()
    DRAFT = auto()
    STORE = auto()


def sort(topic: str | None, content_type: str | None, body: bytes) -> FirstLook:
    if is_ping(topic, content_type, body):
        return FirstLook.PING
    return FirstLook.DRAFT if is_draft(topic, body) else FirstLook.STORE


def is_ping(topic: str | None, content_type: str | None, body: bytes) -> bool:
    """WooCommerce tries a new address with an unsigned form post without headers of its own, and shows the shop's
    owner an error unless it is answered 200."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    return not topic and media_type == "application/x-www-form-urlencoded" and bool(PING_BODY.fullmatch(body))


def is_draft(topic: str | None, body: bytes) -> bool:
    """The block checkout delivers an order for every address field typed, by people who may never buy: their data
    must not be kept. Products have drafts too, with nobody's data in them."""
    if (topic or "").startswith("product."):
        return False
    try:
        payload = decode(body)
    except ValueError:
        return False
    return isinstance(payload, dict) and clean_status(payload.get("status")) in DRAFTS
