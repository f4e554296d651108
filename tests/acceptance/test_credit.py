"""Shops that prepay: what is charged and when, what comes back, what waits, and what nobody overspends."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event as sql_event
from structlog.testing import capture_logs

from sidecar.dispatch.hours import SendingHours
from sidecar.domain.event import EventKind, Order, ShopEvent
from sidecar.domain.outcome import Accepted, NotFound, OutcomeUnknown, Rejected, TemporarilyFailed
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.domain.status import MessageState
from sidecar.intake.spine import Report
from sidecar.money.crediting import Crediting
from sidecar.policy.calendars import next_working_day
from sidecar.storage import credits, shops, tariffs
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages, Step
from sidecar.storage.tariffs import Tariff
from tests.world import NOON, World, order

S = MessageState
FREE = 10


@pytest.fixture(autouse=True)
def prepaid(world: World) -> None:
    world.configure(billing="prepaid")


def the_shop(world: World) -> Shop:
    with world.database.read() as connection:
        return shops.several(connection, {"shop_one"})["shop_one"]


def place(world: World, *numbers: int, **fields: Any) -> None:
    for number in numbers:
        world.deliver("order.created", order("processing", order_id=number, modified=world.clock(), **fields))
    world.reception.work()


def balance(world: World) -> int:
    world.crediting.count()
    found = world.crediting.balance(the_shop(world)).balance
    assert found is not None
    return found


def ledger(world: World) -> list[tuple[str, int]]:
    return [(row.kind, row.amount) for row in reversed(world.crediting.ledger(the_shop(world), 100))]


def spend_all(world: World) -> None:
    balance(world)
    world.crediting.adjust(the_shop(world), -FREE, "gone")


def set_tariff(world: World, country: str, credits: int, price: str | None = None) -> None:
    with world.database.write() as connection:
        tariffs.save(connection, country, Tariff(credits, Decimal(price) if price else None, "EUR" if price else ""))


def fates(world: World) -> list[tuple[str, str]]:
    return [(m["status"], m["reason"]) for m in world.all_messages()]


def test_a_shop_begins_with_ten_free_messages_and_pays_when_they_are_drafted(world: World) -> None:
    assert balance(world) == FREE
    place(world, 101, 102)
    assert (balance(world), [m["credits"] for m in world.all_messages()]) == (FREE - 2, [1, 1])
    assert ledger(world) == [("free", FREE), ("charge", -1), ("charge", -1)]


def test_the_free_messages_are_messages_where_a_text_costs_more(world: World) -> None:
    set_tariff(world, "BR", 3)
    assert balance(world) == 3 * FREE
    place(world, 101)
    assert balance(world) == 3 * FREE - 3


@pytest.mark.parametrize(
    ("set_for", "contact", "cost"),
    [("", "x", 2), ("BR", "x", 2), ("FR", "x", 1), ("", "x" * 60, 2)],
)
def test_a_text_costs_its_segments_times_the_tariff_of_its_country(
    world: World, set_for: str, contact: str, cost: int
) -> None:
    set_tariff(world, set_for, 2)
    world.configure(billing="prepaid", contact=contact)
    place(world, 101)
    [message] = world.all_messages()
    assert message["credits"] == cost * message["segments"]


def test_what_is_reported_twice_or_refused_costs_once_or_nothing(world: World) -> None:
    place(world, 101, 101)
    place(world, 102, billing={"first_name": "M", "country": "BR", "phone": "11 4002-8922"})
    assert [m["credits"] for m in world.all_messages()] == [1, 0]
    assert balance(world) == FREE - 1


def test_an_unmetered_shop_pays_nothing_and_has_no_balance(world: World) -> None:
    world.configure(billing="unmetered")
    place(world, 101)
    assert [m["credits"] for m in world.all_messages()] == [0]
    told = world.crediting.balance(the_shop(world))
    assert (told.billing, told.balance, told.coming) == ("unmetered", None, ())


def statements(world: World, work: Callable[[], object]) -> list[str]:
    told: list[str] = []

    def note(*given: Any) -> None:
        told.append(given[2])

    sql_event.listen(world.database.engine, "before_cursor_execute", note)
    work()
    sql_event.remove(world.database.engine, "before_cursor_execute", note)
    return told


@pytest.mark.parametrize("billing", ["prepaid", "unmetered"])
def test_only_who_prepays_is_looked_up_on_the_way(world: World, billing: str) -> None:
    world.configure(billing=billing)
    world.deliver("order.created", order("processing"))
    told = statements(world, lambda: (world.reception.work(), world.chores.release(), world.dispatch()))
    about_money = [one for one in told if "credits " in one or "credit_ledger" in one or "tariffs" in one]
    asking = [one for one in about_money if "FROM credits" in one or "tariffs" in one or "credit_ledger" in one]
    assert bool(asking) is (billing == "prepaid")
    assert fates(world) == [("accepted", "")]


OUTCOMES = [
    pytest.param([Rejected("invalid_number", permanent=True)], "rejected", True, id="refused for good"),
    pytest.param([Accepted("P-1")], "accepted", False, id="taken"),
    pytest.param([OutcomeUnknown("timeout")], "unknown", False, id="nobody knows"),
    pytest.param([TemporarilyFailed("busy")], "queued", False, id="to be tried again"),
]


@pytest.mark.parametrize(("outcomes", "state", "returned"), OUTCOMES)
def test_what_a_provider_refused_is_given_back_and_what_it_may_have_is_not(
    world: World, outcomes: list[Any], state: str, returned: bool
) -> None:
    world.provider.outcomes = list(outcomes)
    place(world, 101)
    world.dispatch()
    assert fates(world)[0][0] == state
    assert balance(world) == FREE - (not returned)


def move(world: World, *states: S, attempt: int | None = None) -> None:
    [message] = world.all_messages()
    with world.database.write() as connection:
        steps = [Step("shop_one", message["id"], state, attempt=attempt) for state in states]
        world.messages.advance(connection, steps, world.clock())


@pytest.mark.parametrize(
    ("way", "returned"),
    [
        ([S.CANCELLED], True),
        ([S.SUPERSEDED], True),
        ([S.EXPIRED], True),
        ([S.SUPPRESSED], True),
        ([S.HELD, S.EXPIRED], True),
        ([S.SENDING, S.QUEUED, S.EXPIRED], True),
        ([S.SENDING, S.CANCELLED], False),
        ([S.SENDING, S.ACCEPTED, S.EXPIRED], False),
        ([S.SENDING, S.ACCEPTED, S.UNDELIVERED], False),
        ([S.SENDING, S.UNKNOWN, S.EXPIRED], False),
        ([S.SENDING, S.UNKNOWN, S.REJECTED], False),
        ([S.QUEUED, S.REJECTED], False),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_what_ends_without_having_left_is_given_back_once(
    world: World, way: list[S], returned: bool, at_once: bool
) -> None:
    place(world, 101)
    for steps in [way] if at_once else [[state] for state in way]:
        move(world, *steps)
    move(world, *way, S.CANCELLED, S.EXPIRED)
    assert balance(world) == FREE - (not returned)
    assert ledger(world).count(("return", 1)) == returned
    assert balance(world) == FREE - (not returned)


def test_what_was_unknown_in_the_same_breath_is_not_given_back(world: World) -> None:
    place(world, 101)
    move(world, S.SENDING, S.UNKNOWN, S.QUEUED, S.EXPIRED)
    assert balance(world) == FREE - 1


def test_a_text_that_may_have_left_is_not_given_back_after_a_look_up_either(world: World) -> None:
    world.provider.outcomes = [OutcomeUnknown("timeout"), *[TemporarilyFailed("busy")] * 9]
    place(world, 101)
    world.dispatch()
    world.provider.look_ups = [NotFound()]
    world.clock.forward(minutes=10)
    world.look_ups.work()
    assert fates(world)[0][0] == "queued"
    world.clock.forward(days=30)
    world.chores.expire()
    assert fates(world) == [("expired", "validity_over")]
    assert balance(world) == FREE - 1


def test_a_text_overtaken_before_it_left_is_given_back(world: World) -> None:
    world.configure(billing="prepaid", settle_seconds=60)
    place(world, 101)
    world.deliver("order.updated", order("completed", modified=NOON + timedelta(minutes=1)))
    world.reception.work()
    assert [state for state, _ in fates(world)] == ["superseded", "held"]
    assert balance(world) == FREE - 1
    world.deliver("order.updated", order("refunded", order_id=102, modified=NOON))
    world.deliver("order.created", order("processing", order_id=103, modified=NOON))
    world.deliver("order.updated", order("completed", order_id=103, modified=NOON + timedelta(minutes=1)))
    world.reception.work()
    left = [m for m in world.all_messages() if m["status"] == "held"]
    assert balance(world) == FREE - len(left)


def test_without_credit_a_text_waits_and_no_sweep_lets_it_go(world: World) -> None:
    spend_all(world)
    place(world, 101)
    assert fates(world) == [("held", "no_credit")]
    [message] = world.all_messages()
    assert message["due_at"] == message["expires_at"] and message["credits"] == 1
    assert world.timeline(message)[0]["reason"] == "no_credit"
    world.clock.now = datetime.fromisoformat(message["expires_at"]) - timedelta(seconds=1)
    world.settle()
    assert fates(world) == [("held", "no_credit")]
    world.clock.forward(seconds=1)
    world.chores.release()
    assert fates(world) == [("held", "no_credit")]
    world.chores.expire()
    assert fates(world) == [("expired", "validity_over")]
    assert (balance(world), sorted(ledger(world))) == (0, [("adjust", -FREE), ("free", FREE)])


def test_when_credit_comes_the_oldest_goes_first_and_is_charged_then(world: World) -> None:
    spend_all(world)
    place(world, 101, 102, 103)
    world.crediting.release()
    assert [state for state, _ in fates(world)] == ["held"] * 3
    world.crediting.buy(the_shop(world), 2, at_once=True)
    assert world.crediting.release() == 2
    assert fates(world) == [("queued", ""), ("queued", ""), ("held", "no_credit")]
    assert (balance(world), ledger(world).count(("charge", -1))) == (0, 2)
    world.dispatch()
    assert len(world.provider.sent) == 2
    first = world.all_messages()[0]
    assert world.timeline(first)[1]["rule"] == "credit has come"


def test_a_cheap_text_does_not_overtake_a_dear_one(world: World) -> None:
    set_tariff(world, "FR", 3)
    spend_all(world)
    place(world, 101, billing={"first_name": "Léa", "country": "FR", "phone": "06 12 34 56 78"})
    place(world, 102)
    world.crediting.buy(the_shop(world), 2, at_once=True)
    assert world.crediting.release() == 0
    world.crediting.buy(the_shop(world), 1, at_once=True)
    assert world.crediting.release() == 1
    assert [state for state, _ in fates(world)] == ["queued", "held"]


def test_credit_that_comes_at_night_lets_nothing_go_before_the_morning(world: World) -> None:
    spend_all(world)
    place(world, 101)
    world.clock.forward(hours=12)
    world.crediting.buy(the_shop(world), 5, at_once=True)
    assert world.crediting.release() == 0
    world.clock.forward(hours=9)
    assert world.crediting.release() == 1


def test_what_was_to_settle_first_settles_though_it_waited_for_credit(world: World) -> None:
    world.configure(billing="prepaid", settle_seconds=600)
    spend_all(world)
    place(world, 101)
    world.crediting.buy(the_shop(world), 5, at_once=True)
    assert world.crediting.release() == 0
    world.clock.forward(seconds=601)
    assert world.crediting.release() == 1


def test_more_than_one_batch_is_let_go(world: World) -> None:
    spend_all(world)
    place(world, *range(1000, 1450))
    for _ in range(3):
        world.reception.work()
    world.crediting.buy(the_shop(world), 430, at_once=True)
    assert world.crediting.release() == 430
    assert balance(world) == 0


def test_who_need_not_prepay_any_more_waits_no_longer(world: World) -> None:
    spend_all(world)
    place(world, 101)
    world.configure(billing="unmetered")
    assert world.crediting.release() == 1
    move(world, S.CANCELLED)
    assert [m["credits"] for m in world.all_messages()] == [0]
    assert ("return", 1) not in ledger(world)


def test_what_was_never_charged_is_not_given_back(world: World) -> None:
    spend_all(world)
    place(world, 101)
    move(world, S.CANCELLED)
    assert balance(world) == 0


@pytest.mark.parametrize(
    ("bought", "counts_from"),
    [
        ("2026-11-20T15:00:00+00:00", "2026-11-23T03:00:00+00:00"),
        ("2026-11-23T15:00:00+00:00", "2026-11-24T03:00:00+00:00"),
        ("2026-12-24T15:00:00+00:00", "2026-12-28T03:00:00+00:00"),
    ],
)
def test_what_is_bought_counts_from_the_next_working_day(world: World, bought: str, counts_from: str) -> None:
    world.clock.now = datetime.fromisoformat(bought)
    shop = the_shop(world)
    assert world.crediting.buy(shop, 100, note="invoice 7").counts_from == datetime.fromisoformat(counts_from)
    [coming] = world.crediting.balance(shop).coming
    assert (balance(world), coming.amount, coming.note) == (FREE, 100, "invoice 7")
    world.clock.now = datetime.fromisoformat(counts_from) - timedelta(microseconds=1)
    assert balance(world) == FREE
    world.clock.forward(microseconds=1)
    assert (balance(world), world.crediting.balance(shop).coming) == (FREE + 100, ())
    assert balance(world) == FREE + 100


@pytest.mark.parametrize("amount", [0, -1, 10**10])
def test_what_cannot_be_bought_is_refused(world: World, amount: int) -> None:
    with pytest.raises(Refused, match="Buy 1 to"):
        world.crediting.buy(the_shop(world), amount)
    assert ledger(world) == []


def test_a_balance_is_adjusted_but_never_below_nothing(world: World) -> None:
    shop = the_shop(world)
    world.crediting.adjust(shop, -FREE, "a mistake")
    with pytest.raises(Refused, match="has 0 credits"):
        world.crediting.adjust(shop, -1, "")
    assert (balance(world), sorted(ledger(world))) == (0, [("adjust", -FREE), ("free", FREE)])


def test_one_warning_for_each_time_that_credit_runs_low(world: World) -> None:
    def warned() -> list[int]:
        with capture_logs() as logs:
            world.crediting.warn()
        return [line["balance"] for line in logs if line["event"] == "a shop is low on credit"]

    shop = the_shop(world)
    assert (balance(world), warned()) == (FREE, [])
    world.crediting.adjust(shop, -5, "")
    assert (warned(), world.crediting.balance(shop).low) == ([], False)
    world.crediting.adjust(shop, -1, "")
    assert (warned(), warned(), world.crediting.balance(shop).low) == ([4], [], True)
    world.crediting.adjust(shop, 1, "")
    assert warned() == []
    world.crediting.adjust(shop, -2, "")
    assert (warned(), warned()) == ([3], [])


def reports(first: int, count: int) -> list[Report]:
    orders = (
        Order(str(n), str(n), "processing", NOON, phone=f"11 9{first}{n:03}-5678", country="BR") for n in range(count)
    )
    told = (ShopEvent(EventKind.ORDER_SEEN, f"{first}-{one.id}", one) for one in orders)
    return [Report("shop_one", event, "poller", NOON) for event in told]


def test_two_workers_who_race_never_spend_more_than_there_is(world: World) -> None:
    balance(world)
    world.crediting.adjust(the_shop(world), 20, "")
    sides = [Database(world.database_url) for _ in range(2)]

    def work(side: int) -> None:
        bits = random.Random(side).getrandbits
        messages, hours = Messages(bits), SendingHours(sides[side])
        intake = world.intake_of(messages, world.stationery)
        crediting = Crediting(sides[side], messages, world.clock, bits, next_working_day, hours, 5)
        for number, report in enumerate(reports(side, 40)):
            with sides[side].write() as connection:
                intake.accept(connection, [report])
            if number % 4 == 0:
                crediting.buy(world.shop, 1, at_once=True)
            crediting.release()
            crediting.count()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, range(2)))
    states = [state for state, _ in fates(world)]
    assert len(states) == 80
    assert (states.count("queued"), balance(world)) == (50, 0)
    with world.database.read() as connection:
        booked = credits.ledger_of(connection, "shop_one", 1000)
    charged = [row.message_id for row in booked if row.kind == "charge"]
    assert len(charged) == len(set(charged)) == 50
    assert sum(row.amount for row in booked) == 0
    for side in sides:
        side.close()


def test_what_two_workers_end_at_once_comes_back_once(world: World) -> None:
    place(world, *range(101, 111))
    keys = [m["id"] for m in world.all_messages()]
    sides = [Database(world.database_url) for _ in range(2)]

    def end(side: int) -> None:
        messages = Messages(random.Random(side).getrandbits)
        for key in keys:
            with sides[side].write() as connection:
                messages.advance(connection, [Step("shop_one", key, [S.CANCELLED, S.EXPIRED][side])], NOON)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(end, range(2)))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: world.crediting.count(), range(2)))
    assert balance(world) == FREE
    for side in sides:
        side.close()
