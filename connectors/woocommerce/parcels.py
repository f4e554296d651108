"""Parcels as tracking plugins keep them with an order, and as our own plugin tells them."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from connectors.woocommerce.payload import clean
from sidecar.domain.event import Parcel, ParcelStatus

# WooCommerce Shipment Tracking and Advanced Shipment Tracking both keep a list under this key.
TRACKING_META = "_wc_shipment_tracking_items"
MOST_PARCELS = 20
LONGEST_LINK = 200


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


def link(value: object) -> str:
    """A web address that fits a text, else nothing."""
    written = clean(value, LONGEST_LINK + 1)
    try:
        parts = urlsplit(written)
    except ValueError:
        return ""
    sound = parts.scheme in ("http", "https") and parts.hostname and " " not in written
    return written if sound and len(written) <= LONGEST_LINK else ""


def carrier_name(slug: str) -> str:
    known = _carriers().get(slug.lower(), {})
    return known.get("name") or slug.replace("-", " ").title() if slug.islower() else slug


def known_link(slug: str, number: str) -> str:
    """For carriers the plugins know by themselves they keep no link."""
    pattern = _carriers().get(slug.lower(), {}).get("link", "")
    return pattern.replace("{number}", quote(number, safe="")) if pattern and number else ""


@cache
def _carriers() -> Mapping[str, Mapping[str, str]]:
    return dict(_by_slug(tomllib.loads(Path(__file__).with_name("carriers.toml").read_text(encoding="utf-8"))))


def _by_slug(carriers: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for slug, carrier in carriers.items():
        for spelling in (slug, *carrier.get("also", "").split()):
            yield spelling, carrier


def _unix(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(clean(value, 12)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
