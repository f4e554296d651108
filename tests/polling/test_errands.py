"""The other errands at a shop: its plugin's outbox, its books, its webhooks, its queue, its stock."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from sidecar.domain.backoffice import NO_PLUGIN, Found, Handed, Kept, ProductKey, ShopProblem, ToldState, Writing
from sidecar.domain.ids import in_sequence
from sidecar.domain.shop import Platform, Shop
from sidecar.ledger import reports
from sidecar.polling.alarm import AlarmRound
from sidecar.polling.outbox import OutboxRound
from sidecar.polling.rounds import Rounds
from sidecar.polling.states import StateRound
from sidecar.polling.stock import StockRound
from sidecar.polling.webhooks import WebhookRound
from sidecar.polling.writing import WritingRound
from sidecar.storage import inbox, polls, tasks
from sidecar.storage.inbox import Delivery
from sidecar.storage.polls import ALARM, OUTBOX, STATES, STOCK, WEBHOOKS, WRITING
from sidecar.storage.tables import shop_tasks
from sidecar.storage.tasks import Task
from tests.alerting import number_of, open_shop, run, told, wait_for
from tests.connectors.woo_recording import body_of
from tests.world import NOON, World, order


class Office:
    """A back office that does as it is told, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.problem: ShopProblem | None = None
        self.events: dict[str, bytes] = {}
        self.kept = Kept([], [], [])
        self.shelf: dict[tuple[str, str], bytes] = {}
        self.early: set[tuple[str, str]] = set()
        self.broken: set[tuple[str, str]] = set()

    def take(self, most: int, done: list[str], request_id: str) -> Handed:
        self._note(("take", list(done)))
        for event_id in done:
            self.events.pop(event_id, None)
        return Handed([Found(key, "", body, event_id=key) for key, body in list(self.events.items())[:most]], "1.0")

    def write(self, writing: Writing) -> None:
        self._note(writing)

    def keep(self, *, products: bool) -> Kept:
        self._note(("keep", products))
        return self.kept

    def wake(self) -> None:
        self._note("wake")

    def stock(self, wanted: list[ProductKey]) -> Iterator[tuple[ProductKey, Found | ShopProblem]]:
        self._note(("stock", list(wanted)))
        for key in wanted:
            if key in self.broken:
                yield key, ShopProblem("shop_failing", "The shop is not well.")
            elif body := self.shelf.get(key):
                yield key, Found(":".join(key), "product.updated", body, early=key in self.early)

    def show_states(self, order_id: str, states: list[ToldState]) -> None:
        self._note((order_id, [(state.template, state.status) for state in states]))

    def _note(self, asked: Any) -> None:
        self.asked.append(asked)
        if self.problem:
            raise self.problem

    @contextmanager
    def open(self, _shop: Shop) -> Iterator["Office"]:
        yield self


class Errands:
    def __init__(self, world: World) -> None:
        self.world, self.office = world, Office()
        rounds = {
            OUTBOX: OutboxRound(self.office.open),
            WRITING: WritingRound(self.office.open),
            WEBHOOKS: WebhookRound(self.office.open),
            ALARM: AlarmRound(self.office.open),
            STOCK: StockRound(self.office.open),
            STATES: StateRound(self.office.open),
        }
        bits = random.Random(3).getrandbits
        self.rounds = Rounds(world.database, {Platform.WOOCOMMERCE: rounds}, world.clock, lambda: 0.5, bits, threads=1)

    def only(self, errand: str) -> None:
        with self.world.database.write() as connection:
            polls.enrol(connection, self.world.shop.id, [errand], {"since": NOON.isoformat()}, self.world.clock())

    def turn(self, minutes: float = 61) -> int:
        ran = self.rounds.run_due()
        self.world.clock.forward(minutes=minutes)
        return ran

    @property
    def row(self) -> Any:
        with self.world.database.read() as connection:
            return polls.of_shops(connection, {self.world.shop.id})[0]


@pytest.fixture
def errands(sqlite_url: str) -> Iterator[Errands]:
    made = Errands(World(sqlite_url))
    yield made
    made.rounds.stop()
    made.world.close()


def event(number: int) -> bytes:
    return json.dumps({"type": "order.updated", "data": order(order_id=number)}).encode()


def test_what_the_plugin_could_not_deliver_is_fetched_and_told_done_only_once_it_is_kept(errands: Errands) -> None:
    errands.only(OUTBOX)
    errands.office.events = {f"evt_{number}": event(number) for number in range(1, 71)}
    errands.turn()
    errands.world.settle()
    first, second, third = (asked[1] for asked in errands.office.asked)
    assert (first, len(second), len(third), errands.office.events) == ([], 50, 20, {})
    assert len(errands.world.all_messages()) == 70


