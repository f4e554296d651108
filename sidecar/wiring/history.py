"""What a shop's last weeks are known by: its own orders where its keys are kept, else what it delivered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sidecar.domain.event import ShopEvent
from sidecar.domain.reading import Unreadable
from sidecar.domain.shop import Shop
from sidecar.storage import inbox
from sidecar.storage.inbox import POLLER
from sidecar.tryout.tryouts import Found
from sidecar.wiring.backoffices import BackOffices
from sidecar.wiring.readers import READERS

PAGE = 100


@dataclass(frozen=True)
class History:
    back_offices: BackOffices

    def __call__(self, shop: Shop, since: datetime) -> Iterator[list[Found]]:
        """Raises `ShopProblem`."""
        return self._asked(shop, since) if self.back_offices.reach.keys_of(shop) else self._delivered(shop, since)

    def _asked(self, shop: Shop, since: datetime) -> Iterator[list[Found]]:
        with self.back_offices.orders_of(shop) as office:
            for page in office.orders(since, PAGE):
                read = (_read(shop, POLLER, each.topic, each.body) for each in page.found)
                yield [(None, event) for event in read if event]

    def _delivered(self, shop: Shop, since: datetime) -> Iterator[list[Found]]:
        after = ""
        while True:
            with self.back_offices.reach.database.read() as connection:
                rows = inbox.since(connection, shop.id, since, after, PAGE)
            if not rows:
                return
            after = rows[-1].id
            read = ((row.received_at, _read(shop, row.source, row.topic, row.body)) for row in rows)
            yield [(moment, event) for moment, event in read if event]


def _read(shop: Shop, source: str, topic: str, body: bytes) -> ShopEvent | None:
    reader: Callable[..., object] | None = READERS.get((shop.platform, source))
    try:
        read = reader(topic, body, shop.settings.timezone) if reader and body else None
    except Unreadable:
        return None
    return read if isinstance(read, ShopEvent) else None
