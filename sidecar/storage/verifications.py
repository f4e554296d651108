"""One-time codes: asked for, tried, confirmed. Of a code only its keyed hash is kept."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, or_, select, update

from sidecar.domain.codes import Sample, Sent
from sidecar.storage.tables import lifted_stops, tariffs, verifications
from sidecar.storage.types import AnyRow

SENT, UNSENT, WITHHELD, CONFIRMED = "sent", "unsent", "withheld", "confirmed"
"""An unsent one looks like a sent one to whoever tries codes, and none is right. Of a withheld one the shop was told
why, and it counts for nothing."""

# Whoever asks must not learn what somebody else told the shop.
_PRIVATE = frozenset({"opted_out"})

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAMPLED_AFTER = timedelta(minutes=5)

_OF, _LIFTED = verifications.c, lifted_stops.c


@dataclass(frozen=True, slots=True)
class Verification:
    """`ip` is an address, or of IPv6 its network; `subject` the shop's own word for what the code is for."""

    shop_id: str
    id: str
    number: str
    country: str
    prefix: str
    ip: str
    subject: str
    locale: str
    domain: str
    code_digest: str
    state: str
    tries: int
    sends: int
    created_at: datetime
    sent_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None = None


def state_after(reason: str) -> str:
    """`reason`: why its text was not sent, or empty."""
    if not reason:
        return SENT
    return UNSENT if reason in _PRIVATE else WITHHELD


_COLUMNS = tuple(_OF[field.name] for field in fields(Verification))


def add(connection: Connection, made: Verification) -> None:
    connection.execute(insert(verifications), asdict(made))


def find(connection: Connection, shop_id: str, verification_id: str) -> Verification | None:
    return _read(connection, _one(shop_id, verification_id))


def latest(connection: Connection, shop_id: str, number: str, subject: str) -> Verification | None:
    return _read(connection, (_OF.shop_id == shop_id) & (_OF.number == number) & (_OF.subject == subject))


def just_asked(connection: Connection, shop_id: str, number: str, subject: str, since: datetime) -> Verification | None:
    """What somebody asked for a moment ago, who may have pressed twice."""
    same = (_OF.shop_id == shop_id) & (_OF.number == number) & (_OF.subject == subject)
    return _read(connection, same & (_OF.created_at > since) & _OF.state.in_((SENT, UNSENT)))


def send_again(connection: Connection, again: Verification) -> None:
    connection.execute(
        update(verifications)
        .where(_one(again.shop_id, again.id))
        .values(
            code_digest=again.code_digest,
            state=again.state,
            sends=again.sends,
            sent_at=again.sent_at,
            expires_at=again.expires_at,
        )
    )


def take_try(
    connection: Connection, shop_id: str, verification_id: str, most_tries: int, now: datetime
) -> Verification | None:
    """Count a try before it is judged, so that many at once are no more than allowed. None where none is left."""
    row = connection.execute(
        update(verifications)
        .where(
            _one(shop_id, verification_id),
            _OF.state.in_((SENT, UNSENT)),
            _OF.tries < most_tries,
            _OF.expires_at > now,
        )
        .values(tries=_OF.tries + 1)
        .returning(*_COLUMNS)
    ).first()
    return _verification(row) if row else None


def confirm(connection: Connection, shop_id: str, verification_id: str, now: datetime) -> None:
    connection.execute(
        update(verifications).where(_one(shop_id, verification_id)).values(state=CONFIRMED, confirmed_at=now)
    )


def sent_lately(
    connection: Connection, shop_id: str, number: str, ip: str, prefix: str, sample_size: int, now: datetime
) -> Sent:
    return Sent(
        to_number=_sends(connection, shop_id, _OF.number == number, now - HOUR),
        to_number_in_a_day=_sends(connection, shop_id, _OF.number == number, now - DAY),
        from_address=_sends(connection, shop_id, _OF.ip == ip, now - HOUR),
        to_prefix=_sends(connection, shop_id, _OF.prefix == prefix, now - HOUR),
        by_country=sent_by_country(connection, shop_id, now),
        sample=samples(connection, shop_id, sample_size, now, prefix).get(prefix, Sample()),
    )


def sent_by_country(connection: Connection, shop_id: str, now: datetime) -> dict[str, int]:
    """Of the last hour."""
    rows = connection.execute(
        select(_OF.country, func.sum(_OF.sends)).where(*_since(shop_id, now - HOUR)).group_by(_OF.country)
    )
    return {row[0]: int(row[1]) for row in rows}


def samples(
    connection: Connection, shop_id: str, size: int, now: datetime, prefix: str | None = None
) -> dict[str, Sample]:
    """By prefix, or of one: the last `size` codes of a day that were sent long enough ago to have come back. Where a
    stop was lifted, those since then."""
    place = func.row_number().over(partition_by=_OF.prefix, order_by=_OF.created_at.desc())
    old_enough = (
        select(_OF.prefix, _OF.state, place.label("place"))
        .outerjoin(lifted_stops, (_LIFTED.shop_id == _OF.shop_id) & (_LIFTED.prefix == _OF.prefix))
        .where(or_(_LIFTED.lifted_at.is_(None), _OF.created_at > _LIFTED.lifted_at))
        .where(_OF.shop_id == shop_id, _OF.state.in_((SENT, CONFIRMED)))
        .where(_OF.created_at > now - DAY, _OF.created_at <= now - SAMPLED_AFTER)
    )
    last = (old_enough if prefix is None else old_enough.where(_OF.prefix == prefix)).subquery()
    confirmed = func.sum(case((last.c.state == CONFIRMED, 1), else_=0))
    rows = connection.execute(
        select(last.c.prefix, func.count(), confirmed).where(last.c.place <= size).group_by(last.c.prefix)
    )
    return {row[0]: Sample(row[1], int(row[2])) for row in rows}


def lift_stop(connection: Connection, shop_id: str, prefix: str, now: datetime) -> None:
    connection.execute(delete(lifted_stops).where(_LIFTED.shop_id == shop_id, _LIFTED.prefix == prefix))
    connection.execute(insert(lifted_stops).values(shop_id=shop_id, prefix=prefix, lifted_at=now))


def weights(connection: Connection) -> dict[str, int]:
    """What a text costs by country, in credits; "" stands for all that have no tariff of their own."""
    rows = connection.execute(select(tariffs.c.country, tariffs.c.credits))
    return {row.country: row.credits for row in rows}


def _sends(connection: Connection, shop_id: str, which: ColumnElement[bool], since: datetime) -> int:
    return connection.scalar(select(func.sum(_OF.sends)).where(*_since(shop_id, since), which)) or 0


def _since(shop_id: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """A code that was sent again counts for as long as its last sending does; nobody can have it sent again an hour
    after asking."""
    return _OF.shop_id == shop_id, _OF.created_at > since - HOUR, _OF.sent_at > since, _OF.state != WITHHELD


def _one(shop_id: str, verification_id: str) -> ColumnElement[bool]:
    return (_OF.shop_id == shop_id) & (_OF.id == verification_id)


def _read(connection: Connection, which: ColumnElement[bool]) -> Verification | None:
    row = connection.execute(select(*_COLUMNS).where(which).order_by(_OF.created_at.desc())).first()
    return _verification(row) if row else None


def _verification(row: AnyRow) -> Verification:
    return Verification(**row._mapping)
