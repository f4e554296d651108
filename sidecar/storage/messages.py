"""Messages and their timelines: put in, moved from state to state, never moved backwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count, groupby
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from sidecar.domain.ids import RandomBits
from sidecar.domain.status import LEFT, UNSENT, MessageState, can_become
from sidecar.storage import credits
from sidecar.storage import links as short
from sidecar.storage.credits import NO_CREDIT, Entry, Kind
from sidecar.storage.keys import among
from sidecar.storage.links import NewLink
from sidecar.storage.tables import messages, timeline
from sidecar.storage.upserts import insert_or

MessageKey = tuple[str, str]
LINKS_LAST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A row for the outbox: `columns` as the table names them; `why` opens its timeline; `links` are in its text."""

    columns: Mapping[str, Any]
    why: Mapping[str, Any]
    links: Sequence[NewLink] = ()

    @property
    def key(self) -> MessageKey:
        return self.columns["shop_id"], self.columns["id"]

    @property
    def refused(self) -> str:
        """Why it is not sent, or empty."""
        return str(self.columns["reason"]) if self.columns["state"] == MessageState.SUPPRESSED else ""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of one message. `columns` are further columns to set, `detail` goes to its timeline. With
    `attempt` it counts only while that attempt is the message's latest."""

    shop_id: str
    message_id: str
    state: MessageState
    columns: Mapping[str, Any] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    attempt: int | None = None

    @property
    def key(self) -> MessageKey:
        return self.shop_id, self.message_id

    def may_follow(self, standing: "Standing") -> bool:
        return can_become(standing.state, self.state) and self.attempt in (None, standing.attempts)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands. `charged`: the credits that were taken for it; `was_lost`: whether it ever was
    `unknown`, and may have left."""

    state: MessageState
    attempts: int
    charged: int
    was_lost: bool
    is_sealed: bool

    def after(self, step: Step) -> "Standing":
        return replace(self, state=step.state, was_lost=self.was_lost or step.state is MessageState.UNKNOWN)

    def ends_unsent(self, step: Step) -> bool:
        """Whether with this step it certainly never leaves. Of what is
        in hand, and of refusals, only who sent it can say that."""
        hearsay = step.attempt is None and (self.state is MessageState.SENDING or step.state is MessageState.REJECTED)
        return step.state in UNSENT and self.state not in LEFT and not (self.was_lost or hearsay)


class Messages:
    """Writes messages. Time and randomness are handed in."""

    def __init__(self, random_bits: RandomBits) -> None:
        self._random_bits = random_bits
        self._lines = count()

    def add(self, connection: Connection, new: Sequence[NewMessage], now: datetime) -> None:
        """Put new messages in. One whose `dedupe_key` is already there is left out: the first one counts."""
        if not new:
            return
        statement = insert_or(connection, messages).on_conflict_do_nothing(
            index_elements=[messages.c.shop_id, messages.c.dedupe_key]
        )
        connection.execute(statement, [dict(message.columns) for message in new])
        stored = self._states(connection, [message.key for message in new])
        born = [message for message in new if message.key in stored]
        credits.book(connection, [self._charge(m.key, m.columns["credits"], now) for m in born if _is_charged(m)])
        for message in born:
            short.add(connection, message.key, message.links, now, now + LINKS_LAST)
        self._note(connection, ((*m.key, m.columns["state"], m.why) for m in born), now)

    def advance(self, connection: Connection, steps: Sequence[Step], now: datetime) -> list[bool]:
        """Take the steps that are allowed from where each message stands; returns which were taken.
        The others are written to the timeline as not applied, for whoever wonders."""
        if not steps:
            return []
        states = self._states(connection, [step.key for step in steps], lock=True)
        moves, taken = [], []
        for step in steps:
            current = states.get(step.key)
            allowed = current is not None and step.may_follow(current)
            if current and allowed:
                moves.append((current, step))
                states[step.key] = current.after(step)
            taken.append(allowed)
        _set_columns(connection, [_without_seal(*move) for move in moves])
        credits.give_back(connection, self._returns(moves, now))
        self._note(
            connection, [_line(s, allowed) for s, allowed in zip(steps, taken, strict=True) if s.key in states], now
        )
        return taken

    def pay(self, connection: Connection, costs: Mapping[MessageKey, int], now: datetime) -> None:
        """Charge messages that have waited for credit, from balances that this transaction holds."""
        credits.book(connection, [self._charge(key, cost, now) for key, cost in costs.items()])

    def note(self, connection: Connection, rows: Iterable[Step], now: datetime) -> None:
        """Write to timelines only: the messages stand already where the steps say."""
        self._note(connection, [_line(step, True) for step in rows], now)

    def _states(
        self, connection: Connection, keys: Sequence[MessageKey], lock: bool = False
    ) -> dict[MessageKey, Standing]:
        query = select(*_STANDING).where(among(messages.c.shop_id, messages.c.id, set(keys)))
        if lock:
            query = query.order_by(messages.c.shop_id, messages.c.id).with_for_update()
        return {(row[0], row[1]): _standing(*row[2:]) for row in connection.execute(query)}

    def _returns(self, moves: Iterable[tuple[Standing, Step]], now: datetime) -> list[Entry]:
        return [
            Entry(self._sequential("led", now), step.shop_id, Kind.RETURN, standing.charged, now, now, step.message_id)
            for standing, step in moves
            if standing.charged and standing.ends_unsent(step)
        ]

    def _charge(self, key: MessageKey, cost: int, now: datetime) -> Entry:
        return Entry(self._sequential("led", now), key[0], Kind.CHARGE, -cost, now, now, key[1])

    def _note(
        self, connection: Connection, rows: Iterable[tuple[str, str, str, Mapping[str, Any]]], now: datetime
    ) -> None:
        values = [
            {
                "shop_id": shop_id,
                "message_id": message_id,
                "id": self._sequential("tl", now),
                "at": now,
                "state": str(state),
                "detail": dict(detail),
            }
            for shop_id, message_id, state, detail in rows
        ]
        if values:
            connection.execute(insert(timeline), values)

    def _sequential(self, prefix: str, now: datetime) -> str:
        """Sorts by moment and, within a millisecond, in the order of writing."""
        milliseconds = int(now.timestamp() * 1000)
        return f"{prefix}_{milliseconds:011x}{next(self._lines) % 2**32:08x}{self._random_bits(32):08x}"


_STANDING = (
    messages.c.shop_id,
    messages.c.id,
    messages.c.state,
    messages.c.attempts,
    messages.c.credits,
    messages.c.reason,
    messages.c.checks,
    messages.c.sealed.is_not(None),
)


def _standing(state: str, attempts: int, cost: int, reason: str, checks: int, is_sealed: bool) -> Standing:
    known = MessageState(state)
    charged = 0 if _is_unpaid(known, reason) else cost
    return Standing(known, attempts, charged, known is MessageState.UNKNOWN or checks > 0, is_sealed)


def _is_unpaid(state: MessageState, reason: str) -> bool:
    return state is MessageState.HELD and reason == NO_CREDIT


def _is_charged(message: NewMessage) -> bool:
    columns = message.columns
    if not columns.get("credits"):
        return False
    return columns["state"] not in UNSENT and not _is_unpaid(columns["state"], columns["reason"])


def _without_seal(standing: Standing, step: Step) -> Step:
    """What was kept sealed until it has left is kept no longer."""
    over = step.state in LEFT or step.state in UNSENT
    return replace(step, columns={**step.columns, "sealed": None}) if standing.is_sealed and over else step


def _line(step: Step, applied: bool) -> tuple[str, str, str, Mapping[str, Any]]:
    return *step.key, step.state, step.detail if applied else {**step.detail, "applied": False}


def _set_columns(connection: Connection, steps: Iterable[Step]) -> None:
    """One statement for all steps that set the same columns. A later step of one message must stay later."""

    def columns_of(step: Step) -> tuple[str, ...]:
        return tuple(sorted(step.columns))

    for names, group in groupby(steps, key=columns_of):
        statement = (
            update(messages)
            .where(messages.c.shop_id == bindparam("of_shop"), messages.c.id == bindparam("of_id"))
            .values(state=bindparam("new_state"), **{name: bindparam(f"new_{name}") for name in names})
        )
        connection.execute(
            statement,
            [
                {
                    "of_shop": step.shop_id,
                    "of_id": step.message_id,
                    "new_state": str(step.state),
                    **{f"new_{name}": value for name, value in step.columns.items()},
                }
                for step in group
            ],
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """A held message that a newer change may overtake until `settles_at`; None: it tells of something else."""

    message_id: str
    settles_at: datetime | None

    def settles_after(self, moment: datetime) -> bool:
        return self.settles_at is not None and self.settles_at > moment


def held_of(connection: Connection, orders: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Pending]]:
    """What these orders (shop id, order id) have waiting."""
    wanted = sorted(set(orders))
    found: dict[tuple[str, str], list[Pending]] = {}
    if not wanted:
        return found
    rows = connection.execute(
        select(messages.c.shop_id, messages.c.order_id, messages.c.id, messages.c.settles_at).where(
            among(messages.c.shop_id, messages.c.order_id, wanted), messages.c.state == MessageState.HELD
        )
    )
    for row in rows:
        found.setdefault((row.shop_id, row.order_id), []).append(Pending(row.id, row.settles_at))
    return found


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for, and where it stands."""

    shop_id: str
    id: str
    to: str
    state: MessageState
    channel: str
    category: str

    @property
    def key(self) -> MessageKey:
        return self.shop_id, self.id

    @property
    def person(self) -> tuple[str, str]:
        return self.shop_id, self.to


def recipients_of(connection: Connection, keys: Iterable[MessageKey]) -> dict[MessageKey, Recipient]:
    told = (messages.c[name] for name in Recipient.__dataclass_fields__)
    rows = connection.execute(
        select(*told).where(
            among(messages.c.shop_id, messages.c.id, set(keys)), messages.c.event.not_in(("staff", "test"))
        )
    )
    found = (Recipient(**{**row._mapping, "state": MessageState(row.state)}) for row in rows)
    return {recipient.key: recipient for recipient in found}
