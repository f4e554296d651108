"""The approved texts, by key and language."""

from dataclasses import dataclass
from functools import cache

from sidecar.catalog import placeholders
from sidecar.catalog.languages import FALLBACK, document, locales, nearest_locale, status_slug

_KEY_OF_STATUS = {
    "pending": "order_pending",
    "processing": "order_processing",
    "on_hold": "order_on_hold",
    "payment_review": "order_on_hold",
    "completed": "order_completed",
    "cancelled": "order_cancelled",
    "refunded": "order_refunded",
    "failed": "order_failed",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A text whose placeholders are all known, or it cannot exist."""

    key: str
    locale: str
    text: str
    category: str
    validity_hours: int

    def __post_init__(self) -> None:
        placeholders.check(self.text)


class UnknownTemplate(LookupError):
    """The catalogue has no text under this key."""


@cache
def catalogue() -> dict[tuple[str, str], Template]:
    return {
        (key, locale): Template(key, locale, **entry)
        for locale in locales()
        for key, entry in document(locale)["texts"].items()
    }


def keys() -> tuple[str, ...]:
    return tuple(document(FALLBACK)["texts"])


def template_for(key: str, locale: str) -> Template:
    try:
        return catalogue()[key, nearest_locale(locale)]
    except KeyError:
        raise UnknownTemplate(f"no text is called {key!r}; known are {', '.join(keys())}") from None


def key_for_status(status: str) -> str:
    """The text for an order that reached this status of WooCommerce or Magento, or one that a plugin added."""
    return _KEY_OF_STATUS.get(status_slug(status), "order_status")
