"""What is to become of the message about one change of one order."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sidecar.domain.category import Category
from sidecar.domain.phone import NoNumber, Number
from sidecar.domain.shop import ShopSettings
from sidecar.policy.decision import Decision, Hold, Send, Suppress
from sidecar.policy.modes import objection_to_change, objection_to_manual
from sidecar.policy.opening import Opening, Recipient, ShopHours
from sidecar.policy.opening import opening as first_opening
from sidecar.policy.orders import Change, Placed
from sidecar.policy.switch import Switch


@dataclass(frozen=True, slots=True)
class Facts:
    """All that bears on the decision. `reaches_people` is None for a shop without a route."""

    settings: ShopSettings
    change: Change
    number: Number | NoNumber
    ordered_at: datetime | None
    now: datetime
    reaches_people: bool | None
    switch: Switch


def decide(facts: Facts) -> Decision:
    """Refusals first, in the order a person would want to hear them; then the moment."""
    if objection := objection_to_change(facts.settings.mode, facts.change):
        return Suppress(objection)
    if isinstance(facts.change, Placed) and _is_old(facts):
        return Suppress("old_order")
    if objection := _objection_to_leaving(facts.settings, facts.number, facts.reaches_people, facts.switch):
        return Suppress(objection)
    return _moment(facts.settings, facts.now + timedelta(seconds=facts.settings.settle_seconds), facts.now)


def decide_by_hand(
    settings: ShopSettings,
    is_test: bool,
    number: Number | NoNumber,
    reaches_people: bool | None,
    switch: Switch,
    now: datetime,
) -> Decision:
    """What a person asks for does not wait to settle; a test works in every mode and at every hour."""
    if not is_test and (objection := objection_to_manual(settings.mode)):
        return Suppress(objection)
    if objection := _objection_to_leaving(settings, number, reaches_people, switch):
        return Suppress(objection)
    return Send() if is_test else _moment(settings, now, now)


def _objection_to_leaving(
    settings: ShopSettings, number: Number | NoNumber, reaches_people: bool | None, switch: Switch
) -> str | None:
    if isinstance(number, NoNumber):
        return number.reason
    if reaches_people is None:
        return "no_route"
    return switch.objection(settings.redirect_to or number.e164, reaches_people)


def _is_old(facts: Facts) -> bool:
    days = facts.settings.placed_within_days
    return bool(days and facts.ordered_at and facts.ordered_at < facts.now - timedelta(days))


def opening(settings: ShopSettings, is_test: bool, now: datetime) -> datetime:
    """From when on a text of this shop may leave: now, inside the sending hours."""
    return _opening(settings, Category.TEST if is_test else Category.TRANSACTIONAL, now).at


def _moment(settings: ShopSettings, settled: datetime, now: datetime) -> Decision:
    opening = _opening(settings, Category.TRANSACTIONAL, settled)
    if opening.rule:
        return Hold(opening.at, opening.rule)
    return Hold(settled, "settling") if settled > now else Send()


def _opening(settings: ShopSettings, category: Category, now: datetime) -> Opening:
    windows = settings.transactional_window, settings.marketing_window
    hours = ShopHours(settings.timezone, settings.country, *windows)
    return first_opening(hours, category, Recipient("", settings.country), now)
