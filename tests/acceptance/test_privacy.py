"""What is held under a number is told whole, and taken out whole; an opt-out outlives its number."""

import json
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.outcome import OutcomeUnknown
from sidecar.domain.shop import Shop
from sidecar.keeping.privacy import NotANumber, read_number
from sidecar.storage import fingerprints, tables
from sidecar.storage.consents import Saying
from sidecar.storage.tables import metadata
from sidecar.storage.types import Moment
from tests.world import NOON, World, order

MARIA, OTHER = "+5511912345678", "+5511999990000"
STAFF = "+5511988887777"


def say(world: World, standing: Standing, purpose: Purpose = Purpose.ORDERS) -> None:
    said = Saying("shop_one", MARIA, purpose, standing, "checkout", "Text me", "pt_BR", "192.0.2.7")
    with world.database.write() as connection:
        world.consents.record(connection, [said], NOON)


def put(world: World, table: str, shop_id: str, number: str) -> None:
    """A row with something in every column, as others write it."""
    values: dict[str, Any] = {}
    for column in metadata.tables[table].columns:
        kind = column.type.python_type if not isinstance(column.type, Moment) else None
        filled = {str: "x", int: 1, dict: {"text": "Maria says"}, bytes: b"x", None: NOON}.get(kind, "x")
        values[column.name] = filled
    values |= {"shop_id": shop_id, "id": f"{table}_{number == MARIA}"} if "id" in values else {}
    values |= {"number": number} if "number" in values else {}
    values |= {"provider_id": f"{number == MARIA}"} if "provider_id" in values else {}
    values |= {"order_id": "101", "dedupe_key": "1", "state": "done"} if table == "shop_tasks" else {}
    values |= {"state": "waiting"} if table == "stock_alerts" else {}
    with world.database.write() as connection:
        connection.execute(insert(metadata.tables[table]).values(**values))


def fill(world: World) -> None:
    """Maria has an order, texts, receipts, consents, a reply, an alert and a code; so has somebody else."""
    world.configure(staff_numbers=[STAFF])
    world.deliver("order.created", order("processing"))
    world.deliver("order.created", order("processing", order_id=7, billing={"first_name": "Rui", "phone": OTHER}))
    world.settle()
    for message in world.all_messages():
        world.report("delivered", message)
    world.settle()
    say(world, Standing.OUT)
    say(world, Standing.IN, Purpose.MARKETING)
    for table in ("replies", "stock_alerts", "verifications"):
        put(world, table, "shop_one", MARIA)
        put(world, table, "shop_one", OTHER)
    put(world, "shop_tasks", "shop_one", MARIA)


