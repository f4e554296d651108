"""Many small durable inserts, few commits: what is handed in is on disk, refused, or not acknowledged."""

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import SQLAlchemyError

from sidecar.storage.database import Database
from sidecar.storage.group_commit import GroupCommit, WriterStopped
from sidecar.storage.tables import inbox, workers
from tests.world import NOON


@pytest.fixture
def writer(database: Database) -> Iterator[GroupCommit]:
    writer = GroupCommit(database)
    writer.start()
    yield writer
    writer.stop()


def delivery(number: int, **columns: Any) -> dict[str, Any]:
    row = {
        "shop_id": "shop_one",
        "id": f"in_{number:05}",
        "source": "webhook",
        "topic": "order.created",
        "delivery_id": "",
        "body": b"{}",
        "received_at": NOON,
        "state": "received",
    }
    return {**row, **columns}


def stored(database: Database) -> list[int]:
    with database.read() as connection:
        return [int(found.removeprefix("in_")) for found in connection.scalars(select(inbox.c.id).order_by(inbox.c.id))]


@contextmanager
def busy(database: Database) -> Iterator[None]:
    """Someone else is writing, and whoever wants to write to these tables waits."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE inbox, workers IN EXCLUSIVE MODE"))
        yield


@contextmanager
def handed_in(writer: GroupCommit, other: Database, rows: list[dict[str, Any]]) -> Iterator[list["Future[None]"]]:
    """All these rows wait for the disk together."""
    with ThreadPoolExecutor(len(rows)) as threads:
        with busy(other):
            answers = [threads.submit(writer.insert, inbox, row) for row in rows]
            threading.Event().wait(0.1)
            assert not any(answer.done() for answer in answers)
        yield answers


def test_a_row_is_on_disk_before_its_insert_returns(writer: GroupCommit, other: Database) -> None:
    for number in range(20):
        writer.insert(inbox, delivery(number))
        assert stored(other) == list(range(number + 1))


def test_the_disk_is_waited_for(database: Database) -> None:
    with database.read() as connection:
        if database.is_sqlite:
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
            assert connection.scalar(text("PRAGMA synchronous")) == 2
        else:
            changed = select(text("source FROM pg_settings WHERE name = 'synchronous_commit'"))
            assert connection.scalar(changed) not in ("client", "session")


def test_nothing_is_acknowledged_while_the_database_is_held_up(writer: GroupCommit, other: Database) -> None:
    with busy(other), pytest.raises(TimeoutError):
        writer.insert(inbox, delivery(1), timeout=0.1)


def test_rows_that_wait_together_share_a_commit(writer: GroupCommit, database: Database, other: Database) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    with handed_in(writer, other, list(map(delivery, range(40)))) as answers:
        for answer in answers:
            answer.result(10)
    assert stored(other) == list(range(40))
    assert len(commits) <= 3


def test_one_bad_row_does_not_refuse_its_neighbours(writer: GroupCommit, other: Database) -> None:
    writer.insert(inbox, delivery(5))
    rows = [delivery(number, **({"topic": None} if number == 7 else {})) for number in range(12)]
    with handed_in(writer, other, rows) as answers:
        refused = [number for number, answer in enumerate(answers) if answer.exception(10)]
    assert refused == [5, 7]
    assert stored(other) == [number for number in range(12) if number != 7]


def test_a_refused_row_is_told_why(writer: GroupCommit, other: Database) -> None:
    with pytest.raises(SQLAlchemyError, match=r"(?i)not.null"):
        writer.insert(inbox, delivery(1, topic=None))
    writer.insert(inbox, delivery(2))
    assert stored(other) == [2]


def test_rows_of_several_tables_go_together(writer: GroupCommit, other: Database) -> None:
    sign_in = {"id": "wrk_one", "host": "h", "pid": 1, "started_at": NOON, "beat_at": NOON}
    with ThreadPoolExecutor(3) as threads:
        with busy(other):
            jobs = [(inbox, delivery(1)), (workers, sign_in), (inbox, delivery(2))]
            answers = [threads.submit(writer.insert, table, row) for table, row in jobs]
        for answer in answers:
            answer.result(10)
    assert stored(other) == [1, 2]
    with other.read() as connection:
        assert connection.scalar(select(workers.c.id)) == "wrk_one"


def test_more_rows_than_a_batch_holds_are_all_written(database: Database, other: Database) -> None:
    writer = GroupCommit(database, max_batch=3)
    writer.start()
    with handed_in(writer, other, list(map(delivery, range(20)))) as answers:
        for answer in answers:
            answer.result(10)
    writer.stop()
    assert stored(other) == list(range(20))


def test_stopping_writes_what_was_handed_in_and_takes_nothing_more(writer: GroupCommit, other: Database) -> None:
    with ThreadPoolExecutor(21) as threads:
        with busy(other):
            answers = [threads.submit(writer.insert, inbox, delivery(number)) for number in range(20)]
            threading.Event().wait(0.1)
            stopping = threads.submit(writer.stop)
        stopping.result(10)
        for answer in answers:
            answer.result(1)
    assert stored(other) == list(range(20))
    with pytest.raises(WriterStopped):
        writer.insert(inbox, delivery(21))
    assert stored(other) == list(range(20))


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads that are interrupted at every turn meet where others hardly ever do."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("restless")
def test_a_row_handed_in_while_the_writer_stops_is_written_or_refused_and_never_left_waiting(
    database: Database, other: Database
) -> None:
    def hand_in(writer: GroupCommit, number: int, together: threading.Barrier) -> int | None:
        together.wait()
        try:
            writer.insert(inbox, delivery(number), timeout=2)
        except WriterStopped:
            return None
        return number

    acknowledged: list[int] = []
    with ThreadPoolExecutor(12) as threads:
        for attempt in range(100):
            writer, together = GroupCommit(database), threading.Barrier(13)
            writer.start()
            numbers = range(attempt * 12, attempt * 12 + 12)
            handing = [threads.submit(hand_in, writer, number, together) for number in numbers]
            together.wait()
            writer.stop()
            acknowledged += [number for done in handing if (number := done.result(10)) is not None]
    assert stored(other) == sorted(acknowledged)
