"""What every measurement works with: how much to do, where sidecars come from, the stand-in for Twilio."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sidecar.settings import KNOWN

from .sidecars import Sidecar, Workshop
from .twilio_process import TwilioProcess

SEND_THREADS = next(int(setting.default) for setting in KNOWN if setting.name == "SEND_THREADS")
RECEIPT_CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Scale:
    """How much to do of each."""

    repeats: int = 3
    accept_seconds: float = 8.0
    messages: int = 8_000
    road_seconds: float = 60.0
    pace_seconds: float = 30.0
    held: int = 1_000_000
    turns: int = 60
    in_flight: int = 10_000
    waiting: int = 100_000
    kill_after: tuple[int, ...] = (2_000, 4_500, 7_000)
    idle_seconds: float = 10.0
    rest_seconds: float = 30.0
    provider_messages: int = 2_000


QUICK = Scale(
    repeats=1,
    accept_seconds=4.0,
    messages=3_000,
    road_seconds=10.0,
    pace_seconds=8.0,
    held=100_000,
    turns=20,
    in_flight=2_000,
    waiting=10_000,
    kill_after=(700,),
    idle_seconds=8.0,
    rest_seconds=15.0,
    provider_messages=400,
)


@dataclass(frozen=True, slots=True)
class Bench:
    scale: Scale
    workshop: Workshop
    twilio: TwilioProcess
    details: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def sidecar(self, *, receipts: bool = False) -> Iterator[Sidecar]:
        """A new one, and the stand-in as if it had never been called."""
        self.twilio.control(reset=True, receipts=receipts)
        with self.workshop.temporary() as sidecar:
            yield sidecar

    def note(self, name: str, **figures: Any) -> None:
        """Keep figures that have no row."""
        self.details.setdefault(name, []).append(figures)


def arrival_rate(stats: dict[str, Any]) -> float:
    """Messages a second between the first and the last that arrived."""
    seconds = stats["last_at"] - stats["first_at"] if stats["received"] > 1 else 0.0
    return (stats["received"] - 1) / seconds if seconds else 0.0
