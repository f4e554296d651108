"""Messages and their timelines: put in, moved from state to state, never moved backwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count, groupby
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sidecar.domain.ids import RandomBits
from sidecar.domain.status import MessageState, can_become
from sidecar.storage.keys import among
from sidecar.storage.tables import messages, timeline

MessageKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A row for the outbox: `columns` as the table names them; `why` opens its timeline."""

    columns: Mapping[str, Any]
    why: Mapping[str, Any]

    @property
    def key(self) -> MessageKey:
        return self.columns["shop_id"], self.columns["id"]


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
    """Where a message stands."""

    state: MessageState
    attempts: int


class Messages:
    """Writes messages. Time and randomness are handed in."""

    def __init__(self, random_bits: RandomBits) -> None:
        self._random_bits = random_bits
        self._lines = count()

    def add(self, connection: Connection, new: Sequence[NewMessage], now: datetime) -> None:
        """Put new messages in. One whose `dedupe_key` is already there is left out: the first one counts."""
        if not new:
            return
        make_insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        statement = make_insert(messages).on_conflict_do_nothing(
            index_elements=[messages.c.shop_id, messages.c.dedupe_key]
        )
        connection.execute(statement, [dict(message.columns) for message in new])
        stored = self._states(connection, [message.key for message in new])
        born = [message for message in new if message.key in stored]
        self._note(connection, ((*m.key, m.columns["state"], m.why) for m in born), now)

    def advance(self, connection: Connection, steps: Sequence[Step], now: datetime) -> list[bool]:
        """Take the steps that are allowed from where each message stands; returns which were taken.
        The others are written to the timeline as not applied, for whoever wonders."""
        if not steps:
            return []
        states = self._states(connection, [step.key for step in steps], lock=True)
        taken = []
        for step in steps:
            current = states.get(step.key)
            allowed = current is not None and step.may_follow(current)
            if current and allowed:
                states[step.key] = replace(current, state=step.state)
            taken.append(allowed)
        _set_columns(connection, [step for step, allowed in zip(steps, taken, strict=True) if allowed])
        self._note(
            connection, [_line(s, allowed) for s, allowed in zip(steps, taken, strict=True) if s.key in states], now
        )
        return taken

    def note(self, connection: Connection, rows: Iterable[Step], now: datetime) -> None:
        """Write to timelines only: the messages stand already where the steps say."""
        self._note(connection, [_line(step, True) for step in rows], now)

    def _states(
        self, connection: Connection, keys: Sequence[MessageKey], lock: bool = False
    ) -> dict[MessageKey, Standing]:
        query = select(messages.c.shop_id, messages.c.id, messages.c.state, messages.c.attempts).where(
            among(messages.c.shop_id, messages.c.id, set(keys))
        )
        if lock:
            query = query.order_by(messages.c.shop_id, messages.c.id).with_for_update()
        return {
            (row.shop_id, row.id): Standing(MessageState(row.state), row.attempts) for row in connection.execute(query)
        }

    def _note(
        self, connection: Connection, rows: Iterable[tuple[str, str, str, Mapping[str, Any]]], now: datetime
    ) -> None:
        values = [
            {
                "shop_id": shop_id,
                "message_id": message_id,
                "id": self._line_id(now),
                "at": now,
                "state": str(state),
                "detail": dict(detail),
            }
            for shop_id, message_id, state, detail in rows
        ]
        if values:
            connection.execute(insert(timeline), values)

    def _line_id(self, now: datetime) -> str:
        """Sorts by moment and, within a millisecond, in the order of writing."""
        milliseconds = int(now.timestamp() * 1000)
        return f"tl_{milliseconds:011x}{next(self._lines) % 2**32:08x}{self._random_bits(32):08x}"


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

    @property
    def key(self) -> MessageKey:
        return self.shop_id, self.id

    @property
    def person(self) -> tuple[str, str]:
        return self.shop_id, self.to


def recipients_of(connection: Connection, keys: Iterable[MessageKey]) -> dict[MessageKey, Recipient]:
    rows = connection.execute(
        select(messages.c.shop_id, messages.c.id, messages.c.to, messages.c.state).where(
            among(messages.c.shop_id, messages.c.id, set(keys)), messages.c.event.not_in(("staff", "test"))
        )
    )
    return {(row.shop_id, row.id): Recipient(row.shop_id, row.id, row.to, MessageState(row.state)) for row in rows}
