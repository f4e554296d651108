"""Whether the hours that a shop chose are ever open."""

from dataclasses import dataclass, replace
from datetime import datetime

from sidecar.domain.window import SendingWindow
from sidecar.policy.calendars import has_calendar
from sidecar.policy.countries import rules_for
from sidecar.policy.opening import Plan, ShopHours, first_open

FARTHEST_OPENING = 14
"""Days. Hours that open later are a mistake."""

WHOSE_HOLIDAYS = "whose_holidays"
UNKNOWN_HOLIDAYS = "unknown_holidays"
NEVER_OPEN = "never_open"
AGAINST_THE_LAW = "against_the_law"


@dataclass(frozen=True, slots=True)
class Objection:
    code: str
    sentence: str


def objections(hours: ShopHours, now: datetime) -> dict[str, Objection]:
    """By setting, why these hours cannot be saved: they name holidays that nobody knows, or do not open for two weeks,
    those for marketing in the shop's own country."""
    found = {
        "transactional_window": _objection(hours, hours.transactional, now),
        "marketing_window": _objection(hours, hours.marketing, now) or _objection_of_the_country(hours, now),
    }
    return {name: replace(each, sentence=f"{name}: {each.sentence}.") for name, each in found.items() if each}


def _objection(hours: ShopHours, window: str, now: datetime) -> Objection | None:
    closed_on = SendingWindow.parse(window).closed_on
    if closed_on == "" and not hours.country:
        return Objection(
            WHOSE_HOLIDAYS,
            f"whose holidays? Set the shop's country, or name one in {window!r}, such as no holidays FR",
        )
    region = closed_on or hours.country
    if closed_on is not None and not has_calendar(region):
        return Objection(
            UNKNOWN_HOLIDAYS,
            f"the holidays of {region} are not known; name a country by its code, such as no holidays FR",
        )
    if not _opens((window,), hours, now):
        return Objection(NEVER_OPEN, f"{window!r} does not open within {FARTHEST_OPENING} days; choose hours that do")
    return None


def _objection_of_the_country(hours: ShopHours, now: datetime) -> Objection | None:
    limit = rules_for(hours.country).hours(hours.limits)
    if not hours.country or _opens((hours.marketing, limit), hours, now):
        return None
    return Objection(
        AGAINST_THE_LAW,
        f"in {hours.country} marketing may be sent {limit!r} ({hours.limits}), and {hours.marketing!r} never meets "
        "that; choose hours inside it",
    )


def _opens(windows: tuple[str, ...], hours: ShopHours, now: datetime) -> bool:
    plan = Plan(tuple((window, hours.country) for window in windows), (hours.zone,))
    return first_open(plan, now, FARTHEST_OPENING) is not None
