"""What is old goes, what is young stays, and states and counts remain."""

from datetime import timedelta

from sqlalchemy import insert, select

from sidecar.keeping.retention import Periods, Retention
from sidecar.storage.tables import metadata, verifications
from tests.world import NOON, World, order

DAY = timedelta(days=1)
PERIODS = Periods(texts=365 * DAY, bodies=30 * DAY, codes=30 * DAY)


def fill(world: World, number: int) -> None:
    world.deliver("order.created", order("processing", order_id=number, modified=world.clock()))
    world.settle()
    world.report("delivered", world.all_messages()[-1], word="to 5511912345678")
    world.settle()


def left(world: World, *tables: str) -> dict[str, int]:
    """In how many rows of each table a trace of Maria or her number is left."""
    found = {}
    with world.database.read() as connection:
        for name in tables:
            rows = [repr(tuple(row)) for row in connection.execute(select(metadata.tables[name]))]
            found[name] = sum("Maria" in row or "91234" in row for row in rows)
    return found


def test_bodies_go_first_and_texts_and_numbers_after_a_year(world: World) -> None:
    retention = Retention(world.database, world.clock, PERIODS)
    fill(world, 101)
    tables = ("messages", "orders", "inbox", "callbacks")
    everything = {"messages": 1, "orders": 1, "inbox": 1, "callbacks": 1}
    world.clock.now = NOON + 29 * DAY
    assert (retention.work(), left(world, *tables)) == (0, everything)
    world.clock.forward(days=2)
    fill(world, 102)
    retention.work()
    assert left(world, *tables) == {"messages": 2, "orders": 2, "inbox": 1, "callbacks": 1}
    world.clock.now = NOON + 366 * DAY
    retention.work()
    assert left(world, *tables) == {"messages": 1, "orders": 1, "inbox": 0, "callbacks": 0}
    assert next((m["status"], m["segments"], m["text"]) for m in world.all_messages()) == ("delivered", 1, "")
    assert retention.work() == 0


def test_a_new_process_blanks_nothing_twice_and_misses_nothing(world: World) -> None:
    for number in range(3):
        fill(world, 101 + number)
    world.clock.now = NOON + 400 * DAY
    assert Retention(world.database, world.clock, PERIODS).work() > 0
    assert left(world, "messages", "orders", "inbox", "callbacks") == dict.fromkeys(
        ("messages", "orders", "inbox", "callbacks"), 0
    )
    assert Retention(world.database, world.clock, PERIODS).work() == 0


def test_a_text_that_still_waits_is_left_alone(world: World) -> None:
    world.configure(settle_seconds=600)
    world.deliver("order.created", order("processing"))
    world.reception.work()
    world.clock.now = NOON + 400 * DAY
    retention = Retention(world.database, world.clock, PERIODS)
    retention.work()
    assert left(world, "messages") == {"messages": 1}
    world.chores.expire()
    world.clock.forward(days=1)
    retention.work()
    assert left(world, "messages") == {"messages": 0}


def test_requests_for_codes_are_forgotten(world: World) -> None:
    row = {"number": "+5511912345678", "country": "BR", "prefix": "+5511", "ip": "", "subject": "", "code_digest": ""}
    row |= {"shop_id": "shop_one", "state": "confirmed", "tries": 1, "sends": 1}
    moments = ("created_at", "sent_at", "expires_at")
    with world.database.write() as connection:
        for age in (31, 29):
            told = {**row, "id": f"ver_{age}", **dict.fromkeys(moments, NOON - age * DAY)}
            connection.execute(insert(verifications).values(**told))
    assert Retention(world.database, world.clock, PERIODS).work() == 1
    with world.database.read() as connection:
        assert list(connection.scalars(select(verifications.c.id))) == ["ver_29"]
