"""A provider that goes down: left in peace, noticed when it is back, and nothing lost meanwhile."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from sidecar.dispatch import dispatcher as dispatching
from sidecar.dispatch.dispatcher import Dispatcher
from sidecar.dispatch.sending import Sender
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, OutcomeUnknown, SendOutcome, TemporarilyFailed
from sidecar.ledger import reports
from sidecar.storage.database import Database
from tests.acceptance.processes import wait_until
from tests.world import NOON, ObedientProvider, World, order

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Moody(ObedientProvider):
    """Down or up, and remembers when it was asked."""

    down: SendOutcome | None = TemporarilyFailed("unreachable")

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.asked_at: list[datetime] = []

    def send(self, message: OutgoingMessage) -> SendOutcome:
        self.sent.append(message)
        self.asked_at.append(self._clock())
        self.may_answer.wait(10)
        return self.down or Accepted(f"P-{message.id}")


@pytest.fixture
def provider(world: World) -> Moody:
    """Down from the start."""
    provider = Moody(world.clock)
    world.provider = provider
    world.dispatcher = world.dispatcher_of("wrk_one", threads=1)
    world.configure(transactional_window="always")
    return provider


def place(world: World, *numbers: int, shop_id: str = "shop_one") -> None:
    for number in numbers:
        world.deliver("order.created", order("processing", order_id=number), shop_id=shop_id)
    world.reception.work()


def live(world: World, duration: timedelta, step: float = 0.5) -> None:
    """Let the clock run in small steps, with the stations at work."""
    ends = world.clock() + duration
    while world.clock() < ends:
        world.clock.forward(seconds=step)
        world.dispatch()


def problem(world: World, account_id: str = "acc_shop_one") -> str:
    with world.database.read() as connection:
        return reports.gauges(connection, world.clock()).account_problems[account_id]


def gaps(moments: list[datetime]) -> list[timedelta]:
    return [later - earlier for earlier, later in pairwise(moments)]


def test_after_five_failures_the_provider_is_left_in_peace(world: World, provider: Moody) -> None:
    place(world, *range(1, 30))
    world.dispatch()
    assert 5 <= len(provider.sent) <= 8, "a few may be claimed ahead"
    world.dispatch()
    live(world, 1.5 * SECOND)
    assert len(provider.sent) <= 8
    assert problem(world) == "unreachable"


def test_while_it_is_down_it_is_asked_once_in_two_seconds(world: World, provider: Moody) -> None:
    place(world, *range(1, 30))
    world.dispatch()
    trips = len(provider.asked_at)
    live(world, 30 * SECOND, step=0.25)
    probes = provider.asked_at[trips:]
    assert len(probes) >= 12, "the return would be noticed late"
    assert min(gaps(probes)) >= 2 * SECOND


def test_one_that_is_down_and_says_for_how_long_is_left_in_peace_for_as_long(world: World, provider: Moody) -> None:
    provider.down = TemporarilyFailed("provider_down", retry_after=120)
    place(world, *range(1, 30))
    world.dispatch()
    asked = len(provider.sent)
    assert asked <= 8
    live(world, 117 * SECOND, step=3)
    assert len(provider.sent) == asked
    provider.down = None
    live(world, 8 * SECOND, step=1)
    assert {m["status"] for m in world.all_messages()} == {"accepted"}


def test_a_few_waiting_texts_are_enough_to_notice_its_return(world: World, provider: Moody) -> None:
    """After some minutes all of them wait for minutes themselves."""
    place(world, 1, 2, 3, 4, 5)
    world.dispatch()
    live(world, 10 * MINUTE, step=5)
    provider.down = None
    live(world, 5 * SECOND)
    assert {m["status"] for m in world.all_messages()} == {"accepted"}
    assert problem(world) == ""


def test_what_was_already_waiting_for_minutes_when_it_went_down_does_not_wait_for_them(
    world: World, provider: Moody
) -> None:
    provider.down = TemporarilyFailed("carrier_error")
    place(world, 1)
    for seconds in (0, 1, 30):
        live(world, seconds * SECOND, step=max(seconds, 1))
        world.dispatch()
    assert len(provider.sent) == 3
    provider.down = TemporarilyFailed("unreachable")
    place(world, *range(2, 12))
    world.dispatch()
    live(world, 10 * SECOND, step=1)
    provider.down = None
    live(world, 5 * SECOND)
    assert {m["status"] for m in world.all_messages()} == {"accepted"}


def test_when_it_is_back_everything_leaves_within_five_seconds(world: World, provider: Moody) -> None:
    place(world, *range(1, 40))
    world.dispatch()
    live(world, 3 * MINUTE, step=3)
    place(world, *range(40, 60))
    live(world, 10 * SECOND, step=1)
    assert {m["status"] for m in world.all_messages()} == {"queued"}
    provider.down, asked = None, len(provider.sent)
    live(world, 5 * SECOND)
    assert [m["status"] for m in world.all_messages()] == ["accepted"] * 59
    assert len(provider.sent) == asked + 59


def test_shops_are_served_as_ever_while_their_provider_is_down(world: World, provider: Moody) -> None:
    place(world, *range(1, 10))
    world.dispatch()
    live(world, MINUTE, step=3)
    place(world, 10)
    assert len(world.all_messages()) == 10
    assert world.failed() == []


def test_answers_that_get_lost_in_a_row_open_the_breaker_too(world: World, provider: Moody) -> None:
    provider.down = OutcomeUnknown("answer_lost")
    place(world, *range(1, 30))
    world.dispatch()
    assert 5 <= len(provider.sent) <= 8


class House:
    """Two shops, each with a provider of its own, served by one dispatcher whose threads are real."""

    def __init__(self, world: World) -> None:
        world.add_shop("shop_two", transactional_window="always")
        self.down, self.up = Moody(world.clock), Moody(world.clock)
        self.up.down = None
        providers = {"acc_shop_one": self.down, "acc_shop_two": self.up}
        sender = Sender(world.clock, providers.__getitem__, world.switch.objection, lambda *_: None, world.carrying)
        self.dispatcher = Dispatcher(
            world.database, world.messages, sender, lambda: 0.0, worker_id="wrk_one", threads=4
        )


def test_a_probe_without_an_answer_is_not_joined_by_another_however_busy_other_accounts_are(
    world: World, provider: Moody
) -> None:
    house = House(world)
    place(world, *range(1, 20))
    world.dispatch(house.dispatcher)
    tripping = len(house.down.sent)
    house.down.may_answer.clear()
    world.clock.forward(seconds=3)
    for number in range(6):
        place(world, 100 + number, shop_id="shop_two")
        house.dispatcher.turn()
        house.dispatcher.collect()
        house.dispatcher.turn()
        world.clock.forward(milliseconds=100)
    probes = len(house.down.sent) - tripping
    house.down.may_answer.set()
    world.dispatch(house.dispatcher)
    house.dispatcher.stop(timeout=1)
    assert probes == 1
    assert len(house.up.sent) == 6


def test_a_dispatcher_that_rests_wakes_by_itself_when_a_message_is_due(
    world: World, provider: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody rings when a moment comes."""
    monkeypatch.setattr(dispatching, "LONGEST_REST_SECONDS", 600.0)
    place(world, 1)
    world.dispatch()
    provider.down, tried = None, len(provider.sent)
    due_at = datetime.fromisoformat(world.all_messages()[0]["due_at"])
    resting = world.dispatcher_of("wrk_two")
    world.clock.now = due_at - timedelta(milliseconds=300)
    resting.start()
    resting.wake()

    def was_tried_again() -> bool:
        world.clock.forward(milliseconds=20)
        return len(provider.sent) > tried

    wait_until(was_tried_again, 20)
    resting.stop()


