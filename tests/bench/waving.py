"""Waves written to their end, in a process of its own: `python -m tests.bench.waving DATABASE_URL SHOP_ID`. Whatever is
written counts as sent at once, so that only the waves are measured."""

import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, update

from sidecar.alerts.waves import Waves
from sidecar.domain.capabilities import Capabilities, Carrier
from sidecar.domain.ids import in_sequence
from sidecar.domain.status import MessageState
from sidecar.domain.stock import AlertState
from sidecar.intake.desk import Stationery
from sidecar.links import Links
from sidecar.policy.switch import Sending, Switch
from sidecar.storage.consents import Consents
from sidecar.storage.database import Database
from sidecar.storage.fingerprints import Fingerprints
from sidecar.storage.messages import Messages
from sidecar.storage.tables import messages, stock_alerts
from sidecar.storage.vault import Vault


class TimedDatabase(Database):
    """Remembers how long its write transactions took."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.seconds: list[float] = []

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as connection:
            began = time.perf_counter()
            yield connection
            self.seconds.append(time.perf_counter() - began)


def main() -> None:
    url, shop_id = sys.argv[1:]
    database = TimedDatabase(url)
    waves = _waves(database)
    written = turns = 0
    started = time.perf_counter()
    while fresh := waves.write() + waves.settle():
        turns += 1
        written += _send(url, shop_id)
        assert fresh
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    told = _told(database)
    figures = {"seconds": seconds, "turns": turns, "written": written, "told": told, "peak": peak}
    sys.stdout.write(json.dumps({**figures, "transactions": database.seconds}))


def _waves(database: Database) -> Waves:
    bits = in_sequence(random.getrandbits)
    fingerprints = Fingerprints(b"for a measurement")
    vault = Vault("for a measurement: thirty-two characters")
    stationery = Stationery(
        Consents(fingerprints, bits), vault, bits, Switch(Sending.LIVE), lambda _: Carrier(Capabilities())
    )
    links = Links(fingerprints, "https://sms.example.org")
    return Waves(database, Messages(bits), stationery, links, lambda: datetime.now(UTC))


def _send(url: str, shop_id: str) -> int:
    database = Database(url)
    with database.write() as connection:
        sent = connection.execute(
            update(messages)
            .where(messages.c.shop_id == shop_id, messages.c.state == MessageState.QUEUED)
            .values(state=MessageState.ACCEPTED, sent_at=datetime.now(UTC))
        ).rowcount
    database.close()
    return sent


def _told(database: Database) -> int:
    with database.read() as connection:
        query = select(func.count()).where(stock_alerts.c.state == AlertState.TEXTED)
        return connection.scalar(query) or 0


if __name__ == "__main__":
    main()
