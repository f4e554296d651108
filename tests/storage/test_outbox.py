"""The queue side of messages: each claimed by one, in its turn, and picked up after the dead."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from sidecar.dispatch.chores import Chores
from sidecar.domain.status import MessageState
from sidecar.storage import accounts, outbox, soon, workers
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages, NewMessage, Step
from sidecar.storage.outbox import Claimed
from sidecar.storage.tables import messages, timeline
from sidecar.storage.vault import Vault
from tests.databases import Postgres
from tests.world import NOON, new_message

S = MessageState
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
ACCOUNT = "acc_shop_one"


@pytest.fixture
def writer() -> Messages:
    return Messages(random.Random(7).getrandbits)


@pytest.fixture
def put(database: Database, writer: Messages) -> Callable[..., None]:
    def put(*new: NewMessage) -> None:
        with database.write() as connection:
            writer.add(connection, new, NOON)

    return put


def claim(database: Database, account_id: str = ACCOUNT, limit: int = 100, now: datetime = NOON) -> list[Claimed]:
    with database.write() as connection:
        return outbox.claim(connection, "wrk_one", account_id, limit, now)


def numbers(claimed: Sequence[Claimed]) -> list[int]:
    return [int(message.id.removeprefix("msg_")) for message in claimed]


def states(database: Database) -> dict[int, str]:
    with database.read() as connection:
        rows = connection.execute(select(messages.c.id, messages.c.state).order_by(messages.c.id))
        return {int(row.id.removeprefix("msg_")): row.state for row in rows}


def last_lines(database: Database) -> dict[int, tuple[str, dict[str, object]]]:
    """The last line in each message's timeline."""
    with database.read() as connection:
        rows = connection.execute(select(timeline).order_by(timeline.c.id))
        return {int(row.message_id.removeprefix("msg_")): (row.state, row.detail) for row in rows}


def test_five_hundred_messages_hammered_from_two_sides_are_claimed_once_each(
    database: Database, other: Database, put: Callable[..., None]
) -> None:
    put(*map(new_message, range(500)))

    def hammer(side: Database, worker_id: str) -> list[int]:
        mine: list[int] = []
        for _ in range(2000):
            with side.write() as connection:
                claimed = outbox.claim(connection, worker_id, ACCOUNT, 7, NOON)
            mine += numbers(claimed)
            if not claimed and not left(side):
                break
        return mine

    def left(side: Database) -> bool:
        with side.read() as connection:
            return bool(outbox.accounts_with_work(connection, NOON))

    with database.write() as connection:
        add_account(connection, ACCOUNT)
    with ThreadPoolExecutor(2) as sides:
        one, two = sides.map(hammer, [database, other], ["wrk_one", "wrk_two"])
    assert one
    assert two
    assert sorted(one + two) == list(range(500))
    with database.read() as connection:
        owners = connection.execute(select(messages.c.id, messages.c.claimed_by, messages.c.attempts))
        assert {(int(row.id[4:]), row.claimed_by, row.attempts) for row in owners} == {
            *((number, "wrk_one", 1) for number in one),
            *((number, "wrk_two", 1) for number in two),
        }


def test_a_claim_is_on_disk_before_a_byte_can_leave(
    database: Database, other: Database, put: Callable[..., None]
) -> None:
    put(new_message(1))
    [message] = claim(database)
    assert (message.id, message.account_id, message.to, message.text) == (
        "msg_00001",
        ACCOUNT,
        "+5511912345678",
        "Your order 1",
    )
    assert (message.attempts, message.claimed_at, message.created_at) == (1, NOON, NOON)
    assert states(other) == {1: "sending"}


def test_a_claim_that_is_rolled_back_is_nobodys(database: Database, put: Callable[..., None]) -> None:
    put(new_message(1))
    with pytest.raises(RuntimeError), database.write() as connection:
        outbox.claim(connection, "wrk_one", ACCOUNT, 1, NOON)
        raise RuntimeError
    assert numbers(claim(database)) == [1]


