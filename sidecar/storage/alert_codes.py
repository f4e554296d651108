"""The codes by which people confirm that they want an alert, kept among all other codes as keyed hashes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from sidecar.storage.alerts import Alert
from sidecar.storage.tables import messages, verifications

SENT, CONFIRMED = "sent", "confirmed"
_PREFIX = 7


@dataclass(frozen=True, slots=True)
class AlertCode:
    """`digest` is the keyed hash of the code that was texted about `alert`, to a number of `country`."""

    id: str
    alert: Alert
    country: str
    digest: str
    sent_at: datetime
    expires_at: datetime


def add(connection: Connection, code: AlertCode) -> None:
    connection.execute(
        insert(verifications).values(
            shop_id=code.alert.shop_id,
            id=code.id,
            number=code.alert.number,
            country=code.country,
            prefix=code.alert.number[:_PREFIX],
            ip=code.alert.ip,
            subject=code.alert.id,
            code_digest=code.digest,
            state=SENT,
            tries=0,
            sends=1,
            created_at=code.sent_at,
            sent_at=code.sent_at,
            expires_at=code.expires_at,
        )
    )


def take(connection: Connection, alert: Alert, now: datetime, most_tries: int) -> tuple[str, str] | None:
    """One try at the latest code: its id and digest; None where there is none, or no try is left."""
    latest = connection.execute(
        select(verifications.c.id, verifications.c.code_digest, verifications.c.tries, verifications.c.state)
        .where(
            verifications.c.shop_id == alert.shop_id,
            verifications.c.number == alert.number,
            verifications.c.subject == alert.id,
            verifications.c.expires_at > now,
        )
        .order_by(verifications.c.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if latest is None or latest.state != SENT or latest.tries >= most_tries:
        return None
    connection.execute(
        update(verifications)
        .where(verifications.c.shop_id == alert.shop_id, verifications.c.id == latest.id)
        .values(tries=verifications.c.tries + 1)
    )
    return latest.id, latest.code_digest


def use_up(connection: Connection, shop_id: str, code_id: str, now: datetime) -> None:
    """It was right, and cannot be right again."""
    connection.execute(
        update(verifications)
        .where(verifications.c.shop_id == shop_id, verifications.c.id == code_id)
        .values(state=CONFIRMED, confirmed_at=now)
    )


def is_texted(connection: Connection, shop_id: str, dedupe_key: str) -> bool:
    """Whether the text that carries it is written already."""
    query = select(messages.c.id).where(messages.c.shop_id == shop_id, messages.c.dedupe_key == dedupe_key)
    return connection.scalar(query) is not None