def everything(world: World) -> str:
    with world.database.read() as connection:
        rows = [tuple(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return repr(rows)


def test_everything_under_a_number_is_told(world: World) -> None:
    fill(world)
    told = world.privacy.export(MARIA)
    json.dumps(told)
    counts = {name: len(rows) for name, rows in told.items() if isinstance(rows, list)}
    assert counts == {
        "messages": 2,
        "replies": 1,
        "consents": 2,
        "consent_log": 2,
        "alerts": 1,
        "verifications": 1,
        "orders": 1,
        "tasks": 1,
        "receipts": 0,
        "deliveries": 1,
        "callbacks": 2,
    }
    to_her, to_staff = told["messages"]
    assert (to_her["to"], to_staff["to"]) == (MARIA, STAFF)
    assert [step["state"] for step in to_her["timeline"]][-1] == "delivered"
    assert told["consent_log"][0]["wording"] == "Text me" and "Maria" in told["orders"][0]["facts"]["first_name"]
    assert "11 91234-5678" in told["deliveries"][0]["body"]
    assert "code_digest" not in told["verifications"][0] and OTHER not in repr(told)


def test_nothing_of_an_erased_number_is_left_but_the_hash_of_its_opt_out(world: World) -> None:
    fill(world)
    states = [m["status"] for m in world.all_messages()]
    told = world.privacy.erase(MARIA)
    left = everything(world)
    for trace in (MARIA, "91234-5678", "Maria", "192.0.2.7", "Text me"):
        assert trace not in left, trace
    assert OTHER in left and "Rui" in left
    assert [m["status"] for m in world.all_messages()] == states
    assert (told["number"], told["messages"], told["on_their_way"]) == ("+55•••••5678", 2, 0)
    with world.database.read() as connection:
        [kept] = connection.execute(select(tables.consents))
        assert list(connection.execute(select(tables.consent_log))) == []
        alerts = connection.execute(select(tables.stock_alerts.c.state, tables.stock_alerts.c.reason)).all()
    assert (kept.standing, kept.number, kept.purpose) == ("out", None, "orders")
    assert sorted(map(tuple, alerts)) == [("ended", "erased"), ("waiting", "x")]


def test_erasing_twice_is_harmless_and_finds_nothing_more(world: World) -> None:
    fill(world)
    world.privacy.erase(MARIA)
    before = everything(world)
    again = world.privacy.erase(MARIA)
    assert {name: count for name, count in again.items() if count and name != "number"} == {}
    assert everything(world) == before


def test_an_erased_opt_out_still_holds(world: World) -> None:
    fill(world)
    world.privacy.erase(MARIA)
    world.deliver("order.created", order("processing", order_id=102))
    world.settle()
    [message] = [m for m in world.all_messages(order_id="102") if m["event"] != "staff"]
    assert (message["status"], message["reason"]) == ("suppressed", "opted_out")


def test_a_text_that_has_not_left_is_cancelled_first(world: World) -> None:
    world.configure(settle_seconds=600)
    world.deliver("order.created", order("processing"))
    world.reception.work()
    assert world.privacy.erase(MARIA)["cancelled"] == 1
    world.clock.forward(hours=1)
    world.settle()
    assert [(m["status"], m["reason"], m["to"]) for m in world.all_messages()] == [("cancelled", "erased", "")]
    assert world.provider.sent == []


def test_what_is_in_a_providers_hands_is_erased_when_its_fate_is_known(world: World) -> None:
    world.provider.outcomes = [OutcomeUnknown("timeout")]
    world.deliver("order.created", order("processing"))
    world.settle()
    assert world.privacy.erase(MARIA)["on_their_way"] == 1
    [message] = world.all_messages()
    assert (message["status"], message["to"]) == ("unknown", MARIA)
    with world.database.write() as connection:
        connection.execute(update(tables.messages).values(check_at=None))
    assert world.privacy.erase(MARIA)["on_their_way"] == 0
    assert MARIA not in everything(world) and "Maria" not in everything(world)


def test_a_shop_sees_and_erases_only_its_own(world: World) -> None:
    two: Shop = world.add_shop("shop_two")
    for shop_id in ("shop_one", "shop_two"):
        world.deliver("order.created", order("processing"), shop_id=shop_id)
    world.settle()
    told = world.privacy.export(MARIA, two)
    assert {row["shop_id"] for kind in ("messages", "orders", "deliveries") for row in told[kind]} == {"shop_two"}
    world.privacy.erase(MARIA, two)
    assert [m["to"] for m in world.all_messages()] == [MARIA, ""]
    assert len(world.privacy.export(MARIA)["deliveries"]) == 1


def test_staff_are_people_too(world: World) -> None:
    fill(world)
    world.privacy.erase(STAFF)
    world.configure(staff_numbers=[])
    assert STAFF not in everything(world)
    assert MARIA in everything(world)


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [("11 91234-5678", "BR", MARIA), (" +5511912345678", "", MARIA), ("+99912345678", "", "+99912345678")],
)
def test_a_number_is_read_as_people_write_it(written: str, country: str, number: str) -> None:
    assert read_number(written, country) == number


@pytest.mark.parametrize("written", ["", "Maria", "12", "+", "+0012345678"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(NotANumber):
        read_number(written)


def test_the_hash_is_all_that_tells(world: World) -> None:
    say(world, Standing.OUT)
    world.privacy.erase(MARIA)
    hashed = fingerprints.Fingerprints(b"a key that never changes").number(MARIA)
    assert hashed in everything(world)
