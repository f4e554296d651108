"""The whole road: webhook in, message out, receipt in."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from sidecar.domain.status import MessageState
from sidecar.storage.tables import messages, timeline

from ..bench import Bench
from ..report import Row, at_least, below, none
from ..sidecars import Sidecar
from ..stats import Result, event_to_provider, summary
from ..woo_requests import e164, order_requests

RATE, PACE = 300, 100
OFFERED = RATE * 1.02
CONNECTIONS = 32
_LONGEST_SILENCE = 20.0


def measure(bench: Bench) -> list[Row]:
    flood = _drive(bench, OFFERED, bench.scale.road_seconds)
    walk = _drive(bench, PACE, bench.scale.pace_seconds)
    bench.note("road", at_full_rate=flood, at_pace=walk)
    both = (flood, walk)
    late = f"event to receipt: p50 {flood['to_delivered']['p50']:,.0f} ms, p99 {flood['to_delivered']['p99']:,.0f} ms"
    what = f"whole road for {bench.scale.road_seconds:g} s, {OFFERED:g} webhooks/s offered: delivered"
    return [
        Row(what, "/s", [flood["delivered_rate"]], at_least(RATE), note=late),
        Row(f"event to provider at {PACE}/s, p99", "ms", [walk["to_provider"]["p99"]], below(800), note=_beside(walk)),
        Row("accepted and not delivered", "messages", [each["lost"] for each in both], none()),
        Row("sent twice", "messages", [each["doubled"] for each in both], none()),
    ]


def _beside(figures: Mapping[str, Any]) -> str:
    return f"p50 {figures['to_provider']['p50']:,.0f} ms, max {figures['to_provider']['max']:,.0f} ms"


def _drive(bench: Bench, rate: float, seconds: float) -> dict[str, Any]:
    with bench.sidecar(receipts=True) as sidecar:
        with sidecar.serving("serve"):
            time.sleep(1.0)
            result = sidecar.load(CONNECTIONS).open_loop(order_requests(sidecar.hook), rate=rate, seconds=seconds)
            _wait_delivered(sidecar, result.accepted)
        return _figures(bench, sidecar, result)


def _wait_delivered(sidecar: Sidecar, number: int) -> None:
    """Until as many are delivered, or nothing moves."""
    seen, moved = -1, time.monotonic()
    with sidecar.database() as database:
        while seen < number and time.monotonic() - moved < _LONGEST_SILENCE:
            time.sleep(0.25)
            with database.read() as connection:
                delivered = connection.scalar(
                    select(func.count()).select_from(messages).where(messages.c.state == MessageState.DELIVERED)
                )
            if delivered and delivered > seen:
                seen, moved = delivered, time.monotonic()


def _figures(bench: Bench, sidecar: Sidecar, result: Result) -> dict[str, Any]:
    stats = bench.twilio.stats()
    due = {e164(index): at for index, at in enumerate(result.sent_at)}
    to_provider = event_to_provider(due, bench.twilio.arrivals())
    with sidecar.database() as database, database.read() as connection:
        delivered = select(timeline.c.at).where(timeline.c.state == MessageState.DELIVERED).subquery()
        first, last, steps = connection.execute(
            select(func.min(delivered.c.at), func.max(delivered.c.at), func.count()).select_from(delivered)
        ).one()
        pairs = connection.execute(
            select(messages.c.event_at, messages.c.delivered_at).where(messages.c.state == MessageState.DELIVERED)
        ).all()
    return {
        "webhooks": result.as_dict(),
        "delivered_rate": (steps - 1) / ((last - first) / timedelta(seconds=1)) if steps > 1 else 0.0,
        "to_provider": _milliseconds(to_provider),
        "to_delivered": _milliseconds([(pair[1] - pair[0]) / timedelta(seconds=1) for pair in pairs]),
        "lost": result.accepted - len(pairs),
        "doubled": stats["duplicates"] + stats["duplicate_texts"],
        "receipts": stats["receipts"],
    }


def _milliseconds(seconds: Any) -> dict[str, float]:
    return {name: value * 1e3 for name, value in summary(seconds).items()}
