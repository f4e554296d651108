"""Settings that are ticked, or chosen, from what is known, with room for what only the shop knows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sidecar.domain.shop import Platform, Shop
from sidecar.web.admin.language import _
from sidecar.web.admin.settings.field import Around, Field, Form, Lines, lines

Offer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ticks:
    """`first` are seen at once; the `rest` of a long list is folded away."""

    ticked: Collection[str]
    first: Offer
    rest: Offer = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picks(Lines):
    """Ticks. `choices` may be each platform's own; `open`: others may be typed, with commas between."""

    kind: str = "picks"
    choices: Mapping[Any, Any] = field(default_factory=dict, hash=False)
    open: bool = False

    def read(self, form: Form) -> tuple[str, ...]:
        """In the order that was, since the first may count for more; what is new comes last."""
        typed = form.get(f"{self.name}-other", "").replace(",", "\n") if self.open else ""
        picked = lines("\n".join([*form.getlist(self.name), typed]))
        return tuple(dict.fromkeys([*(word for word in self.was(form) if word in picked), *picked]))

    def drawn(self, around: Around, saved: Any, typed: Form | None) -> Ticks:
        ticked = self.read(typed) if typed else saved
        return Ticks(ticked, with_own(self.choices.get(around.shop.platform, self.choices), ticked))

    def fault(self, form: Form) -> str:
        return "" if self.read(form) else _("Tick at least one.")


@dataclass(frozen=True, slots=True)
class FoldedPicks(Picks):
    """A long list: seen are those that are ticked and those that are `near` to the shop."""

    known: Callable[[], Offer] = field(default=dict, hash=False)
    near: Callable[[Shop], Collection[str]] = field(default=lambda shop: (), hash=False)

    def drawn(self, around: Around, saved: Any, typed: Form | None) -> Ticks:
        ticked = self.read(typed) if typed else saved
        known = with_own(self.known(), ticked)
        seen = {*ticked, *self.near(around.shop)}
        first = {word: name for word, name in known.items() if word in seen}
        return Ticks(ticked, first, {word: name for word, name in known.items() if word not in seen})


@dataclass(frozen=True, slots=True)
class Chosen:
    value: str
    offered: Offer


@dataclass(frozen=True, slots=True)
class Status(Field):
    """One of those that the platform knows, or the shop's own, which counts where it is written."""

    kind: str = "status"
    choices: Mapping[Platform, Offer] = field(default_factory=dict, hash=False)

    def read(self, form: Form) -> str:
        own: str = self.parsed(form.get(f"{self.name}-other", ""))
        return own or str(self.parsed(form.get(self.name, "")))

    def drawn(self, around: Around, saved: Any, typed: Form | None) -> Chosen:
        value = self.read(typed) if typed else saved
        known = {"": _("stays as it is, with a note"), **self.choices[around.shop.platform]}
        return Chosen(value, with_own(known, [value]))


def with_own(known: Offer, picked: Collection[str]) -> dict[str, Any]:
    """What is known, and what is picked already."""
    return {**known, **{word: word for word in picked if word not in known}}
