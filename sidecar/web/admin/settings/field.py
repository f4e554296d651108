"""One setting in a form: how it is written there, and what comes back of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from sidecar.domain.shop import Platform
from sidecar.web.admin.language import _
from sidecar.web.admin.settings import hours


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: text, number, choice, check, picks (ticks, and what else is typed where it is `open`), hours, lines (one
    a line), code and codes (of countries, one a line) or pairs (`name = value`, one a line). `choices` may be each
    platform's own."""

    name: str
    label: Any
    hint: Any = ""
    kind: str = "text"
    choices: Mapping[Any, Any] = field(default_factory=dict, hash=False)
    open: bool = False

    def read(self, form: MultiDict[str, str], was: bool = False) -> Any:
        """What was typed; or what the page had shown before, which comes back under another name."""
        if self.kind == "hours" and not was:
            return hours.read(form, self.name)
        if self.kind == "picks" and not was:
            return self._picked(form)
        written = form.get(f"was-{self.name}" if was else self.name, "").replace("\0", "").strip()
        if self.kind in ("code", "codes"):
            written = written.upper()
        lines = [line.strip() for line in written.splitlines() if line.strip()]
        if self.kind == "check":
            return bool(written)
        if self.kind in ("lines", "codes", "picks"):
            return tuple(lines)
        if self.kind == "pairs":
            return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
        return written

    def write(self, value: Any) -> str:
        """As it stands in the form."""
        if self.kind == "check":
            return "yes" if value else ""
        if self.kind in ("lines", "codes", "picks"):
            return "\n".join(value)
        if self.kind == "pairs":
            return "\n".join(f"{name} = {word}" for name, word in value.items())
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

    def fault(self, form: MultiDict[str, str]) -> str:
        """What is wrong in it, where it can say so more plainly than what is made of it."""
        if self.kind == "hours":
            return hours.fault(hours.typed(form, self.name))
        return _("Tick at least one.") if self.kind == "picks" and not self.read(form) else ""

    def offered(self, platform: Platform, picked: Collection[str]) -> dict[str, Any]:
        """What can be ticked: what is known, and what is ticked already."""
        known = self.choices.get(platform, self.choices)
        return {**known, **{word: word for word in picked if word not in known}}

    def _picked(self, form: MultiDict[str, str]) -> tuple[str, ...]:
        """In the order that was, since the first may count for more; what is new comes last."""
        typed = form.get(f"{self.name}-other", "").replace(",", "\n").splitlines() if self.open else []
        stripped = (word.replace("\0", "").strip() for word in (*form.getlist(self.name), *typed))
        picked = [word for word in stripped if word]
        was = self.read(form, was=True)
        return tuple(dict.fromkeys([*(word for word in was if word in picked), *picked]))
