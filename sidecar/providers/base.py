"""The contract of a provider: one file each implements it, and knows all there is to know about its vendor."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel

from sidecar.domain.capabilities import Capabilities, Carrier
from sidecar.domain.exchange import DEFAULT_LIMITS, Limits
from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Balance,
    Callback,
    CannotTell,
    Inbound,
    LookUp,
    Receipt,
    Rejected,
    SendOutcome,
    TemporarilyFailed,
)


class CallbackRefused(Exception):
    """The callback is not the provider's: its signature is missing or wrong."""


class CallbackUnreadable(Exception):
    """The callback is genuine but does not have the form the provider documents."""


class CheckFailed(Exception):
    """An account could not be checked; the message says why, in words."""


class BalanceUnavailable(CheckFailed):
    """The balance could not be read; the message says why, in words."""


class Fault(StrEnum):
    """Why a message did not go or did not arrive: stable words for every vendor's codes."""

    INVALID_NUMBER = "invalid_number"
    LANDLINE = "landline"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    FILTERED = "filtered"
    UNROUTABLE = "unroutable"
    REGION_NOT_ENABLED = "region_not_enabled"
    TRIAL_RESTRICTION = "trial_restriction"
    CONTENT_REFUSED = "content_refused"
    SENDER_REFUSED = "sender_refused"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    WINDOW_CLOSED = "window_closed"
    TEMPLATE_REFUSED = "template_refused"
    REFUSED = "refused"

    AUTH = "auth"
    NO_CREDIT = "no_credit"
    ACCOUNT_SUSPENDED = "account_suspended"
    MISCONFIGURED = "misconfigured"

    THROTTLED = "throttled"
    PROVIDER_DOWN = "provider_down"
    UNREACHABLE = "unreachable"

    HANDSET_UNREACHABLE = "handset_unreachable"
    CARRIER_ERROR = "carrier_error"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OF_THE_ACCOUNT = frozenset({Fault.AUTH, Fault.NO_CREDIT, Fault.ACCOUNT_SUSPENDED, Fault.MISCONFIGURED})
OF_THE_TEXT = frozenset({Fault.CONTENT_REFUSED, Fault.SENDER_REFUSED, Fault.TEMPLATE_REFUSED})
OUTAGE = frozenset({Fault.UNREACHABLE, Fault.PROVIDER_DOWN})
UNFIT_CHANNEL = frozenset(
    {
        Fault.NOT_ON_WHATSAPP,
        Fault.WINDOW_CLOSED,
        Fault.TEMPLATE_REFUSED,
        Fault.SENDER_REFUSED,
        "no_template",
        "template_incomplete",
        "text_too_long",
        "wrong_channel",
        "wrong_country",
        "sender_number_needed",
        "sender_unregistered",
        "sender_unsupported",
    }
)
"""The message is sound, and may reach the same person by another channel or account."""
PASSING = frozenset(
    {Fault.THROTTLED, Fault.PROVIDER_DOWN, Fault.UNREACHABLE, Fault.HANDSET_UNREACHABLE, Fault.CARRIER_ERROR}
)


def not_sent(
    fault: Fault, *, code: str = "", detail: str = "", retry_after: float | None = None
) -> Rejected | TemporarilyFailed:
    """The outcome of a send that certainly failed for `fault`."""
    if fault in PASSING:
        return TemporarilyFailed(fault.value, retry_after=retry_after, code=code, detail=detail)
    return Rejected(fault.value, permanent=fault not in OF_THE_ACCOUNT, code=code, detail=detail)


def header(callback: Callback, name: str) -> str:
    """A header of a callback, whatever the case of its name; empty when missing."""
    wanted = name.lower()
    return next((value for key, value in callback.headers.items() if key.lower() == wanted), "")


