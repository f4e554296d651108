"""One setting in a form: how it is written there, and what comes back of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from sidecar.domain.shop import Shop

Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Around:
    """What a field may need to know of whose it is. `own_texts`: keys of the texts that the shop wrote itself."""

    shop: Shop
    own_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """`kind` names how it is drawn; this one is a text or a number, and those of other kinds follow it."""

    name: str
    label: Any
    hint: Any = ""
    kind: str = "text"

    def read(self, form: Form) -> Any:
        """What was typed."""
        return self.parsed(form.get(self.name, ""))

    def was(self, form: Form) -> Any:
        """What the page had shown before, which comes back with it."""
        return self.parsed(form.get(f"was-{self.name}", ""))

    def parsed(self, written: str) -> Any:
        return written.replace("\0", "").strip()

    def write(self, value: Any) -> str:
        """In one text; `parsed` makes the same of it again."""
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

    def drawn(self, around: Around, saved: Any, typed: Form | None) -> Any:
        """What stands in the form: what is saved, or what was typed where that was refused."""
        return self.write(self.read(typed) if typed else saved)

    def fault(self, form: Form) -> str:
        """What is wrong in it, where it can say so more plainly than what is made of it."""
        return ""


@dataclass(frozen=True, slots=True)
class Check(Field):
    kind: str = "check"

    def parsed(self, written: str) -> bool:
        return bool(written)

    def write(self, value: Any) -> str:
        return "yes" if value else ""


@dataclass(frozen=True, slots=True)
class Lines(Field):
    """One a line."""

    kind: str = "lines"

    def parsed(self, written: str) -> tuple[str, ...]:
        return lines(written)

    def write(self, value: Any) -> str:
        return "\n".join(value)


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """`choices` are looked up when they depend on who reads."""

    kind: str = "choice"
    choices: Mapping[str, Any] | Callable[[], Mapping[str, Any]] = field(default_factory=dict, hash=False)

    def offered(self, value: str) -> dict[str, Any]:
        """What can be chosen, and what is chosen already."""
        known = self.choices() if callable(self.choices) else self.choices
        return {**known} if value in known else {**known, value: value}


@dataclass(frozen=True, slots=True)
class Pairs(Field):
    """Words by their names, each pair in fields of its own."""

    def parsed(self, written: str) -> dict[str, str]:
        try:
            found = json.loads(written or "{}")
        except ValueError:
            return {}
        return {str(name): str(word) for name, word in found.items()} if isinstance(found, dict) else {}

    def write(self, value: Any) -> str:
        return json.dumps(dict(value), ensure_ascii=False)


def lines(written: str) -> tuple[str, ...]:
    stripped = (line.strip() for line in written.replace("\0", "").splitlines())
    return tuple(line for line in stripped if line)
