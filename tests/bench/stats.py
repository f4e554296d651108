"""What was measured, and the figures read from it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, nan
from typing import Any

from .http1 import succeeded


def percentile(ordered: Sequence[float], share: float) -> float:
    """Nearest rank, of values already in order."""
    return ordered[max(ceil(len(ordered) * share) - 1, 0)] if ordered else nan


def summary(values: Iterable[float]) -> dict[str, float]:
    ordered = sorted(values)
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: percentile(ordered, share) for name, share in shares.items()}


@dataclass
class Result:
    """One run of a load generator. Latencies are in seconds; in an open loop they count from the moment the
    request was due. `sent_at` holds, request by request in their order, when it was due (open loop) or
    sent (closed loop), as a Unix time. `errors` counts requests that got no answer, and attempts to connect
    that failed; `reconnects` counts connections the server closed between requests. `worst_start` is by how
    much a request was sent later than due, at worst: with every connection busy, or the machine."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies: array[float] = field(default_factory=lambda: array("d"))
    sent_at: array[float] = field(default_factory=lambda: array("d"))
    statuses: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    reconnects: int = 0
    worst_start: float = 0.0

    @property
    def answered(self) -> int:
        return len(self.latencies)

    @property
    def accepted(self) -> int:
        return sum(count for status, count in self.statuses.items() if succeeded(status))

    @property
    def failed(self) -> int:
        """Requests sent and not accepted, whatever the reason."""
        return len(self.sent_at) - self.accepted

    @property
    def rate(self) -> float:
        """Accepted requests a second."""
        return self.accepted / self.seconds if self.seconds else 0.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "rate": self.rate,
            "seconds": self.seconds,
            "sent": len(self.sent_at),
            "answered": self.answered,
            "accepted": self.accepted,
            "failed": self.failed,
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "errors": dict(self.errors),
            "reconnects": self.reconnects,
            "latency": summary(self.latencies),
            "worst_start": self.worst_start,
            "generator_cpu_us_per_request": self.cpu_seconds / max(self.answered, 1) * 1e6,
        }


def event_to_provider(sent: Mapping[str, float], arrivals: Iterable[tuple[str, str, float]]) -> array[float]:
    """Seconds from each event to the arrival of its first message, events and arrivals joined by number."""
    first: dict[str, float] = {}
    for _, to, at in arrivals:
        first[to] = min(at, first.get(to, at))
    return array("d", (first[to] - at for to, at in sent.items() if to in first))
