"""What is tried again, when, for how long, and what is not."""

from datetime import timedelta

import pytest

from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, Rejected, SendOutcome, TemporarilyFailed
from sidecar.ledger import reports
from tests.world import NOON, ObedientProvider, World, order

BUSY = TemporarilyFailed("carrier_error", code="30005", detail="try later")
SECOND = timedelta(seconds=1)


def place(world: World, order_id: int = 101) -> None:
    world.deliver("order.created", order("processing", order_id=order_id))
    world.reception.work()
    world.dispatch()


def wait(world: World, seconds: float) -> int:
    """Let time pass, then the stations work; returns how many texts the provider has been asked to send."""
    world.clock.forward(seconds=seconds)
    world.settle(rounds=1)
    return len(world.provider.sent)


def problem(world: World) -> str:
    with world.database.read() as connection:
        return reports.gauges(connection, world.clock()).account_problems["acc_shop_one"]


def test_a_text_is_tried_again_after_a_second_half_a_minute_and_five_minutes(world: World) -> None:
    world.provider.outcomes = [BUSY, BUSY, BUSY]
    place(world)
    assert [wait(world, seconds) for seconds in (0.9, 0.1, 29.9, 0.1, 299.9, 0.1)] == [1, 2, 2, 3, 3, 4]
    [message] = world.all_messages()
    assert (message["status"], message["attempts"], message["reason"]) == ("accepted", 4, "")
    timeline = world.timeline(message)
    assert [step["again_in"] for step in timeline if "again_in" in step] == [1.0, 30.0, 300.0]
    assert [step["attempt"] for step in timeline if step["state"] == "sending"] == [1, 2, 3, 4]


def test_while_it_waits_the_reason_is_shown(world: World) -> None:
    world.provider.outcomes = [BUSY]
    place(world)
    [message] = world.all_messages()
    assert (message["status"], message["reason"]) == ("queued", "carrier_error")
    last = world.timeline(message)[-1]
    assert (last["code"], last["answer"]) == ("30005", "try later")


def test_one_text_that_waits_does_not_hold_up_the_others(world: World) -> None:
    world.provider.outcomes = [BUSY]
    place(world, 1)
    place(world, 2)
    assert [(m["order_id"], m["status"]) for m in world.all_messages()] == [("1", "queued"), ("2", "accepted")]


def test_a_throttling_provider_is_left_alone_for_as_long_as_it_asked(world: World) -> None:
    world.provider.outcomes = [TemporarilyFailed("throttled", retry_after=120)]
    place(world, 1)
    place(world, 2)
    assert [wait(world, seconds) for seconds in (60, 59.9)] == [1, 1]
    assert wait(world, 0.2) == 3
    assert {m["status"] for m in world.all_messages()} == {"accepted"}


def test_one_that_does_not_say_how_long_is_left_alone_for_a_second(world: World) -> None:
    world.provider.outcomes = [TemporarilyFailed("throttled")]
    place(world, 1)
    place(world, 2)
    assert len(world.provider.sent) == 1
    assert wait(world, 1.01) == 3


@pytest.mark.parametrize("retry_after", [3e11, 1e300])
def test_a_provider_that_asks_for_ages_does_not_stop_the_other_accounts(world: World, retry_after: float) -> None:
    world.add_shop("shop_two")
    world.provider.outcomes = [TemporarilyFailed("throttled", retry_after=retry_after)]
    place(world)
    world.deliver("order.created", order("processing"), shop_id="shop_two")
    wait(world, 1)
    assert sorted((m["shop_id"], m["status"]) for m in world.all_messages()) == [
        ("shop_one", "queued"),
        ("shop_two", "accepted"),
    ]


def test_a_text_that_never_goes_through_expires_when_it_would_be_too_late(world: World) -> None:
    world.configure(transactional_window="always")
    world.provider.outcomes = [BUSY] * 100
    place(world)
    while world.clock() < NOON + timedelta(hours=47):
        wait(world, 3600)
    assert world.states() == [("order_placed", "queued")]
    tries = len(world.provider.sent)
    assert tries > 40
    world.clock.now = NOON + timedelta(hours=48)
    world.provider.outcomes = []
    assert wait(world, 0.001) == wait(world, 86_400) == tries
    [message] = world.all_messages()
    assert (message["status"], message["reason"]) == ("expired", "validity_over")


