"""Sending hours as somebody fills them in: at any hour, the same every day, or day by day, with breaks; and whether
public holidays close them. What is typed becomes the text that `SendingWindow` reads, and comes from it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from babel.dates import get_day_names

from sidecar.domain.window import DAYS, LONGEST, Hours, SendingWindow
from sidecar.web.admin import language
from sidecar.web.admin.language import _
from sidecar.web.admin.settings.field import Around, Field, Form

Times = tuple[tuple[str, str], ...]
"""From and until, as they stand in the fields."""

ALWAYS, SAME, EACH = KINDS = ("always", "same", "each")
_USUAL: Times = (("09:00", "18:00"),)
_WHOLE_DAY: Times = (("00:00", "00:00"),)


@dataclass(frozen=True, slots=True)
class Window(Field):
    kind: str = "hours"

    def read(self, form: Form) -> str:
        """Where it is what the page had shown, in the very words it was saved in."""
        was, week = self.was(form), typed(form, self.name)
        return was if week.kind not in KINDS or _is_same(week, was) else written(week)

    def drawn(self, around: Around, saved: str, typed_in: Form | None) -> "Week":
        return typed(typed_in, self.name) if typed_in else shown(saved)

    def fault(self, form: Form) -> str:
        return fault(typed(form, self.name))


@dataclass(frozen=True, slots=True)
class Week:
    """`every`: the hours of each day, where `kind` says that all are alike; `days`: those of each, of which only the
    `ticked` count. `holidays`: whether they close it, those of `region` or, where that is empty, of the shop."""

    kind: str
    every: Times
    days: Mapping[str, Times]
    ticked: Collection[str]
    holidays: bool
    region: str


def shown(text: str) -> Week:
    """What the fields hold for a saved window. Days that are closed come with hours, so that a tick opens them."""
    window = SendingWindow.parse(text)
    days = {day: _as_times(hours) for day, hours in zip(DAYS, window.week, strict=True)}
    first = next(times for times in days.values() if times)
    kind = EACH if {*days.values()} != {first} else ALWAYS if first == _WHOLE_DAY else SAME
    usual = _USUAL if kind == ALWAYS else first
    shown_days = {day: usual if kind == ALWAYS else times or usual for day, times in days.items()}
    return Week(
        kind,
        usual,
        shown_days,
        [day for day, times in days.items() if times],
        window.closed_on is not None,
        window.closed_on or "",
    )


def typed(form: Form, name: str) -> Week:
    return Week(
        form.get(f"{name}-kind", ""),
        _typed_times(form, f"{name}-every"),
        {day: _typed_times(form, f"{name}-{day}") for day in DAYS},
        [day for day in DAYS if day in form.getlist(f"{name}-days")],
        f"{name}-holidays" in form,
        form.get(f"{name}-region", "").strip().upper(),
    )


def written(week: Week) -> str:
    """As settings have it; what is wrong in the fields is wrong in it, too."""
    if week.kind == ALWAYS and not week.holidays:
        return "always"
    hours = _by_days(week) if week.kind == EACH else [_listed(_WHOLE_DAY if week.kind == ALWAYS else week.every)]
    return "; ".join([*hours, _closed_on(week)] if week.holidays else hours)


def fault(week: Week) -> str:
    """What is wrong in the fields, in a sentence that says where."""
    rows = _rows(week)
    if week.kind == EACH and not rows:
        return _("Tick at least one day, or choose any hour.")
    for name, times in rows.items():
        if not times or not all(_reads(_listed((pair,))) for pair in times):
            return _("%(day)s: say from when until when, such as 09:00 to 18:00.", day=name)
    if week.holidays and not _reads(f"00:00-00:00; {_closed_on(week)}"):
        return _("Name the country of the holidays by its code, such as BR, or DE-BY for a part of it.")
    if len(written(week)) > LONGEST:
        return _("These are too many different hours to be kept: give some days the same.")
    return ""


def _rows(week: Week) -> dict[str, Times]:
    """Those that count."""
    if week.kind == EACH:
        names = day_names()
        return {names[day]: week.days[day] for day in week.ticked}
    return {_("Every day"): week.every} if week.kind == SAME else {}


def day_names() -> dict[str, str]:
    names = get_day_names("wide", "stand-alone", language.current())
    return {day: names[number][:1].upper() + names[number][1:] for number, day in enumerate(DAYS)}


def _is_same(week: Week, was: str) -> bool:
    try:
        return written(shown(was)) == written(week)
    except ValueError:
        return False


def _as_times(hours: Iterable[Hours]) -> Times:
    return tuple((f"{each.opens:%H:%M}", f"{each.closes:%H:%M}") for each in hours)


def _typed_times(form: Form, name: str) -> Times:
    pairs = zip_longest(form.getlist(f"{name}-from"), form.getlist(f"{name}-until"), fillvalue="")
    stripped = ((since.strip(), until.strip()) for since, until in pairs)
    return tuple(pair for pair in stripped if any(pair))


def _by_days(week: Week) -> list[str]:
    """Days with the same hours together."""
    alike: dict[Times, list[str]] = {}
    for day in week.ticked:
        alike.setdefault(week.days[day], []).append(day)
    return [f"{_named(days)} {_listed(times)}" for times, days in alike.items()]


def _listed(times: Times) -> str:
    return ",".join(f"{since}-{until}" for since, until in times)


def _named(days: list[str]) -> str:
    """`mon-fri`, where more than two follow each other."""
    first, last = DAYS.index(days[0]), DAYS.index(days[-1])
    return f"{days[0]}-{days[-1]}" if len(days) > 2 and last - first == len(days) - 1 else ",".join(days)


def _closed_on(week: Week) -> str:
    return f"no holidays {week.region}".strip()


def _reads(text: str) -> bool:
    try:
        return bool(SendingWindow.parse(text))
    except ValueError:
        return False
