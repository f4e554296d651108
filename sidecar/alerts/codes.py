"""Six digits by which somebody shows that a number is theirs, when they ask for an alert. They are kept, tried and
counted like all other one-time codes."""

import hmac
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from sidecar.domain import phone
from sidecar.domain.address import network
from sidecar.domain.codes import MOST_TRIES, VALID
from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.phone import Number
from sidecar.storage import verifications
from sidecar.storage.alerts import Alert
from sidecar.storage.fingerprints import Fingerprints
from sidecar.storage.verifications import SENT, Verification


class AlertCodes:
    """`draw` gives a number below another that nobody can foresee. A code is bound to its wish and its number."""

    def __init__(self, fingerprints: Fingerprints, random_bits: RandomBits, draw: Callable[[int], int]) -> None:
        self._fingerprints = fingerprints
        self._random_bits = random_bits
        self._draw = draw

    def new(self, connection: Connection, alert: Alert, number: Number, now: datetime) -> str:
        code = f"{self._draw(10**6):06}"
        kept = Verification(
            shop_id=alert.shop_id,
            id=new_id("vrf", now, self._random_bits),
            number=alert.number,
            country=number.country,
            prefix=phone.prefix(alert.number),
            ip=network(alert.ip),
            subject=alert.id,
            locale=alert.locale,
            domain="",
            code_digest=self._digest(alert, code),
            state=SENT,
            tries=0,
            sends=1,
            created_at=now,
            sent_at=now,
            expires_at=now + VALID,
        )
        verifications.add(connection, kept)
        return code

    def is_right(self, connection: Connection, alert: Alert, code: str, now: datetime) -> bool:
        """Whether it is the latest code. Every try is counted before it is judged, so that many at once are no more
        than allowed."""
        latest = verifications.latest(connection, alert.shop_id, alert.number, alert.id)
        tried = latest and verifications.take_try(connection, alert.shop_id, latest.id, MOST_TRIES, now)
        if tried is None or not hmac.compare_digest(tried.code_digest, self._digest(alert, code)):
            return False
        verifications.confirm(connection, alert.shop_id, tried.id, now)
        return True

    def _digest(self, alert: Alert, code: str) -> str:
        return self._fingerprints.of("alert code", alert.id, alert.number, code)
