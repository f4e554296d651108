"""What a provider can answer: to a send, to a look-up, and later in a receipt."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sidecar.domain.status import MessageState


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message. `price` is in `currency`, None while the provider has not told.

    `provider_id` is empty when a repeated send is answered only with "I have that one already"."""

    provider_id: str
    segments: int | None = None
    price: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider refused. `permanent`: this message can never go; otherwise the account is at fault
    (credentials, credit) and the message may wait for it, or take another account."""

    reason: str
    permanent: bool
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TemporarilyFailed:
    """Certainly not sent, worth trying again. `retry_after` in seconds, where the provider told."""

    reason: str
    retry_after: float | None = None
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The request may have arrived, and the answer was lost or unreadable: never to be resent blindly."""

    reason: str
    detail: str = ""


SendOutcome = Accepted | Rejected | TemporarilyFailed | OutcomeUnknown


@dataclass(frozen=True, slots=True)
class Found:
    """A look-up found the message at the provider, in `state`. `provider_id` is empty where it does not tell,
    `price` is in `currency` and None while not told."""

    provider_id: str
    state: MessageState
    reason: str = ""
    price: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider answered, and knows nothing of the message."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The provider did not answer the look-up, or `never` will, because it offers none."""

    reason: str
    never: bool = False


LookUp = Found | NotFound | CannotTell


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery receipt in our words. `state` None: the provider's word is unknown to us, kept in `word`.

    `message_id` is our own id where the callback carries it, `recipient` the E.164 number where one
    provider id covers several recipients."""

    provider_id: str
    state: MessageState | None
    word: str
    reason: str = ""
    message_id: str | None = None
    recipient: str | None = None
    at: datetime | None = None


class Wish(StrEnum):
    """What a provider itself has read out of a customer's message, and acted upon."""

    STOP = "stop"
    START = "start"


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message from a customer. `sender` is an E.164 number, `recipient` the number or name it was sent to as
    the provider writes it, `in_reply_to` the provider's id of the message of ours that it answers.

    `wish` is set where the provider took the message for a STOP or START of its own accord."""

    provider_id: str
    sender: str
    recipient: str
    text: str
    channel: str = "sms"
    at: datetime | None = None
    in_reply_to: str | None = None
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """Credit left at a provider, in `unit` (a currency code or what the provider calls it)."""

    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Callback:
    """One HTTP request a provider made to us, as it came. `url` is the public one the provider called."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
