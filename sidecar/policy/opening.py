"""From when on a text may leave: the shop's hours, those of the recipient's country, holidays, and whose clock."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache, partial, reduce
from typing import Literal
from zoneinfo import ZoneInfo

from sidecar.domain import phone
from sidecar.domain.category import Category
from sidecar.domain.phone import Number
from sidecar.domain.spans import DAY, Span, Spans, common, midnight, offset_at
from sidecar.domain.window import SendingWindow
from sidecar.policy.calendars import is_holiday, region_of
from sidecar.policy.countries import CountryRules, Limits, rules_for

# Hours that open later than in two weeks are refused when they are saved; but two Mondays in a row can be holidays,
# and what was saved must open then, too.
_DAYS_LOOKED_THROUGH = 35

AT_ONCE = frozenset({Category.CODE, Category.TEST})

HoldingRule = Literal["sending_hours", "country_hours", "holiday"]


@dataclass(frozen=True, slots=True)
class ShopHours:
    """A shop's settings about hours; windows as `SendingWindow.parse` reads them."""

    zone: str
    country: str
    transactional: str
    marketing: str
    limits: Limits = "careful"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What tells the recipient's clock and law. `country` is the number's; `subdivision` what the shop calls the part
    of it in an address (`SP`, `DE-BY`, `New York`), empty where it is not known."""

    e164: str
    country: str
    subdivision: str = ""

    @classmethod
    def of(cls, number: Number, country: str, subdivision: str) -> "Whereabouts":
        """Of the owner of a number and an address, which tells nothing where the number is another country's."""
        return cls(number.e164, number.country, subdivision if country == number.country else "")


@dataclass(frozen=True, slots=True)
class Opening:
    """`at`: the first moment at which nothing stands against it. Where that is not at once, `rule` held it, and the
    hours that open then end at `closes_at`."""

    at: datetime
    rule: HoldingRule | None = None
    closes_at: datetime | None = None


class NeverOpens(Exception):
    """The shop's hours and the country's never meet, or (`rule` says which) the shop's own never open."""

    def __init__(self, rule: HoldingRule) -> None:
        super().__init__(f"no such text may ever leave: {rule}")
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides which hours of a day are open. `windows` are all to be open, each with the region whose holidays it
    may mean, the shop's own first; `zones` are those in which the recipient may be. Where a `shop_zone` is given, the
    windows are to be open there; `domestic`: the number is of the shop's country."""

    windows: tuple[tuple[str, str], ...]
    zones: tuple[str, ...]
    shop_zone: str | None = None
    domestic: bool = False
    holidays: bool = True


def opening(hours: ShopHours, category: str, recipient: Whereabouts, now: datetime) -> Opening:
    """The first moment from `now` on at which a text of this category may leave. Raises `NeverOpens`, as for a shop
    that advertises on Sundays only in a country that forbids it."""
    kind = Category(category)
    if kind in AT_ONCE:
        return Opening(now)
    marketing = kind is Category.MARKETING
    for plan in _plans(hours, marketing, recipient):
        if found := first_open(plan, now):
            at, until = found
            return Opening(at) if at <= now else Opening(at, _held_by(plan, at, now), _end_of_hours(plan, until))
    raise NeverOpens("country_hours" if marketing else "sending_hours")


def first_open(plan: Plan, now: datetime, days: int = _DAYS_LOOKED_THROUGH) -> Span | None:
    """From the first moment from `now` on until the hours or the day end."""
    today = now.astimezone(_zone(plan.zones[0])).date()
    for ahead in range(days + 1):
        for start, end in _open_on(plan, today + ahead * DAY):
            if end > now:
                return max(start, now), end
    return None


