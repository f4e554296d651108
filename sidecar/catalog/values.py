"""Values out of an order, made fit for a text: strangers type them, and every character has a price."""

import html
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time
from babel.numbers import format_currency

from sidecar.catalog.languages import Language, status_slug
from sidecar.domain.gsm7 import is_gsm7, to_gsm7

_LONGEST_READ = 1000
_LONGEST_LINK = 300
_LONGEST_IDENTIFIER = 40
_CLEAN = re.compile(r"[!-%'-;=?-~]+(?: [!-%'-;=?-~]+)*")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_DROPPED = {"Cf", "Cs", "Co", "Cn", "Me"}
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_ADDRESS = re.compile(r"(?P<scheme>https?://)(?P<host>[^/?#@\s]+)(?P<rest>(?:[/?#]\S*)?)", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")
_ADDRESS_CHARACTERS = "%/:?#[]@!$&'()*+,;=~"
_DOMAIN = re.compile(r"(?=.{1,60}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
# Orders with a link for a name are placed to have the shop's trusted sender carry it to a stranger's phone.
_PLANTED = re.compile(r"://|www\.|@|\w\.[a-z]{2,}|\d{5}", re.IGNORECASE)


def clean(value: str, limit: int) -> str:
    """One line of visible characters, at most `limit` of them."""
    if len(value) <= limit and _CLEAN.fullmatch(value):
        return value
    text = _TAG.sub(" ", html.unescape(value[:_LONGEST_READ]))
    visible = "".join(map(_visible, unicodedata.normalize("NFC", text)))
    return shortened(" ".join(visible.split()), limit)


def first_name(value: str) -> str:
    """Empty where nobody could be greeted by it. The field often holds the full name: what is long loses the rest."""
    name = full_name(value, _LONGEST_READ)
    return name if len(name) <= 20 else shortened(name.split(" ")[0], 20)


def full_name(value: str, limit: int) -> str:
    """Empty where it is nobody's name."""
    name = clean(value, limit)
    return "" if _PLANTED.search(name) or not any(map(str.isalpha, name)) else name


def order_number(value: str) -> str:
    return clean(value, 32).lstrip("# ")


def status_name(status: str, language: Language, told: str = "") -> str:
    """In our words where it is a usual one, else as the shop calls it."""
    slug = status_slug(status)
    return language.status_names.get(slug) or clean(told or slug.replace("_", " "), 40)


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


def day(value: str, language: Language) -> str:
    """An ISO date, or the date of an ISO moment, as the language writes it; anything else stays as it is."""
    text = clean(value, 40)
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return to_gsm7(format_skeleton(language.date, found, locale=language.locale))


def day_and_hour(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """For a page: what phones cannot show costs nothing there."""
    local = moment.astimezone(zone)
    hour = format_time(local, "short", locale=language.locale)
    return f"{format_skeleton(language.date, local, locale=language.locale)}, {hour}"


def link(value: str) -> str:
    """A whole http(s) address in ASCII, which costs the least, or nothing: a link cut short leads nowhere."""
    found = _ADDRESS.fullmatch(value.strip().replace("&amp;", "&").replace("&#038;", "&"))
    if not found:
        return ""
    try:
        host = found["host"].encode("idna").decode()
        rest = quote(found["rest"], safe=_ADDRESS_CHARACTERS)
    except UnicodeError:
        return ""
    address = found["scheme"].lower() + host + rest
    return address if _HOST.fullmatch(host) and len(address) <= _LONGEST_LINK else ""


def identifier(value: str) -> str:
    """Whole or not at all: half a tracking number is none."""
    text = clean(value, _LONGEST_READ)
    return text if len(text) <= _LONGEST_IDENTIFIER else ""


def domain(value: str) -> str:
    name = value.strip().lower()
    return name if _DOMAIN.fullmatch(name) else ""


def shortened(text: str, limit: int) -> str:
    """With three dots: the one character "…" is outside GSM-7 and would double the price."""
    return text if len(text) <= limit else text[: limit - 3].rstrip() + "..."


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if char.isspace() or category == "Cc":
        return " "
    return "" if category in _DROPPED or _is_emoji(char, category) else char


def _is_emoji(char: str, category: str) -> bool:
    sign = category == "So" and char >= "←"
    return sign or "\ufe00" <= char <= "\ufe0f" or "\U0001f3fb" <= char <= "\U0001f3ff"
