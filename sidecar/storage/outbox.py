"""The queue side of messages: claim, release, expire, and pick up what a dead worker left behind."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select, tuple_, update

from sidecar.domain.message import Words
from sidecar.domain.status import MessageState
from sidecar.storage.accounts import Account
from sidecar.storage.credits import is_unpaid
from sidecar.storage.keys import among
from sidecar.storage.messages import MessageKey, Messages, Step
from sidecar.storage.tables import accounts, literally, messages, workers

_S = MessageState
LONGEST_SEND = timedelta(minutes=3)
"""Longer than any send can take: whoever still has a message in hand then has lost it."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send, and only ours."""

    shop_id: str
    id: str
    account_id: str
    provider: str
    to: str
    text: str
    sealed: str | None
    templates: dict[str, Any] | None
    unfit: list[str]
    encoding: str
    event: str
    subject_id: str | None
    category: str
    channel: str
    country: str
    batch_key: str | None
    attempts: int
    checks: int
    provider_id: str | None
    created_at: datetime
    claimed_at: datetime
    expires_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return self.shop_id, self.id

    def words(self, unseal: Callable[[str], str]) -> Words:
        """A one-time code is kept sealed; all else is in the open."""
        return Words.unsealed(unseal(self.sealed)) if self.sealed else Words.read(self.text, self.templates)


_CLAIM_COLUMNS = (
    messages.c.shop_id,
    messages.c.id,
    messages.c.account_id,
    messages.c.provider,
    messages.c.to,
    messages.c.text,
    messages.c.sealed,
    messages.c.templates,
    messages.c.unfit,
    messages.c.encoding,
    messages.c.event,
    messages.c.subject_id,
    messages.c.category,
    messages.c.channel,
    messages.c.country,
    messages.c.batch_key,
    messages.c.attempts,
    messages.c.checks,
    messages.c.provider_id,
    messages.c.created_at,
    messages.c.claimed_at,
    messages.c.expires_at,
)


@dataclass(frozen=True, slots=True)
class Busy:
    """An account for which something is due, and how many messages a second it takes (0: as many as it can)."""

    account_id: str
    rate: int


def accounts_with_work(connection: Connection, now: datetime) -> list[Busy]:
    """One index probe an account, however long the queues."""
    due = exists().where(
        messages.c.state == literally(_S.QUEUED), messages.c.account_id == accounts.c.id, messages.c.due_at <= now
    )
    rows = connection.execute(select(accounts.c.id, accounts.c.rate).where(due).order_by(accounts.c.id))
    return [Busy(*row) for row in rows]


def claim(connection: Connection, worker_id: str, account_id: str, limit: int, now: datetime) -> list[Claimed]:
    """Take up to `limit` due messages of one account, oldest first. A claimed message is `sending` on disk
    before a byte of it leaves, so that a crash cannot make anyone send it again."""
    due = _due(account_id, now).order_by(messages.c.due_at, messages.c.id).limit(limit)
    return sorted(_take(connection, due, _taking(worker_id, now)), key=lambda message: message.id)


def claim_alike(
    connection: Connection, worker_id: str, account_id: str, batch_key: str, limit: int, now: datetime
) -> list[Claimed]:
    """Take up to `limit` more due messages with this text, for one request that carries them all."""
    alike = _due(account_id, now).where(messages.c.batch_key == batch_key).order_by(messages.c.id).limit(limit)
    return _take(connection, alike, _taking(worker_id, now))


def _due(account_id: str, now: datetime) -> Select[tuple[str, str]]:
    return select(messages.c.shop_id, messages.c.id).where(
        messages.c.state == literally(_S.QUEUED),
        messages.c.account_id == account_id,
        messages.c.due_at <= now,
        messages.c.expires_at > now,
    )


def _taking(worker_id: str, now: datetime) -> dict[str, Any]:
    return {"state": _S.SENDING, "claimed_by": worker_id, "claimed_at": now, "attempts": messages.c.attempts + 1}


def _take(connection: Connection, wanted: Select[tuple[str, str]], values: Mapping[str, Any]) -> list[Claimed]:
    # PostgreSQL may run a plain subquery twice, and then locks more rows than its limit; it does not inline this.
    chosen = wanted.with_for_update(skip_locked=True).cte("chosen")
    rows = connection.execute(
        update(messages)
        .where(tuple_(messages.c.shop_id, messages.c.id).in_(select(chosen.c.shop_id, chosen.c.id)))
        .values(**values)
        .returning(*_CLAIM_COLUMNS)
    )
    return [Claimed(*row) for row in rows]


def release_due(connection: Connection, writer: Messages, now: datetime, limit: int = 500) -> int:
    """Move held messages whose moment has come into the queue."""
    keys = _locked(connection, held_is_due(now), limit)
    steps = [Step(*key, _S.QUEUED, {"reason": ""}, {"rule": "its moment has come"}) for key in keys]
    return sum(writer.advance(connection, steps, now))


