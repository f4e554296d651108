"""The shops' try-outs: asked for, run by whoever has the lease, and kept until the next one or for a week."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from sidecar.storage.tables import literally, tryouts

ASKED, RUNNING, DONE, FAILED = "asked", "running", "done", "failed"
_OPEN = or_(tryouts.c.state == literally(ASKED), tryouts.c.state == literally(RUNNING))

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TryOut:
    """`orders` counts those looked at so far; `lines` are there when it is done."""

    shop_id: str
    mode: int
    days: int
    state: str
    problem: str
    asked_at: datetime
    finished_at: datetime | None
    orders: int
    lines: Sequence[Line]

    @property
    def is_open(self) -> bool:
        return self.state in (ASKED, RUNNING)


_COLUMNS = [tryouts.c[name] for name in TryOut.__dataclass_fields__]


def ask(connection: Connection, shop_id: str, mode: int, days: int, now: datetime) -> bool:
    """In place of the one before; returns whether none was under way."""
    known = find(connection, shop_id)
    if known and known.is_open:
        return False
    connection.execute(delete(tryouts).where(tryouts.c.shop_id == shop_id))
    connection.execute(insert(tryouts).values(shop_id=shop_id, mode=mode, days=days, state=ASKED, asked_at=now))
    return True


def find(connection: Connection, shop_id: str) -> TryOut | None:
    row = connection.execute(select(*_COLUMNS).where(tryouts.c.shop_id == shop_id)).first()
    return TryOut(**row._mapping) if row else None


def waiting(connection: Connection, now: datetime) -> list[str]:
    """Shops whose try-out nobody is at, the longest waiting first."""
    free = or_(tryouts.c.lease_until.is_(None), tryouts.c.lease_until <= now)
    return list(connection.scalars(select(tryouts.c.shop_id).where(_OPEN, free).order_by(tryouts.c.asked_at)))


def take(connection: Connection, shop_id: str, now: datetime, until: datetime) -> TryOut | None:
    """For this process alone, until its lease is over; None where another has it."""
    free = or_(tryouts.c.lease_until.is_(None), tryouts.c.lease_until <= now)
    mine = update(tryouts).where(tryouts.c.shop_id == shop_id, _OPEN, free)
    taken = connection.execute(mine.values(state=RUNNING, lease_until=until, orders=0)).rowcount
    return find(connection, shop_id) if taken else None


def go_on(connection: Connection, tried: TryOut, orders: int, until: datetime) -> bool:
    """Say how far it is, and keep the lease; False when it has been taken back."""
    mine = update(tryouts).where(*_this(tried))
    return connection.execute(mine.values(orders=orders, lease_until=until)).rowcount == 1


def finish(connection: Connection, tried: TryOut, now: datetime, **told: Any) -> None:
    ended: Mapping[str, Any] = {"lease_until": None, "finished_at": now, **told}
    connection.execute(update(tryouts).where(*_this(tried)).values(**ended))


def forget(connection: Connection, shop_ids: Collection[str]) -> None:
    """With a person who is erased goes what these shops tried: it can be tried again."""
    connection.execute(delete(tryouts).where(tryouts.c.shop_id.in_(sorted(shop_ids))))


def forget_old(connection: Connection, before: datetime) -> int:
    return connection.execute(delete(tryouts).where(tryouts.c.asked_at < before)).rowcount


def _this(tried: TryOut) -> tuple[Any, ...]:
    return tryouts.c.shop_id == tried.shop_id, tryouts.c.asked_at == tried.asked_at, _OPEN
