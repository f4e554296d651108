"""What a provider account can do: what a text is measured against before it is written."""

from dataclasses import dataclass
from enum import StrEnum

SMS, WHATSAPP = "sms", "whatsapp"


class SenderKind(StrEnum):
    """What a customer may see as the sender of a text. A signature stands in the text itself, and is approved by the
    provider: carriers have no rules for it."""

    NAME = "name"
    NUMBER = "number"
    SHORT_CODE = "short_code"
    POOL = "pool"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the provider can do. `batch_size` is how many numbers may get the same text in one request,
    `max_characters` is of one message's text. On the `templates_only` channels nothing goes but templates that the
    provider has approved. `countries` are all it serves, empty for the whole world. `scheduling`: whether its API keeps
    a text for later; we never ask for that, since what it keeps can be neither overtaken nor called off.
    `idempotent_hours` is how long an idempotent provider remembers our reference: a resend later than that is a second
    message.

    `answers_stop`: whether the provider itself answers a customer's STOP; None where that depends on the account.
    `one_callback_address`: receipts and inbound messages arrive at one address and are told apart by their body."""

    channels: frozenset[str] = frozenset({SMS})
    batch_size: int = 1
    max_characters: int = 1600
    templates_only: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    senders: frozenset[SenderKind] = frozenset({SenderKind.NAME, SenderKind.NUMBER})
    scheduling: bool = False
    look_up: bool = False
    balance: bool = False
    receipts: bool = True
    inbound: bool = False
    one_callback_address: bool = False
    answers_stop: bool | None = False
    signed_callbacks: bool = False
    idempotent: bool = False
    idempotent_hours: int = 24

    def takes_templates(self, channel: str) -> bool:
        """WhatsApp takes free text besides, for a day after the customer wrote."""
        return channel == WHATSAPP or channel in self.templates_only


@dataclass(frozen=True, slots=True)
class Carrier:
    """An account as whoever writes a text must know it. `sender` is what customers see unless the account says
    otherwise, empty where the provider picks one; `reaches_people` is false for one that only plays."""

    capabilities: Capabilities
    sender: str = ""
    reaches_people: bool = True
