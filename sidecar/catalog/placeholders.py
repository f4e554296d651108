"""The words in braces which a text may use, and how an order fills them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sidecar.catalog import values
from sidecar.catalog.languages import Language


@dataclass(frozen=True, slots=True)
class OrderContext:
    """What a text may say of an order, all as the shop wrote it: cleaned only when a text is filled."""

    number: str
    first_name: str = ""
    status: str = ""
    total: str = ""
    currency: str = ""
    shop: str = ""
    customer_name: str = ""
    payment_method: str = ""
    items: str = ""
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    pickup_place: str = ""
    note: str = ""
    code: str = ""
    link: str = ""


Render = Callable[[OrderContext, Language], str]

SAMPLE_ORDER = OrderContext("10482", "Maria", "processing", "149.90", "USD", "Example Shop")


@dataclass(frozen=True, slots=True)
class Placeholder:
    name: str
    render: Render

    def sample(self, language: Language) -> str:
        return self.render(SAMPLE_ORDER, language)


class UnknownPlaceholder(ValueError):
    """A text uses a word in braces that no order can fill."""


def _greeting(order: OrderContext, language: Language) -> str:
    name = values.first_name(order.first_name)
    return language.named.replace("{first_name}", name) if name else language.nameless


PLACEHOLDERS: dict[str, Placeholder] = {
    placeholder.name: placeholder
    for placeholder in (
        Placeholder("greeting", _greeting),
        Placeholder("order_number", lambda order, _: values.order_number(order.number)),
        Placeholder("first_name", lambda order, _: values.first_name(order.first_name)),
        Placeholder("status_name", lambda order, language: values.status_name(order.status, language)),
        Placeholder("total", lambda order, language: values.money(order.total, order.currency, language.locale)),
        Placeholder("shop", lambda order, _: values.clean(order.shop, 40)),
        Placeholder("link", lambda order, _: values.clean(order.link, 500)),
    )
}

# {x}, {{x}}, %x% and [x] are what store owners know from other plugins.
_SPELLINGS = re.compile(r"\{\{\s*(\w+)\s*\}\}|\{\s*(\w+)\s*\}|%([A-Za-z_]\w*)%|\[(\w+)\]")
_GAP = re.compile(r" (?=[ ,.])")


def check(text: str) -> None:
    """Raises for a text that could not be filled, so that it is refused when written and never at a send."""
    for match in _SPELLINGS.finditer(text):
        if _name(match) not in PLACEHOLDERS:
            raise UnknownPlaceholder(f"{match[0]} is unknown; known are {', '.join(PLACEHOLDERS)}")
    if re.search("[{}]", _SPELLINGS.sub("", text)):
        raise UnknownPlaceholder(f"a brace without its partner, or around more than one word, in: {text}")


def fill(text: str, order: OrderContext, language: Language) -> str:
    """In one pass, so that braces in a customer's name are never filled in their turn."""
    filled = _SPELLINGS.sub(lambda match: PLACEHOLDERS[_name(match)].render(order, language), text)
    return _GAP.sub("", filled).strip()


def _name(match: re.Match[str]) -> str:
    return match[match.lastindex or 0]