def form_fields(callback: Callback) -> dict[str, list[str]]:
    """The fields of a form, each with all its values. Raises `CallbackUnreadable`."""
    try:
        return parse_qs(callback.body.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise CallbackUnreadable(f"not a form: {error}") from error


def query_value(callback: Callback, name: str) -> str | None:
    """A value in the query of the address the provider called. Raises `CallbackUnreadable`."""
    try:
        return parse_qs(urlsplit(callback.url).query).get(name, [None])[0]
    except ValueError as error:
        raise CallbackUnreadable(f"not an address: {error}") from error


# WhatsApp still knows people by the number they joined with: Brazil has since put a 9 before its mobile numbers,
# and Mexico has taken the 1 away.
_NUMBERS_SINCE = (
    (re.compile("55([0-9]{2})([6-9][0-9]{7})"), r"55\g<1>9\2"),
    (re.compile("521([0-9]{10})"), r"52\1"),
)


def whatsapp_number(wa_id: str) -> str:
    """The E.164 number, as it is dialled today, of one whom WhatsApp calls so; empty for who goes by a user name."""
    for old, new in _NUMBERS_SINCE:
        if old.fullmatch(wa_id):
            return f"+{old.sub(new, wa_id)}"
    return f"+{wa_id}" if re.fullmatch("[1-9][0-9]{6,14}", wa_id, re.ASCII) else ""


def capability_words(has: Capabilities) -> dict[str, str]:
    """What a provider can do, for people: a column of the matrix each."""
    yes = {True: "yes", False: "no", None: "by account"}
    return {
        "channels": ", ".join(sorted(has.channels)),
        "batch": str(has.batch_size) if has.batch_size > 1 else "no",
        "free text": _free_text(has),
        "countries": ", ".join(sorted(has.countries)) or "all",
        "senders": ", ".join(sorted(kind.replace("_", " ") for kind in has.senders)),
        "scheduling": yes[has.scheduling],
        "receipts": yes[has.receipts],
        "inbound": yes[has.inbound],
        "answers STOP": yes[has.answers_stop],
        "signed callbacks": yes[has.signed_callbacks],
        "look-up": yes[has.look_up],
        "balance": yes[has.balance],
        "our reference honoured": f"{has.idempotent_hours} h" if has.idempotent else "no",
    }


def _free_text(has: Capabilities) -> str:
    if not has.templates_only:
        return "yes"
    free = has.channels - has.templates_only
    return f"{', '.join(sorted(free))} only" if free else "templates only"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The answer the provider expects to a callback it made."""

    body: str = ""
    content_type: str = "text/plain"
    status: int = 200


@dataclass(frozen=True, slots=True)
class AccountContext:
    """What an adapter may know of the account it works for, and of the world: time is handed in.

    `status_url` and `inbound_url` are our public addresses for its delivery receipts and for customers' messages,
    secret token included."""

    account_id: str
    status_url: str
    now: Callable[[], datetime]
    inbound_url: str = ""


class Provider(ABC):
    """One account at one provider. Built once per process and shared by all sending threads. An account's
    `capabilities` and `acknowledgement` may differ from those of its class, which are for the options' defaults.
    `sender` is what customers see on SMS unless a message names another; empty where the provider picks one."""

    kind: ClassVar[str]
    capabilities: Capabilities
    Options: ClassVar[type[BaseModel]]
    reaches_people: ClassVar[bool] = True
    sender: str = ""
    acknowledgement: Acknowledgement = Acknowledgement()

    @abstractmethod
    def __init__(self, options: BaseModel, context: AccountContext, limits: Limits = DEFAULT_LIMITS) -> None:
        """`options` is an instance of the class's own `Options`."""

    @abstractmethod
    def send(self, message: OutgoingMessage) -> SendOutcome:
        """Send once. Never raises for anything the network or the provider does."""

    def send_batch(self, messages: Sequence[OutgoingMessage]) -> list[SendOutcome]:
        """Send one text to several numbers, at most `batch_size`: the messages differ only in `id` and `to`.
        Returns the outcome for each of them in order; never raises, like `send`.

        A batch goes under a reference of its own. However idempotent single sends are, a message that a batch left
        unknown would arrive twice if it were sent again."""
        return [self.send(message) for message in messages]

    @abstractmethod
    def read_receipts(self, callback: Callback) -> list[Receipt]:
        """The receipts in a status callback. Raises `CallbackUnreadable`. None in a genuine callback of the
        other kind, where both come to one address."""

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        """The customers' messages in a callback, like `read_receipts`."""
        raise CallbackUnreadable("this provider brings no messages from customers")

    def handshake(self, callback: Callback) -> Acknowledgement | None:
        """The answer by which a provider makes sure that the address is ours; None for any other request.
        Asked before `check_callback`. Raises `CallbackRefused`."""
        return None

    def check_callback(self, callback: Callback) -> None:  # noqa: B027
        """Raise `CallbackRefused` unless the provider signed this. Providers that sign nothing accept all:
        the secret token in the address has been checked before."""

    def look_up(self, message: LostMessage) -> LookUp:
        """What became of a message whose answer was lost."""
        return CannotTell("this provider has no look-up", never=True)

    def balance(self) -> Balance:
        """Credit left. Raises `BalanceUnavailable`."""
        raise BalanceUnavailable("this provider does not tell its balance")

    def check_account(self) -> str | None:
        """Make the cheapest authenticated call: what it told, in words, or None where only a send would tell.
        Raises `CheckFailed`."""
        if not self.capabilities.balance:
            return None
        balance = self.balance()
        return f"balance {balance.amount} {balance.unit}"

    def close(self) -> None:  # noqa: B027
        """Release connections and threads."""


def carrier_of(provider: Provider) -> Carrier:
    """An account as whoever writes a text must know it."""
    return Carrier(provider.capabilities, provider.sender, provider.reaches_people)
