"""Messages out: a full outbox, sent through the `twilio` adapter to a server on this machine."""

import subprocess
import sys
import time

from .. import fill, procs
from ..bench import SEND_THREADS, Bench, arrival_rate
from ..report import Limit, Row, at_least, none

_LONGEST_SILENCE = 20.0


def measure(bench: Bench) -> list[Row]:
    rates, lean, plain, wrong = [], [], [], []
    for _ in range(bench.scale.repeats):
        rate, astray = _worker(bench)
        rates.append(rate)
        wrong.append(astray)
        lean.append(_bare(bench, "--lean"))
        plain.append(_bare(bench))
    bench.note("dispatch", threads=SEND_THREADS, worker=rates, bare_lean=lean, bare=plain)
    number = f"{bench.scale.messages:,} queued messages"
    bare = f"bare requests loop, {SEND_THREADS} threads"
    limit = Limit(f"{bare}, lean", lean)
    ordinary = f"{bare}, not lean: {Limit(bare, plain).value:,.0f}/s"
    return [
        Row(f"dispatch of {number} through twilio", "/s", rates, at_least(1000), limit, ordinary),
        Row("lost or doubled meanwhile", "messages", wrong, none()),
    ]


def _worker(bench: Bench) -> tuple[float, int]:
    """Messages a second, and how many were lost or came twice."""
    number = bench.scale.messages
    with bench.sidecar() as sidecar:
        fill.queue(sidecar, number)
        with sidecar.running("worker"):
            wait_for_arrivals(bench, number)
        stats = bench.twilio.stats()
    return arrival_rate(stats), number - stats["unique"] + stats["duplicates"]


def _bare(bench: Bench, *variant: str) -> float:
    bench.twilio.control(reset=True, receipts=False)
    number = str(bench.scale.messages)
    options = [bench.twilio.url, "--threads", str(SEND_THREADS), "--count", number, *variant]
    command = [sys.executable, "-m", "tests.bench.bare_loop", *options]
    subprocess.run(command, cwd=procs.ROOT, check=True, capture_output=True)
    return arrival_rate(bench.twilio.stats())


def wait_for_arrivals(bench: Bench, number: int) -> None:
    """Until as many messages arrived, or no more have come for a while."""
    seen, moved = 0, time.monotonic()
    while (received := int(bench.twilio.stats()["received"])) < number:
        if received > seen:
            seen, moved = received, time.monotonic()
        if time.monotonic() - moved > _LONGEST_SILENCE:
            return
        time.sleep(0.05)
