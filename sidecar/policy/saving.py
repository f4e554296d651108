"""Saving a shop's settings: what is refused, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from sidecar.domain.mode import Mode
from sidecar.domain.refused import Refused
from sidecar.domain.shop import ShopSettings
from sidecar.policy.decide import hours_of
from sidecar.policy.hours_check import objections
from sidecar.policy.keywords import plain
from sidecar.policy.modes import objection_to_saving

UNREADABLE, UNSAYABLE, PREPAID = "unreadable", "unsayable", "prepaid"
_ABOUT_HOURS = {"transactional_window", "marketing_window", "marketing_limits", "country", "timezone"}

_COUNTRY, _NUMBER, _KEY = "a country such as BR, two capital letters", "a number such as +5511912345678", "a text's key"
_WRITTEN = {
    "country": _COUNTRY,
    "code_countries": _COUNTRY,
    "locale": "a language such as pt_BR",
    "link_hosts": "a site such as carrier.example.org",
    "staff_numbers": _NUMBER,
    "redirect_to": _NUMBER,
    "texts_off": _KEY,
    "staff_events": _KEY,
    "delays": _KEY,
    "answers": _KEY,
}
_MEANT = {"int_parsing": "a whole number", "float_parsing": "a number", "bool_parsing": "true or false"}
_NO_WORD = "answers: {!r} is no word that a customer could write; give one with letters or digits for each text."


@dataclass(frozen=True, slots=True)
class Detail:
    """What is wrong, for whoever says it in another language: `value` is what cannot be."""

    code: str
    value: str = ""


class SettingsRefused(Refused):
    """`problems`: by setting, a sentence saying what was wrong and what to do; `details`: the same by codes."""

    def __init__(self, problems: Mapping[str, str], details: Mapping[str, Detail] | None = None) -> None:
        super().__init__("bad_setting", " ".join(problems.values()), problems)
        self.details = dict(details or {})


def changed(settings: ShopSettings, changes: Mapping[str, Any], now: datetime) -> ShopSettings:
    """The settings after these changes. Hours that will not open soon are refused, and so are answers to nothing.
    A mode with alerts is refused only when it is chosen: a shop that switches its alerts off later keeps its mode, and
    its alerts pause."""
    try:
        new = ShopSettings.model_validate({**settings.model_dump(), **changes})
    except ValidationError as error:
        raise SettingsRefused(_sentences(error), _details(error)) from None
    if changes.keys() & _ABOUT_HOURS and (found := objections(hours_of(new), now)):
        raise SettingsRefused(
            {name: each.sentence for name, each in found.items()},
            {name: Detail(each.code) for name, each in found.items()},
        )
    if "answers" in changes and (unsayable := [word for word in new.answers if not plain(word)]):
        raise SettingsRefused({"answers": _NO_WORD.format(unsayable[0])}, {"answers": Detail(UNSAYABLE, unsayable[0])})
    chosen = "mode" in changes and new.mode != settings.mode
    if chosen and (objection := objection_to_saving(new.mode, new.stock_managed, new.alerts_enabled)):
        raise SettingsRefused({"mode": objection})
    return new


def _details(error: ValidationError) -> dict[str, Detail]:
    found: dict[str, Detail] = {}
    for fault in error.errors(include_url=False):
        found.setdefault(str(fault["loc"][0]) if fault["loc"] else "", Detail(UNREADABLE, str(fault["input"])))
    return found


def _sentences(error: ValidationError) -> dict[str, str]:
    problems: dict[str, str] = {}
    for fault in error.errors(include_url=False):
        name = str(fault["loc"][0]) if fault["loc"] else "settings"
        problems.setdefault(name, f"{name}: {_words(name, fault)}.")
    return problems


def _words(name: str, fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "there is no such setting; there are " + ", ".join(ShopSettings.model_fields)
    if name == "mode":
        return f"choose a mode from {min(Mode)} to {max(Mode)}"
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    meant = _WRITTEN.get(name) if fault["type"] == "string_pattern_mismatch" else _MEANT.get(fault["type"])
    if meant:
        return f"{fault['input']!r} is not {meant}"
    return f"{fault['msg'][0].lower()}{fault['msg'][1:]}, and {fault['input']!r} is not that"
