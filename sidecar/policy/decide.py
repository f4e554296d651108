"""What is to become of a text: refused, kept for a moment, or sent."""

from datetime import datetime, timedelta

from sidecar.domain.phone import NoNumber
from sidecar.domain.shop import ShopSettings
from sidecar.policy.decision import Decision, Hold, Send, Suppress
from sidecar.policy.objections import first_objection
from sidecar.policy.occasion import AT_ONCE, Entrance, Facts
from sidecar.policy.opening import NeverOpens, Opening, ShopHours, Whereabouts
from sidecar.policy.opening import opening as first_opening
from sidecar.policy.timing import spread


def decide(facts: Facts) -> Decision:
    """Refusals first, then the moment, then whether it is paid for."""
    if objection := first_objection(facts):
        return Suppress(objection)
    try:
        decision = _moment(facts)
    except NeverOpens:
        return Suppress("never_open")
    if facts.credit is not None and facts.credit < facts.cost:
        return Hold(decision.until if isinstance(decision, Hold) else facts.now, "no_credit")
    return decision


def opening(settings: ShopSettings, category: str, recipient: Whereabouts, now: datetime) -> Opening:
    """From when on a text of this shop may leave. Raises `NeverOpens`."""
    return first_opening(hours_of(settings), category, recipient, now)


def hours_of(settings: ShopSettings) -> ShopHours:
    return ShopHours(
        settings.timezone,
        settings.country,
        settings.transactional_window,
        settings.marketing_window,
        settings.marketing_limits,
    )


def _moment(facts: Facts) -> Decision:
    if facts.entrance in AT_ONCE:
        return Send()
    ready, waiting = _ready(facts)
    recipient = _whereabouts(facts)
    opens = opening(facts.settings, facts.category, recipient, ready)
    if opens.rule:
        return Hold(spread(opens, recipient.e164, facts.settings.spread_seconds), opens.rule)
    return Hold(ready, waiting) if ready > facts.now else Send()


def _whereabouts(facts: Facts) -> Whereabouts:
    """Where texts are redirected, the hours are still those of whom they are about."""
    if isinstance(facts.number, NoNumber):
        return Whereabouts("", facts.country)
    return Whereabouts.of(facts.number, facts.country, facts.region)


def _ready(facts: Facts) -> tuple[datetime, str]:
    """When the text itself is ready to leave, and what it waits for until then."""
    settled = facts.now
    if facts.entrance is Entrance.CHANGE:
        settled += timedelta(seconds=facts.settings.settle_seconds)
    if facts.ready_at and facts.ready_at > settled:
        return facts.ready_at, "delayed"
    return settled, "settling"
