"""Does a long queue slow the turn of a worker, or fill its memory?"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any

from .. import fill, procs
from ..bench import Bench
from ..claiming import TAKEN
from ..report import Row, below
from ..sidecars import Sidecar

FEW = 1_000
BLOCKS = 5
WARM_UP = 5
RATIO = 1.3
Answers = list[dict[str, float]]


def measure(bench: Bench) -> list[Row]:
    with ExitStack() as stack:
        small, large = (stack.enter_context(bench.sidecar()) for _ in range(2))
        _fill(bench, small, large)
        few, many = (stack.enter_context(_Claimer.of(sidecar)) for sidecar in (small, large))
        blocks = [_block(few, many, bench.scale.turns) for _ in range(BLOCKS)]
    ratios = [_middle(long, "seconds") / _middle(short, "seconds") for short, long in blocks]
    memory = [long[-1]["memory"] / short[-1]["memory"] for short, long in blocks]
    bench.note("backlog", held=bench.scale.held, blocks=[{"few": _told(a), "many": _told(b)} for a, b in blocks])
    short, long = ([turn for block in blocks for turn in block[side]] for side in (0, 1))
    what = f"a worker's turn with {bench.scale.held:,} held messages against one with {FEW:,}"
    times = f"{_middle(long, 'seconds') * 1e3:.1f} ms against {_middle(short, 'seconds') * 1e3:.1f} ms, commit included"
    sizes = f"{long[-1]['memory'] / 1e6:.1f} MB against {short[-1]['memory'] / 1e6:.1f} MB"
    return [
        Row(what, "×", ratios, below(RATIO), note=times),
        Row("the memory it needs, likewise", "×", memory[-1:], below(RATIO), note=sizes),
    ]


def _fill(bench: Bench, small: Sidecar, large: Sidecar) -> None:
    """Both alike but for the number held: and as many due as the turns will take."""
    due = (BLOCKS * bench.scale.turns + WARM_UP) * TAKEN
    for sidecar in (small, large):
        fill.hold(sidecar, FEW)
    fill.multiply_held(large, bench.scale.held // FEW)
    for sidecar in (small, large):
        fill.hold(sidecar, due, first=FEW, for_hours=-1)


class _Claimer:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @staticmethod
    @contextmanager
    def of(sidecar: Sidecar) -> Iterator["_Claimer"]:
        command = [sys.executable, "-m", "tests.bench.claiming", sidecar.database_url, sidecar.account_id]
        with subprocess.Popen(
            command, cwd=procs.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            claimer = _Claimer(process)
            for _ in range(WARM_UP):
                claimer.turn()
            yield claimer

    def turn(self) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())  # type: ignore[no-any-return]


def _block(few: _Claimer, many: _Claimer, turns: int) -> tuple[Answers, Answers]:
    """Turn by turn, first the one and then the other, so that a disturbance meets both."""
    answers = [(few.turn(), many.turn()) for _ in range(turns)]
    return [short for short, _ in answers], [long for _, long in answers]


def _middle(turns: Answers, name: str) -> float:
    return median(turn[name] for turn in turns)


def _told(turns: Answers) -> dict[str, float]:
    return {name: _middle(turns, name) for name in ("seconds", "before_commit", "memory")}
