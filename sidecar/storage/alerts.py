"""Who asked to be told that a product is back, and how far each of these wishes has come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from sidecar.domain.address import network
from sidecar.domain.stock import OPEN, AlertState
from sidecar.storage.keys import among
from sidecar.storage.stock import StockKey
from sidecar.storage.tables import literally
from sidecar.storage.tables import stock_alerts as alerts
from sidecar.storage.types import AnyRow
from sidecar.storage.upserts import insert_or

_S = AlertState


@dataclass(frozen=True, slots=True)
class Alert:
    """`number` is E.164, `wording` what the person agreed to, `wave` the last wave the wish was considered for,
    `place` its place among those texted in it."""

    shop_id: str
    id: str
    product_id: str
    variation_id: str
    number: str
    customer_id: str
    locale: str
    wording: str
    ip: str
    state: AlertState
    reason: str
    wave: int
    place: int
    created_at: datetime
    confirmed_at: datetime | None
    texted_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime

    @property
    def stock_key(self) -> StockKey:
        return self.shop_id, self.product_id, self.variation_id

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_confirmed(self) -> bool:
        """And still waits."""
        return self.is_open and self.state is not AlertState.PENDING


_COLUMNS = tuple(Alert.__dataclass_fields__)
_KEY = (alerts.c.shop_id, alerts.c.product_id, alerts.c.variation_id)
_IS_OPEN = or_(*(alerts.c.state == literally(state) for state in sorted(OPEN)))


def add(connection: Connection, alert: Alert) -> None:
    """Left out where the same number waits for the same thing already."""
    connection.execute(insert_or(connection, alerts).values(**_columns(alert)).on_conflict_do_nothing())


def add_all(connection: Connection, new: Sequence[Alert]) -> None:
    """Wishes brought along from elsewhere, all of them new."""
    connection.execute(insert(alerts), [_columns(alert) for alert in new])


def waited_for(connection: Connection, shop_id: str) -> list[tuple[str, str]]:
    """The products and variations of a shop that somebody waits for, in order."""
    query = select(*_KEY[1:]).where(alerts.c.shop_id == shop_id, _IS_OPEN).distinct().order_by(*_KEY[1:])
    return [(row[0], row[1]) for row in connection.execute(query)]


def open_one(connection: Connection, key: StockKey, number: str) -> Alert | None:
    query = select(alerts).where(*_of(key), alerts.c.number == number, _open_as_indexed())
    return _one(connection.execute(query).first())


def find(connection: Connection, alert_id: str, shop_id: str | None = None) -> Alert | None:
    query = select(alerts).where(alerts.c.id == alert_id)
    return _one(connection.execute(query if shop_id is None else query.where(alerts.c.shop_id == shop_id)).first())


def of_person(connection: Connection, shop_id: str, number: str, customer_id: str, limit: int) -> list[Alert]:
    """By number, or by the shop's own id of the customer where the number is empty; newest first."""
    whose = alerts.c.number == number if number else alerts.c.customer_id == customer_id
    query = select(alerts).where(alerts.c.shop_id == shop_id, whose).order_by(alerts.c.id.desc()).limit(limit)
    return [_alert(row) for row in connection.execute(query)]


def asked_from(connection: Connection, shop_id: str, ip: str, since: datetime) -> int:
    """From the same address, or network of IPv6 addresses."""
    query = select(func.count()).where(
        alerts.c.shop_id == shop_id, alerts.c.network == network(ip), alerts.c.created_at > since
    )
    return connection.scalar(query) or 0


def asked_for(connection: Connection, shop_id: str, number: str, since: datetime) -> int:
    query = select(func.count()).where(
        alerts.c.number == number, alerts.c.shop_id == shop_id, alerts.c.created_at > since
    )
    return connection.scalar(query) or 0


def confirm(connection: Connection, alert: Alert, now: datetime, expires_at: datetime) -> bool:
    """Whether it was this call that confirmed it."""
    changed = connection.execute(
        update(alerts)
        .where(alerts.c.shop_id == alert.shop_id, alerts.c.id == alert.id, alerts.c.state == _S.PENDING)
        .values(state=_S.WAITING, confirmed_at=now, expires_at=expires_at)
    )
    return changed.rowcount == 1


def end(connection: Connection, shop_id: str, ids: Collection[str], reason: str, now: datetime) -> int:
    return connection.execute(
        update(alerts)
        .where(alerts.c.shop_id == shop_id, alerts.c.id.in_(sorted(ids)), _IS_OPEN)
        .values(state=_S.ENDED, reason=reason, ended_at=now)
    ).rowcount


