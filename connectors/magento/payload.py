"""The few fields of Magento's REST JSON that are read. Fields without a value are left out of it."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AliasPath, BeforeValidator, Field

from connectors.reading.text import Payload, clean, country_code, object_or_empty, order_number, text

MOST_ITEMS = 1_000_000
# The number that our module asked for at the checkout, to which texts go instead of to the telephone.
_MOBILE = AliasPath("extension_attributes", "recado_mobile")
_FORMAT = "%Y-%m-%d %H:%M:%S"


def utc(value: object) -> datetime:
    """Magento writes every time in UTC, without saying so. Raises ValueError."""
    return datetime.strptime(clean(value, 19), _FORMAT).replace(tzinfo=UTC)


def named(moment: datetime) -> str:
    """As Magento's filters compare it: as a string, in UTC."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def _moment(value: object) -> datetime:
    try:
        return utc(value)
    except ValueError:
        raise ValueError("not a time such as 2026-11-22 12:45:56") from None


def _moment_or_none(value: object) -> datetime | None:
    try:
        return utc(value)
    except ValueError:
        return None


def _status(value: object) -> str:
    if status := clean(value, 64).lower():
        return status
    raise ValueError("empty")


def _id_or_empty(value: object) -> str:
    number = clean(value, 20)
    return "" if number == "0" else number


def _count(value: object) -> int:
    """How many things were bought: of a configurable product's two rows the child's has a parent."""
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    bought = (row.get("qty_ordered") for row in rows if not row.get("parent_item_id"))
    return sum(min(int(each), MOST_ITEMS) for each in bought if isinstance(each, int | float) and 0 < each < MOST_ITEMS)


class Address(Payload):
    firstname: Annotated[str, text(64)] = ""
    lastname: Annotated[str, text(64)] = ""
    telephone: Annotated[str, text(64)] = ""
    country_id: Annotated[str, BeforeValidator(country_code)] = ""
    region_code: Annotated[str, text(32)] = ""


def delivery_address(extension_attributes: object) -> dict[str, object]:
    """The address in the first shipping assignment; a virtual order has an assignment without one."""
    assignments = object_or_empty(extension_attributes).get("shipping_assignments")
    first = assignments[0] if isinstance(assignments, list) and assignments else {}
    return object_or_empty(object_or_empty(object_or_empty(first).get("shipping")).get("address"))


def _method(value: object) -> str:
    return clean(object_or_empty(value).get("method"), 64)


class Transition(Payload):
    """What our module adds to an order: the very change it is about."""

    from_state: Annotated[str, text(64)] = ""
    from_status: Annotated[str, text(64)] = ""
    at: Annotated[datetime, BeforeValidator(_moment)]


def _transition(value: object) -> object:
    """One that cannot be read is as good as none: the order itself still tells its status."""
    try:
        return Transition.model_validate(value)
    except ValueError:
        return None


class OrderPayload(Payload):
    entity_id: Annotated[str, BeforeValidator(order_number)]
    increment_id: Annotated[str, text(64)] = ""
    state: Annotated[str, text(64)] = ""
    status: Annotated[str, BeforeValidator(_status)]
    status_label: Annotated[str, text(64)] = ""
    updated_at: Annotated[datetime, BeforeValidator(_moment)]
    created_at: Annotated[datetime | None, BeforeValidator(_moment_or_none)] = None
    customer_id: Annotated[str, BeforeValidator(_id_or_empty)] = ""
    customer_firstname: Annotated[str, text(64)] = ""
    customer_lastname: Annotated[str, text(64)] = ""
    grand_total: Annotated[str, text(32)] = ""
    order_currency_code: Annotated[str, text(8)] = ""
    relation_parent_id: Annotated[str, BeforeValidator(_id_or_empty)] = ""
    relation_child_id: Annotated[str, BeforeValidator(_id_or_empty)] = ""
    locale: Annotated[str, text(12)] = ""
    items: Annotated[int, BeforeValidator(_count)] = 0
    billing: Annotated[Address, BeforeValidator(object_or_empty)] = Field(Address(), alias="billing_address")
    delivery: Annotated[Address, BeforeValidator(delivery_address)] = Field(Address(), alias="extension_attributes")
    mobile: Annotated[str, text(64)] = Field("", validation_alias=_MOBILE)
    payment: Annotated[str, BeforeValidator(_method)] = ""
    transition: Annotated[Transition | None, BeforeValidator(_transition)] = None
    consents: object = None


class Track(Payload):
    track_number: Annotated[str, text(64)] = ""
    title: Annotated[str, text(64)] = ""
    carrier_code: Annotated[str, text(64)] = ""
    created_at: Annotated[datetime | None, BeforeValidator(_moment_or_none)] = None


class Shipment(Payload):
    entity_id: Annotated[str, BeforeValidator(order_number)]
    created_at: Annotated[datetime | None, BeforeValidator(_moment_or_none)] = None
    tracks: object = None
