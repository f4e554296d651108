"""A message on its way out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ProviderTemplate:
    """A text that the provider has approved and knows by its own `code` and `language`: it is sent by these and
    by its `parameters` (name and filled value, in the order of the provider's template)."""

    code: str
    language: str
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """All that a provider may know of a message. `id` is our reference and travels with it.

    `sender` is the shop's sender ID as the account allows it (empty: the account's own default),
    `validity_seconds` how long the carrier may keep trying. `text` is always filled in whole; a provider that
    sends approved templates only goes by `template`."""

    id: str
    to: str
    text: str
    sender: str = ""
    channel: str = "sms"
    category: str = "transactional"
    encoding: str = "GSM-7"
    validity_seconds: int | None = None
    template: ProviderTemplate | None = None


@dataclass(frozen=True, slots=True)
class LostMessage:
    """A message whose answer was lost: what a look-up may go by. `sent_after` is when the send began."""

    id: str
    to: str
    text: str
    sent_after: datetime
    provider_id: str | None = None
    channel: str = "sms"