def test_an_event_that_came_by_push_is_not_taken_twice(errands: Errands) -> None:
    """Fetched again, pushed again: it is one event by its id."""
    errands.only(OUTBOX)
    errands.office.events = {"evt_1": event(1)}
    errands.turn()
    errands.office.events = {"evt_1": event(1)}
    errands.turn()
    with errands.world.database.read() as connection:
        assert len(reports.list_inbox(connection, limit=9)) == 1


def test_an_event_that_was_pushed_twice_is_told_once(errands: Errands) -> None:
    now = errands.world.clock()
    with errands.world.database.write() as connection:
        inbox.add(connection, [Delivery("shop_one", f"in_{n}", "plugin", "", event(1), now, "evt_1") for n in (1, 2)])
    errands.world.settle()
    with errands.world.database.read() as connection:
        notes = {row.id: row.note for row in reports.list_inbox(connection, limit=9)}
    assert notes == {"in_1": "placed", "in_2": "told before"}


def test_a_shop_without_the_plugin_is_no_problem_and_asked_more_rarely(errands: Errands) -> None:
    errands.only(OUTBOX)
    errands.office.problem = ShopProblem(NO_PLUGIN, "There is none.")
    errands.turn(0)
    assert (errands.row.problem, (errands.row.due_at - NOON).total_seconds()) == ("", 600)


@pytest.mark.parametrize(("errand", "setting"), [(OUTBOX, "pull_events"), (ALARM, "wake_queue")])
def test_what_a_shop_does_not_want_is_not_done(errands: Errands, errand: str, setting: str) -> None:
    errands.only(errand)
    errands.world.configure(**{setting: False})
    errands.turn()
    assert errands.office.asked == []
    errands.world.configure(**{setting: True})
    errands.turn()
    assert errands.office.asked


def wish(errands: Errands, *numbers: int) -> None:
    world = errands.world
    told = [
        Task("shop_one", f"reply:{n}", "order_note", str(n), {"note": "Yes", "status": "processing"}) for n in numbers
    ]
    with world.database.write() as connection:
        tasks.add(connection, told, in_sequence(random.Random(9).getrandbits), world.clock())


def states(errands: Errands) -> list[tuple[str, str, int]]:
    with errands.world.database.read() as connection:
        rows = connection.execute(select(shop_tasks).order_by(shop_tasks.c.order_id)).all()
    return [(row.order_id, row.state, row.attempts) for row in rows]


def test_where_there_is_nothing_to_write_nobody_is_asked(errands: Errands) -> None:
    errands.only(WRITING)
    assert errands.turn() == 0
    wish(errands, 1, 2)
    assert errands.turn() == 1
    assert [(w.order_id, w.note, w.status, w.again) for w in errands.office.asked] == [
        ("1", "Yes", "processing", False),
        ("2", "Yes", "processing", False),
    ]
    assert states(errands) == [("1", "done", 1), ("2", "done", 1)]
    assert errands.turn() == 0


def test_a_shop_that_is_away_gets_it_later_and_is_told_that_it_may_be_there_already(errands: Errands) -> None:
    errands.only(WRITING)
    wish(errands, 1, 2)
    errands.office.problem = ShopProblem("no_answer", "No answer.", uncertain=True)
    errands.turn()
    assert len(errands.office.asked) == 1, "the second would fare no better"
    errands.office.problem = None
    errands.turn()
    assert {(w.order_id, w.again) for w in errands.office.asked[1:]} == {("1", True), ("2", False)}
    assert states(errands) == [("1", "done", 2), ("2", "done", 1)]


def test_what_is_hopeless_ends_at_once_and_is_seen(errands: Errands) -> None:
    errands.only(WRITING)
    wish(errands, 1)
    errands.office.problem = ShopProblem("not_there", "No such order.", hopeless=True)
    errands.turn()
    assert (states(errands), errands.row.problem) == ([("1", "failed", 1)], "")


def test_a_task_that_the_plugin_has_in_hand_is_left_to_it(errands: Errands) -> None:
    errands.only(WRITING)
    wish(errands, 1)
    with errands.world.database.write() as connection:
        assert tasks.take(connection, "shop_one", "plugin", errands.world.clock(), 9)
    assert errands.turn(minutes=3) == 0
    assert errands.turn() == 1
    assert [w.again for w in errands.office.asked] == [True]


def test_webhooks_that_the_shop_switched_off_are_remembered_for_the_doctor(errands: Errands) -> None:
    errands.only(WEBHOOKS)
    errands.office.kept = Kept([], ["order.updated"], [])
    errands.turn()
    assert (errands.row.memory["revived"], errands.row.problem) == (["order.updated"], "")
    errands.office.kept = Kept([], [], ["order.created"])
    errands.turn()
    assert errands.row.problem == "paused"


