"""What a person asks to send: a template's key or a free text becomes a wish, and the wish a message."""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import Connection

from sidecar.catalog.compose import ComposedText, missing
from sidecar.catalog.context import Context, sample_context
from sidecar.catalog.kinds import FREE_TEXT, UnknownTemplate
from sidecar.catalog.languages import language_for
from sidecar.catalog.placeholders import UnknownPlaceholder
from sidecar.catalog.templates import Template
from sidecar.domain.message import ProviderTemplate
from sidecar.domain.order_record import OrderRecord
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.intake.announcing import context_of
from sidecar.intake.desk import compose_for
from sidecar.intake.registered import Registered
from sidecar.intake.spine import ByHand, Intake
from sidecar.intake.wording import Wording
from sidecar.policy.occasion import Entrance, entrance_to
from sidecar.storage import orders, replies
from sidecar.storage.database import Database

TEST_TEMPLATE = "test_message"
LONGEST_TEXT = 700
LONGEST_ORDER_ID = 64


class WishRefused(Refused):
    """`field` is what was asked for wrongly."""

    def __init__(self, code: str, field: str, sentence: str) -> None:
        super().__init__(code, sentence, {field: sentence})


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would leave. `unknown` are the placeholders for which there is nothing to put in; `templates` by
    which providers know it, with their values where all of them are known."""

    template: Template
    is_own: bool
    filled: ComposedText
    unknown: tuple[str, ...]
    templates: Mapping[str, ProviderTemplate]


def test_wish(connection: Connection, shop: Shop, to: str, key: str = TEST_TEMPLATE) -> ByHand:
    """The test button: an approved text about a made-up order."""
    template = _approved(Wording(connection, {shop.id}), shop, key)
    return ByHand(to, template, sample_order(shop, template.locale), Entrance.TEST)


def wish(
    connection: Connection,
    shop: Shop,
    to: str,
    key: str | None,
    text: str | None,
    order_id: str | None,
    country: str = "",
    targets: Mapping[str, str] | None = None,
) -> ByHand:
    """One text to one number: an approved one by its key, or a free one where the shop allows that. `country`: where
    the number was written, if not in the shop's. `targets`: where its {link} leads, by `link`, and on phones of one
    make by `android` and `ios`."""
    if (key is None) == (text is None):
        raise WishRefused("text_or_template", "text", "Give either a template or a text.")
    if len(order_id or "") > LONGEST_ORDER_ID:
        raise WishRefused("bad_order", "order_id", f"An order's id has {LONGEST_ORDER_ID} characters at most.")
    record = orders.find(connection, shop.id, order_id) if order_id else None
    if key is not None:
        template = _approved(Wording(connection, {shop.id}), shop, key, _language_of(record))
    else:
        template = _free(text or "", shop)
    devices = dict(targets or {})
    context = replace(_context(shop, record, order_id), link=devices.pop("link", ""))
    _all_known(template, context, "template" if key is not None else "text")
    return ByHand(to, template, context, Entrance.MANUAL, order_id, country, devices)


def answer(connection: Connection, shop: Shop, number: str, key: str | None, text: str | None, now: datetime) -> ByHand:
    """One text to somebody who wrote to the shop, about the order they were last texted about."""
    order_id = replies.last_order(connection, shop.id, number)
    asked = wish(connection, shop, number, key, text, order_id)
    wrote_at = replies.last_heard(connection, shop.id, number)
    return replace(asked, entrance=entrance_to(wrote_at, asked.template.category, now))


def previews(
    connection: Connection, shop: Shop, order_id: str | None = None, keys: Collection[str] = ()
) -> list[Preview]:
    """All texts that the shop can send, or those under these keys, filled with a sample or with a real order."""
    wording = Wording(connection, {shop.id})
    record = orders.find(connection, shop.id, order_id) if order_id else None
    if order_id and record is None:
        raise WishRefused("unknown_order", "order", "This shop has told nothing of such an order.")
    found = [_approved(wording, shop, key, _language_of(record)) for key in keys or wording.keys(shop)]
    registered = Registered(connection, {shop.id})
    return [_preview(shop, template, wording.is_own(shop, template), record, registered) for template in found]


def previews_about(
    connection: Connection, shop: Shop, order: Context | None, keys: Collection[str] = (), text: str | None = None
) -> list[Preview]:
    """The same with an order as the shop itself tells it, else a sample; or of one text that somebody is writing."""
    wording, registered = Wording(connection, {shop.id}), Registered(connection, {shop.id})
    if text is not None:
        written = _free(text, shop)
        return [_filled(shop, written, False, _about(shop, written, order), registered)]
    found = [_approved(wording, shop, key) for key in keys or wording.keys(shop)]
    return [_filled(shop, each, wording.is_own(shop, each), _about(shop, each, order), registered) for each in found]


def _about(shop: Shop, template: Template, order: Context | None) -> Context:
    """What a shop cannot know of an order (a parcel, a code) stays as in the sample."""
    sample = sample_order(shop, template.locale)
    known = {name: getattr(order, name) for name in _TOLD_OF_ORDERS} if order else {}
    return replace(sample, **known)


_TOLD_OF_ORDERS = (
    "number",
    "first_name",
    "customer_name",
    "status",
    "status_name",
    "total",
    "currency",
    "items",
    "payment_method",
)


def sample_order(shop: Shop, locale: str = "") -> Context:
    return replace(sample_context(language_for(locale or shop.settings.locale)), shop=_signature(shop))


def send(
    database: Database,
    intake: Intake,
    shop: Shop,
    wish_for: Callable[[Connection], ByHand],
    dedupe_key: str | None = None,
) -> str:
    """Put the message in the outbox and wake the worker; returns the message's id. What `wish_for` makes is what was
    approved in that moment."""
    with database.write() as connection:
        message_id = intake.submit(connection, shop, wish_for(connection), dedupe_key)
        database.ring(connection)
    return message_id


def _preview(
    shop: Shop, template: Template, is_own: bool, record: OrderRecord | None, registered: Registered
) -> Preview:
    context = context_of(shop, record) if record else sample_order(shop, template.locale)
    return _filled(shop, template, is_own, context, registered)


def _filled(shop: Shop, template: Template, is_own: bool, context: Context, registered: Registered) -> Preview:
    filled = compose_for(shop, template, context)
    templates = registered.filled(shop, template, context, filled, registered.kinds(shop, template))
    return Preview(template, is_own, filled, missing(template, context), templates)


def _approved(wording: Wording, shop: Shop, key: str, locale: str = "") -> Template:
    try:
        return wording.text(shop, key, locale)
    except UnknownTemplate:
        raise WishRefused("unknown_template", "template", _nothing_called(key, wording.keys(shop))) from None


def _nothing_called(key: str, known: list[str]) -> str:
    """With those that are spelt like it, else the first few."""
    near = get_close_matches(key, known, n=5, cutoff=0.4) or known[:5]
    return f"No text called {key[:60]!r} is approved; there are {', '.join(near)} and others."


def _language_of(record: OrderRecord | None) -> str:
    return record.facts.get("locale", "") if record else ""


def _context(shop: Shop, record: OrderRecord | None, order_id: str | None) -> Context:
    """Of an order that the shop has told of, all that is known; of another its id."""
    if record is None:
        return Context(number=order_id or "", shop=_signature(shop))
    known = context_of(shop, record)
    return known if known.number else replace(known, number=order_id or "")


def _all_known(template: Template, context: Context, field: str) -> None:
    """A missing first name only leaves a greeting without."""
    unknown = [name for name in missing(template, context) if name != "first_name"]
    if "order_number" in unknown:
        raise WishRefused("order_needed", "order_id", "This text names an order: say which.")
    if unknown:
        sentence = f"Nobody has told {{{unknown[0]}}} for this text: choose one without it."
        raise WishRefused("facts_needed", field, sentence)


def _free(text: str, shop: Shop) -> Template:
    if not shop.settings.free_text:
        raise WishRefused("free_text_off", "text", "This shop sends approved texts only: give a template.")
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
