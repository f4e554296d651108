"""Sender, text and contact, put together as they will be sent."""

from dataclasses import dataclass, replace

from sidecar.catalog.languages import language_for
from sidecar.catalog.placeholders import OrderContext, fill
from sidecar.catalog.templates import Template
from sidecar.catalog.values import clean
from sidecar.domain.gsm7 import is_gsm7, to_gsm7, without_accents
from sidecar.domain.segments import Encoding, count

_LONGEST_SENDER = 40
_LONGEST_CONTACT = 60


@dataclass(frozen=True, slots=True)
class ComposedText:
    text: str
    encoding: Encoding
    segments: int


def compose(template: Template, order: OrderContext, sender: str, contact: str) -> ComposedText:
    """The first name goes when it alone costs another part, by its length or by its alphabet (王小明 in an
    English text makes it UCS-2): a greeting is not worth the price of a second message."""
    named = _compose(template, order, sender, contact)
    if named.segments <= 1 or not order.first_name:
        return named
    nameless = _compose(template, replace(order, first_name=""), sender, contact)
    return nameless if nameless.segments < named.segments else named


def _compose(template: Template, order: OrderContext, sender: str, contact: str) -> ComposedText:
    language = language_for(template.locale)
    opening, closing = clean(sender, _LONGEST_SENDER), clean(contact, _LONGEST_CONTACT)
    body = fill(template.text, order, language)
    whole = f"{opening}{language.colon if opening else ''}{body} {closing}".strip()
    text = _cheapest(whole, template)
    counted = count(text)
    return ComposedText(text, counted.encoding, counted.segments)


def _cheapest(whole: str, template: Template) -> str:
    """Accents in values go only where that saves the price of UCS-2; an approved text keeps its own."""
    plain = to_gsm7(whole)
    if is_gsm7(plain):
        return plain
    bare = without_accents(plain)
    return bare if is_gsm7(bare) and is_gsm7(to_gsm7(template.text)) else whole
