"""Sender, text and contact, put together as they will be sent."""

from bisect import bisect_left
from dataclasses import dataclass

from sidecar.catalog.context import Context
from sidecar.catalog.filling import Values, choices, fill, values_of
from sidecar.catalog.languages import Language, language_for
from sidecar.catalog.placeholders import PLACEHOLDERS, names_in
from sidecar.catalog.templates import Template
from sidecar.catalog.values import clean, shortened
from sidecar.domain.segments import Encoding, cheapest, count

_LONGEST_SENDER = 40
_LONGEST_CONTACT = 60


@dataclass(frozen=True, slots=True)
class ComposedText:
    """`parameters` are the values put in, by placeholder in the order of the template, for providers that keep the
    text themselves and are told these."""

    text: str
    encoding: Encoding
    segments: int
    parameters: tuple[tuple[str, str], ...] = ()


def compose(
    template: Template, context: Context, sender: str, contact: str, *, plain_letters: bool = True
) -> ComposedText:
    """The text as it will leave. Where it would take one message more, phrases give way to plainer wordings (王小明
    in an English greeting makes the whole UCS-2), and where that does not help, long values are cut, the longest
    first. `plain_letters`: letters outside GSM-7 may lose their accents where that saves a message."""
    language = language_for(template.locale)
    values = values_of(template.text, context, language)
    closing = clean(contact, _LONGEST_CONTACT) if template.kind.contact else ""
    page = _Page(template, language, clean(sender, _LONGEST_SENDER), closing, plain_letters)
    whole = page.fewest(values)
    return whole if whole.segments <= 1 else _cut_to_save(page, values, whole)


def missing(template: Template, context: Context) -> tuple[str, ...]:
    """The placeholders of a text that stay empty: what it tells would not make sense."""
    values = values_of(template.text, context, language_for(template.locale))
    return tuple(name for name in names_in(template.text) if values.get(name) == "")


@dataclass(frozen=True, slots=True)
class _Page:
    template: Template
    language: Language
    opening: str
    closing: str
    plain_letters: bool

    def fewest(self, values: Values) -> ComposedText:
        """The fullest wording that no other beats in messages."""
        worded = choices(self.template.text, values, self.language)
        fullest = self._set({**values, **next(worded)})
        if fullest.segments <= 1:
            return fullest
        return min((fullest, *(self._set({**values, **plainer}) for plainer in worded)), key=lambda c: c.segments)

    def _set(self, values: Values) -> ComposedText:
        colon = self.language.colon if self.opening else ""
        whole = f"{self.opening}{colon}{fill(self.template.text, values)} {self.closing}".strip()
        text = cheapest(whole, self.plain_letters)
        counted = count(text)
        parameters = tuple((name, values[name].strip()) for name in names_in(self.template.text))
        return ComposedText(text, counted.encoding, counted.segments, parameters)


def _cut_to_save(page: _Page, values: Values, whole: ComposedText) -> ComposedText:
    """The same with long values cut as little as saves a message, or as it was."""
    lengths = [len(value) for name, value in values.items() if PLACEHOLDERS[name].shortest]
    longest = max(lengths, default=0)
    fewer = bisect_left(
        range(longest), True, key=lambda cut: page.fewest(_under(longest - cut, values)).segments < whole.segments
    )
    return whole if fewer == longest else page.fewest(_under(longest - fewer, values))


def _under(ceiling: int, values: Values) -> Values:
    return {name: _cut(name, value, ceiling) for name, value in values.items()}


def _cut(name: str, value: str, ceiling: int) -> str:
    shortest = PLACEHOLDERS[name].shortest
    return shortened(value, max(ceiling, shortest)) if shortest else value
