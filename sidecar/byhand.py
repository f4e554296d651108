"""What a person asks to send: a template's key or a free text becomes a wish, and the wish a message."""

import unicodedata
from dataclasses import replace

from sidecar.catalog import templates
from sidecar.catalog.compose import missing
from sidecar.catalog.context import Context, sample_context
from sidecar.catalog.kinds import FREE_TEXT, UnknownTemplate
from sidecar.catalog.languages import language_for
from sidecar.catalog.placeholders import UnknownPlaceholder
from sidecar.catalog.templates import Template
from sidecar.domain.shop import Shop
from sidecar.intake import ByHand, Intake
from sidecar.storage.database import Database

TEST_TEMPLATE = "test_message"
LONGEST_TEXT = 700
LONGEST_ORDER_ID = 64


class WishRefused(Exception):
    """`code` is stable, `field` is what was asked for wrongly; the text is a sentence saying what to do."""

    def __init__(self, code: str, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.field = field


def test_wish(shop: Shop, to: str, key: str = TEST_TEMPLATE) -> ByHand:
    """The test button: an approved text about a made-up order."""
    return ByHand(to, _approved(key, shop), sample_order(shop), is_test=True)


def wish(shop: Shop, to: str, key: str | None, text: str | None, order_id: str | None) -> ByHand:
    """One text to one number: an approved one by its key, or a free one."""
    if (key is None) == (text is None):
        raise WishRefused("text_or_template", "text", "Give either a template or a text.")
    if len(order_id or "") > LONGEST_ORDER_ID:
        raise WishRefused("bad_order", "order_id", f"An order's id has {LONGEST_ORDER_ID} characters at most.")
    template = _approved(key, shop) if key is not None else _free(text or "", shop)
    context = Context(number=order_id or "", shop=_signature(shop))
    _all_known(template, context, "template" if key is not None else "text")
    return ByHand(to, template, context, False, order_id)


def sample_order(shop: Shop) -> Context:
    return replace(sample_context(language_for(shop.settings.locale)), shop=_signature(shop))


def send(database: Database, intake: Intake, shop: Shop, wish: ByHand, dedupe_key: str | None = None) -> str:
    """Put the message in the outbox and wake the worker; returns the message's id."""
    with database.write() as connection:
        message_id = intake.submit(connection, shop, wish, dedupe_key)
        database.ring(connection)
    return message_id


def _approved(key: str, shop: Shop) -> Template:
    try:
        return templates.template_for(key, shop.settings.locale)
    except UnknownTemplate as unknown:
        sentence = f"{str(unknown)[:1].upper()}{str(unknown)[1:]}."
        raise WishRefused("unknown_template", "template", sentence) from None


def _all_known(template: Template, context: Context, field: str) -> None:
    """By hand, no more is known than the order's number; a missing first name only leaves a greeting without."""
    unknown = [name for name in missing(template, context) if name != "first_name"]
    if "order_number" in unknown:
        raise WishRefused("order_needed", "order_id", "This text names an order: say which.")
    if unknown:
        sentence = f"Nobody knows {{{unknown[0]}}} when a text is sent by hand: choose one without it."
        raise WishRefused("facts_needed", field, sentence)


def _free(text: str, shop: Shop) -> Template:
    text = text.strip()
    if not text or len(text) > LONGEST_TEXT or any(map(_is_control, text)):
        raise WishRefused("bad_text", "text", f"A text has 1 to {LONGEST_TEXT} characters, all of them printable.")
    try:
        return Template(FREE_TEXT, shop.settings.locale, text)
    except UnknownPlaceholder as unknown:
        raise WishRefused("unknown_placeholder", "text", f"{unknown}.") from None


def _is_control(character: str) -> bool:
    return character not in "\r\n\t" and unicodedata.category(character) in ("Cc", "Cs")


def _signature(shop: Shop) -> str:
    return shop.settings.sender or shop.name
