"""kill -9 in the middle of a long queue: how soon it goes on, and whether each message still goes once."""

import subprocess
import time
from dataclasses import dataclass, field
from math import inf

from sqlalchemy import func, select

from sidecar.domain.status import MessageState
from sidecar.storage.tables import messages

from .. import fill, procs
from ..bench import Bench
from ..report import Row, below, none
from ..sidecars import Sidecar

LONGEST_SETTLING = 150.0
_ON_THE_WIRE = 0.2


@dataclass(slots=True)
class _Story:
    """`restarts`: when it was started again, and how many messages had arrived by then."""

    restarts: list[tuple[float, int]] = field(default_factory=list)
    settling_seconds: float = 0.0


def measure(bench: Bench) -> list[Row]:
    number = bench.scale.in_flight
    with bench.sidecar() as sidecar:
        fill.queue(sidecar, number)
        story = _play(bench, sidecar)
        states = _states(sidecar)
    stats, arrivals = bench.twilio.stats(), bench.twilio.arrivals()
    waits = [arrivals[count][2] - started if count < len(arrivals) else inf for started, count in story.restarts]
    bench.note("recovery", waits=waits, states=states, settling_seconds=story.settling_seconds)
    kills = len(waits)
    what = f"recovery after kill -9 with {number:,} in flight: restart to next message, worst of {kills}"
    settled = f"all of them settled {story.settling_seconds:.0f} s after the last restart"
    return [
        Row(what, "s", [max(waits)], below(5), note=settled),
        Row("never arrived", "messages", [number - stats["unique"]], none()),
        Row("arrived twice", "messages", [stats["duplicates"]], none()),
        Row("not in state accepted at the end", "messages", [number - states.get(MessageState.ACCEPTED, 0)], none()),
    ]


def _play(bench: Bench, sidecar: Sidecar) -> _Story:
    story = _Story()
    process = sidecar.start("serve")
    try:
        for enough in bench.scale.kill_after:
            _wait_for(bench, enough, process)
            procs.kill(process)
            time.sleep(_ON_THE_WIRE)
            story.restarts.append((time.time(), bench.twilio.stats()["received"]))
            process = sidecar.start("serve")
        story.settling_seconds = _wait_settled(sidecar, bench.scale.in_flight)
    finally:
        procs.stop(process, timeout=30)
    return story


def _wait_for(bench: Bench, number: int, process: subprocess.Popen[str]) -> None:
    while bench.twilio.stats()["received"] < number:
        if process.poll() is not None:
            raise procs.NotReady(f"the sidecar ended with {process.returncode}")
        time.sleep(0.01)


def _wait_settled(sidecar: Sidecar, number: int) -> float:
    """Seconds until all are accepted, or for as long as it may take."""
    started = time.monotonic()
    while time.monotonic() - started < LONGEST_SETTLING:
        if _states(sidecar).get(MessageState.ACCEPTED) == number:
            break
        time.sleep(0.5)
    return time.monotonic() - started


def _states(sidecar: Sidecar) -> dict[str, int]:
    with sidecar.database() as database, database.read() as connection:
        rows = connection.execute(select(messages.c.state, func.count()).group_by(messages.c.state))
        return {row[0]: row[1] for row in rows}
