"""Whether a message may leave at this hour, by its shop's settings as they are now."""

import threading
from datetime import datetime, timedelta

from sidecar.domain.shop import ShopSettings
from sidecar.policy.decide import opening
from sidecar.policy.occasion import AT_ONCE
from sidecar.policy.opening import Whereabouts
from sidecar.policy.timing import spread
from sidecar.storage import shops
from sidecar.storage.database import Database
from sidecar.storage.outbox import Claimed

REMEMBERED_FOR = timedelta(seconds=5)


class SendingHours:
    """Asked last thing before each send: a retry, or a provider that is back, must not text anybody at night."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[datetime, ShopSettings]] = {}
        self._lock = threading.Lock()

    def __call__(self, message: Claimed, now: datetime) -> datetime:
        if message.event in AT_ONCE:
            return now
        settings = self._settings(message.shop_id, now)
        recipient = Whereabouts(message.to, message.country)
        opens = opening(settings, message.category, recipient, now)
        return spread(opens, message.to, settings.spread_seconds) if opens.rule else now

    def _settings(self, shop_id: str, now: datetime) -> ShopSettings:
        with self._lock:
            kept = self._known.get(shop_id)
        if kept and now - kept[0] < REMEMBERED_FOR:
            return kept[1]
        with self._database.read() as connection:
            settings = shops.several(connection, {shop_id})[shop_id].settings
        with self._lock:
            self._known[shop_id] = (now, settings)
        return settings