def test_stock_is_asked_for_only_while_somebody_waits(errands: Errands) -> None:
    errands.only(STOCK)
    assert errands.turn() == 0


def test_finding_21_stock_that_was_changed_without_a_word_is_found(errands: Errands) -> None:
    """By an import that writes into the tables: neither webhook nor hook tells of it."""
    world = errands.world
    open_shop(world)
    wait_for(world, 1)
    errands.only(STOCK)
    errands.office.shelf[("11", "")] = body_of(60)
    for now in (body_of(60), body_of(61), body_of(61)):
        errands.office.shelf[("11", "")] = now
        errands.turn(minutes=2)
        run(world)
    assert (len(errands.office.asked), told(world)) == (2, [number_of(1)])


def test_what_is_early_is_told_when_it_is_still_so_at_the_next_look_and_what_has_sold_out_at_once(
    errands: Errands,
) -> None:
    world, key = errands.world, ("11", "")
    open_shop(world)
    wait_for(world, 1)
    errands.only(STOCK)
    told_after = []
    for is_back in (True, False, True, True):
        errands.office.shelf[key] = body_of(61 if is_back else 60)
        errands.office.early = {key} if is_back else set()
        errands.turn(minutes=2)
        world.settle()
        with world.database.read() as connection:
            told_after.append(len(reports.list_inbox(connection, limit=9)))
        run(world)
    assert (told_after, told(world)) == ([0, 1, 1, 2], [number_of(1)])


def test_a_product_that_the_shop_cannot_show_keeps_no_other_waiting(errands: Errands) -> None:
    world, good = errands.world, ("11", "")
    open_shop(world)
    wait_for(world, 1, product_id="10")
    wait_for(world, 1)
    errands.only(STOCK)
    errands.office.broken = {("10", "")}
    for now in (body_of(60), body_of(61)):
        errands.office.shelf[good] = now
        errands.turn()
        assert errands.row.failures == 0, "the next look is soon"
        run(world)
    assert told(world) == [number_of(1)]


@pytest.mark.parametrize(
    ("waited_for", "broken", "asked"),
    [
        (["10", "11", "12"], ["10", "11"], [["10", "11", "12"], ["12", "10", "11"]]),
        (["10"], ["10"], [["10"], ["10"]]),
    ],
)
def test_a_shop_that_can_show_nothing_is_left_alone_and_asked_next_for_what_it_was_not_asked_for(
    errands: Errands, waited_for: list[str], broken: list[str], asked: list[list[str]]
) -> None:
    open_shop(errands.world)
    for number in waited_for:
        wait_for(errands.world, 1, product_id=number)
        errands.office.shelf[number, ""] = body_of(60)
    errands.only(STOCK)
    errands.office.broken = {(number, "") for number in broken}
    errands.turn()
    assert (errands.row.problem, errands.row.failures) == ("shop_failing", 1)
    errands.turn()
    assert [[product for product, _ in keys] for _, keys in errands.office.asked] == asked


def test_a_shop_that_wants_to_be_left_alone_is(errands: Errands) -> None:
    open_shop(errands.world)
    wait_for(errands.world, 1, product_id="10")
    wait_for(errands.world, 1)
    errands.only(STOCK)
    errands.office.problem = ShopProblem("shop_failing", "Not now.", retry_after=900.0)
    errands.turn()
    assert len(errands.office.asked) == 1


def test_orders_hold_what_became_of_their_messages_where_the_shop_wants_it(errands: Errands) -> None:
    world = errands.world
    errands.only(STATES)
    world.deliver("order.created", order("processing", order_id=101))
    world.settle()
    errands.turn()
    assert errands.office.asked == []
    world.configure(write_states=True)
    errands.turn()
    assert errands.office.asked == [("101", [("order_placed", "accepted")])]
    errands.turn()
    assert len(errands.office.asked) == 1
    [message] = world.all_messages()
    world.report("delivered", message)
    world.settle()
    errands.turn()
    assert errands.office.asked[1:] == [("101", [("order_placed", "delivered")])]


def test_an_order_that_is_gone_keeps_nobody_waiting(errands: Errands) -> None:
    world = errands.world
    world.configure(write_states=True)
    errands.only(STATES)
    for number in (101, 102):
        world.deliver("order.created", order("processing", order_id=number))
    world.settle()
    errands.office.problem = ShopProblem("not_there", "Gone.", hopeless=True)
    errands.turn()
    errands.turn()
    assert len(errands.office.asked) == 2
    assert errands.row.failures == 0