def test_what_has_expired_is_never_sent(world: World) -> None:
    world.provider.outcomes = [BUSY]
    place(world)
    world.clock.forward(hours=48)
    world.dispatch()
    assert len(world.provider.sent) == 1
    world.settle(rounds=1)
    [message] = world.all_messages()
    assert (message["status"], message["reason"]) == ("expired", "validity_over")
    assert world.timeline(message)[-1]["reason"] == "validity_over"


def test_what_the_provider_refuses_for_good_is_not_tried_again(world: World) -> None:
    world.provider.outcomes = [Rejected("blocked", permanent=True, code="30004", detail="Blocked")]
    place(world, 1)
    place(world, 2)
    assert wait(world, 86_400) == 2
    [refused, accepted] = world.all_messages()
    assert (refused["status"], refused["reason"], refused["attempts"]) == ("rejected", "blocked", 1)
    assert world.timeline(refused)[-1]["code"] == "30004"
    assert accepted["status"] == "accepted"


class RefusesTheAccount(ObedientProvider):
    """Until the account is put in order."""

    in_order = False

    def send(self, message: OutgoingMessage) -> SendOutcome:
        self.sent.append(message)
        return Accepted(f"P-{message.id}") if self.in_order else Rejected("auth", permanent=False)


def test_a_refused_account_keeps_its_texts_shows_the_problem_and_recovers(world: World) -> None:
    provider = world.provider = RefusesTheAccount()
    place(world, 1)
    assert len(provider.sent) == 1
    place(world, 2)
    assert len(provider.sent) == 1, "asked again within the minute"
    assert problem(world) == "auth"
    assert {(m["status"]) for m in world.all_messages()} == {"queued"}
    for _ in range(40):
        wait(world, 30)
    assert 15 <= len(provider.sent) <= 22, "about once a minute"
    assert problem(world) == "auth"
    provider.in_order = True
    wait(world, 61)
    wait(world, 1)
    assert {m["status"] for m in world.all_messages()} == {"accepted"}
    assert problem(world) == ""


def test_a_refused_account_does_not_stop_another_shops(world: World) -> None:
    world.add_shop("shop_two")
    world.provider.outcomes = [Rejected("no_credit", permanent=False)]
    place(world)
    world.deliver("order.created", order("processing"), shop_id="shop_two")
    wait(world, 0)
    assert sorted((m["shop_id"], m["status"]) for m in world.all_messages()) == [
        ("shop_one", "queued"),
        ("shop_two", "accepted"),
    ]


def test_an_adapter_that_breaks_its_promise_leaves_a_doubt_and_not_a_second_text(world: World) -> None:
    class Broken(ObedientProvider):
        def send(self, message: OutgoingMessage) -> SendOutcome:
            self.sent.append(message)
            raise KeyError(message.to)

    provider = world.provider = Broken()
    place(world)
    assert world.states() == [("order_placed", "unknown")]
    wait(world, 1)
    wait(world, 400)
    assert len(provider.sent) == 1
    [message] = world.all_messages()
    assert "+5511912345678" not in str(world.timeline(message))


def test_a_text_that_waited_in_hand_behind_slow_ones_has_not_been_tried(world: World) -> None:
    class TakesItsTime(ObedientProvider):
        def send(self, message: OutgoingMessage) -> SendOutcome:
            world.clock.forward(seconds=6)
            return super().send(message)

    world.provider = TakesItsTime()
    world.dispatcher = world.dispatcher_of("wrk_one", threads=1)
    for order_id in range(1, 7):
        world.deliver("order.created", order("processing", order_id=order_id))
    world.reception.work()
    for _ in range(6):
        world.dispatch()
    assert [(m["status"], m["attempts"]) for m in world.all_messages()] == [("accepted", 1)] * 6
    assert len(world.provider.sent) == 6


def test_a_retry_does_not_text_at_night(world: World) -> None:
    world.clock.now = NOON + timedelta(hours=5, minutes=59, seconds=59)
    world.provider.outcomes = [BUSY]
    place(world)
    for _ in range(13):
        assert wait(world, 3600) == 1
    world.clock.now = NOON + timedelta(hours=21)
    wait(world, 0)
    assert world.states() == [("order_placed", "accepted")]
