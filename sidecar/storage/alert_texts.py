"""The texts that tell of products that are back: which of them are under way, which must not leave, which have."""

from dataclasses import dataclass

from sqlalchemy import Connection, String, and_, cast, exists, func, literal, or_, select

from sidecar.domain.status import IN_FLIGHT, WAITING, MessageState
from sidecar.domain.stock import AlertState
from sidecar.storage.stock import StockKey
from sidecar.storage.tables import literally, messages, stock
from sidecar.storage.tables import stock_alerts as alerts
from sidecar.storage.types import AnyRow

_KEY = (alerts.c.shop_id, alerts.c.product_id, alerts.c.variation_id)
_IS_TEXTING = alerts.c.state == literally(AlertState.TEXTING)


def dedupe_key(alert_id: str, wave: int) -> str:
    return f"alert:{alert_id}:{wave}"


_THEIR_TEXT = and_(
    messages.c.shop_id == alerts.c.shop_id,
    messages.c.dedupe_key == literal("alert:") + alerts.c.id + literal(":") + cast(alerts.c.wave, String),
)


def to_take_back(connection: Connection, limit: int) -> list[tuple[str, str]]:
    """Texts (shop id, message id) that wait to say that something is back which is sold out again; ours until the
    transaction ends."""
    rows = connection.execute(
        select(messages.c.shop_id, messages.c.id)
        .join(alerts, _THEIR_TEXT)
        .join(stock, and_(*(stock.c[column.name] == column for column in _KEY)))
        .where(_IS_TEXTING, stock.c.saleable.is_(False), messages.c.state.in_(sorted(WAITING)))
        .limit(limit)
        .with_for_update(of=messages, skip_locked=True)
    )
    return [(row.shop_id, row.id) for row in rows]


def decided(connection: Connection, limit: int) -> list[AnyRow]:
    """Wishes whose text is under way no more, each with its `message_state`, `message_reason` and `sent_at`."""
    never_known = and_(messages.c.state == MessageState.UNKNOWN, messages.c.check_at.is_(None))
    over = messages.c.state.not_in(sorted(WAITING | IN_FLIGHT))
    rows = connection.execute(
        select(
            alerts,
            messages.c.state.label("message_state"),
            messages.c.reason.label("message_reason"),
            messages.c.sent_at,
        )
        .join(messages, _THEIR_TEXT)
        .where(_IS_TEXTING, or_(over, never_known))
        .limit(limit)
        .with_for_update(of=alerts, skip_locked=True)
    )
    return list(rows)


def any_texting(connection: Connection) -> bool:
    return bool(connection.scalar(select(exists().where(_IS_TEXTING))))


def last_look(connection: Connection, shop_id: str, alert_id: str) -> AnyRow | None:
    """A wish and what it is for, as they are now: `state`, `place`, `saleable`, `quantity`."""
    query = (
        select(alerts.c.state, alerts.c.place, stock.c.saleable, stock.c.quantity)
        .outerjoin(stock, and_(*(stock.c[column.name] == column for column in _KEY)))
        .where(alerts.c.shop_id == shop_id, alerts.c.id == alert_id)
    )
    return connection.execute(query).first()


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Texts that are written and have not left: all of them, and those of earlier waves."""

    all: int
    earlier: int


def under_way(connection: Connection, key: StockKey, wave: int) -> UnderWay:
    query = select(alerts.c.wave, func.count()).where(
        *(column == value for column, value in zip(_KEY, key, strict=True)), _IS_TEXTING
    )
    counts = {row[0]: row[1] for row in connection.execute(query.group_by(alerts.c.wave))}
    return UnderWay(sum(counts.values()), sum(count for of_wave, count in counts.items() if of_wave < wave))
