"""What is looked at when a shop submits a text of its own, before the operator reads it."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sidecar.catalog import reasons, values
from sidecar.catalog.compose import ComposedText, compose
from sidecar.catalog.context import sample_context
from sidecar.catalog.kinds import CATEGORIES, Kind, kinds, own_kind
from sidecar.catalog.languages import Language, language_for, locales, speaks
from sidecar.catalog.placeholders import faults, known_in, names_in, pieces, values_in
from sidecar.catalog.templates import Template
from sidecar.domain.gsm7 import is_gsm7, to_gsm7

MOST_MESSAGES = 4
_LONGEST_READ = 2000
_LONGEST_SHOWN = 60
_USUAL_HOURS = 24
_FEWEST_DIGITS = 6

_MARKETING = Path(__file__).with_name("marketing.toml")
_MARKUP = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});|</?[A-Za-z!][^<>]*>")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S*|\b(?:javascript|data|file|mailto|tel|sms|intent|market):\S+", re.I)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SPACES = " \u3000"


@dataclass(frozen=True, slots=True)
class Finding:
    """A stable code, and a sentence in the reader's language."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Findings:
    """A text with refusals cannot be submitted; flags are for the eyes of who approves it. `preview` is the text
    filled with a sample, None where it cannot be filled."""

    refusals: tuple[Finding, ...] = ()
    flags: tuple[Finding, ...] = ()
    preview: ComposedText | None = None


@dataclass(frozen=True, slots=True)
class _Submitted:
    text: str
    kind: Kind
    language: Language
    sender: str
    contact: str
    reader: str

    def finding(self, code: str, **facts: object) -> Finding:
        return Finding(code, reasons.finding(code, self.reader, **facts))


def check_submission(
    text: str, key: str, locale: str, category: str, sender: str = "", contact: str = "", reader: str = ""
) -> Findings:
    """`key` is one of the catalogue, whose category then holds, or one of the shop's own. `reader` is the locale of
    the sentences, else that of the text."""
    reader = reader or locale
    if not speaks(locale):
        return _refused("unknown_language", reader, found=_shown(locale), known=", ".join(locales()))
    own = key not in kinds()
    categories = [name for name in CATEGORIES if own or name == kinds()[key].category]
    if category not in categories:
        return _refused("bad_category", reader, found=_shown(category), known=", ".join(categories))
    kind = own_kind(key, category, _USUAL_HOURS)
    return _looked_at(_Submitted(text, kind, language_for(locale), sender, contact, reader))


def _refused(code: str, reader: str, **facts: object) -> Findings:
    return Findings(refusals=(Finding(code, reasons.finding(code, reader, **facts)),))


def _looked_at(submitted: _Submitted) -> Findings:
    if len(submitted.text) > _LONGEST_READ:
        return Findings(refusals=(submitted.finding("too_long", most=MOST_MESSAGES),))
    refusals = [finding for look in _GROUNDS for finding in look(submitted)]
    if refusals:
        return Findings(tuple(refusals))
    preview = _preview(submitted, plain_letters=True)
    if preview.segments > MOST_MESSAGES:
        return Findings((submitted.finding("too_long", most=MOST_MESSAGES),), preview=preview)
    return Findings((), tuple(_flags(submitted, preview)), preview)


def _preview(submitted: _Submitted, plain_letters: bool) -> ComposedText:
    template = Template(submitted.kind, submitted.language.locale, submitted.text)
    context = sample_context(submitted.language)
    context = replace(context, shop=submitted.sender or context.shop)
    return compose(template, context, submitted.sender, submitted.contact, plain_letters=plain_letters)


def _empty(submitted: _Submitted) -> Iterator[Finding]:
    if not submitted.text.strip():
        yield submitted.finding("empty_text")


def _invisible(submitted: _Submitted) -> Iterator[Finding]:
    for place, char in enumerate(submitted.text, start=1):
        other_space = char.isspace() and char not in _SPACES
        if other_space or unicodedata.category(char) in _INVISIBLE:
            name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
            yield submitted.finding("invisible_character", found=name, place=place)
            return


def _markup(submitted: _Submitted) -> Iterator[Finding]:
    if found := _MARKUP.search(submitted.text):
        yield submitted.finding("html", found=_shown(found[0]))


