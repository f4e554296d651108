"""The round that asks for orders: what it remembers, what it puts on the road, and what it leaves to the next."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from sidecar.domain.backoffice import Found, Page, ShopProblem
from sidecar.domain.shop import Platform, Shop
from sidecar.ledger import reports
from sidecar.polling.changes import ChangeRound
from sidecar.polling.rounds import Rounds
from sidecar.polling.visit import TurnLost
from sidecar.storage import polls
from sidecar.storage.polls import ORDERS
from tests.world import NOON, World, order

MINUTE = timedelta(minutes=1)


class Shelf:
    """A shop of any platform: its pages are given, and the moments it was asked from are kept."""

    def __init__(self) -> None:
        self.pages: list[Page | Exception] = []
        self.asked: list[tuple[datetime, int]] = []

    def orders(self, since: datetime, page_size: int) -> Iterator[Page]:
        self.asked.append((since, page_size))
        for page in self.pages:
            if isinstance(page, Exception):
                raise page
            yield page

    @contextmanager
    def open(self, _shop: Shop) -> Iterator["Shelf"]:
        yield self


def page(*rows: dict[str, Any], up_to: datetime | None = None) -> Page:
    found = [
        Found(str(row["id"]), "order.updated", json.dumps(row).encode(), modified_at=modified(row)) for row in rows
    ]
    return Page(found, up_to)


def modified(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["date_modified_gmt"] + "+00:00")


class Round:
    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = Shelf()
        self.rounds = Rounds(
            world.database,
            {Platform.WOOCOMMERCE: {ORDERS: ChangeRound(self.shelf.open, Shelf.orders)}},
            world.clock,
            lambda: 0.5,
            world.intake._stationery.random_bits,
            threads=2,
        )
        with world.database.write() as connection:
            self.rounds.enrol(connection, world.shop, has_keys=True)

    def turn(self, *pages: Page | Exception) -> None:
        self.shelf.pages = list(pages)
        self.rounds.run_due()
        self.world.settle()

    @property
    def row(self) -> Any:
        with self.world.database.read() as connection:
            return polls.of_shops(connection, {self.world.shop.id})[0]


@pytest.fixture
def round_(world: World) -> Iterator[Round]:
    made = Round(world)
    yield made
    made.rounds.stop()


def test_what_a_shop_shows_goes_the_whole_road_once_however_often_it_is_shown(world: World, round_: Round) -> None:
    shows = page(order("processing"), up_to=NOON)
    for _ in range(3):
        round_.turn(shows)
        world.clock.forward(seconds=61)
    assert world.states() == [("order_placed", "accepted")]
    assert len(inbox(world)) == 1
    assert [since for since, _ in round_.shelf.asked] == [NOON - 62 * MINUTE, *[NOON - 2 * MINUTE] * 2]


def test_an_order_that_looks_otherwise_is_told_though_its_second_is_the_same(world: World, round_: Round) -> None:
    round_.turn(page(order("pending"), up_to=NOON))
    world.clock.forward(seconds=61)
    round_.turn(page(order("processing"), up_to=NOON))
    assert world.states() == [("order_placed", "accepted")]


def test_a_date_of_the_future_skips_nothing(world: World, round_: Round) -> None:
    round_.turn(page(order("processing", modified=NOON + 900 * MINUTE), up_to=NOON + 900 * MINUTE))
    world.clock.forward(seconds=61)
    round_.turn()
    assert round_.shelf.asked[-1][0] == NOON - 2 * MINUTE


def test_finding_3_3_a_shop_whose_clock_is_slow_is_missed_nothing_when_it_is_connected(
    world: World, round_: Round
) -> None:
    """And what it shows from before that is old news, until it changes."""
    slow = NOON - 30 * MINUTE
    old, later = order("processing", order_id=1, modified=slow), order("processing", order_id=2, modified=slow + MINUTE)
    round_.turn(page(old, up_to=slow))
    assert inbox(world) == []
    told = []
    for shows in (page(old, later, up_to=slow + MINUTE), page(old, later), page({**old, "status": "completed"}, later)):
        world.clock.forward(seconds=61)
        round_.turn(shows)
        told.append([m["order_id"] for m in world.all_messages()])
    assert round_.shelf.asked[1][0] == slow - 2 * MINUTE
    assert [sorted(orders) for orders in told] == [["2"], ["2"], ["1", "2"]]
    assert len(inbox(world)) == 2


def test_a_quiet_shop_with_a_slow_clock_is_looked_at_from_where_it_was_connected(world: World, round_: Round) -> None:
    round_.turn()
    world.clock.forward(minutes=10)
    round_.turn(page(order("processing", modified=NOON - 20 * MINUTE), up_to=NOON - 20 * MINUTE))
    assert world.states() == [("order_placed", "accepted")]


def test_what_broke_off_goes_on_from_the_last_page_that_was_kept(world: World, round_: Round) -> None:
    lost = ShopProblem("no_answer", "The shop did not answer.")
    round_.turn(page(order("processing"), up_to=NOON - MINUTE), lost)
    assert (round_.row.failures, round_.row.problem, round_.row.good_at) == (1, "no_answer", None)
    assert len(inbox(world)) == 1
    world.clock.forward(seconds=61)
    round_.turn(page(order("completed", order_id=102), up_to=NOON))
    assert round_.shelf.asked[-1][0] == NOON - 3 * MINUTE
    assert (round_.row.failures, round_.row.problem) == (0, "")
    assert (round_.row.last_problem, round_.row.last_problem_at) == ("no_answer", NOON), "what was is still known"


def test_a_failing_shop_is_left_alone_longer_each_time_and_asked_for_less(world: World, round_: Round) -> None:
    waits, sizes = [], []
    for _ in range(8):
        round_.turn(ShopProblem("shop_failing", "The shop is not well."))
        waits.append((round_.row.due_at - world.clock()) / MINUTE)
        world.clock.now = round_.row.due_at
    sizes = [size for _, size in round_.shelf.asked]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert sizes == [100, 100, 50, 20, 20, 20, 20, 20]
    round_.turn()
    assert (round_.row.due_at - world.clock()) / MINUTE == 1


def test_a_shop_that_asks_to_be_left_alone_is(world: World, round_: Round) -> None:
    round_.turn(ShopProblem("shop_failing", "Too many requests.", retry_after=600))
    assert (round_.row.due_at - world.clock()) / MINUTE == 10


def test_one_asker_at_a_time_and_one_who_was_overtaken_writes_nothing(world: World, round_: Round) -> None:
    with world.database.write() as connection:
        [turn] = polls.take(connection, "lse_slow", world.clock(), 10)
    assert round_.rounds.run_due() == 0
    with pytest.raises(TurnLost):
        round_.rounds.ask_now(world.shop, ORDERS)
    world.clock.forward(minutes=3, seconds=1)
    round_.turn(page(order("processing"), up_to=NOON))
    round_.shelf.pages = [page(order("completed", modified=NOON + MINUTE), up_to=NOON + MINUTE)]
    round_.rounds.run(turn)
    assert len(inbox(world)) == 1
    assert round_.row.lease == ""


def test_asked_again_from_a_moment_on_everything_is_told_anew_and_nothing_is_texted_twice(
    world: World, round_: Round
) -> None:
    round_.turn(page(order("processing"), up_to=NOON))
    since = NOON - 600 * MINUTE
    found = round_.rounds.ask_now(world.shop, ORDERS, {"since": since.isoformat()}).found
    world.settle()
    assert (found, round_.shelf.asked[-1][0], len(inbox(world))) == (1, since - 2 * MINUTE, 2)
    assert world.states() == [("order_placed", "accepted")]


def test_an_errand_that_stumbles_is_written_down_and_tried_again(world: World, round_: Round) -> None:
    round_.turn(ValueError("of ours"))
    assert (round_.row.problem, round_.row.failures, round_.row.lease) == ("stumbled", 1, "")


def test_idle_shops_cost_no_transaction_that_writes(world: World, round_: Round) -> None:
    round_.turn()
    with world.database.read() as connection:
        assert not polls.any_due(connection, world.clock())


def inbox(world: World) -> list[Any]:
    with world.database.read() as connection:
        return reports.list_inbox(connection, limit=100)