class Unsteady(Database):
    """Fails at the end of a transaction when told to, as a full disk or a lost connection does."""

    fails = False

    @contextmanager
    def write(self, *, quietly: bool = False) -> Iterator[Connection]:
        with super().write(quietly=quietly) as connection:
            yield connection
            if self.fails:
                raise OperationalError("COMMIT", {}, OSError("disk full"))


def send_without_writing_down(dispatcher: Dispatcher, provider: Moody) -> None:
    """Claim, send, and take the answer in hand."""
    tried = len(provider.sent)
    assert dispatcher.turn()
    for _ in range(20):
        dispatcher.collect()
        if len(provider.sent) > tried:
            break
    dispatcher.collect()


def test_a_probe_that_could_not_be_written_down_does_not_stop_the_account_for_good(
    world: World, provider: Moody
) -> None:
    database = Unsteady(world.database_url)
    sender = Sender(world.clock, world.provider_of, world.switch.objection, lambda *_: None, world.carrying)
    dispatcher = Dispatcher(database, world.messages, sender, lambda: 0.0, worker_id="wrk_one", threads=1)
    place(world, *range(1, 10))
    world.dispatch(dispatcher)
    provider.down = None
    world.clock.forward(seconds=3)
    database.fails = True
    with pytest.raises(OperationalError):
        dispatcher.turn()
    database.fails = False
    for _ in range(10):
        world.clock.forward(seconds=1)
        world.dispatch(dispatcher)
    dispatcher.stop(timeout=1)
    database.close()
    assert {m["status"] for m in world.all_messages()} == {"accepted"}


