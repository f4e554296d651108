"""The contract of a provider: one file each implements it, and knows all there is to know about its vendor."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel

from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import Balance, Callback, CannotTell, LookUp, Receipt, SendOutcome


class CallbackRefused(Exception):
    """The callback is not the provider's: its signature is missing or wrong."""


class CallbackUnreadable(Exception):
    """The callback is genuine but does not have the form the provider documents."""


class BalanceUnavailable(Exception):
    """The balance could not be read; the message says why, in words."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the provider can do. `max_characters` is of one message's text."""

    channels: frozenset[str] = frozenset({"sms"})
    batch_size: int = 1
    max_characters: int = 1600
    look_up: bool = False
    balance: bool = False
    receipts: bool = True
    signed_callbacks: bool = False
    idempotent: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The answer the provider expects to a callback it made."""

    body: str = ""
    content_type: str = "text/plain"
    status: int = 200


@dataclass(frozen=True, slots=True)
class AccountContext:
    """What an adapter may know of the account it works for, and of the world: time is handed in.

    `status_url` is our public address for its delivery receipts, secret token included."""

    account_id: str
    status_url: str
    now: Callable[[], datetime]


class Provider(ABC):
    """One account at one provider. Built once per process and shared by all sending threads."""

    kind: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    Options: ClassVar[type[BaseModel]]
    reaches_people: ClassVar[bool] = True
    acknowledgement: ClassVar[Acknowledgement] = Acknowledgement()

    @abstractmethod
    def send(self, message: OutgoingMessage) -> SendOutcome:
        """Send once. Never raises for anything the network or the provider does."""

    @abstractmethod
    def read_receipts(self, callback: Callback) -> list[Receipt]:
        """The receipts in a status callback. Raises `CallbackUnreadable`."""

    def check_callback(self, callback: Callback) -> None:
        """Raise `CallbackRefused` unless the provider signed this. Providers that sign nothing accept all:
        the secret token in the address has been checked before."""

    def look_up(self, message: LostMessage) -> LookUp:
        """What became of a message whose answer was lost."""
        return CannotTell("this provider has no look-up")

    def balance(self) -> Balance:
        """Credit left; also the cheapest authenticated call. Raises `BalanceUnavailable`."""
        raise BalanceUnavailable("this provider does not tell its balance")

    def close(self) -> None:
        """Release connections and threads."""
