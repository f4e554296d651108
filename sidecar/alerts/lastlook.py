"""Whether what a text tells is still so, and still wanted: asked last thing before it leaves."""

from sidecar.domain.stock import AlertState
from sidecar.policy.modes import objection_to_alert
from sidecar.policy.stock import can_serve
from sidecar.storage import alert_texts, shops
from sidecar.storage.database import Database
from sidecar.storage.outbox import Claimed

ALERT = "stock_alert"
"""The event of a text that says a product is back."""

OUT_AGAIN, USED_UP, REQUEST_ENDED = "out_of_stock_again", "stock_used_up", "request_ended"


class LastLook:
    """At the stock, and at the wish. What is bought between writing and sending takes the last places first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self, message: Claimed) -> str | None:
        """Why it must not leave, or None."""
        if message.event != ALERT:
            return None
        with self._database.read() as connection:
            seen = alert_texts.last_look(connection, message.shop_id, message.subject_id or "")
            settings = shops.several(connection, {message.shop_id})[message.shop_id].settings
        if seen is None or seen.state != AlertState.TEXTING:
            return REQUEST_ENDED
        if paused := objection_to_alert(settings.mode, settings.stock_managed, settings.alerts_enabled):
            return paused
        if not seen.saleable:
            return OUT_AGAIN
        most = can_serve(seen.quantity, settings.alert_factor)
        return None if most is None or seen.place <= most else USED_UP
