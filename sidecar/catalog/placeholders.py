"""The words in braces which a text may use, what must be known for each, and how it is rendered."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from sidecar.catalog import values
from sidecar.catalog.context import Context, sample_context
from sidecar.catalog.languages import Language

Render = Callable[[Context, Language], str]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`needs` is the part of a text's context that must be there, empty for none. `shortest`: to how many characters
    it may be cut where that saves a message; 0 for never."""

    name: str
    needs: str
    render: Render
    shortest: int = 0

    def sample(self, language: Language) -> str:
        return self.render(sample_context(language), language)


def _cleaned(name: str, needs: str, longest: int, shortest: int = 0) -> Placeholder:
    return Placeholder(name, needs, lambda context, _: values.clean(getattr(context, name), longest), shortest)


def _link(name: str, needs: str) -> Placeholder:
    return Placeholder(name, needs, lambda context, _: values.link(getattr(context, name)))


PLACEHOLDERS: dict[str, Placeholder] = {
    placeholder.name: placeholder
    for placeholder in (
        Placeholder("order_number", "order", lambda context, _: values.order_number(context.number)),
        Placeholder(
            "status_name",
            "order",
            lambda context, language: values.status_name(context.status, language, context.status_name),
        ),
        Placeholder(
            "total", "order", lambda context, language: values.money(context.total, context.currency, language.locale)
        ),
        _cleaned("items", "order", 80, shortest=16),
        _cleaned("payment_method", "order", 30, shortest=12),
        Placeholder("first_name", "customer", lambda context, _: values.first_name(context.first_name)),
        Placeholder("customer_name", "customer", lambda context, _: values.full_name(context.customer_name, 40), 16),
        _cleaned("shop", "", 40, shortest=16),
        _cleaned("carrier", "shipment", 30, shortest=12),
        Placeholder("tracking_number", "shipment", lambda context, _: values.identifier(context.tracking_number)),
        _link("tracking_url", "shipment"),
        Placeholder("delivery_date", "shipment", lambda context, language: values.day(context.delivery_date, language)),
        _cleaned("pickup_place", "pickup", 80, shortest=24),
        _cleaned("document", "document", 60, shortest=24),
        _cleaned("note", "note", 300),
        _cleaned("product", "product", 60, shortest=24),
        _link("product_url", "product"),
        _link("link", "link"),
        _cleaned("code", "code", 12),
        Placeholder("domain", "code", lambda context, _: values.domain(context.domain)),
        Placeholder("minutes", "code", lambda context, _: str(context.minutes or "")),
    )
}

# As other plugins call them.
ALIASES = {
    **dict.fromkeys(("order_id", "id", "increment_id", "order_increment_id"), "order_number"),
    **dict.fromkeys(("order_status", "status"), "status_name"),
    **dict.fromkeys(("order_total", "order_amount", "grand_total"), "total"),
    **dict.fromkeys(("order_items", "order_product", "order_products", "item_name"), "items"),
    **dict.fromkeys(("order_payment_method", "payment_method_title"), "payment_method"),
    **dict.fromkeys(("firstname", "billing_first_name", "customer_first_name", "customer_firstname"), "first_name"),
    **dict.fromkeys(("billing_name", "fullname", "full_name"), "customer_name"),
    **dict.fromkeys(("shop_name", "shopname", "store_name", "site_title", "site_name"), "shop"),
    **dict.fromkeys(("carrier_name", "shipping_carrier", "courier"), "carrier"),
    **dict.fromkeys(("tracking_numbers", "tracking_code"), "tracking_number"),
    **dict.fromkeys(("tracking_link",), "tracking_url"),
    **dict.fromkeys(("order_note", "customer_note"), "note"),
    **dict.fromkeys(("product_name", "product_title"), "product"),
    **dict.fromkeys(("product_permalink",), "product_url"),
    **dict.fromkeys(("otp", "otp_code"), "code"),
}

# {x}, {{x}}, %x% and [x] are what store owners know from other plugins; %C3%A9 is a letter in an address.
_SPELLINGS = re.compile(r"\{\{\s*(\w+)\s*\}\}|\{\s*(\w+)\s*\}|%(?![A-Fa-f][0-9A-Fa-f]%)([A-Za-z_]\w*)%|\[(\w+)\]")

_EXPLAINED = {
    "unknown_placeholder": "{} is unknown; known are {}",
    "unfit_placeholder": "{} is not known when this text is sent; known are {}",
    "lone_brace": "a brace without its partner, or around more than one word: {}",
}


class UnknownPlaceholder(ValueError):
    """A text uses a word in braces that cannot be filled when it is sent."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text: `found` as it is written there."""

    code: str
    found: str


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[tuple[str, str], ...]:
    """The text cut at its placeholders: what stands before each, and its name. The last piece has none."""
    found, begin = [], 0
    for match in _SPELLINGS.finditer(text):
        found.append((text[begin : match.start()], _name(match)))
        begin = match.end()
    return (*found, (text[begin:], ""))


@lru_cache(maxsize=4096)
def names_in(text: str) -> tuple[str, ...]:
    """Each placeholder and phrase once, in the order of the text."""
    return tuple(dict.fromkeys(name for _, name in pieces(text) if name))


@lru_cache(maxsize=4096)
def values_in(text: str, language: Language) -> tuple[str, ...]:
    """The placeholders in a text and in all wordings of its phrases."""
    names = dict.fromkeys(value for name in names_in(text) for value in _values_of(name, language))
    return tuple(names)


def known_in(context: frozenset[str], language: Language) -> tuple[str, ...]:
    """What a text with this context may use: phrases and placeholders."""
    names = (*language.phrases, *PLACEHOLDERS)
    return tuple(name for name in names if _needs(name, language) <= context)


def faults(text: str, context: frozenset[str], language: Language) -> list[Fault]:
    """Whatever could not be filled; a text is refused for it when it is written, and never at a send."""
    found = []
    for match in _SPELLINGS.finditer(text):
        name = _name(match)
        if name not in PLACEHOLDERS and name not in language.phrases:
            found.append(Fault("unknown_placeholder", match[0]))
        elif not _needs(name, language) <= context:
            found.append(Fault("unfit_placeholder", match[0]))
    if brace := re.search(r"[{}]\S*", _SPELLINGS.sub("", text)):
        found.append(Fault("lone_brace", brace[0]))
    return found


@lru_cache(maxsize=4096)
def check(text: str, context: frozenset[str], language: Language) -> None:
    """Raises `UnknownPlaceholder` for the first fault."""
    for fault in faults(text, context, language):
        raise UnknownPlaceholder(_EXPLAINED[fault.code].format(fault.found, ", ".join(known_in(context, language))))


def _values_of(name: str, language: Language) -> tuple[str, ...]:
    if name in PLACEHOLDERS:
        return (name,)
    return tuple(value for wording in language.phrases[name] for choice in wording for value in names_in(choice))


def _needs(name: str, language: Language) -> frozenset[str]:
    return frozenset(PLACEHOLDERS[value].needs for value in _values_of(name, language)) - {""}


def _name(match: re.Match[str]) -> str:
    written = match[match.lastindex or 0]
    return ALIASES.get(written, written)
