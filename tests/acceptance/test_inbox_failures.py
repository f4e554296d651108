"""Deliveries that cannot be worked on: kept, listed, replayed, and in nobody's way."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, select

from sidecar.domain.event import ShopEvent
from sidecar.domain.reading import Ignored
from sidecar.intake.reception import Reception
from sidecar.intake.spine import Intake, Report
from sidecar.storage import inbox
from sidecar.storage.database import Database
from sidecar.storage.tables import inbox as inbox_table
from sidecar.wiring import READERS
from tests.world import World, order

ERROR_BODY = {"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 401}}
CUT_SHORT = json.dumps(order("processing")).encode()[:-20]


class Poisoned(Intake):
    """Cannot stand these orders."""

    poison: Sequence[str] = ()

    def accept(self, connection: Connection, reports: Sequence[Report]) -> list[str]:
        if bad := [report.event.order_id for report in reports if report.event.order_id in self.poison]:
            raise ZeroDivisionError(f"order {bad[0]} of +5511912345678")
        return super().accept(connection, reports)


def reception(world: World, *poison: str, database: Database | None = None) -> Reception:
    intake = Poisoned(world.messages, world.clock, world.stationery, world.agreements.of_order)
    intake.poison = poison
    return world.reception_of(intake, database)


def fates(world: World) -> list[tuple[str, str]]:
    with world.database.read() as connection:
        rows = connection.execute(select(inbox_table).order_by(inbox_table.c.id))
        return [(row.state, row.note) for row in rows]


def announced(world: World) -> list[int]:
    """The orders that have become messages."""
    return sorted(int(message["order_id"]) for message in world.all_messages())


def replay(world: World, delivery_id: str | None = None) -> int:
    with world.database.write() as connection:
        return inbox.replay(connection, delivery_id)


@pytest.mark.every_case_on_both
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (CUT_SHORT, "not_json"),
        (b"", "not_json"),
        (b"\xff\xfe\x00", "not_json"),
        (b"[]", "not_an_object"),
        (b'"processing"', "not_an_object"),
        (json.dumps(ERROR_BODY).encode(), "shop_error"),
        (b'{"id": 101}', "missing_field"),
        (json.dumps(order("processing", id="many")).encode(), "bad_field"),
        (json.dumps(order("processing", date_modified_gmt="yesterday")).encode(), "bad_date"),
        (b"[" * 100_000, "not_json"),
    ],
)
def test_what_cannot_be_understood_is_kept_and_listed_while_its_neighbours_go_on(
    world: World, body: bytes, code: str
) -> None:
    world.deliver("order.created", order("processing", order_id=1))
    world.deliver("order.updated", body)
    world.deliver("order.created", order("processing", order_id=2))
    world.settle()
    assert announced(world) == [1, 2]
    [note] = world.failed()
    assert note.startswith(f"{code}: ")
    assert note.endswith((".", "it."))
    assert [state for state, _ in fates(world)] == ["done", "failed", "done"]


def test_what_the_shop_did_wrong_is_said_without_quoting_it(world: World) -> None:
    world.deliver("order.updated", {**ERROR_BODY, "message": "+5511912345678"})
    world.settle()
    [note] = world.failed()
    assert "woocommerce_rest_cannot_view" in note
    assert "+5511912345678" not in note


def test_a_delivery_for_a_shop_that_is_gone_is_put_aside(world: World) -> None:
    world.deliver("order.created", order("processing"), shop_id="shop_gone")
    world.settle()
    assert fates(world) == [("done", "ignored: shop removed")]


def test_a_delivery_that_breaks_the_intake_fails_alone(world: World) -> None:
    for number in range(1, 12):
        world.deliver("order.created", order("processing", order_id=number))
    reception(world, "3", "11").work()
    world.settle()
    assert announced(world) == [1, 2, *range(4, 11)]
    broken = [number + 1 for number, (state, _) in enumerate(fates(world)) if state == "failed"]
    assert broken == [3, 11]
    assert set(world.failed()) == {
        "internal_error: ZeroDivisionError; replay it after an update, and report it if it fails again"
    }


def test_a_delivery_that_fails_leaves_none_of_its_work_behind(world: World) -> None:
    class FailsAtTheEnd(Poisoned):
        def accept(self, connection: Connection, reports: Sequence[Report]) -> list[str]:
            Intake.accept(self, connection, reports)
            raise ZeroDivisionError

    world.deliver("order.created", order("processing"))
    failing = FailsAtTheEnd(world.messages, world.clock, world.stationery, world.agreements.of_order)
    world.reception_of(failing).work()
    assert world.all_messages() == []
    assert replay(world) == 1
    world.settle()
    assert world.states() == [("order_placed", "accepted")]


def test_after_mending_a_failed_delivery_is_replayed_by_its_id(world: World) -> None:
    broken = world.deliver("order.created", order("processing", order_id=3))
    world.deliver("order.created", order("processing", order_id=4))
    reception(world, "3", "4").work()
    assert len(world.failed()) == 2
    assert replay(world, broken) == 1
    world.settle()
    assert announced(world) == [3]
    assert len(world.failed()) == 1


def test_after_mending_all_failed_deliveries_are_replayed_at_once(world: World) -> None:
    for number in (3, 4, 5):
        world.deliver("order.created", order("processing", order_id=number))
    world.deliver("order.created", CUT_SHORT)
    reception(world, "3", "4", "5").work()
    assert len(world.failed()) == 4
    assert replay(world) == 4
    world.settle()
    assert announced(world) == [3, 4, 5]
    assert [note.split(":")[0] for note in world.failed()] == ["not_json"]
    assert len(world.provider.sent) == 3


def test_with_two_workers_at_the_inbox_only_what_is_broken_fails(world: World) -> None:
    poison = tuple(str(number) for number in range(1, 121) if number % 8 == 3)
    for number in range(1, 121):
        world.deliver("order.created", order("processing", order_id=number))
    other = Database(world.database_url)
    sides = [reception(world, *poison), reception(world, *poison, database=other)]

    def work(side: Reception) -> None:
        while side.work(limit=16):
            pass

    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(work, side) for side in sides]:
            done.result(60)
    other.close()
    broken = tuple(str(number + 1) for number, (state, _) in enumerate(fates(world)) if state == "failed")
    assert broken == poison
    assert announced(world) == [number for number in range(1, 121) if str(number) not in poison]


def test_a_reader_that_breaks_its_promise_fails_its_delivery_alone(world: World) -> None:
    def reader(topic: str, body: bytes, timezone: str) -> ShopEvent | Ignored:
        if b'"id": 2,' in body:
            raise RecursionError
        return READERS[world.shop.platform, "webhook"](topic, body, timezone)

    readers = {(world.shop.platform, "webhook"): reader}
    for number in (1, 2, 3):
        world.deliver("order.created", order("processing", order_id=number))
    world.reception_of(world.intake, readers=readers).work()
    assert announced(world) == [1, 3]
    assert [note.split(";")[0] for note in world.failed()] == ["internal_error: RecursionError"]


def test_the_inbox_is_worked_in_batches_oldest_first(world: World) -> None:
    for number in range(1, 8):
        world.deliver("order.created", order("processing", order_id=number))
    assert world.reception.work(limit=3) == 3
    assert announced(world) == [1, 2, 3]
    assert [world.reception.work(limit=3) for _ in range(3)] == [3, 1, 0]