def end_of_people(connection: Connection, people: Collection[tuple[str, str]], reason: str, now: datetime) -> int:
    """All that these (shop id, number) still wait for."""
    if not people:
        return 0
    return connection.execute(
        update(alerts)
        .where(among(alerts.c.shop_id, alerts.c.number, people), _IS_OPEN)
        .values(state=_S.ENDED, reason=reason, ended_at=now)
    ).rowcount


def expire(connection: Connection, now: datetime, limit: int) -> int:
    """End what nobody confirmed in time, or what has waited too long."""
    waiting = or_(alerts.c.state == literally(_S.PENDING), alerts.c.state == literally(_S.WAITING))
    rows = connection.execute(
        select(alerts.c.shop_id, alerts.c.id, alerts.c.state)
        .where(alerts.c.state.in_([literally(_S.PENDING), literally(_S.WAITING)]), alerts.c.expires_at <= now)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for reason, state in (("not_confirmed", _S.PENDING), ("waited_too_long", _S.WAITING)):
        keys = [(row.shop_id, row.id) for row in rows if row.state == state]
        if keys:
            connection.execute(
                update(alerts)
                .where(among(alerts.c.shop_id, alerts.c.id, keys), waiting)
                .values(state=_S.ENDED, reason=reason, ended_at=now)
            )
    return len(rows)


def next_in_line(connection: Connection, key: StockKey, wave: int, limit: int) -> list[Alert]:
    """Who has waited longest and was not yet considered for this wave. Whoever writes the wave holds the stock; no wish
    is held, since who ends one may hold its number already."""
    rows = connection.execute(
        select(alerts)
        .where(*_of(key), alerts.c.state == literally(_S.WAITING), alerts.c.wave < wave)
        .order_by(*_KEY, alerts.c.id)
        .limit(limit)
    )
    return [_alert(row) for row in rows]


def anybody_waits(connection: Connection, key: StockKey) -> bool:
    query = select(alerts.c.id).where(*_of(key), alerts.c.state == literally(_S.WAITING)).limit(1)
    return connection.scalar(query) is not None


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a wish goes from here. `place` is 0 for one that is not texted in this wave."""

    shop_id: str
    id: str
    state: AlertState
    reason: str = ""
    wave: int = 0
    place: int = 0
    texted_at: datetime | None = None


def consider(connection: Connection, turns: Sequence[Turn], now: datetime) -> None:
    """What a wave has done with those in line."""
    _move(connection, turns, now, _S.WAITING, wave=bindparam("new_wave"), place=bindparam("new_place"))


def settle(connection: Connection, turns: Sequence[Turn], now: datetime) -> None:
    """What became of those whose text was under way."""
    _move(connection, turns, now, _S.TEXTING)


def _move(connection: Connection, turns: Sequence[Turn], now: datetime, standing: AlertState, **columns: Any) -> None:
    if not turns:
        return
    connection.execute(
        update(alerts)
        .where(
            alerts.c.shop_id == bindparam("of_shop"), alerts.c.id == bindparam("of_id"), alerts.c.state == str(standing)
        )
        .values(
            state=bindparam("new_state"),
            reason=bindparam("new_reason"),
            texted_at=bindparam("new_texted"),
            ended_at=bindparam("new_ended"),
            **columns,
        ),
        [_told(turn, now, bool(columns)) for turn in turns],
    )


def _told(turn: Turn, now: datetime, with_place: bool) -> dict[str, Any]:
    place = {"new_wave": turn.wave, "new_place": turn.place} if with_place else {}
    return {
        "of_shop": turn.shop_id,
        "of_id": turn.id,
        "new_state": str(turn.state),
        "new_reason": turn.reason,
        "new_texted": turn.texted_at,
        "new_ended": None if turn.state in OPEN else now,
        **place,
    }


def _open_as_indexed() -> Any:
    return alerts.c.state.in_([literally(state) for state in (_S.PENDING, _S.WAITING, _S.TEXTING)])


def _of(key: StockKey) -> list[Any]:
    return [column == value for column, value in zip(_KEY, key, strict=True)]


def _one(row: AnyRow | None) -> Alert | None:
    return _alert(row) if row else None


def _alert(row: AnyRow) -> Alert:
    columns = {name: getattr(row, name) for name in _COLUMNS}
    return Alert(**{**columns, "state": AlertState(row.state)})


def _columns(alert: Alert) -> dict[str, Any]:
    return {**{name: getattr(alert, name) for name in _COLUMNS}, "network": network(alert.ip)}
