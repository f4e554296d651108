"""The figures of a day, or of several together: sums, shares, and how long things took."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sidecar.domain.status import MessageState

_S = MessageState
ARRIVED = (_S.DELIVERED, _S.READ)
LOST = (_S.UNDELIVERED, _S.REJECTED, _S.EXPIRED)
STOPPED = (_S.SUPPRESSED, _S.CANCELLED, _S.SUPERSEDED)
WAITING = (_S.HELD, _S.QUEUED)

DELIVERED_TARGET = 0.99
OPT_OUT_LIMIT = 0.005

_FINENESS = 1.12
"""How much longer each class of durations is than the one before."""


def class_of(seconds: float) -> int:
    return max(0, round(math.log(max(seconds, 0.1) * 10) / math.log(_FINENESS)))


def seconds_of(of_class: int) -> float:
    return float(_FINENESS**of_class) / 10


@dataclass(slots=True)
class Figures:
    """`states` and `reasons` count messages, the latter by state and reason; `to_provider` and `to_delivery` count
    durations by class; `cost` is money by currency. `oldest` is when the oldest message in line was due."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    to_provider: Counter[int] = field(default_factory=Counter)
    to_delivery: Counter[int] = field(default_factory=Counter)
    cost: dict[str, Decimal] = field(default_factory=dict)
    segments: int = 0
    credits: int = 0
    replies: int = 0
    opt_outs: int = 0
    clicked: int = 0

    def add_cost(self, currency: str, amount: Decimal) -> None:
        self.cost[currency] = self.cost.get(currency, Decimal()) + amount

    @property
    def total(self) -> int:
        return self.states.total()

    def count(self, *states: MessageState) -> int:
        return sum(self.states[str(state)] for state in states)

    @property
    def arrived(self) -> int:
        return self.count(*ARRIVED)

    @property
    def left(self) -> int:
        """What a provider took, as far as that is known."""
        return self.arrived + self.count(_S.ACCEPTED, _S.SENT, _S.UNDELIVERED)

    @property
    def delivered_share(self) -> float | None:
        """Of those whose fate is known."""
        known = self.arrived + self.count(*LOST)
        return self.arrived / known if known else None

    @property
    def read_share(self) -> float | None:
        return self.count(_S.READ) / self.arrived if self.arrived else None

    @property
    def opt_out_share(self) -> float | None:
        return self.opt_outs / self.left if self.left else None

    def why(self, state: str) -> list[tuple[str, int]]:
        """The reasons of messages in this state, the most frequent first."""
        wanted = [(key.partition(":")[2], count) for key, count in self.reasons.items() if key.startswith(f"{state}:")]
        return sorted(wanted, key=lambda pair: (-pair[1], pair[0]))

    def as_json(self) -> dict[str, Any]:
        return {
            "states": dict(self.states),
            "reasons": dict(self.reasons),
            "to_provider": {str(key): count for key, count in self.to_provider.items()},
            "to_delivery": {str(key): count for key, count in self.to_delivery.items()},
            "cost": {currency: str(amount) for currency, amount in self.cost.items()},
            **{name: getattr(self, name) for name in _NUMBERS},
        }


_NUMBERS = ("segments", "credits", "replies", "opt_outs", "clicked")


def quantile(durations: Mapping[int, int], share: float) -> float | None:
    """Seconds within which this share of them were done; None where there are none."""
    total, seen = sum(durations.values()), 0
    for of_class in sorted(durations):
        seen += durations[of_class]
        if seen >= share * total:
            return seconds_of(of_class)
    return None


def read(kept: Mapping[str, Any]) -> Figures:
    figures = Figures(Counter(kept.get("states", {})), Counter(kept.get("reasons", {})))
    for name in ("to_provider", "to_delivery"):
        setattr(figures, name, Counter({int(key): count for key, count in kept.get(name, {}).items()}))
    figures.cost = {currency: Decimal(amount) for currency, amount in kept.get("cost", {}).items()}
    for name in _NUMBERS:
        setattr(figures, name, kept.get(name, 0))
    return figures


def together(several: Iterable[Figures]) -> Figures:
    whole = Figures()
    for figures in several:
        for name in ("states", "reasons", "to_provider", "to_delivery"):
            getattr(whole, name).update(getattr(figures, name))
        for currency, amount in figures.cost.items():
            whole.add_cost(currency, amount)
        for name in _NUMBERS:
            setattr(whole, name, getattr(whole, name) + getattr(figures, name))
    return whole
