"""Whether an account can carry a text at all: asked when the text is written, and again before it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sidecar.domain.capabilities import SMS, WHATSAPP, Carrier
from sidecar.policy.senders import Signed, sender_for

CONVERSATION = timedelta(hours=24)
"""For so long after a customer wrote WhatsApp takes free text, and an answer of the owner's leaves at once."""


@dataclass(frozen=True, slots=True)
class Way:
    """An account as a way for a text: its channel, and the senders the operator has set, by country."""

    carrier: Carrier
    channel: str = SMS
    senders: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """A text for one recipient. `has_template`: the provider knows it as a template, all of whose values are known;
    `lacks_value`: as one, of which a value is not. `spoke_lately`: the recipient wrote to this account within the last
    24 hours."""

    text: str
    country: str
    has_template: bool = False
    lacks_value: bool = False
    spoke_lately: bool = False


def carried(way: Way, load: Load) -> Signed | str:
    """The sender it goes under, or the reason why this account cannot carry it."""
    can = way.carrier.capabilities
    if way.channel not in can.channels:
        return "wrong_channel"
    if can.countries and load.country and load.country not in can.countries:
        return "wrong_country"
    if reason := _without_template(way, load):
        return reason
    if not load.has_template and len(load.text) > can.max_characters:
        return "text_too_long"
    if way.channel != SMS or not way.carrier.reaches_people:
        return Signed()
    return sender_for(way.carrier, way.senders or {}, load.country)


def _without_template(way: Way, load: Load) -> str:
    if load.has_template:
        return ""
    if way.channel in way.carrier.capabilities.templates_only:
        return "template_incomplete" if load.lacks_value else "no_template"
    if way.channel == WHATSAPP and not load.spoke_lately and way.carrier.reaches_people:
        return "template_incomplete" if load.lacks_value else "window_closed"
    return ""
