"""Counts what became of a day's messages, so that pages need not: for all shops of a time zone at once."""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Interval,
    case,
    distinct,
    func,
    literal,
    select,
    type_coerce,
)

from sidecar.domain.consent import Standing
from sidecar.domain.ids import first_id
from sidecar.domain.status import BILLABLE
from sidecar.ledger.figures import LOST, Figures, class_of, read, together
from sidecar.storage import days, shops, tariffs
from sidecar.storage.database import Database
from sidecar.storage.tables import consent_log, messages, replies, short_links
from sidecar.storage.tariffs import Tariffs

HOT = (0, 1)
"""Today and yesterday, counted all the time."""
WARM = (2, 3, 4)
"""Days whose messages may still change: texts wait for days, receipts come late."""
KEPT = 31
REST = 20
"""So many times as long as the counting took is left between one count and the next."""
UNASKED_SECONDS = 60.0
"""Counted so often at least: not every change is told."""
_ALWAYS_MORE = itertools.count().__next__
_HELD_LONG = timedelta(hours=1)

By = dict[str, Figures]


@dataclass(frozen=True, slots=True)
class Span:
    """A day of the shops of one time zone."""

    day: str
    since: datetime
    until: datetime
    shop_ids: Collection[str]

    def ids(self, prefix: str) -> tuple[str, str]:
        return first_id(prefix, self.since), first_id(prefix, self.until)


class Days:
    """`changes` counts what has been written so far."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], changes: Callable[[], int] = _ALWAYS_MORE
    ) -> None:
        self._database = database
        self._clock = clock
        self._changes = changes
        self._known = -1
        self._rests_until = self._unasked_at = 0.0
        self._is_new = True

    def timetable(self) -> list[tuple[float, Callable[[], object]]]:
        """Seconds between runs, and what to do."""
        return [(5.0, self.work), (600.0, self.go_back)]

    def work(self) -> None:
        """A count of a million messages takes a while, and must not take all the time there is."""
        if self._is_due(monotonic()):
            started, self._known = monotonic(), self._changes()
            self.count(HOT)
            if self._is_new:
                self._is_new = False
                self.go_back()
            self._rests_until = monotonic() + REST * (monotonic() - started)
            self._unasked_at = monotonic() + UNASKED_SECONDS

    def _is_due(self, now: float) -> bool:
        return now >= self._rests_until and (self._changes() != self._known or now >= self._unasked_at)

    def go_back(self) -> None:
        """What may still change, and what nobody has counted yet."""
        today = self._clock().date()
        with self._database.read() as connection:
            known = days.counted(connection, str(today - timedelta(KEPT)))
        missing = [back for back in range(5, KEPT) if str(today - timedelta(back)) not in known]
        for back in (*WARM, *missing):
            self.count((back,))

    def count(self, back: Collection[int]) -> None:
        """Days so long ago, each in its shops' own time."""
        with self._database.read() as connection:
            prices = tariffs.every(connection)
            zones = _by_zone(connection)
            spans = [_span(zone, ids, self._clock(), number) for number in back for zone, ids in zones.items()]
            found = {(shop, span.day): fig for span in spans for shop, fig in counted(connection, span, prices).items()}
        with self._database.write(quietly=True) as connection:
            days.save(connection, {key: _told(figures) for key, figures in found.items()}, self._clock())
            for day in sorted({span.day for span in spans}):
                whole = together(map(read, days.of_day(connection, day).values()))
                days.save(connection, {(days.ALL, day): _told(whole)}, self._clock())


def _told(figures: Figures) -> tuple[days.Json, days.Totals]:
    return figures.as_json(), days.Totals(figures.total, figures.arrived, figures.count(*LOST))


def counted(connection: Connection, span: Span, prices: Tariffs) -> By:
    found: By = {}
    for shop_id, figures in _of_messages(connection, span, prices):
        found[shop_id] = together([found.get(shop_id, Figures()), figures])
    for name, later in (("to_provider", messages.c.sent_at), ("to_delivery", messages.c.delivered_at)):
        for shop_id, tenths, count in connection.execute(_durations(connection, span, later)):
            getattr(found[shop_id], name)[class_of(tenths / 10)] += count
    for name, query in (("replies", _replies(span)), ("opt_outs", _opt_outs(span)), ("clicked", _clicked(span))):
        for shop_id, count in connection.execute(query):
            setattr(found.setdefault(shop_id, Figures()), name, count)
    return found


