"""What can stand against a text, in the order in which a person would want to hear it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sidecar.domain.consent import Standing
from sidecar.domain.phone import NoNumber
from sidecar.policy.modes import objection_to_alert, objection_to_change, objection_to_manual
from sidecar.policy.occasion import MARKETING, Entrance, Facts
from sidecar.policy.orders import Placed

Objection = Callable[[Facts], str | None]

_EVERY = frozenset(Entrance)
_UNASKED = frozenset({Entrance.CHANGE, Entrance.MANUAL, Entrance.ALERT})
"""Texts to customers who are not waiting for one at this moment."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`objection` gives a stable code, or None; the rule binds these entrances only."""

    objection: Objection
    binds: frozenset[Entrance]


def first_objection(facts: Facts) -> str | None:
    applying = (rule for rule in RULES if facts.entrance in rule.binds)
    return next((code for rule in applying if (code := rule.objection(facts))), None)


def _mode(facts: Facts) -> str | None:
    settings = facts.settings
    if facts.change is not None:
        return objection_to_change(settings.mode, facts.change)
    if facts.entrance in (Entrance.ALERT, Entrance.REQUEST):
        return objection_to_alert(settings.mode, settings.stock_managed, settings.alerts_enabled)
    return objection_to_manual(settings.mode)


def _switched_off(facts: Facts) -> str | None:
    return "texts_off" if facts.key in facts.settings.texts_off else None


def _too_old(facts: Facts) -> str | None:
    days = facts.settings.placed_within_days
    if not (isinstance(facts.change, Placed) and days and facts.ordered_at):
        return None
    return "old_order" if facts.ordered_at < facts.now - timedelta(days) else None


def _before_start(facts: Facts) -> str | None:
    start = facts.settings.told_from
    if not (start and facts.happened_at):
        return None
    return "before_start" if facts.happened_at < datetime.fromisoformat(start) else None


def _no_number(facts: Facts) -> str | None:
    return facts.number.reason if isinstance(facts.number, NoNumber) else None


def _no_route(facts: Facts) -> str | None:
    return "no_route" if facts.reaches_people is None else None


def _unfit(facts: Facts) -> str | None:
    return facts.unfit or None


def _opted_out(facts: Facts) -> str | None:
    return "opted_out" if facts.standings.get(facts.purpose) is Standing.OUT else None


def _not_agreed(facts: Facts) -> str | None:
    """Who asked to be told of a product has agreed by that, so an alert needs no more."""
    needed = facts.category == MARKETING or facts.settings.order_consent == "opt_in"
    if facts.entrance is Entrance.ALERT or not needed:
        return None
    standing = facts.standings.get(facts.purpose)
    if standing is Standing.PENDING:
        return "needs_double_opt_in"
    return None if standing is Standing.IN else "no_consent"


def _caps(facts: Facts) -> str | None:
    settings, recent = facts.settings, facts.recent
    if settings.redirect_to:
        return None
    if recent.texts and facts.text in recent.texts:
        return "same_text"
    weekly = settings.cap_marketing_per_week if facts.category == MARKETING else 0
    caps = (
        ("cap_hour", recent.hour, settings.cap_per_hour),
        ("cap_day", recent.day, settings.cap_per_day),
        ("cap_week", recent.week_marketing, weekly),
    )
    return next((code for code, sent, cap in caps if cap and sent >= cap), None)


def _switch(facts: Facts) -> str | None:
    if isinstance(facts.number, NoNumber):
        return None
    to = facts.settings.redirect_to or facts.number.e164
    return facts.switch.objection(to, bool(facts.reaches_people))


RULES = (
    Rule(_mode, _EVERY - {Entrance.TEST}),
    Rule(_switched_off, frozenset({Entrance.CHANGE})),
    Rule(_too_old, frozenset({Entrance.CHANGE, Entrance.STAFF})),
    Rule(_before_start, frozenset({Entrance.CHANGE, Entrance.STAFF})),
    Rule(_no_number, _EVERY),
    Rule(_no_route, _EVERY),
    Rule(_unfit, _EVERY),
    Rule(_opted_out, _EVERY - {Entrance.TEST, Entrance.STAFF, Entrance.ANSWER}),
    Rule(_not_agreed, _UNASKED),
    Rule(_caps, _UNASKED),
    Rule(_switch, _EVERY),
)
