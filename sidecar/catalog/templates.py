"""The approved texts, by key and language."""

from dataclasses import dataclass
from functools import cache

from sidecar.catalog import placeholders
from sidecar.catalog.kinds import Kind, kind_of, kinds
from sidecar.catalog.languages import document, language_for, locales, nearest_locale, status_slug

_KEY_OF_STATUS = {
    "pending": "order_pending",
    "processing": "order_processing",
    "on_hold": "order_on_hold",
    "payment_review": "order_payment_review",
    "completed": "order_completed",
    "cancelled": "order_cancelled",
    "refunded": "order_refunded",
    "failed": "order_failed",
    "shipped": "order_shipped",
    "out_for_delivery": "out_for_delivery",
    "ready_for_pickup": "ready_for_pickup",
    "delivered": "delivered",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A text whose placeholders can all be filled when it is sent, or it cannot exist: raises `UnknownPlaceholder`."""

    kind: Kind
    locale: str
    text: str

    def __post_init__(self) -> None:
        placeholders.check(self.text, self.kind.context, language_for(self.locale))

    @property
    def key(self) -> str:
        return self.kind.key

    @property
    def category(self) -> str:
        return self.kind.category

    @property
    def validity_hours(self) -> float:
        return self.kind.validity_hours


@cache
def catalogue() -> dict[tuple[str, str], Template]:
    return {
        (key, locale): Template(kind_of(key), locale, text)
        for locale in locales()
        for key, text in document(locale)["texts"].items()
    }


def keys() -> tuple[str, ...]:
    return tuple(kinds())


def template_for(key: str, locale: str) -> Template:
    """The built-in text in the nearest language. Raises `UnknownTemplate`."""
    kind_of(key)
    return catalogue()[key, nearest_locale(locale)]


def key_for_status(status: str) -> str:
    """The text for an order that reached this status of WooCommerce or Magento, or one that a plugin added."""
    return _KEY_OF_STATUS.get(status_slug(status), "order_status")
