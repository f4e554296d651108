"""How somebody shows that a number is theirs, when they ask for an alert: by six digits, or by the link in the text.
Both are kept and counted like all other one-time codes, the digits tried like them."""

import hmac
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from sidecar.domain import phone
from sidecar.domain.address import network
from sidecar.domain.codes import MOST_TRIES, VALID
from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.phone import Number
from sidecar.domain.shop import ShopSettings
from sidecar.policy.codes import SAMPLE_SIZE, objection_to_confirmation
from sidecar.storage import locks, verifications
from sidecar.storage.alerts import Alert
from sidecar.storage.fingerprints import Fingerprints
from sidecar.storage.verifications import Verification


class AlertCodes:
    """`draw` gives a number below another that nobody can foresee. A code is bound to its wish and its number."""

    def __init__(
        self,
        fingerprints: Fingerprints,
        random_bits: RandomBits,
        draw: Callable[[int], int],
        clock: Callable[[], datetime],
    ) -> None:
        self._fingerprints = fingerprints
        self._random_bits = random_bits
        self._draw = draw
        self._clock = clock

    def objection(self, connection: Connection, settings: ShopSettings, alert: Alert, number: Number) -> str | None:
        """Why no text may go out for it now, or None. What is counted stays so until the transaction ends."""
        locks.hold_codes(connection, alert.shop_id)
        prefix, ip = phone.prefix(alert.number), network(alert.ip)
        now = self._clock()
        sent = verifications.sent_lately(connection, alert.shop_id, alert.number, ip, prefix, SAMPLE_SIZE, now)
        return objection_to_confirmation(settings, number.country, sent, verifications.weights(connection))

    def new(self) -> str:
        return f"{self._draw(10**6):06}"

    def keep(self, connection: Connection, alert: Alert, number: Number, code: str, unsent: str) -> None:
        """`code` is empty where a link confirms; `unsent` is why the text was not sent, or empty."""
        now = self._clock()
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
            code_digest=self._digest(alert, code) if code else "",
            state=verifications.state_after(unsent),
            tries=0,
            sends=1,
            created_at=now,
            sent_at=now,
            expires_at=now + VALID,
        )
        verifications.add(connection, kept)

    def is_right(self, connection: Connection, alert: Alert, code: str) -> bool:
        """Whether it is the latest code. Every try is counted before it is judged, so that many at once are no more
        than allowed."""
        now, latest = self._clock(), self._latest(connection, alert)
        tried = latest and verifications.take_try(connection, alert.shop_id, latest.id, MOST_TRIES, now)
        if tried is None or not hmac.compare_digest(tried.code_digest, self._digest(alert, code)):
            return False
        verifications.confirm(connection, alert.shop_id, tried.id, now)
        return True

    def came_by_link(self, connection: Connection, alert: Alert) -> None:
        if latest := self._latest(connection, alert):
            verifications.confirm(connection, alert.shop_id, latest.id, self._clock())

    def _latest(self, connection: Connection, alert: Alert) -> Verification | None:
        return verifications.latest(connection, alert.shop_id, alert.number, alert.id)

    def _digest(self, alert: Alert, code: str) -> str:
        return self._fingerprints.of("alert code", alert.id, alert.number, code)
