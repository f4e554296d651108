"""People are held before messages, by whoever needs both: held the other way round, two transactions would wait for
each other until the database ended one of them."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, select, text

from sidecar.domain.outcome import Rejected
from sidecar.storage import locks
from sidecar.storage.tables import messages
from tests.databases import Postgres
from tests.world import MARIA, World, order


@pytest.fixture
def shared(postgres: Postgres) -> Iterator[World]:
    """On PostgreSQL, which locks rows; SQLite has one writer at a time."""
    world = World(postgres.empty_database())
    yield world
    world.close()


def refused(world: World) -> None:
    world.provider.outcomes = [Rejected("opted_out", permanent=True)]
    world.dispatch()


def reported(world: World) -> None:
    world.dispatch()
    [message] = world.all_messages()
    world.report("undelivered", message, reason="opted_out")


def heard_and_reported(world: World) -> None:
    reported(world)
    world.hear("STOP", sender="+5511987654321")


@pytest.mark.parametrize(
    ("prepare", "work"),
    [
        (lambda world: None, refused),
        (reported, lambda world: world.callbacks.work()),
        (heard_and_reported, lambda world: world.callbacks.work()),
    ],
)
def test_who_waits_for_a_person_holds_no_message_of_theirs(
    shared: World, prepare: Callable[[World], None], work: Callable[[World], None]
) -> None:
    shared.deliver("order.created", order("processing"))
    shared.reception.work()
    prepare(shared)
    with shared.database.write() as connection:
        locks.hold_people(connection, [(shared.shop.id, MARIA)])
        other = threading.Thread(target=work, args=[shared])
        other.start()
        _until_somebody_waits(connection)
        connection.execute(select(messages.c.id).with_for_update(nowait=True))
    other.join(10)
    message, *_ = shared.all_messages()
    assert message["reason"] == "opted_out"


def _until_somebody_waits(connection: Connection) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
    for _ in range(1000):
        if connection.scalar(waiting):
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits for the person")
