"""One exchange over HTTP, as those see it who make the request: what came back, or how much is certain without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol


class NotSent(Exception):
    """No connection came about (name, refusal, time-out, TLS), so certainly nothing was processed."""


class AddressRefused(NotSent):
    """Nothing was asked, because of where the address leads; the message says why, in a sentence."""


class AnswerLost(Exception):
    """A connection stood, so the request may have been processed; its answer did not come whole or in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` is looked up whatever the case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def excerpt(self) -> str:
        """For a person to read: the status and the beginning of the body."""
        return f"HTTP {self.status}: {self.body[:500].decode(errors='replace')}"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of our time and memory the other side may take for one exchange."""

    pool_size: int = 32
    connect_seconds: float = 5.0
    total_seconds: float = 20.0
    answer_bytes: int = 256 * 1024


DEFAULT_LIMITS = Limits()


class Exchange(Protocol):
    """Exchanges with one host. Raises `NotSent` or `AnswerLost`."""

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer: ...
