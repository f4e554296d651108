"""Reports of orders, worked through in the order of time as if each had come in its own moment."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from sidecar.domain.phone import mask
from sidecar.domain.shop import Shop
from sidecar.domain.status import MessageState
from sidecar.intake.desk import Stationery
from sidecar.intake.spine import Intake, Report
from sidecar.money.pricing import Prices
from sidecar.policy.switch import Sending, Switch
from sidecar.storage.credits import NO_CREDIT
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages
from sidecar.storage.tables import messages
from sidecar.storage.tryouts import Line
from sidecar.storage.types import AnyRow
from sidecar.tryout.stages import Stage

_TOGETHER = 200
_LEFT = MessageState.ACCEPTED
GOES, BLOCKED, OVERTAKEN = "goes", "blocked", "overtaken"


@dataclass
class MovedClock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


def replay(
    scratch: Database, shop: Shop, stages: Iterable[Stage], stationery: Stationery, until: datetime
) -> Iterator[None]:
    """By the very intake that serves live shops, batch by batch. The switch is taken to be live: what it holds back
    today is not what is asked."""
    live = replace(stationery, switch=Switch(Sending.LIVE), linking=None)
    clock, writer = MovedClock(until), Messages(stationery.random_bits)
    intake = Intake(writer, clock, live, lambda *_: None)
    waiting = sorted(stages, key=lambda stage: stage[0])
    while waiting:
        batch, waiting = waiting[:_TOGETHER], waiting[_TOGETHER:]
        with scratch.write() as connection:
            for moment, event in batch:
                clock.now = moment
                _let_leave(connection, moment)
                intake.accept(connection, [Report(shop.id, event, "poller", moment)])
        yield
    with scratch.write() as connection:
        _let_leave(connection, datetime.max.replace(tzinfo=until.tzinfo))


def _let_leave(connection: Connection, moment: datetime) -> None:
    """What was due has left by now, and cannot be overtaken any more. What lacks credit waits on."""
    due = messages.c.due_at <= moment
    in_line = messages.c.state == str(MessageState.QUEUED)
    held = (messages.c.state == str(MessageState.HELD)) & due & (messages.c.reason != NO_CREDIT)
    connection.execute(update(messages).where(in_line | held).values(state=str(_LEFT), sent_at=messages.c.due_at))


def told(scratch: Database, shop: Shop, since: datetime) -> Iterator[Line]:
    """What became of each text about what happened from then on, in the order of time; numbers cannot be read in
    it."""
    with scratch.read() as connection:
        prices = Prices(connection)
        for row in connection.execute(select(messages).where(messages.c.created_at >= since).order_by(messages.c.id)):
            yield _line(shop, row, prices)


def _line(shop: Shop, row: AnyRow, prices: Prices) -> Line:
    fate = _fate(row)
    cost: dict[str, Any] = {"credits": 0, "price": None, "currency": None}
    if fate == GOES:
        cost = prices.of(shop, row.country, row.segments)
    at = row.sent_at if fate == GOES else row.created_at
    return {
        "order": row.order_id or "",
        "at": at.isoformat(),
        "key": row.template,
        "to": mask(row.to) if row.to else "",
        "text": row.text,
        "segments": row.segments,
        "fate": fate,
        "reason": row.reason if fate != GOES else "",
        **cost,
    }


def _fate(row: AnyRow) -> str:
    if row.state == _LEFT:
        return GOES
    return OVERTAKEN if row.state == MessageState.SUPERSEDED else BLOCKED


@dataclass(frozen=True, slots=True)
class Summary:
    """`blocked` by reason, `by_key` how many would go of which text, `prices` by currency."""

    goes: int
    overtaken: int
    blocked: dict[str, int]
    by_key: dict[str, int]
    segments: int
    credits: int
    prices: dict[str, float]
    unpriced: int


def summed(lines: Sequence[Line]) -> Summary:
    going = [line for line in lines if line["fate"] == GOES]
    prices: dict[str, float] = {}
    for line in going:
        if line["price"] is not None:
            prices[line["currency"]] = prices.get(line["currency"], 0.0) + float(line["price"])
    return Summary(
        goes=len(going),
        overtaken=sum(line["fate"] == OVERTAKEN for line in lines),
        blocked=_counted(line["reason"] for line in lines if line["fate"] == BLOCKED),
        by_key=_counted(line["key"] for line in going),
        segments=sum(line["segments"] for line in going),
        credits=sum(line["credits"] for line in going),
        prices={currency: round(amount, 4) for currency, amount in prices.items()},
        unpriced=sum(line["price"] is None for line in going),
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))
