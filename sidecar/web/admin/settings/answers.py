"""Words that customers send, each with the text that answers it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sidecar.policy.keywords import plain
from sidecar.web.admin.language import _
from sidecar.web.admin.purposes import NAMES, text_name
from sidecar.web.admin.settings.field import Around, Form, Pairs

Rows = tuple[tuple[str, str], ...]
"""Word and key, as they stand in the fields."""


@dataclass(frozen=True, slots=True)
class Talk:
    """`own` and `others` are the texts that can answer, by key: the shop's own and the catalogue's."""

    rows: Rows
    own: Mapping[str, str]
    others: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answers(Pairs):
    kind: str = "answers"

    def read(self, form: Form) -> dict[str, str]:
        """A word that stands there twice has no answer, which is refused."""
        was: dict[str, str] = self.was(form)
        rows = self._typed(form)
        if f"{self.name}-word" not in form or rows == _cleaned(was.items()):
            return was
        words = Counter(plain(word) for word, _key in rows)
        return {word: key if words[plain(word)] == 1 else "" for word, key in rows}

    def drawn(self, around: Around, saved: Mapping[str, str], typed: Form | None) -> Talk:
        rows = self._typed(typed) if typed else tuple(saved.items())
        own = dict.fromkeys([*around.own_texts, *(key for _word, key in rows if key and key not in NAMES)])
        return Talk(rows, {key: text_name(key) for key in own}, NAMES)

    def fault(self, form: Form) -> str:
        words: set[str] = set()
        for word, key in self._typed(form):
            if not plain(word):
                return _("Write the word that customers send, with letters or digits.")
            if not key:
                return _("Choose the text that answers “%(word)s”.", word=word)
            if plain(word) in words:
                return _("“%(word)s” stands there twice.", word=word)
            words.add(plain(word))
        return ""

    def _typed(self, form: Form) -> Rows:
        """A line that was saved goes by its word alone."""
        words, keys = form.getlist(f"{self.name}-word"), form.getlist(f"{self.name}-text")
        saved = self.was(form).values()
        rows = _cleaned(zip_longest(words, keys, fillvalue=""))
        return tuple((word, key) for word, key in rows if word or key not in saved)


def _cleaned(rows: Iterable[tuple[str, str]]) -> Rows:
    stripped = ((word.replace("\0", "").strip(), key.strip()) for word, key in rows)
    return tuple(row for row in stripped if any(row))