def expire(connection: Connection, writer: Messages, now: datetime, limit: int = 500) -> int:
    """End what has waited past its validity: late is worse than never."""
    keys = _locked(connection, is_past_validity(now), limit)
    steps = [
        Step(*key, _S.EXPIRED, {"reason": "validity_over", "sealed": None}, {"reason": "validity_over"}) for key in keys
    ]
    return sum(writer.advance(connection, steps, now))


def held_is_due(now: datetime) -> ColumnElement[bool]:
    """What waits for credit is due when it expires, and never leaves by this."""
    return and_(messages.c.state == literally(_S.HELD), messages.c.due_at <= now, messages.c.expires_at > now)


def unpaid(connection: Connection, shop_id: str, now: datetime, after_id: str, limit: int) -> list[Claimed]:
    """Messages of a shop that wait for nothing but credit, by id from after the given one."""
    query: Select[Any] = select(*_CLAIM_COLUMNS).where(
        messages.c.shop_id == shop_id,
        is_unpaid(),
        messages.c.id > after_id,
        messages.c.check_at <= now,
        messages.c.expires_at > now,
    )
    return [Claimed(*row) for row in connection.execute(query.order_by(messages.c.id).limit(limit))]


def is_past_validity(now: datetime) -> ColumnElement[bool]:
    waiting = (messages.c.state == literally(state) for state in (_S.HELD, _S.QUEUED))
    return and_(or_(*waiting), messages.c.expires_at <= now)


def is_lost(now: datetime, silent_since: datetime) -> ColumnElement[bool]:
    """In the hands of a worker that has been silent since then, or in any hands for too long."""
    living = select(workers.c.id).where(workers.c.beat_at > silent_since)
    gone = or_(messages.c.claimed_by.not_in(living), messages.c.claimed_at < now - LONGEST_SEND)
    return and_(messages.c.state == literally(_S.SENDING), gone)


def any_message(connection: Connection, condition: ColumnElement[bool]) -> bool:
    """A look that needs no write lock."""
    return connection.scalar(select(messages.c.id).where(condition).limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queued message that might go by another account."""

    shop_id: str
    id: str
    country: str
    category: str
    unfit: list[str]

    @property
    def key(self) -> MessageKey:
        return self.shop_id, self.id


def waiting_at(connection: Connection, account_id: str, after_id: str, limit: int) -> list[Waiting]:
    """What is queued at an account, by id from after the given one."""
    rows = connection.execute(
        select(messages.c.shop_id, messages.c.id, messages.c.country, messages.c.category, messages.c.unfit)
        .where(
            messages.c.state == literally(_S.QUEUED),
            messages.c.account_id == account_id,
            messages.c.id > after_id,
        )
        .order_by(messages.c.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def move(
    connection: Connection, keys: Collection[MessageKey], from_id: str, to: Account, now: datetime
) -> list[MessageKey]:
    """Let these messages go by another account, as far as they still wait at the one; returns which do now."""
    rows = connection.execute(
        update(messages)
        .where(
            among(messages.c.shop_id, messages.c.id, keys),
            messages.c.state == literally(_S.QUEUED),
            messages.c.account_id == from_id,
        )
        .values(account_id=to.id, provider=to.kind, channel=to.channel, due_at=now)
        .returning(messages.c.shop_id, messages.c.id)
    )
    return [(row.shop_id, row.id) for row in rows]


def bring_forward(connection: Connection, account_id: str, now: datetime) -> int:
    """A provider is back: what waits for another try is due at once."""
    return connection.execute(
        update(messages)
        .where(messages.c.state == literally(_S.QUEUED), messages.c.account_id == account_id, messages.c.due_at > now)
        .values(due_at=now)
    ).rowcount


def abandon_dead(connection: Connection, writer: Messages, now: datetime, silent_since: datetime) -> int:
    """Messages that a worker had in hand when it died may or may not have left: they become `unknown`."""
    keys = _locked(connection, is_lost(now, silent_since), 500)
    steps = [
        Step(*key, _S.UNKNOWN, {"reason": "worker_died", "check_at": now}, {"reason": "worker_died"}) for key in keys
    ]
    return sum(writer.advance(connection, steps, now))


def fate_is_due(now: datetime) -> ColumnElement[bool]:
    return and_(messages.c.state == literally(_S.UNKNOWN), messages.c.check_at <= now)


def take_unknown(connection: Connection, now: datetime, again_at: datetime, limit: int = 20) -> list[Claimed]:
    """Messages whose fate is due to be asked about. Asking is booked first, so that two workers do not ask both."""
    due = select(messages.c.shop_id, messages.c.id).where(fate_is_due(now)).order_by(messages.c.check_at).limit(limit)
    return _take(connection, due, {"check_at": again_at, "checks": messages.c.checks + 1})


def ask_again(connection: Connection, message: Claimed, at: datetime | None) -> None:
    connection.execute(
        update(messages)
        .where(
            messages.c.shop_id == message.shop_id,
            messages.c.id == message.id,
            messages.c.state == literally(_S.UNKNOWN),
        )
        .values(check_at=at)
    )


def _locked(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[tuple[str, str]]:
    rows = connection.execute(
        select(messages.c.shop_id, messages.c.id).where(condition).limit(limit).with_for_update(skip_locked=True)
    )
    return [(row.shop_id, row.id) for row in rows]
