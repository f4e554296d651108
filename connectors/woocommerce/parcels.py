"""Parcels as tracking plugins keep them with an order, and as our own plugin tells them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.reading.carriers import carrier_name, known_link, link
from connectors.reading.text import clean
from sidecar.domain.event import Parcel, ParcelStatus

# WooCommerce Shipment Tracking and Advanced Shipment Tracking both keep a list under this key.
TRACKING_META = "_wc_shipment_tracking_items"
MOST_PARCELS = 20


def in_meta(meta_data: object) -> tuple[Parcel, ...]:
    """The parcels in an order's raw meta; what is not one is passed over."""
    entries = meta_data if isinstance(meta_data, list) else []
    lists = (e.get("value") for e in entries if isinstance(e, dict) and e.get("key") == TRACKING_META)
    items = [item for found in lists if isinstance(found, list) for item in found if isinstance(item, dict)]
    parcels = (_shipped(item) for item in items[:MOST_PARCELS])
    return tuple(parcel for parcel in parcels if parcel)


def _shipped(item: Mapping[str, object]) -> Parcel | None:
    number = clean(item.get("tracking_number"), 64)
    parcel_id = number or clean(item.get("tracking_id"), 64)
    if not parcel_id:
        return None
    slug = clean(item.get("tracking_provider"), 64)
    return Parcel(
        id=parcel_id,
        status=ParcelStatus.SHIPPED,
        carrier=carrier_name(clean(item.get("custom_tracking_provider"), 64) or slug),
        tracking_number=number,
        tracking_url=link(item.get("custom_tracking_link")) or known_link(slug, number),
        at=_unix(item.get("date_shipped")),
    )


def _unix(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(clean(value, 12)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
