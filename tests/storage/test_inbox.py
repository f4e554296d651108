"""Deliveries wait in the order they came, are worked on by one, and are kept with what became of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Row, insert, select

from sidecar.storage import inbox
from sidecar.storage.database import Database
from sidecar.storage.inbox import DONE, FAILED, RECEIVED, Delivery, Verdict
from sidecar.storage.tables import inbox as inbox_table
from tests.world import NOON

SECOND = timedelta(seconds=1)
LATER = NOON + SECOND
Deliver = Callable[..., None]


@pytest.fixture
def deliver(database: Database) -> Deliver:
    def deliver(*numbers: int, state: str = RECEIVED, shop_id: str = "shop_one") -> None:
        rows = [
            {
                "shop_id": shop_id,
                "id": f"in_{number:03}",
                "source": "webhook",
                "topic": "order.updated",
                "delivery_id": str(number),
                "body": b'{"id": %d}\x00\xff' % number,
                "received_at": NOON - number * SECOND,
                "state": state,
                "note": "a note" if state == FAILED else "",
            }
            for number in numbers
        ]
        with database.write() as connection:
            connection.execute(insert(inbox_table), rows)

    return deliver


def take(database: Database, limit: int = 100) -> list[str]:
    with database.write() as connection:
        return [delivery.id for delivery in inbox.take(connection, limit)]


def finish(database: Database, *verdicts: Verdict) -> None:
    with database.write() as connection:
        inbox.finish(connection, verdicts, LATER)


def row(database: Database, number: int) -> Row[tuple[object, ...]]:
    with database.read() as connection:
        return connection.execute(select(inbox_table).where(inbox_table.c.id == f"in_{number:03}")).one()


def test_a_delivery_comes_out_as_it_went_in(database: Database, deliver: Deliver) -> None:
    deliver(1)
    with database.write() as connection:
        assert inbox.take(connection, 1) == [
            Delivery("shop_one", "in_001", "webhook", "order.updated", b'{"id": 1}\x00\xff', NOON - SECOND, "1")
        ]


def test_the_oldest_come_first_and_no_more_than_asked_for(database: Database, deliver: Deliver) -> None:
    deliver(3, 1, 5, 2, 4)
    assert take(database, 3) == ["in_001", "in_002", "in_003"]


def test_only_what_was_received_and_not_dealt_with_waits(database: Database, deliver: Deliver) -> None:
    deliver(1, state=DONE)
    deliver(2, state=FAILED)
    with database.read() as connection:
        assert not inbox.is_waiting(connection)
    deliver(3)
    with database.read() as connection:
        assert inbox.is_waiting(connection)
    assert take(database) == ["in_003"]


def test_every_delivery_keeps_its_own_verdict(database: Database, deliver: Deliver) -> None:
    deliver(1, 2, 3)
    deliver(1, shop_id="shop_two")
    finish(
        database,
        Verdict("shop_one", "in_001", DONE, "placed"),
        Verdict("shop_one", "in_002", FAILED, "not_json: cut short"),
    )
    assert (row(database, 2).state, row(database, 2).note, row(database, 2).processed_at) == (
        FAILED,
        "not_json: cut short",
        LATER,
    )
    with database.write() as connection:
        left = [(delivery.shop_id, delivery.id) for delivery in inbox.take(connection, 10)]
    assert left == [("shop_two", "in_001"), ("shop_one", "in_003")]


def test_no_verdicts_are_nothing_to_do(database: Database, deliver: Deliver) -> None:
    deliver(1)
    finish(database)
    assert take(database) == ["in_001"]


def test_a_transaction_that_fails_gives_back_what_it_took(database: Database, deliver: Deliver) -> None:
    deliver(1)
    with pytest.raises(RuntimeError), database.write() as connection:
        assert inbox.take(connection, 1)
        raise RuntimeError
    assert take(database) == ["in_001"]


def test_two_workers_never_hold_the_same_delivery(database: Database, other: Database, deliver: Deliver) -> None:
    deliver(*range(200))

    def work(side: Database) -> list[str]:
        mine: list[str] = []
        for _ in range(2000):
            with side.write() as connection:
                taken = inbox.take(connection, 7)
                inbox.finish(connection, [Verdict(d.shop_id, d.id, DONE, "") for d in taken], LATER)
                waiting = bool(taken) or inbox.is_waiting(connection)
            mine += [delivery.id for delivery in taken]
            if not waiting:
                break
        return mine

    with ThreadPoolExecutor(2) as sides:
        one, two = sides.map(work, [database, other])
    assert one
    assert two
    assert sorted(one + two) == [f"in_{number:03}" for number in range(200)]


def test_a_failed_delivery_is_replayed_by_its_id(database: Database, deliver: Deliver) -> None:
    deliver(1, 2, state=FAILED)
    with database.write() as connection:
        assert inbox.replay(connection, "in_001") == 1
        assert inbox.replay(connection, "in_009") == 0
    assert (row(database, 1).state, row(database, 1).note, row(database, 1).processed_at) == (RECEIVED, "", None)
    assert row(database, 2).state == FAILED
    assert take(database) == ["in_001"]


def test_all_failed_deliveries_are_replayed_together_and_no_others(database: Database, deliver: Deliver) -> None:
    deliver(1, 2, state=FAILED)
    deliver(3, state=DONE)
    with database.write() as connection:
        assert inbox.replay(connection, None) == 2
    assert take(database) == ["in_001", "in_002"]


def test_a_delivery_that_was_understood_can_be_replayed_by_its_id_too(database: Database, deliver: Deliver) -> None:
    deliver(1, state=DONE)
    with database.write() as connection:
        assert inbox.replay(connection, "in_001") == 1
    assert take(database) == ["in_001"]
