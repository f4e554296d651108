"""The sending switch, when a text is decided on and again just before it leaves."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sidecar.policy.switch import Sending, Switch
from tests.world import ObedientProvider, World, order

MARIA = "+5511912345678"
NewWorld = Callable[[Switch], World]

OFF, DRY_RUN, LIVE = (Switch(position) for position in (Sending.OFF, Sending.DRY_RUN, Sending.LIVE))
FOR_MARIA, FOR_SOMEBODY_ELSE = (Switch(Sending.ALLOW_LIST, {to}) for to in (MARIA, "+5511900000000"))


@pytest.fixture
def world_with(database_url: str) -> Iterator[NewWorld]:
    made: list[World] = []

    def make(switch: Switch) -> World:
        made.append(World(database_url, switch))
        return made[-1]

    yield make
    for world in made:
        world.close()


def place(world: World) -> dict[str, Any]:
    world.deliver("order.created", order("processing"))
    world.settle()
    [message] = world.all_messages()
    return message


@pytest.mark.parametrize(
    ("switch", "status", "reason"),
    [
        (OFF, "suppressed", "sending_off"),
        (DRY_RUN, "suppressed", "dry_run"),
        (FOR_SOMEBODY_ELSE, "suppressed", "not_on_allow_list"),
        (FOR_MARIA, "accepted", ""),
        (LIVE, "accepted", ""),
    ],
)
def test_what_the_switch_lets_through(world_with: NewWorld, switch: Switch, status: str, reason: str) -> None:
    world = world_with(switch)
    message = place(world)
    assert (message["status"], message["reason"]) == (status, reason)
    assert [sent.to for sent in world.provider.sent] == ([MARIA] if status == "accepted" else [])
    assert message["text"].startswith("Loja: "), "what would have been sent is shown"


@pytest.mark.parametrize(
    ("flipped_to", "reason"),
    [(OFF, "sending_off"), (DRY_RUN, "dry_run"), (FOR_SOMEBODY_ELSE, "not_on_allow_list")],
)
def test_a_text_queued_while_live_does_not_leave_after_the_switch_is_turned(
    world_with: NewWorld, flipped_to: Switch, reason: str
) -> None:
    world = world_with(LIVE)
    world.deliver("order.created", order("processing"))
    world.reception.work()
    assert world.states() == [("order_placed", "queued")]
    world.switch = flipped_to
    restarted = world.dispatcher_of("wrk_two")
    world.dispatch(restarted)
    restarted.stop(timeout=1)
    [message] = world.all_messages()
    assert (message["status"], message["reason"]) == ("suppressed", reason)
    assert world.timeline(message)[-1]["reason"] == reason
    assert world.provider.sent == []


def test_a_text_queued_for_an_allowed_number_leaves_under_an_allow_list(world_with: NewWorld) -> None:
    world = world_with(LIVE)
    world.deliver("order.created", order("processing"))
    world.reception.work()
    world.switch = FOR_MARIA
    restarted = world.dispatcher_of("wrk_two")
    world.dispatch(restarted)
    restarted.stop(timeout=1)
    assert world.states() == [("order_placed", "accepted")]


def test_what_was_suppressed_in_a_dry_run_is_not_sent_when_it_goes_live(world_with: NewWorld) -> None:
    world = world_with(DRY_RUN)
    place(world)
    world.switch = LIVE
    live = world.dispatcher_of("wrk_two")
    world.dispatch(live)
    live.stop(timeout=1)
    assert world.states() == [("order_placed", "suppressed")]
    assert world.provider.sent == []


def test_a_provider_that_reaches_nobody_sends_in_every_position(world_with: NewWorld) -> None:
    class Harmless(ObedientProvider):
        reaches_people = False

    world = world_with(OFF)
    world.provider = Harmless()
    assert place(world)["status"] == "accepted"


def test_the_allow_list_is_asked_for_the_number_a_text_goes_to(world_with: NewWorld) -> None:
    world = world_with(FOR_SOMEBODY_ELSE)
    world.configure(redirect_to="+5511900000000")
    message = place(world)
    assert (message["status"], message["to"]) == ("accepted", "+5511900000000")
