"""Webhooks in: checked, made durable, answered."""

from itertools import islice

from sqlalchemy import func, select

from sidecar.storage.tables import inbox

from .. import procs
from ..bench import Bench
from ..report import Limit, Row, at_least, below, none
from ..sidecars import Sidecar
from ..stats import Result, summary
from ..woo_requests import order_requests

CONNECTIONS = 16
WARM_UP = 300
WITHOUT = "the same app, storing nothing"


def measure(bench: Bench) -> list[Row]:
    stored: list[Result] = []
    unstored: list[Result] = []
    missing = []
    for _ in range(bench.scale.repeats):
        result, lost = _stored(bench)
        stored.append(result)
        missing.append(lost)
        unstored.append(_unstored(bench))
    bench.note("accept", stored=[r.as_dict() for r in stored], unstored=[r.as_dict() for r in unstored])
    what = f"signed order webhooks accepted, fsynced, {CONNECTIONS} connections"
    limit = Limit(WITHOUT, [r.rate for r in unstored])
    slowest = Limit(WITHOUT, [_p99(r) for r in unstored])
    return [
        Row(what, "/s", [r.rate for r in stored], at_least(1000), limit),
        Row("p99 of their answers", "ms", [_p99(r) for r in stored], below(100), slowest),
        Row("errors and refusals", "requests", [r.failed + r.errors.total() for r in stored], none()),
        Row("answered 202 and not on disk after kill -9", "requests", missing, none()),
    ]


def _stored(bench: Bench) -> tuple[Result, int]:
    """The run, and how many of its requests were accepted and lost."""
    with bench.sidecar() as sidecar:
        with sidecar.serving("web") as process:
            result = _run(bench, sidecar)
            procs.kill(process)
        return result, WARM_UP + result.accepted - _rows(sidecar)


def _unstored(bench: Bench) -> Result:
    with bench.sidecar() as sidecar, sidecar.serving(module="tests.bench.unstored"):
        return _run(bench, sidecar)


def _run(bench: Bench, sidecar: Sidecar) -> Result:
    requests = order_requests(sidecar.hook)
    load = sidecar.load(CONNECTIONS)
    load.closed_loop(islice(requests, WARM_UP))
    return load.closed_loop(requests, seconds=bench.scale.accept_seconds)


def _rows(sidecar: Sidecar) -> int:
    with sidecar.database() as database, database.read() as connection:
        return connection.scalar(select(func.count()).select_from(inbox)) or 0


def _p99(result: Result) -> float:
    return summary(result.latencies)["p99"] * 1e3
