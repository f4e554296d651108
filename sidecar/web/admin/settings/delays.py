"""Delays by text, each in a row of its own: how long after its event, and at which hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from babel.units import format_unit

from sidecar.catalog.kinds import kinds
from sidecar.domain.delay import LONGEST_DELAY, Delay
from sidecar.web.admin import language
from sidecar.web.admin.language import _, _later
from sidecar.web.admin.purposes import NAMES
from sidecar.web.admin.settings.field import Around, Form, Pairs

UNITS = {"m": "minute", "h": "hour", "d": "day"}
UNIT_NAMES = {"m": _later("minutes"), "h": _later("hours"), "d": _later("days")}
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Row:
    """As its fields hold it. `usual`: what holds while they are empty."""

    key: str
    name: str
    usual: str
    count: str = ""
    unit: str = "h"
    at: str = ""

    @property
    def written(self) -> str:
        """As settings have it; what is wrong in the fields is wrong in it, too."""
        wait = f"{self.count}{self.unit}" if self.count else ""
        return f"{wait} at {self.at}".strip() if self.at else wait


@dataclass(frozen=True, slots=True)
class Rows:
    """Those with a delay are seen at once, the `rest` is folded away."""

    first: list[Row]
    rest: list[Row]
    units: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delays(Pairs):
    kind: str = "delays"

    def read(self, form: Form) -> dict[str, str]:
        was: dict[str, str] = self.was(form)
        rows = self._typed(form)
        if not rows:
            return was
        return {row.key: _kept(was.get(row.key, ""), row.written) for row in rows if row.written}

    def drawn(self, around: Around, saved: Mapping[str, str], typed: Form | None) -> Rows:
        rows = self._typed(typed) if typed else [_row(key, saved.get(key, "")) for key in {**NAMES, **saved}]
        first = [row for row in rows if row.written or row.usual]
        return Rows(first, [row for row in rows if row not in first], UNIT_NAMES)

    def fault(self, form: Form) -> str:
        for row in self._typed(form):
            if row.written and not _delay(row.written):
                return _(
                    "%(text)s: write a number, up to %(most)s days in all, or an hour such as 10:00, or both.",
                    text=row.name,
                    most=LONGEST_DELAY.days,
                )
        return ""

    def _typed(self, form: Form) -> list[Row]:
        def part(key: str, name: str) -> str:
            return form.get(f"{self.name}-{key}-{name}", "").strip()

        return [
            _named(key, part(key, "count"), part(key, "unit"), part(key, "at"))
            for key in form.getlist(f"{self.name}-text")
        ]


def _row(key: str, text: str) -> Row:
    delay = _delay(text)
    return _named(key, *_parts(delay)) if delay else _named(key)


def _named(key: str, count: str = "", unit: str = "h", at: str = "") -> Row:
    kind = kinds().get(key)
    usual = _delay(kind.delay) if kind else None
    return Row(key, str(NAMES.get(key, key)), told(usual) if usual else "", count, unit, at)


def told(delay: Delay) -> str:
    count, unit, at = _parts(delay)
    waits = format_unit(int(count), f"duration-{UNITS[unit]}", "short", locale=language.current()) if count else ""
    return " · ".join(part for part in (waits, at) if part)


def _parts(delay: Delay) -> tuple[str, str, str]:
    """Count, unit and hour, as fields hold them."""
    at = f"{delay.at:%H:%M}" if delay.at else ""
    if delay.days is not None:
        return str(delay.days), "d", at
    if at and not delay.wait:
        return "", "h", at
    is_hours = bool(delay.wait) and delay.wait % _HOUR == timedelta(0)
    return (str(delay.wait // _HOUR), "h", at) if is_hours else (str(delay.wait // timedelta(minutes=1)), "m", at)


def _kept(was: str, written: str) -> str:
    """In the words it was saved in, where the meaning is the same."""
    return was if _delay(was) and _delay(was) == _delay(written) else written


def _delay(text: str) -> Delay | None:
    try:
        return Delay.parse(text)
    except ValueError:
        return None