def _placeholders(submitted: _Submitted) -> Iterator[Finding]:
    context = submitted.kind.context
    known = ", ".join(f"{{{name}}}" for name in known_in(context, submitted.language))
    for fault in faults(submitted.text, context, submitted.language):
        yield submitted.finding(fault.code, found=_shown(fault.found), known=known)


def _needed(submitted: _Submitted) -> Iterator[Finding]:
    """Who waits for a code or a link needs nothing else of the text."""
    context = submitted.kind.context
    if submitted.kind.category == "code" and not faults(submitted.text, context, submitted.language):
        used = values_in(submitted.text, submitted.language)
        for name in sorted(context & {"code", "link"}):
            if name not in used:
                yield submitted.finding("placeholder_missing", found=f"{{{name}}}")


def _links(submitted: _Submitted) -> Iterator[Finding]:
    for found in _ADDRESS.findall("".join(before + "x" * bool(name) for before, name in pieces(submitted.text))):
        if not values.link(found):
            yield submitted.finding("bad_link", found=_shown(found))


def _repeated(submitted: _Submitted) -> Iterator[Finding]:
    """Sender and contact are put around every text; a sender inside a sentence is no repetition."""
    words = _folded(submitted.text)
    sender, contact = (re.escape(_folded(part)) for part in (submitted.sender, submitted.contact))
    at_an_end = rf"^\W*{sender}(?!\w)|(?<!\w){sender}\W*$"
    if sender and (re.search(at_an_end, words) or pieces(submitted.text)[0] == ("", "shop")):
        yield submitted.finding("sender_repeated")
    number = re.sub(r"\D", "", submitted.contact)
    by_number = len(number) >= _FEWEST_DIGITS and number in re.sub(r"[\s().+/-]", "", words)
    if by_number or (contact and re.search(rf"(?<!\w){contact}(?!\w)", words)):
        yield submitted.finding("contact_repeated")


_GROUNDS: tuple[Callable[[_Submitted], Iterable[Finding]], ...] = (
    _empty,
    _invisible,
    _markup,
    _placeholders,
    _needed,
    _links,
    _repeated,
)


def _flags(submitted: _Submitted, preview: ComposedText) -> Iterator[Finding]:
    marketing, opt_out = _words(submitted.language.locale)
    words = _folded(submitted.text)
    advertising = list(dict.fromkeys(marketing.findall(words)))
    if advertising and submitted.kind.category != "marketing":
        yield submitted.finding("marketing_words", found=", ".join(advertising))
    if (
        submitted.kind.category == "marketing"
        and "opt_out" not in names_in(submitted.text)
        and not opt_out.search(words)
    ):
        yield submitted.finding("opt_out_missing", found="{opt_out}")
    dear = _preview(submitted, plain_letters=False)
    if preview.segments < dear.segments:
        letters = "".join(dict.fromkeys(char for char in dear.text if not is_gsm7(to_gsm7(char))))
        yield submitted.finding("costly_letters", found=letters, plain=preview.segments, dear=dear.segments)
    if preview.segments > 1:
        yield submitted.finding("several_messages", found=preview.segments)


@cache
def _words(locale: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of the marketing words and of those by which one opts out."""
    data = tomllib.loads(_MARKETING.read_text(encoding="utf-8"))[locale]
    return _any_of(data["marketing"]), _any_of(data["opt_out"])


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """The longest first; whole words, except in scripts that do not part words."""
    patterns = []
    for word in sorted(map(_folded, words), key=len, reverse=True):
        inside = re.escape(word).replace(r"\ ", r"\s*")
        parted = word.isascii()
        begin = r"(?<![^\W_])" if parted and word[0].isalnum() else ""
        end = r"(?![^\W_])" if parted and word[-1].isalnum() else ""
        patterns.append(f"{begin}{inside}{end}")
    return re.compile("|".join(patterns))


def _folded(text: str) -> str:
    """Small letters without accents, one space between words."""
    plain = unicodedata.normalize("NFKD", to_gsm7(text))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(letters.casefold().split())


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in values.shortened(text, _LONGEST_SHOWN))
