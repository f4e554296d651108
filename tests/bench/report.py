"""Figures beside their targets and the limits measured in the same run: a table to read, JSON to keep."""

import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import eq, ge, lt
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

_ROUND_FROM = 100
_WIDTH = 160
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {"≥": ge, "<": lt, "=": eq}


@dataclass(frozen=True, slots=True)
class Target:
    sign: str
    bound: float

    def met_by(self, value: float) -> bool:
        return _COMPARISONS[self.sign](value, self.bound)

    def __str__(self) -> str:
        return f"{self.sign} {readable(self.bound)}"


def at_least(bound: float) -> Target:
    return Target("≥", bound)


def below(bound: float) -> Target:
    return Target("<", bound)


def none() -> Target:
    """For what is counted and must not happen, not even in one repeat."""
    return Target("=", 0)


@dataclass(frozen=True, slots=True)
class Limit:
    """What the same machine did in the same run without the work that is measured."""

    what: str
    samples: Sequence[float]

    @property
    def value(self) -> float:
        return median(self.samples)


@dataclass(frozen=True, slots=True)
class Row:
    """`samples` holds one figure of each repeat; the row shows their median."""

    what: str
    unit: str
    samples: Sequence[float]
    target: Target | None = None
    limit: Limit | None = None
    note: str = ""

    @property
    def measured(self) -> float:
        return median(self.samples)

    @property
    def ratio(self) -> float | None:
        return self.measured / self.limit.value if self.limit and self.limit.value else None

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        if self.target == none():
            return not any(self.samples)
        return self.target.met_by(self.measured)

    @property
    def verdict(self) -> str:
        return {True: "met", False: "missed", None: ""}[self.met]

    def as_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "unit": self.unit,
            "measured": self.measured,
            "samples": list(self.samples),
            "target": str(self.target) if self.target else None,
            "limit": {"what": self.limit.what, "value": self.limit.value, "samples": list(self.limit.samples)}
            if self.limit
            else None,
            "ratio": self.ratio,
            "verdict": self.verdict,
            "note": self.note,
        }


@dataclass(slots=True)
class Report:
    title: str
    rows: list[Row] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    def add(self, row: Row) -> Row:
        self.rows.append(row)
        return row

    @property
    def all_met(self) -> bool:
        return all(row.met is not False for row in self.rows)

    def show(self, console: Console | None = None) -> None:
        table = Table(title=self.title)
        for heading in ("what", "measured", "target", "limit in this run", "ratio", "verdict"):
            table.add_column(heading, justify="left" if heading in ("what", "verdict") else "right")
        for row in self.rows:
            table.add_row(*_cells(row), style="red" if row.met is False else "")
        (console or Console(width=None if sys.stdout.isatty() else _WIDTH)).print(table)

    def write(self, path: Path) -> None:
        document = {
            "title": self.title,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
            "rows": [row.as_dict() for row in self.rows],
            "details": self.details,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def readable(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= _ROUND_FROM or value == int(value) else f"{value:.3g}"


def _cells(row: Row) -> list[str]:
    limit = f"{readable(row.limit.value)} {row.unit}\n{row.limit.what}" if row.limit else ""
    return [
        f"{row.what}\n{row.note}" if row.note else row.what,
        f"{readable(row.measured)} {row.unit}",
        f"{row.target} {row.unit}" if row.target else "",
        limit,
        f"{row.ratio:.2f}" if row.ratio is not None else "",
        row.verdict,
    ]
