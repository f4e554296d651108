"""From the inbox to the intake: read what shops delivered, hand it on, and say of each what became of it."""

from collections.abc import Callable, Mapping, Sequence

import structlog
from sqlalchemy import Connection

from sidecar.domain.event import ShopEvent
from sidecar.domain.reading import Ignored, Unreadable
from sidecar.domain.shop import Platform, Shop
from sidecar.intake.batches import explained, work_through
from sidecar.intake.spine import Clock, Intake, Report
from sidecar.storage import inbox, shops
from sidecar.storage.database import Database
from sidecar.storage.inbox import DONE, FAILED, Delivery, Verdict

Reader = Callable[[str, bytes, str], ShopEvent | Ignored]
"""Topic, raw body and the shop's time zone in; an event or a reason to ignore out; raises `Unreadable`."""

log = structlog.get_logger()


class Reception:
    """`readers` by platform and source: the connectors' pure readers."""

    def __init__(
        self, database: Database, intake: Intake, readers: Mapping[tuple[Platform, str], Reader], clock: Clock
    ) -> None:
        self._database = database
        self._intake = intake
        self._readers = readers
        self._clock = clock

    def work(self, limit: int = 200) -> int:
        """Work through the oldest deliveries in one transaction; returns how many there were."""
        with self._database.read() as connection:
            if not inbox.is_waiting(connection):
                return 0
        return work_through(self._work, self._work_one, limit)

    def _work(self, limit: int) -> int:
        with self._database.write() as connection:
            deliveries = inbox.take(connection, limit)
            inbox.finish(connection, self._process(connection, deliveries), self._clock())
            self._database.ring(connection)
        return len(deliveries)

    def _work_one(self) -> int:
        with self._database.write() as connection:
            deliveries = inbox.take(connection, 1)
            try:
                with connection.begin_nested():
                    verdicts = self._process(connection, deliveries)
            except Exception as error:
                log.exception("a delivery could not be worked on and is set aside")
                verdicts = [Verdict(d.shop_id, d.id, FAILED, explained(error)) for d in deliveries]
            inbox.finish(connection, verdicts, self._clock())
            self._database.ring(connection)
        return len(deliveries)

    def _process(self, connection: Connection, deliveries: Sequence[Delivery]) -> list[Verdict]:
        known = shops.several(connection, {delivery.shop_id for delivery in deliveries})
        verdicts: list[Verdict] = []
        reports: list[Report] = []
        for delivery in deliveries:
            try:
                event = self._read(delivery, known.get(delivery.shop_id))
            except Unreadable as problem:
                verdicts.append(Verdict(delivery.shop_id, delivery.id, FAILED, f"{problem.code}: {problem.sentence}"))
                continue
            if isinstance(event, Ignored):
                verdicts.append(Verdict(delivery.shop_id, delivery.id, DONE, f"ignored: {event.reason}"))
            else:
                reports.append(_report(delivery, event))
        notes = self._intake.accept(connection, reports) if reports else []
        return verdicts + [
            Verdict(report.shop_id, report.inbox_id, DONE, note) for report, note in zip(reports, notes, strict=True)
        ]

    def _read(self, delivery: Delivery, shop: Shop | None) -> ShopEvent | Ignored:
        if shop is None:
            return Ignored("shop removed")
        reader = self._readers.get((shop.platform, delivery.source))
        if reader is None:
            raise Unreadable("no_reader", f"A {shop.platform} shop does not deliver by {delivery.source}.")
        return reader(delivery.topic, delivery.body, shop.settings.timezone)


def _report(delivery: Delivery, event: ShopEvent) -> Report:
    return Report(delivery.shop_id, event, delivery.source, delivery.received_at, delivery.id)
