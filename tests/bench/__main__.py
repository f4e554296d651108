"""Measure the sidecar beside its targets: `python -m tests.bench`. Exits with 1 if a target was missed."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from . import procs
from .bare_loop import AUTH_TOKEN
from .bench import QUICK, RECEIPT_CONNECTIONS, Bench, Scale
from .report import Report, Row
from .rows import accept, backlog, dispatch, memory, pages, providers, recovery, road, waves
from .sidecars import Workshop
from .twilio_process import TwilioProcess, fake_twilio

Measure = Callable[[Bench], list[Row]]

MEASURES: Mapping[str, Measure] = {
    "accept": accept.measure,
    "dispatch": dispatch.measure,
    "road": road.measure,
    "backlog": backlog.measure,
    "recovery": recovery.measure,
    "memory": memory.measure,
    "waves": waves.measure,
    "providers": providers.measure,
    "pages": pages.measure,
}
ALSO_ON_POSTGRES = ("accept", "dispatch", "road", "pages")


def main() -> None:
    options = _options()
    _forget_own_settings()
    report = Report("Recado, measured" + (" quickly" if options.quick else ""))
    scale = QUICK if options.quick else Scale()
    chosen = [name for name in MEASURES if name in options.only]
    with _folder() as folder, fake_twilio(*_twilio_options()) as twilio:
        _measure(report, Bench(scale, Workshop(folder, twilio.url), twilio), chosen)
        if options.postgres:
            _measure_on_postgres(report, folder, scale, twilio, chosen)
    report.show()
    report.write(options.json)
    missed = [row for row in report.rows if row.met is False]
    for row in missed:
        print(f"missed: {row.what}: {row.measured:g} {row.unit}, to be {row.target}", file=sys.stderr)
    sys.exit(1 if missed else 0)


def _measure(report: Report, bench: Bench, chosen: list[str], where: str = "") -> None:
    """Rows of another database are for information: the targets are SQLite's."""
    for name in chosen:
        print(f"{name}{where} ...", end=" ", file=sys.stderr, flush=True)
        load, started = os.getloadavg()[0], time.monotonic()
        for row in MEASURES[name](bench):
            report.add(replace(row, what=row.what + where, target=None) if where else row)
        seconds = time.monotonic() - started
        bench.note("machine", measured=name, load_before=load, seconds=seconds)
        print(f"{seconds:.0f} s", file=sys.stderr)
    report.details[where.strip(", ") or "SQLite"] = bench.details


def _measure_on_postgres(report: Report, folder: Path, scale: Scale, twilio: TwilioProcess, chosen: list[str]) -> None:
    from tests.databases import postgres_server

    with postgres_server() as server:
        workshop = Workshop(folder / "postgres", twilio.url, server.fresh_database)
        names = [name for name in chosen if name in ALSO_ON_POSTGRES]
        _measure(report, Bench(scale, workshop, twilio), names, ", on PostgreSQL")


def _twilio_options() -> tuple[str, ...]:
    return "--auth-token", AUTH_TOKEN, "--receipt-connections", str(RECEIPT_CONNECTIONS)


def _forget_own_settings() -> None:
    """What the caller has set for a sidecar of their own must not steer these."""
    for name in [name for name in os.environ if name.startswith(("RECADO_", "PROMETHEUS_"))]:
        del os.environ[name]


@contextmanager
def _folder() -> Iterator[Path]:
    """On the disk of the checkout: elsewhere may be memory, where a flush costs nothing."""
    build = procs.ROOT / "build"
    build.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=build))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, within two minutes")
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), default=list(MEASURES), metavar="NAME")
    parser.add_argument("--postgres", action="store_true", help=f"{', '.join(ALSO_ON_POSTGRES)} on PostgreSQL as well")
    parser.add_argument("--json", type=Path, default=procs.ROOT / "build" / "bench.json", metavar="PATH")
    return parser.parse_args()


if __name__ == "__main__":
    main()
