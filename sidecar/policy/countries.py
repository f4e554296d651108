"""What countries ask of marketing texts, read from `data/countries.json`, where each fact has its sources and date."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

_DATA = Path(__file__).with_name("data") / "countries.json"
_NONE_FOUND = "none found"

Limits = Literal["careful", "legal"]
"""Our careful hours, or the widest that a source allows."""


class OptIn(StrEnum):
    NONE = "none"
    SINGLE = "single"
    DOUBLE = "double"


class Alphanumeric(StrEnum):
    YES = "yes"
    NO = "no"
    REGISTRATION = "registration"
    UNKNOWN = "unknown"


class TwoWay(StrEnum):
    """The sender to which a customer can answer."""

    NUMBER = "number"
    SHORT_CODE = "short_code"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SenderRules:
    alphanumeric: Alphanumeric
    numeric_required: bool
    two_way: TwoWay


@dataclass(frozen=True, slots=True)
class CountryRules:
    """`country` is the one whose rules these are: France for Réunion, empty for countries of which nothing was read.
    Hours are written as sending windows, on the recipient's clock; `states` limit further, beside the country's.
    `basis` says on whose word the legal hours are, `read` in which month that was read."""

    country: str
    careful: str
    legal: str
    states: Mapping[str, str]
    basis: str
    opt_in: OptIn
    sender: SenderRules
    short_links_refused: bool
    marketing_per_week: int | None
    read: str
    sources: tuple[str, ...]

    def hours(self, limits: Limits) -> str:
        return self.legal if limits == "legal" else self.careful


def rules_for(country: str) -> CountryRules:
    """By ISO 3166 code; a country that is not listed gets careful rules."""
    return _all().get(country) or _unlisted()


@cache
def _all() -> dict[str, CountryRules]:
    document = _document()
    listed = {country: _rules(country, entry) for country, entry in document["countries"].items()}
    same = {part: listed[country] for country, parts in document["same_as"].items() for part in parts}
    return listed | same


@cache
def _unlisted() -> CountryRules:
    return _rules("", _document()["unlisted"])


def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    return document


def _rules(country: str, entry: Mapping[str, Any]) -> CountryRules:
    sender = entry["sender"]
    careful, legal = entry["careful"], entry["legal"]
    return CountryRules(
        country=country,
        careful=_window(careful),
        legal=_window(careful | {day: hours for day, hours in legal.items() if hours != _NONE_FOUND}),
        states=entry.get("states", {}),
        basis=entry["basis"],
        opt_in=OptIn(entry["opt_in"]),
        sender=SenderRules(Alphanumeric(sender["alphanumeric"]), sender["numeric_required"], TwoWay(sender["two_way"])),
        short_links_refused=entry["short_links"] == "refused",
        marketing_per_week=entry.get("marketing_per_week"),
        read=entry["read"],
        sources=tuple(entry["sources"]),
    )


def _window(days: Mapping[str, str]) -> str:
    hours = [f"{day} {hours}" for day, hours in days.items() if day != "holidays" and hours != "closed"]
    return "; ".join([*hours, "no holidays"] if days["holidays"] == "closed" else hours)