def _by_zone(connection: Connection) -> Mapping[str, list[str]]:
    zones: dict[str, list[str]] = {}
    for shop in shops.every(connection):
        zones.setdefault(shop.settings.timezone, []).append(shop.id)
    return zones


def _span(zone: str, shop_ids: Collection[str], now: datetime, back: int) -> Span:
    day = day_in(zone, now) - timedelta(back)
    return Span(str(day), *bounds(day, zone), shop_ids)


def day_in(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """From when to when a day lasts there."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    after = day + timedelta(1)
    return start, datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))


def _within(span: Span) -> list[ColumnElement[bool]]:
    first, last = span.ids("msg")
    return [messages.c.shop_id.in_(sorted(span.shop_ids)), messages.c.id >= first, messages.c.id < last]


def _of_messages(connection: Connection, span: Span, prices: Tariffs) -> Iterator[tuple[str, Figures]]:
    unpriced = case((messages.c.price.is_(None), messages.c.segments), else_=0)
    keys = (messages.c.shop_id, messages.c.state, messages.c.reason, messages.c.country, messages.c.currency)
    sums: tuple[Any, ...] = (
        func.count(),
        func.sum(messages.c.segments),
        func.sum(messages.c.credits),
        func.sum(messages.c.price),
        func.sum(unpriced),
    )
    for row in connection.execute(select(*keys, *sums).where(*_within(span)).group_by(*keys)):
        shop_id, state, reason, country, currency, count, segments, credits, price, without = row
        figures = Figures(segments=int(segments), credits=int(credits))
        figures.states[state] = count
        if reason:
            figures.reasons[f"{state}:{reason}"] = count
        if state in BILLABLE:
            _charge(figures, prices, country, currency, price, int(without))
        yield shop_id, figures


def _charge(figures: Figures, prices: Tariffs, country: str, currency: str | None, price: Any, without: int) -> None:
    """What the provider said it costs, and the tariff where it said nothing."""
    if price:
        figures.add_cost(currency or "", Decimal(str(price)))
    if without and (known := prices.price(country, without)):
        figures.add_cost(known[1], known[0])


def _durations(connection: Connection, span: Span, later: ColumnElement[datetime]) -> Any:
    """Tenths of a second since the event, or since its moment for what was held for long on purpose."""
    began = case((_is_held_long(connection), messages.c.due_at), else_=messages.c.event_at)
    tenths = _tenths(connection, later, began)
    query = select(messages.c.shop_id, tenths.label("tenths"), func.count())
    return query.where(*_within(span), later.is_not(None)).group_by(messages.c.shop_id, "tenths")


def _is_held_long(connection: Connection) -> ColumnElement[bool]:
    due, made = messages.c.due_at, messages.c.created_at
    if connection.dialect.name == "sqlite":
        return type_coerce(due, BigInteger) > type_coerce(made, BigInteger) + _HELD_LONG // timedelta(microseconds=1)
    return due > made + literal(_HELD_LONG, Interval)


def _tenths(connection: Connection, later: Any, earlier: Any) -> ColumnElement[int]:
    if connection.dialect.name == "sqlite":
        return (type_coerce(later, BigInteger) - type_coerce(earlier, BigInteger)) // 100_000
    return func.floor(func.extract("epoch", later - earlier) * 10)


def _replies(span: Span) -> Any:
    first, last = span.ids("rpl")
    query = select(replies.c.shop_id, func.count()).group_by(replies.c.shop_id)
    return query.where(replies.c.shop_id.in_(sorted(span.shop_ids)), replies.c.id >= first, replies.c.id < last)


def _clicked(span: Span) -> Any:
    """Messages whose link somebody opened, whenever that was."""
    first, last = span.ids("msg")
    query = select(short_links.c.shop_id, func.count(distinct(short_links.c.message_id)))
    return query.where(
        short_links.c.message_id >= first,
        short_links.c.message_id < last,
        short_links.c.shop_id.in_(sorted(span.shop_ids)),
        short_links.c.opens > 0,
    ).group_by(short_links.c.shop_id)


def _opt_outs(span: Span) -> Any:
    """People, not purposes: STOP ends all of them at once."""
    first, last = span.ids("cns")
    query = select(consent_log.c.shop_id, func.count(distinct(consent_log.c.number_hash)))
    return query.where(
        consent_log.c.shop_id.in_(sorted(span.shop_ids)),
        consent_log.c.id >= first,
        consent_log.c.id < last,
        consent_log.c.standing == Standing.OUT,
    ).group_by(consent_log.c.shop_id)
