"""Six digits by which somebody shows that a number is theirs, when they ask for an alert."""

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.phone import Number
from sidecar.storage import alert_codes
from sidecar.storage.alert_codes import AlertCode
from sidecar.storage.alerts import Alert
from sidecar.storage.fingerprints import Fingerprints

VALID = timedelta(minutes=5)
MOST_TRIES = 5


class AlertCodes:
    """`draw` gives a number below another that nobody can foresee. A code is bound to its wish and its number."""

    def __init__(self, fingerprints: Fingerprints, random_bits: RandomBits, draw: Callable[[int], int]) -> None:
        self._fingerprints = fingerprints
        self._random_bits = random_bits
        self._draw = draw

    def new(self, connection: Connection, alert: Alert, number: Number, now: datetime) -> str:
        code = f"{self._draw(10**6):06}"
        code_id = new_id("vrf", now, self._random_bits)
        digest = self._digest(alert, code)
        alert_codes.add(connection, AlertCode(code_id, alert, number.country, digest, now, now + VALID))
        return code

    def is_right(self, connection: Connection, alert: Alert, code: str, now: datetime) -> bool:
        """Every try is counted before it is judged, so that many at once are no more than five."""
        taken = alert_codes.take(connection, alert, now, MOST_TRIES)
        if taken is None:
            return False
        code_id, digest = taken
        right = hmac.compare_digest(digest, self._digest(alert, code))
        if right:
            alert_codes.use_up(connection, alert.shop_id, code_id, now)
        return right

    def _digest(self, alert: Alert, code: str) -> str:
        return self._fingerprints.of("alert code", alert.id, alert.number, code)
