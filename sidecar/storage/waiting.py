"""What still waits to be sent to a number."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from sidecar.domain.consent import Purpose
from sidecar.storage.messages import MessageKey
from sidecar.storage.tables import literally, messages
from sidecar.storage.types import AnyRow

_UNBOUND = ("answer", "staff", "test")
"""Events of texts that nobody opts out of: an answer, what a shop's own people are told, and a test."""
_ALERTS = ("stock_alert", "stock_alert_request")


def waiting_for(connection: Connection, shop_id: str, number: str, purposes: Collection[Purpose]) -> list[MessageKey]:
    """Messages for these purposes, held until the transaction ends."""
    waits = (messages.c.state == literally(state) for state in ("held", "queued"))
    query = (
        select(messages.c.shop_id, messages.c.id)
        .where(
            messages.c.to == number,
            messages.c.shop_id == shop_id,
            messages.c.event.not_in(_UNBOUND),
            or_(*waits),
            or_(false(), *(_is_for(purpose) for purpose in purposes)),
        )
        .order_by(messages.c.shop_id, messages.c.id)
        .with_for_update()
    )
    return [(row.shop_id, row.id) for row in connection.execute(query)]


def _is_for(purpose: Purpose) -> ColumnElement[bool]:
    advertises, alerts = messages.c.category == "marketing", messages.c.event.in_(_ALERTS)
    if purpose is Purpose.MARKETING:
        return advertises
    return and_(~advertises, alerts if purpose is Purpose.STOCK_ALERTS else ~alerts)


def told_to(connection: Connection, message_id: str) -> AnyRow | None:
    """Whom a message was for, and what kind it was."""
    columns = (messages.c.shop_id, messages.c.to, messages.c.locale, messages.c.category)
    return connection.execute(select(*columns).where(messages.c.id == message_id)).first()