def test_an_answer_that_could_not_be_written_down_is_written_at_the_next_turn(world: World, provider: Moody) -> None:
    provider.down = None
    database = Unsteady(world.database_url)
    sender = Sender(world.clock, world.provider_of, world.switch.objection, lambda *_: None, world.carrying)
    dispatcher = Dispatcher(database, world.messages, sender, lambda: 0.0, worker_id="wrk_one", threads=1)
    place(world, 1)
    send_without_writing_down(dispatcher, provider)
    database.fails = True
    with pytest.raises(OperationalError):
        dispatcher.turn()
    database.fails = False
    assert world.states() == [("order_placed", "sending")]
    world.dispatch(dispatcher)
    dispatcher.stop(timeout=1)
    database.close()
    assert world.states() == [("order_placed", "accepted")]
    assert len(provider.sent) == 1


def test_an_outage_that_ends_at_night_does_not_wake_the_customers(world: World, provider: Moody) -> None:
    world.configure(transactional_window="09:00-18:00")
    world.clock.now = NOON + 5 * timedelta(hours=1) + 55 * MINUTE
    place(world, *range(1, 8))
    world.dispatch()
    live(world, timedelta(hours=4), step=120)
    provider.down, asked = None, len(provider.sent)
    live(world, timedelta(hours=1), step=120)
    assert len(provider.sent) == asked
    world.clock.now = NOON + timedelta(hours=21)
    world.settle()
    world.clock.forward(seconds=3)
    world.settle()
    assert {m["status"] for m in world.all_messages()} == {"accepted"}


def test_a_return_that_could_not_be_written_down_is_not_forgotten(world: World, provider: Moody) -> None:
    database = Unsteady(world.database_url)
    sender = Sender(world.clock, world.provider_of, world.switch.objection, lambda *_: None, world.carrying)
    dispatcher = Dispatcher(database, world.messages, sender, lambda: 0.0, worker_id="wrk_one", threads=1)
    place(world, *range(1, 10))
    for _ in range(60):
        world.dispatch(dispatcher)
        world.clock.forward(seconds=5)
    provider.down = None
    send_without_writing_down(dispatcher, provider)
    database.fails = True
    with pytest.raises(OperationalError):
        dispatcher.turn()
    database.fails = False
    for _ in range(5):
        world.dispatch(dispatcher)
        world.clock.forward(seconds=1)
    dispatcher.stop(timeout=1)
    database.close()
    assert {m["status"] for m in world.all_messages()} == {"accepted"}
    assert problem(world) == ""
