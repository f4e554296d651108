"""What a sidecar that has nothing to do keeps from others."""

import sys
import time
from itertools import islice

from .. import procs
from ..bench import Bench
from ..report import Limit, Row, below
from ..woo_requests import order_requests
from .dispatch import wait_for_arrivals

REQUESTS = 500
WAKES = 50
_MB = 1e6


def measure(bench: Bench) -> list[Row]:
    samples = [_sample(bench) for _ in range(bench.scale.repeats)]
    bench.note("memory", samples=samples)
    idle, used = ([sample[at] for sample in samples] for at in ("idle", "after_requests"))
    after = f"after {REQUESTS} webhooks and their messages: {sorted(used)[len(used) // 2]:.0f} MB"
    waking = Limit(f"a process that only wakes up, {WAKES} times/s", [_waking(bench) for _ in samples])
    busy = [sample["busy"] for sample in samples]
    return [
        Row("idle memory of `recado serve`, all processes (PSS)", "MB", idle, below(250), note=after),
        Row("what it keeps a core busy while idle", "%", busy, below(1), waking),
    ]


def _sample(bench: Bench) -> dict[str, float]:
    with bench.sidecar(receipts=True) as sidecar, sidecar.serving("serve") as process:
        time.sleep(bench.scale.idle_seconds)
        idle = procs.pss_bytes(process.pid) / _MB
        busy = _busy(bench, process.pid)
        sidecar.load(8).closed_loop(islice(order_requests(sidecar.hook), REQUESTS))
        wait_for_arrivals(bench, REQUESTS)
        time.sleep(bench.scale.idle_seconds)
        return {"idle": idle, "busy": busy, "after_requests": procs.pss_bytes(process.pid) / _MB}


def _waking(bench: Bench) -> float:
    nothing = f"import time\nwhile True: time.sleep({1 / WAKES})"
    with procs.running([sys.executable, "-c", nothing]) as process:
        time.sleep(1.0)
        return _busy(bench, process.pid)


def _busy(bench: Bench, pid: int) -> float:
    """Hundredths of a core."""
    used, started = procs.cpu_seconds(pid), time.monotonic()
    time.sleep(bench.scale.rest_seconds)
    return 100 * (procs.cpu_seconds(pid) - used) / (time.monotonic() - started)