def test_the_oldest_due_go_first_and_no_more_than_asked_for(database: Database, put: Callable[..., None]) -> None:
    put(*(new_message(number, due_at=NOON - number * SECOND) for number in range(10)))
    assert [set(numbers(claim(database, limit=4))) for _ in range(4)] == [{9, 8, 7, 6}, {5, 4, 3, 2}, {1, 0}, set()]


def test_of_those_due_at_one_moment_the_first_written_go_first(database: Database, put: Callable[..., None]) -> None:
    shuffled = random.Random(1).sample(range(40), 40)
    put(*map(new_message, shuffled))
    assert [number for _ in range(8) for number in numbers(claim(database, limit=5))] == list(range(40))


def test_what_is_not_queued_due_and_valid_is_not_claimed(database: Database, put: Callable[..., None]) -> None:
    put(
        *(new_message(number, state) for number, state in enumerate(S) if state is not S.QUEUED),
        new_message(100, due_at=NOON + SECOND),
        new_message(101, expires_at=NOON),
        new_message(102, account_id=None),
        new_message(103, due_at=NOON, expires_at=NOON + SECOND),
    )
    assert numbers(claim(database)) == [103]
    assert set(numbers(claim(database, now=NOON + SECOND))) == {100}


def test_accounts_do_not_take_each_others_messages(database: Database, put: Callable[..., None]) -> None:
    put(new_message(1, account_id="acc_a"), new_message(2, account_id="acc_b"), new_message(3, account_id="acc_a"))
    assert numbers(claim(database, "acc_b")) == [2]
    assert numbers(claim(database, "acc_a")) == [1, 3]


def add_account(connection: Connection, account_id: str) -> None:
    accounts.add(connection, Vault("k" * 32), account_id, "obedient", account_id, {}, NOON)


def test_an_account_has_work_when_something_of_it_is_due(database: Database, put: Callable[..., None]) -> None:
    with database.write() as connection:
        for account_id in ("acc_c", "acc_b", "acc_a", "acc_held", "acc_idle", "acc_later"):
            add_account(connection, account_id)
    put(
        new_message(1, account_id="acc_b"),
        new_message(2, account_id="acc_a"),
        new_message(3, account_id="acc_a"),
        new_message(4, S.HELD, account_id="acc_held"),
        new_message(5, account_id="acc_later", due_at=NOON + SECOND),
    )
    with database.read() as connection:
        assert [busy.account_id for busy in outbox.accounts_with_work(connection, NOON)] == ["acc_a", "acc_b"]
        later = outbox.accounts_with_work(connection, NOON + SECOND)
        assert [busy.account_id for busy in later] == ["acc_a", "acc_b", "acc_later"]


def test_held_messages_are_released_at_their_moment(
    database: Database, writer: Messages, put: Callable[..., None]
) -> None:
    put(
        new_message(1, S.HELD, due_at=NOON, reason="settling"),
        new_message(2, S.HELD, due_at=NOON + SECOND),
        new_message(3, S.SUPPRESSED),
    )
    with database.write() as connection:
        assert outbox.release_due(connection, writer, NOON - SECOND) == 0
        assert outbox.release_due(connection, writer, NOON) == 1
    assert states(database) == {1: "queued", 2: "held", 3: "suppressed"}
    assert last_lines(database)[1] == ("queued", {"rule": "its moment has come"})
    with database.read() as connection:
        assert connection.scalar(select(messages.c.reason).where(messages.c.id == "msg_00001")) == ""


def test_what_has_waited_past_its_validity_expires(
    database: Database, writer: Messages, put: Callable[..., None]
) -> None:
    put(*(new_message(number, state, expires_at=NOON) for number, state in enumerate(S)))
    with database.write() as connection:
        assert outbox.expire(connection, writer, NOON - SECOND) == 0
        assert outbox.expire(connection, writer, NOON) == 2
    expected = {number: "expired" if state in (S.HELD, S.QUEUED) else str(state) for number, state in enumerate(S)}
    assert states(database) == expected
    assert last_lines(database)[list(S).index(S.QUEUED)] == ("expired", {"reason": "validity_over"})


