"""Values out of an order, made fit for a text: strangers type them, and every character has a price."""

import html
import re
import unicodedata
from decimal import Decimal

from babel.numbers import format_currency

from sidecar.catalog.languages import Language, status_slug
from sidecar.domain.gsm7 import is_gsm7, to_gsm7

_LONGEST_READ = 1000
_CLEAN = re.compile(r"[!-%'-;=?-~]+(?: [!-%'-;=?-~]+)*")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_DROPPED = {"Cf", "Cs", "Co", "Cn", "Me"}
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
# Orders with a link for a name are placed to have the shop's trusted sender carry it to a stranger's phone.
_LINK = re.compile(r"://|www\.|@|\w\.[a-z]{2,}|\d{5}", re.IGNORECASE)


def clean(value: str, limit: int) -> str:
    """One line of visible characters, at most `limit` of them."""
    if len(value) <= limit and _CLEAN.fullmatch(value):
        return value
    text = _TAG.sub(" ", html.unescape(value[:_LONGEST_READ]))
    visible = "".join(map(_visible, unicodedata.normalize("NFC", text)))
    return _shortened(" ".join(visible.split()), limit)


def first_name(value: str) -> str:
    """Empty where nobody could be greeted by it. The field often holds the full name: what is long loses the rest."""
    name = clean(value, _LONGEST_READ)
    if _LINK.search(name) or not any(map(str.isalpha, name)):
        return ""
    return name if len(name) <= 20 else _shortened(name.split(" ")[0], 20)


def order_number(value: str) -> str:
    return clean(value, 32).lstrip("# ")


def status_name(status: str, language: Language) -> str:
    slug = status_slug(status)
    return language.status_names.get(slug) or clean(slug.replace("_", " "), 40)


def money(total: str, currency: str, locale: str) -> str:
    """Formatted as the language does; anything that is no amount of a currency stays as the shop wrote it."""
    amount = clean(total, 20)
    if not (_AMOUNT.fullmatch(amount) and _CURRENCY.fullmatch(currency)):
        return amount
    shown = to_gsm7(format_currency(Decimal(amount), currency.upper(), locale=locale))
    if is_gsm7(shown):
        return shown
    # A sign such as ₹ would turn the whole text to UCS-2 and double its price.
    return to_gsm7(format_currency(Decimal(amount), currency.upper(), "¤¤ #,##0.00", locale=locale))


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if char.isspace() or category == "Cc":
        return " "
    return "" if category in _DROPPED or _is_emoji(char, category) else char


def _is_emoji(char: str, category: str) -> bool:
    sign = category == "So" and char >= "←"
    return sign or "\ufe00" <= char <= "\ufe0f" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _shortened(text: str, limit: int) -> str:
    """With three dots: the one character "…" is outside GSM-7 and would double the price."""
    return text if len(text) <= limit else text[: limit - 3].rstrip() + "..."
