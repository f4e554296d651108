"""What is to become of a text: refused, kept for a moment, or sent."""

from datetime import datetime, timedelta

from sidecar.domain.category import Category
from sidecar.domain.shop import ShopSettings
from sidecar.policy.decision import Decision, Hold, Send, Suppress
from sidecar.policy.objections import first_objection
from sidecar.policy.occasion import AT_ONCE, Entrance, Facts
from sidecar.policy.opening import Opening, ShopHours, Whereabouts
from sidecar.policy.opening import opening as first_opening


def decide(facts: Facts) -> Decision:
    """Refusals first, then the moment, then whether it is paid for."""
    if objection := first_objection(facts):
        return Suppress(objection)
    decision = _moment(facts)
    if facts.credit is not None and facts.credit < facts.cost:
        return Hold(decision.until if isinstance(decision, Hold) else facts.now, "no_credit")
    return decision


def opening(settings: ShopSettings, is_test: bool, now: datetime) -> datetime:
    """From when on a text of this shop may leave: now, inside the sending hours."""
    return _opening(settings, Category.TEST if is_test else Category.TRANSACTIONAL, now).at


def _moment(facts: Facts) -> Decision:
    if facts.entrance in AT_ONCE:
        return Send()
    ready, waiting = _ready(facts)
    opening = _opening(facts.settings, Category.TRANSACTIONAL, ready)
    if opening.rule:
        return Hold(opening.at, opening.rule)
    return Hold(ready, waiting) if ready > facts.now else Send()


def _ready(facts: Facts) -> tuple[datetime, str]:
    """When the text itself is ready to leave, and what it waits for until then."""
    settled = facts.now
    if facts.entrance is Entrance.CHANGE:
        settled += timedelta(seconds=facts.settings.settle_seconds)
    if facts.ready_at and facts.ready_at > settled:
        return facts.ready_at, "delayed"
    return settled, "settling"


def _opening(settings: ShopSettings, category: Category, now: datetime) -> Opening:
    windows = settings.transactional_window, settings.marketing_window
    hours = ShopHours(settings.timezone, settings.country, *windows, settings.marketing_limits)
    return first_opening(hours, category, Whereabouts("", settings.country), now)
