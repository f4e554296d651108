"""A text with what is known put in, and the wordings among which it may choose."""

import re
from collections.abc import Iterator, Mapping
from itertools import product

from sidecar.catalog.context import Context
from sidecar.catalog.languages import Language, Wordings
from sidecar.catalog.placeholders import PLACEHOLDERS, names_in, pieces, values_in

Values = Mapping[str, str]
"""What is put in for each placeholder, and for each phrase."""

_GAP = re.compile(r" (?=[ ,.])")


def values_of(text: str, context: Context, language: Language) -> Values:
    return {name: PLACEHOLDERS[name].render(context, language) for name in values_in(text, language)}


def choices(text: str, values: Values, language: Language) -> Iterator[Values]:
    """The phrases of a text worded, in the fullest way first. What stands first in the text gives way before what
    follows: a name is missed less than a tracking number."""
    phrases = [name for name in reversed(names_in(text)) if name in language.phrases]
    options = [_wordings(language.phrases[name], values) for name in phrases]
    for worded in product(*options):
        yield {name: _put_in(wording, values) for name, wording in zip(phrases, worded, strict=True)}


def fill(text: str, values: Values) -> str:
    """In one pass, so that braces in a customer's name are never filled in their turn."""
    return _GAP.sub("", _put_in(text, values)).strip()


def _put_in(text: str, values: Values) -> str:
    return "".join(before + values[name] if name else before for before, name in pieces(text))


def _wordings(wordings: Wordings, values: Values) -> tuple[str, ...]:
    known = (wording for wording in wordings if all(values[name] for name in names_in(wording[0])))
    return next(known, ("",))