def _plans(hours: ShopHours, marketing: bool, recipient: Whereabouts) -> Iterator[Plan]:
    """The most careful first, then what to do where a country is too wide for hours that are open all over it."""
    make = partial(_plan, hours, recipient.country == hours.country)
    if marketing:
        make = partial(_marketing_plan, hours, recipient.country, _region(recipient))
    if zones := phone.zones(recipient.e164):
        yield make(zones)
        yield make(phone.main_zones(recipient.e164))
    yield make((hours.zone,))


@lru_cache(maxsize=4096)
def _plan(hours: ShopHours, domestic: bool, zones: tuple[str, ...]) -> Plan:
    return Plan(((hours.transactional, hours.country),), zones, hours.zone, domestic)


@lru_cache(maxsize=4096)
def _marketing_plan(hours: ShopHours, country: str, region: str, zones: tuple[str, ...]) -> Plan:
    rules = rules_for(country)
    limits = (rules.hours(hours.limits), *_states(rules, country, region))
    return Plan(((hours.marketing, hours.country), *((window, region) for window in limits)), zones)


def _region(recipient: Whereabouts) -> str:
    """By the address, else by the area code."""
    by_address = region_of(recipient.country, recipient.subdivision)
    if by_address != recipient.country:
        return by_address
    return region_of(recipient.country, phone.region_hint(recipient.e164))


def _states(rules: CountryRules, country: str, region: str) -> tuple[str, ...]:
    """What the state adds; all that any state adds where it is not known which."""
    if country != rules.country or not rules.states:
        return ()
    state = region.partition("-")[2]
    return tuple(hours for name, hours in rules.states.items() if state in ("", name))


@lru_cache(maxsize=16_384)
def _open_on(plan: Plan, day: date) -> Spans:
    """When it is open on this day of the recipient's. An order's text waits for both clocks where one is abroad, so
    that it wakes nobody, unless their hours do not meet that day."""
    start, end = (midnight(on, _zone(plan.zones[0])) for on in (day, day + DAY))
    clocks = {(offset_at(start, _zone(zone)), offset_at(end, _zone(zone))): zone for zone in plan.zones}
    there = _open_between(plan, clocks.values(), start, end)
    if plan.shop_zone is None:
        return there
    here = _open_between(plan, (plan.shop_zone,), start, end)
    if _at_home(plan.domestic, offset_at(start, _zone(plan.shop_zone)), {offset for offset, _ in clocks}):
        return here
    return common(there, here) or there


def _at_home(domestic: bool, shop: timedelta, told: Collection[timedelta]) -> bool:
    """Whether the recipient has the shop's clock: surely, or in one wide country with it as far as anybody can tell."""
    return min(told) <= shop <= max(told) and (domestic or len(told) == 1)


def _open_between(plan: Plan, zones: Iterable[str], start: datetime, end: datetime) -> Spans:
    return reduce(
        common,
        (
            SendingWindow.parse(text).open_between(start, end, _zone(zone), _closing(text, region, plan.holidays))
            for zone in zones
            for text, region in plan.windows
        ),
    )


def _closing(window: str, region: str, holidays: bool) -> Callable[[date], bool]:
    closed_on = SendingWindow.parse(window).closed_on if holidays else None
    return (lambda day: False) if closed_on is None else partial(is_holiday, region=closed_on or region)


def _held_by(plan: Plan, at: datetime, now: datetime) -> HoldingRule:
    """Without what it would have left earlier: holidays first, then what the country adds to the shop's hours."""
    bare = replace(plan, holidays=False)
    if _opens_before(at, bare, now):
        return "holiday"
    alone = replace(bare, windows=plan.windows[:1])
    return "country_hours" if _opens_before(at, alone, now) else "sending_hours"


def _opens_before(at: datetime, plan: Plan, now: datetime) -> bool:
    found = first_open(plan, now)
    return found is not None and found[0] < at


def _end_of_hours(plan: Plan, until: datetime) -> datetime:
    """Hours over midnight go on in the next day's."""
    following = first_open(plan, until)
    return following[1] if following and following[0] == until else until


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
