"""From the inbox to the intake: read what shops delivered, hand it on, and say of each what became of it."""

from collections.abc import Callable, Mapping, Sequence

import structlog
from sqlalchemy import Connection

from sidecar.domain.event import ShopEvent
from sidecar.domain.reading import Ignored, Unreadable
from sidecar.domain.shop import Platform, Shop
from sidecar.domain.spoken import Spoken
from sidecar.intake.batches import explained, work_through
from sidecar.intake.spine import Clock, Intake, Report
from sidecar.storage import inbox, shops
from sidecar.storage.database import Database
from sidecar.storage.inbox import DONE, FAILED, Delivery, Verdict

Reader = Callable[[str, bytes, str], ShopEvent | Spoken | Ignored]
"""Topic, raw body and the shop's time zone in; an event, what a person said, or a reason to ignore out; raises
`Unreadable`."""

Hear = Callable[[Connection, Shop, Spoken], str]
"""Takes in what a person told the shop, and says in a word or two what became of it; raises `Unreadable`."""

log = structlog.get_logger()


class Reception:
    """`readers` by platform and source: the connectors' pure readers."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        readers: Mapping[tuple[Platform, str], Reader],
        hear: Hear,
        clock: Clock,
    ) -> None:
        self._database = database
        self._intake = intake
        self._readers = readers
        self._hear = hear
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
        repeated = inbox.repeated(connection, deliveries)
        fresh = [delivery for delivery in deliveries if delivery.id not in repeated]
        read = [(delivery, self._read_or_not(delivery, known.get(delivery.shop_id))) for delivery in fresh]
        reports = [_report(delivery, found) for delivery, found in read if isinstance(found, ShopEvent)]
        notes = self._intake.accept(connection, reports) if reports else []
        verdicts = [Verdict(r.shop_id, r.inbox_id, DONE, note) for r, note in zip(reports, notes, strict=True)]
        rest = [(delivery, found) for delivery, found in read if not isinstance(found, ShopEvent)]
        verdicts += [self._verdict(connection, delivery, found, known) for delivery, found in rest]
        return verdicts + [Verdict(d.shop_id, d.id, DONE, "told before") for d in deliveries if d.id in repeated]

    def _verdict(
        self,
        connection: Connection,
        delivery: Delivery,
        found: Spoken | Ignored | Unreadable,
        known: Mapping[str, Shop],
    ) -> Verdict:
        """What becomes of a delivery that is not for the intake."""
        try:
            if isinstance(found, Unreadable):
                raise found
            if isinstance(found, Ignored):
                return Verdict(delivery.shop_id, delivery.id, DONE, f"ignored: {found.reason}")
            return Verdict(delivery.shop_id, delivery.id, DONE, self._hear(connection, known[delivery.shop_id], found))
        except Unreadable as problem:
            return Verdict(delivery.shop_id, delivery.id, FAILED, f"{problem.code}: {problem.sentence}")

    def _read_or_not(self, delivery: Delivery, shop: Shop | None) -> ShopEvent | Spoken | Ignored | Unreadable:
        if shop is None:
            return Ignored("shop removed")
        try:
            return self._read(delivery, shop)
        except Unreadable as problem:
            return problem

    def _read(self, delivery: Delivery, shop: Shop) -> ShopEvent | Spoken | Ignored:
        reader = self._readers.get((shop.platform, delivery.source))
        if reader is None:
            raise Unreadable("no_reader", f"A {shop.platform} shop does not deliver by {delivery.source}.")
        return reader(delivery.topic, delivery.body, shop.settings.timezone)


def _report(delivery: Delivery, event: ShopEvent) -> Report:
    return Report(delivery.shop_id, event, delivery.source, delivery.received_at, delivery.id)
