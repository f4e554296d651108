"""Messages move forward only, and their timelines tell what was tried."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sidecar.domain.status import MessageState
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages, NewMessage, Pending, Step, held_of
from sidecar.storage.occasions import message_of
from sidecar.storage.tables import messages, timeline
from tests.world import NOON, new_message

S = MessageState
SECOND = timedelta(seconds=1)


@pytest.fixture
def writer() -> Messages:
    return Messages(random.Random(7).getrandbits)


def put(database: Database, writer: Messages, *new: NewMessage) -> None:
    with database.write() as connection:
        writer.add(connection, new, NOON)


def advance(database: Database, writer: Messages, *steps: Step) -> list[bool]:
    with database.write() as connection:
        return writer.advance(connection, steps, NOON + SECOND)


def step(number: int, state: MessageState, detail: dict[str, Any] | None = None, **columns: Any) -> Step:
    return Step("shop_one", f"msg_{number:05}", state, columns, detail or {})


def told(database: Database, number: int = 1) -> list[tuple[str, dict[str, Any]]]:
    with database.read() as connection:
        rows = connection.execute(
            select(timeline.c.state, timeline.c.detail)
            .where(timeline.c.message_id == f"msg_{number:05}")
            .order_by(timeline.c.id)
        )
        return [(row.state, row.detail) for row in rows]


def kept(database: Database, column: str, number: int = 1) -> Any:
    with database.read() as connection:
        return connection.scalar(select(messages.c[column]).where(messages.c.id == f"msg_{number:05}"))


def test_a_new_message_is_there_with_its_reason(database: Database, writer: Messages) -> None:
    put(database, writer, new_message(1), new_message(2, S.SUPPRESSED, reason="landline"))
    assert (kept(database, "state", 1), kept(database, "state", 2)) == ("queued", "suppressed")
    assert told(database, 1) == [("queued", {"why": "a test"})]
    assert told(database, 2) == [("suppressed", {"why": "a test"})]


def test_nothing_new_is_nothing_to_do(database: Database, writer: Messages) -> None:
    put(database, writer)
    assert advance(database, writer) == []


def test_of_two_messages_for_one_occasion_the_first_counts(database: Database, writer: Messages) -> None:
    put(database, writer, new_message(1, S.SUPPRESSED, dedupe_key="1:placed", reason="landline"))
    put(database, writer, new_message(2, dedupe_key="1:placed"), new_message(3, dedupe_key="2:placed"))
    assert (kept(database, "state"), kept(database, "reason")) == ("suppressed", "landline")
    put(database, writer, new_message(4, dedupe_key="3:placed"), new_message(5, dedupe_key="3:placed"))
    with database.read() as connection:
        assert sorted(connection.scalars(select(messages.c.id))) == ["msg_00001", "msg_00003", "msg_00004"]
        assert set(connection.scalars(select(timeline.c.message_id))) == {"msg_00001", "msg_00003", "msg_00004"}
        assert message_of(connection, "shop_one", "1:placed").id == "msg_00001"


def test_two_shops_may_have_the_same_occasion(database: Database, writer: Messages) -> None:
    put(database, writer, new_message(1, dedupe_key="1:placed"))
    put(database, writer, new_message(2, dedupe_key="1:placed", shop_id="shop_two"))
    assert kept(database, "shop_id", 2) == "shop_two"


def test_two_who_write_one_occasion_at_once_write_one_message(
    database: Database, other: Database, writer: Messages
) -> None:
    def write(side: Database, first: int) -> None:
        for number in range(50):
            put(side, writer, new_message(first + number, dedupe_key=f"{number}:placed"))

    with ThreadPoolExecutor(2) as sides:
        list(sides.map(write, [database, other], [0, 1000]))
    with database.read() as connection:
        assert len(list(connection.scalars(select(messages.c.id)))) == 50
        assert len(list(connection.scalars(select(timeline.c.id)))) == 50


def test_an_allowed_step_is_taken_and_sets_its_columns(database: Database, writer: Messages) -> None:
    put(database, writer, new_message(1, S.SENDING))
    sent = step(1, S.ACCEPTED, {"seconds": 0.2}, provider_id="P-1", sent_at=NOON)
    assert advance(database, writer, sent) == [True]
    assert (kept(database, "state"), kept(database, "provider_id"), kept(database, "sent_at")) == (
        "accepted",
        "P-1",
        NOON,
    )
    assert told(database)[-1] == ("accepted", {"seconds": 0.2})


@pytest.mark.parametrize(
    ("state", "late"),
    [
        (S.DELIVERED, S.SENT),
        (S.DELIVERED, S.DELIVERED),
        (S.SENT, S.ACCEPTED),
        (S.UNDELIVERED, S.DELIVERED),
        (S.ACCEPTED, S.QUEUED),
        (S.CANCELLED, S.QUEUED),
        (S.EXPIRED, S.SENDING),
    ],
)
def test_a_step_back_is_kept_in_the_timeline_and_changes_nothing(
    database: Database, writer: Messages, state: MessageState, late: MessageState
) -> None:
    put(database, writer, new_message(1, state, reason="before", provider_id="P-1"))
    assert advance(database, writer, step(1, late, {"word": "late"}, reason="after", provider_id="P-2")) == [False]
    assert (kept(database, "state"), kept(database, "reason"), kept(database, "provider_id")) == (
        state,
        "before",
        "P-1",
    )
    assert told(database)[-1] == (late, {"word": "late", "applied": False})


def test_steps_of_one_message_are_taken_one_after_the_other(database: Database, writer: Messages) -> None:
    put(database, writer, new_message(1, S.SENDING), new_message(2, S.SENDING))
    steps = [
        step(1, S.ACCEPTED, provider_id="P-1"),
        step(2, S.DELIVERED, delivered_at=NOON),
        step(1, S.DELIVERED, delivered_at=NOON),
        step(1, S.SENT, provider_id="P-2"),
        step(2, S.ACCEPTED, provider_id="P-2"),
        step(1, S.READ, provider_id="P-3"),
    ]
    assert advance(database, writer, *steps) == [True, True, True, False, False, True]
    assert (kept(database, "state", 1), kept(database, "state", 2)) == ("read", "delivered")
    assert (kept(database, "provider_id", 1), kept(database, "provider_id", 2)) == ("P-3", None)
    assert [state for state, _ in told(database, 1)] == ["sending", "accepted", "delivered", "sent", "read"]


def test_a_step_of_a_message_that_does_not_exist_is_not_taken(database: Database, writer: Messages) -> None:
    put(database, writer, new_message(1, S.SENDING))
    elsewhere = Step("shop_two", "msg_00001", S.ACCEPTED)
    assert advance(database, writer, step(9, S.ACCEPTED), elsewhere, step(1, S.ACCEPTED)) == [False, False, True]
    assert told(database, 9) == []


def test_of_two_ends_decided_at_once_one_stands(database: Database, other: Database, writer: Messages) -> None:
    put(database, writer, *(new_message(number, S.ACCEPTED) for number in range(40)))

    def end(side: Database, state: MessageState) -> list[bool]:
        return [taken for number in range(40) for taken in advance(side, writer, step(number, state, reason=state))]

    with ThreadPoolExecutor(2) as sides:
        delivered, undelivered = sides.map(end, [database, other], [S.DELIVERED, S.UNDELIVERED])
    for number in range(40):
        assert delivered[number] != undelivered[number]
        stands = "delivered" if delivered[number] else "undelivered"
        assert (kept(database, "state", number), kept(database, "reason", number)) == (stands, stands)
        assert [detail.get("applied", True) for _, detail in told(database, number)] == [True, True, False]


def test_a_timeline_keeps_the_order_of_writing_within_one_moment(database: Database, writer: Messages) -> None:
    put(database, writer, new_message(1, S.HELD))
    path = [S.QUEUED, S.SENDING, S.QUEUED, S.SENDING, S.UNKNOWN, S.QUEUED, S.SENDING, S.ACCEPTED, S.SENT, S.DELIVERED]
    for state in path:
        assert advance(database, writer, step(1, state)) == [True]
    assert [state for state, _ in told(database)] == ["held", *path]


def test_a_note_moves_nothing(database: Database, writer: Messages) -> None:
    put(database, writer, new_message(1, S.SENDING))
    with database.write() as connection:
        writer.note(connection, [step(1, S.SENDING, {"attempt": 1})], NOON)
        writer.note(connection, [], NOON)
    assert told(database) == [("sending", {"why": "a test"}), ("sending", {"attempt": 1})]


def test_what_an_order_has_waiting_is_what_is_held(database: Database, writer: Messages) -> None:
    put(
        database,
        writer,
        new_message(1, S.HELD, order_id="101", settles_at=NOON),
        new_message(2, S.HELD, order_id="101", settles_at=NOON + SECOND),
        new_message(3, S.QUEUED, order_id="101", settles_at=NOON),
        new_message(4, S.HELD, order_id="102", settles_at=NOON),
        new_message(5, S.HELD, order_id="101", settles_at=NOON, shop_id="shop_two"),
    )
    with database.read() as connection:
        held = held_of(connection, [("shop_one", "101"), ("shop_one", "999"), ("shop_one", "101")])
        assert held_of(connection, []) == {}
    assert list(held) == [("shop_one", "101")]
    assert sorted(held["shop_one", "101"], key=lambda pending: pending.message_id) == [
        Pending("msg_00001", NOON),
        Pending("msg_00002", NOON + SECOND),
    ]