def test_sweeps_go_in_batches(database: Database, writer: Messages, put: Callable[..., None]) -> None:
    put(*(new_message(number, S.HELD) for number in range(25)))
    with database.write() as connection:
        assert [outbox.release_due(connection, writer, NOON, limit=10) for _ in range(4)] == [10, 10, 5, 0]


def test_what_the_dead_had_in_hand_becomes_unknown_and_is_asked_about_at_once(
    database: Database, writer: Messages, put: Callable[..., None]
) -> None:
    with database.write() as connection:
        workers.sign_in(connection, "wrk_alive", "host", 1, NOON)
        workers.sign_in(connection, "wrk_dead", "host", 2, NOON)
    put(
        new_message(1, S.SENDING, claimed_by="wrk_alive", claimed_at=NOON),
        new_message(2, S.SENDING, claimed_by="wrk_dead", claimed_at=NOON),
        new_message(3, S.SENDING, claimed_by="wrk_signed_out", claimed_at=NOON),
        new_message(4, S.UNKNOWN, claimed_by="wrk_dead", claimed_at=NOON),
        new_message(5, S.QUEUED, claimed_by="wrk_dead", claimed_at=NOON),
    )
    later = NOON + 10 * SECOND
    with database.write() as connection:
        workers.beat(connection, "wrk_alive", later)
        assert outbox.abandon_dead(connection, writer, later, silent_since=NOON) == 2
    assert states(database) == {1: "sending", 2: "unknown", 3: "unknown", 4: "unknown", 5: "queued"}
    assert last_lines(database)[2] == ("unknown", {"reason": "worker_died"})
    with database.write() as connection:
        asked = outbox.take_unknown(connection, later, again_at=later + HOUR)
    assert sorted(numbers(asked)) == [2, 3]


def test_what_is_in_any_hands_for_longer_than_a_send_can_take_is_lost_too(
    database: Database, writer: Messages, put: Callable[..., None]
) -> None:
    put(
        new_message(1, S.SENDING, claimed_by="wrk_alive", claimed_at=NOON),
        new_message(2, S.SENDING, claimed_by="wrk_alive", claimed_at=NOON + SECOND),
    )
    late = NOON + outbox.LONGEST_SEND + SECOND
    with database.write() as connection:
        workers.sign_in(connection, "wrk_alive", "host", 1, late)
        assert outbox.abandon_dead(connection, writer, late, silent_since=NOON) == 1
    assert states(database) == {1: "unknown", 2: "sending"}


def test_an_account_that_is_back_brings_its_waiting_messages_forward(
    database: Database, put: Callable[..., None]
) -> None:
    put(
        new_message(1, due_at=NOON + HOUR),
        new_message(2, S.HELD, due_at=NOON + HOUR),
        new_message(3, due_at=NOON + HOUR, account_id="acc_other"),
        new_message(4, due_at=NOON - HOUR),
    )
    with database.write() as connection:
        assert outbox.bring_forward(connection, ACCOUNT, NOON) == 1
    assert numbers(claim(database)) == [1, 4]
    with database.read() as connection:
        kept = select(messages.c.due_at).where(messages.c.id.in_(["msg_00002", "msg_00003"]))
        assert set(connection.scalars(kept)) == {NOON + HOUR}


def test_a_doubt_is_asked_about_by_one_and_not_before_its_time(
    database: Database, other: Database, put: Callable[..., None]
) -> None:
    put(
        new_message(1, S.UNKNOWN, check_at=NOON, claimed_at=NOON),
        new_message(2, S.UNKNOWN, check_at=NOON + SECOND, claimed_at=NOON),
        new_message(3, S.UNKNOWN, check_at=None, claimed_at=NOON),
        new_message(4, S.SENDING, check_at=NOON, claimed_at=NOON),
    )
    with database.write() as connection:
        asked = outbox.take_unknown(connection, NOON, again_at=NOON + HOUR)
    assert [(message.id, message.checks) for message in asked] == [("msg_00001", 1)]
    with other.write() as connection:
        assert outbox.take_unknown(connection, NOON, again_at=NOON + HOUR) == []
        assert numbers(outbox.take_unknown(connection, NOON + SECOND, again_at=NOON + HOUR)) == [2]
        assert numbers(outbox.take_unknown(connection, NOON + HOUR, again_at=NOON + 2 * HOUR, limit=1)) in ([1], [2])


