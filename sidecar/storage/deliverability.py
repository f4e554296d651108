"""How much of what accounts sent to each country arrived."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from sidecar.domain.ids import first_id
from sidecar.domain.status import MessageState
from sidecar.storage.tables import deliverability, messages
from sidecar.storage.upserts import insert_or

_ARRIVED = (MessageState.DELIVERED, MessageState.READ)
_OF_THE_ROUTE = ("carrier_error", "unroutable", "filtered", "sender_refused", "region_not_enabled", "expired", "")
"""Why a text did not arrive where the way is to blame, and not the number or the handset."""


@dataclass(frozen=True, slots=True)
class Share:
    account_id: str
    country: str
    delivered: int
    failed: int


def measured(connection: Connection, since: datetime) -> list[Share]:
    """Of the texts made since then whose fate is known."""
    arrived = messages.c.state.in_(_ARRIVED)
    lost = (messages.c.state == MessageState.UNDELIVERED) & messages.c.reason.in_(_OF_THE_ROUTE)
    rows = connection.execute(
        select(
            messages.c.account_id,
            messages.c.country,
            func.sum(case((arrived, 1), else_=0)),
            func.sum(case((lost, 1), else_=0)),
        )
        .where(messages.c.id >= first_id("msg", since), messages.c.account_id.is_not(None), arrived | lost)
        .group_by(messages.c.account_id, messages.c.country)
    )
    return [Share(*row) for row in rows]


def save(connection: Connection, shares: Iterable[Share], now: datetime) -> None:
    values = [
        {
            "account_id": share.account_id,
            "country": share.country,
            "delivered": share.delivered,
            "failed": share.failed,
            "measured_at": now,
        }
        for share in shares
    ]
    if not values:
        return
    statement = insert_or(connection, deliverability)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[deliverability.c.account_id, deliverability.c.country],
            set_={name: statement.excluded[name] for name in ("delivered", "failed", "measured_at")},
        ),
        values,
    )
