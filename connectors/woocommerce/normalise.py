"""From a delivery's body to what it tells about an order, or about a product's stock."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.reading.checks import Fault, JsonObject, fetch_again, json_object, validated
from connectors.reading.text import clean
from connectors.woocommerce import parcels, products
from connectors.woocommerce.checks import refuse_shop_error
from connectors.woocommerce.moments import UnknownTimezone, moment
from connectors.woocommerce.payload import (
    DRAFTS,
    DeletedPayload,
    OrderPayload,
    clean_status,
    meta_value,
    short_meta,
)
from sidecar.domain.event import EventKind, Order, ShopEvent, Transition
from sidecar.domain.reading import Ignored, Unreadable
from sidecar.domain.spoken import order_consents

DELETED = "order.deleted"
CONSENTS_META = "_recado_consents"
"""Where our plugin keeps what the buyer ticked."""
MOBILE_META = "_recado_mobile"
"""Where it keeps the mobile number that the buyer gave for texts, besides the billing phone."""
KIND_OF_TOPIC = {
    "order.created": EventKind.ORDER_SEEN,
    "order.updated": EventKind.ORDER_SEEN,
    "order.restored": EventKind.ORDER_RESTORED,
    DELETED: EventKind.ORDER_TRASHED,
}


def read(topic: str, body: bytes, timezone: str) -> ShopEvent | Ignored:
    """`order.created` and `order.updated` come in either order and are one kind: an order as it is now. Products are
    read for their stock. `timezone` is the shop's. Raises `Unreadable`."""
    if topic in products.TOPICS:
        return products.read_product(topic, json_object(body, "product"), timezone)
    if topic not in KIND_OF_TOPIC:
        return Ignored(f"topic {clean(topic, 64)}".rstrip())
    return read_payload(topic, json_object(body), timezone)


def read_payload(topic: str, payload: JsonObject, timezone: str) -> ShopEvent | Ignored:
    """The same, from a payload that has been decoded, of a known topic."""
    kind = KIND_OF_TOPIC[topic]
    refuse_shop_error(payload)
    if topic == DELETED:
        return ShopEvent(kind, validated(DeletedPayload, payload).id)
    if reason := _why_ignored(payload):
        return Ignored(reason)
    return _event(kind, validated(OrderPayload, payload), timezone)


def _why_ignored(payload: JsonObject) -> str:
    """Refunds and the sub-orders of marketplace plugins are orders to WooCommerce; the customer knows the parent."""
    if payload.get("type") == "shop_order_refund":
        return "a refund, not an order"
    if str(payload.get("parent_id") or 0) != "0":
        return "part of another order"
    return "a draft" if clean_status(payload.get("status")) in DRAFTS else ""


def _event(kind: EventKind, payload: OrderPayload, timezone: str) -> ShopEvent:
    """A payload is built when it is delivered, not when the thing happened: an order trashed in between arrives as
    updated, with status `trash`."""
    if payload.status == "trash":
        kind = EventKind.ORDER_TRASHED
    return ShopEvent(kind, payload.id, _order(payload, timezone))


def _order(payload: OrderPayload, timezone: str) -> Order:
    billing, shipping = payload.billing, payload.shipping
    meta = short_meta(payload.meta_data)
    return Order(
        id=payload.id,
        number=payload.number or payload.id,
        status=payload.status,
        modified_at=_modified_at(payload, timezone),
        created_at=_created_at(payload, timezone),
        phone=meta.get(MOBILE_META) or billing.phone,
        country=billing.country or shipping.country,
        # Only the block checkout asks for a phone with the delivery address.
        receiver_phone=shipping.phone,
        receiver_country=shipping.country or billing.country,
        region=(shipping if shipping.country else billing).state,
        first_name=billing.first_name or shipping.first_name,
        last_name=billing.last_name or shipping.last_name,
        receiver_first_name=shipping.first_name,
        total=payload.total,
        currency=payload.currency,
        payment=payload.payment_method,
        items=payload.items,
        customer_id="" if payload.customer_id == "0" else payload.customer_id,
        locale=_language(meta),
        meta=meta,
        parcels=parcels.in_meta(payload.meta_data),
        consents=order_consents(meta_value(payload.meta_data, CONSENTS_META)),
        transition=_transition(payload),
    )


def _transition(payload: OrderPayload) -> Transition | None:
    change = payload.transition
    return Transition(change.from_, datetime.fromisoformat(change.at).astimezone(UTC)) if change else None


# Where plugins for several languages keep the one an order was made in: WPML, TranslatePress, Polylang, others.
_LANGUAGE_META = ("wpml_language", "trp_language", "_pll_order_language", "_locale")
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})*")


def _language(meta: Mapping[str, str]) -> str:
    found = (meta.get(key, "") for key in _LANGUAGE_META)
    return next((language for language in found if _LANGUAGE.fullmatch(language)), "")


def _modified_at(payload: OrderPayload, timezone: str) -> datetime:
    try:
        read_as = moment(payload.date_modified_gmt, payload.date_modified, timezone)
    except UnknownTimezone:
        raise Unreadable(
            Fault.BAD_TIMEZONE,
            "The order's dates are in the shop's time, and the shop's time zone is not a known one. "
            "Set it to a name such as America/Sao_Paulo, then replay this delivery.",
        ) from None
    except ValueError:
        raise Unreadable(Fault.BAD_DATE, f"The order's `date_modified_gmt` is not a date. {fetch_again()}") from None
    if read_as is None:
        raise Unreadable(
            Fault.MISSING_FIELD, f"The order has neither `date_modified_gmt` nor `date_modified`. {fetch_again()}"
        )
    return read_as


def _created_at(payload: OrderPayload, timezone: str) -> datetime | None:
    try:
        return moment(payload.date_created_gmt, payload.date_created, timezone)
    except ValueError:
        return None