def test_a_question_is_put_off_only_while_the_doubt_lasts(
    database: Database, writer: Messages, put: Callable[..., None]
) -> None:
    put(new_message(1, S.UNKNOWN, check_at=NOON, claimed_at=NOON))
    with database.write() as connection:
        [asked] = outbox.take_unknown(connection, NOON, again_at=NOON + HOUR)
        writer.advance(connection, [Step(*asked.key, S.DELIVERED, {"check_at": None})], NOON)
        outbox.ask_again(connection, asked, NOON + SECOND)
        assert connection.scalar(select(messages.c.check_at)) is None


def test_moments_come_back_as_they_went_in(database: Database, put: Callable[..., None]) -> None:
    moments = [
        datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(2026, 3, 29, 1, 0, 0, 1, UTC),
        datetime(2999, 1, 1, tzinfo=UTC),
        datetime(2026, 11, 22, 12, 0, tzinfo=UTC).astimezone(),
    ]
    put(*(new_message(number, S.HELD, due_at=moment) for number, moment in enumerate(moments)))
    with database.read() as connection:
        assert list(connection.scalars(select(messages.c.due_at).order_by(messages.c.id))) == moments


def test_a_sweep_leaves_to_others_what_they_have_in_their_hands(postgres: Postgres, writer: Messages) -> None:
    """SQLite has one writer; with several, a chore that waited for a locked row would spin until it is free."""
    database = Database(postgres.fresh_database())
    with database.write() as connection:
        writer.add(connection, [new_message(1, S.HELD)], NOON)
    chores = Chores(database, writer, lambda: NOON, "wrk_one")
    with ThreadPoolExecutor(1) as threads:
        with database.write() as connection:
            connection.execute(select(messages.c.id).with_for_update())
            releasing = threads.submit(chores.release)
            try:
                releasing.result(3)
            except TimeoutError:
                pytest.fail("it is still at it")
        releasing.result(10)
    chores.release()
    assert states(database) == {1: "queued"}
    database.close()


def test_what_is_due_next_is_known(database: Database, put: Callable[..., None]) -> None:
    """Of what waits in the queues of all accounts, and of what is held."""

    def due() -> tuple[datetime | None, datetime | None]:
        with database.read() as connection:
            return soon.next_send(connection), soon.next_release(connection)

    with database.write() as connection:
        for account_id in (ACCOUNT, "acc_other"):
            accounts.add(connection, Vault("k" * 32), account_id, "obedient", account_id, {}, NOON)
    assert due() == (None, None)
    put(new_message(1, S.SENDING), new_message(2, due_at=NOON + HOUR), new_message(3, S.HELD, due_at=NOON + 3 * HOUR))
    put(new_message(4, due_at=NOON + SECOND, account_id="acc_other"), new_message(5, S.HELD, due_at=NOON + HOUR))
    assert due() == (NOON + SECOND, NOON + HOUR)
    chores = Chores(database, Messages(random.Random(7).getrandbits), lambda: NOON, "wrk_one")
    assert chores.seconds_left() == 0
    with database.write() as connection:
        connection.execute(messages.update().where(messages.c.state == S.SENDING).values(state=S.UNKNOWN))
    assert chores.seconds_left() == HOUR.total_seconds()
    with database.write() as connection:
        unknown = messages.update().where(messages.c.state == S.UNKNOWN)
        connection.execute(unknown.values(check_at=NOON + 2 * SECOND))
    assert chores.seconds_left() == 2
