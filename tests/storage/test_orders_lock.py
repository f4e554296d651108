"""Two workers that are told of the same orders at the same moment write one message each, and never wait for ever."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from sidecar.domain.event import EventKind, Order, ShopEvent
from sidecar.domain.order_record import OrderRecord
from sidecar.intake.spine import Report
from sidecar.storage import orders
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages
from sidecar.storage.tables import messages
from tests.world import NOON, World

PLACED = Order(
    "101", "101", "processing", NOON, created_at=NOON, phone="11 91234-5678", country="BR", first_name="Maria"
)
RECORD = OrderRecord("processing", NOON, ("pending", "processing"), placed=True, trashed=False, changes=3)
SECOND = timedelta(seconds=1)


def report(number: int, status: str = "processing", second: int = 0) -> Report:
    order = replace(PLACED, id=str(number), number=str(number), status=status, modified_at=NOON + second * SECOND)
    return Report("shop_one", ShopEvent(EventKind.ORDER_SEEN, order.id, order), "webhook", NOON)


def accept(world: World, database: Database, batches: Sequence[Sequence[Report]], seed: int) -> list[str]:
    """As one worker does, with its own connections."""
    bits = random.Random(seed).getrandbits
    intake = world.intake_of(Messages(bits), replace(world.stationery, random_bits=bits))
    notes: list[str] = []
    for batch in batches:
        with database.write() as connection:
            notes += intake.accept(connection, batch)
    return notes


def batches_of(reports: Sequence[Report], size: int) -> list[Sequence[Report]]:
    return [reports[at : at + size] for at in range(0, len(reports), size)]


def test_two_workers_told_of_the_same_two_hundred_orders_write_one_message_each(world: World, other: Database) -> None:
    reports = list(map(report, range(200)))
    # Each begins where the other ends, and in batches of other sizes: whoever locked as told would deadlock.
    plans = [batches_of(reports, 10), batches_of(reports[::-1], 7)]
    with ThreadPoolExecutor(2) as workers:
        one, two = workers.map(accept, [world] * 2, [world.database, other], plans, [1, 2])
    assert sorted(one + two) == ["placed"] * 200 + ["unchanged"] * 200
    with other.read() as connection:
        per_order = connection.execute(select(messages.c.order_id, func.count()).group_by(messages.c.order_id))
        assert sorted((int(row[0]), row[1]) for row in per_order) == [(number, 1) for number in range(200)]


def test_two_workers_with_different_changes_of_the_same_orders_keep_the_newest(world: World, other: Database) -> None:
    placed = [report(number, "processing", 0) for number in range(60)]
    completed = [report(number, "completed", 9) for number in range(60)]
    plans = [batches_of(placed, 5), batches_of(completed[::-1], 4)]
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(accept, [world] * 2, [world.database, other], plans, [1, 2]))
    with other.write() as connection:
        records = orders.lock(connection, [("shop_one", str(number)) for number in range(60)])
        counted = connection.execute(
            select(messages.c.order_id, messages.c.event, func.count()).group_by(messages.c.order_id, messages.c.event)
        ).all()
    assert {record.status for record in records.values()} == {"completed"}
    assert {row[2] for row in counted} == {1}
    assert len([row for row in counted if row.event == "order_placed"]) == 60


def test_a_record_comes_out_as_it_went_in(database: Database) -> None:
    key = ("shop_one", "101")
    with database.write() as connection:
        assert orders.lock(connection, [key, key, ("shop_one", "102")]) == {}
        orders.save(connection, {key: RECORD})
        orders.save(connection, {})
    with database.write() as connection:
        assert orders.lock(connection, [key, ("shop_two", "101")]) == {key: RECORD}
        assert orders.lock(connection, []) == {}


def test_a_record_is_replaced_whole(database: Database) -> None:
    key, later = ("shop_one", "101"), OrderRecord("trash", NOON + SECOND, (), trashed=True)
    with database.write() as connection:
        orders.save(connection, {key: RECORD})
        orders.save(connection, {key: later})
        assert orders.lock(connection, [key]) == {key: later}


@pytest.mark.parametrize("known", [True, False])
def test_who_comes_second_waits_and_sees_what_the_first_has_written(
    database: Database, other: Database, known: bool
) -> None:
    """Also for an order that nobody has seen yet, and of which there is no row to lock."""
    key = ("shop_one", "101")
    if known:
        with database.write() as connection:
            orders.save(connection, {key: RECORD})

    def second() -> OrderRecord:
        with other.write() as connection:
            return orders.lock(connection, [key])[key]

    with ThreadPoolExecutor(1) as workers:
        with database.write() as connection:
            orders.lock(connection, [key])
            waiting = workers.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(0.1)
            orders.save(connection, {key: replace(RECORD, changes=4)})
        assert waiting.result(10).changes == 4
