"""What a sidecar that has nothing to do keeps from others."""

import time
from itertools import islice

from .. import procs
from ..bench import Bench
from ..report import Row, below
from ..woo_requests import order_requests
from .dispatch import wait_for_arrivals

REQUESTS = 500
_MB = 1e6


def measure(bench: Bench) -> list[Row]:
    samples = [_sample(bench) for _ in range(bench.scale.repeats)]
    bench.note("memory", samples=samples)
    idle, used = ([sample[at] for sample in samples] for at in ("idle", "after_requests"))
    after = f"after {REQUESTS} webhooks and their messages: {sorted(used)[len(used) // 2]:.0f} MB"
    what = "idle memory of `recado serve`, all processes (PSS)"
    return [Row(what, "MB", idle, below(250), note=after)]


def _sample(bench: Bench) -> dict[str, float]:
    with bench.sidecar(receipts=True) as sidecar, sidecar.serving("serve") as process:
        time.sleep(bench.scale.idle_seconds)
        idle = procs.pss_bytes(process.pid) / _MB
        sidecar.load(8).closed_loop(islice(order_requests(sidecar.hook), REQUESTS))
        wait_for_arrivals(bench, REQUESTS)
        time.sleep(bench.scale.idle_seconds)
        return {"idle": idle, "after_requests": procs.pss_bytes(process.pid) / _MB}
