"""Exact changes, as the plugin tells them, beside reports that show only how an order is: findings 12, 13 and 34."""

from datetime import timedelta
from itertools import permutations

import pytest

from sidecar.domain.event import EventKind, Order, ShopEvent, Transition
from tests.unit.test_order_changes import NOON, Memory, report


def moved(before: str, after: str, ms: int, second: int = 0) -> ShopEvent:
    """The plugin's word for a change within a second of the shop's clock."""
    at = NOON + timedelta(seconds=second, milliseconds=ms)
    order = Order("101", "101", after, NOON + timedelta(seconds=second), transition=Transition(before, at))
    return ShopEvent(EventKind.ORDER_SEEN, "101", order)


PLACED = report("pending", -5)
PAID = moved("pending", "processing", 100)
DONE = moved("processing", "completed", 400)
HELD = moved("processing", "on-hold", 200)
RELEASED = moved("on-hold", "processing", 300)
AS_IT_IS = report("completed", 0)


def told(*events: ShopEvent) -> list[str]:
    memory = Memory()
    memory.take_in(*events)
    return memory.spoken()


def test_three_statuses_within_a_second_are_each_understood() -> None:
    assert told(PLACED, PAID, DONE) == ["placed", "completed"]


def test_how_it_was_before_a_change_that_is_known_is_old_news() -> None:
    """Refused while the sidecar was away, the word that it was made comes after the word that it moved on."""
    made, on_hold = report("pending", 0), moved("pending", "on-hold", 300)
    assert told(on_hold, made) == told(made, on_hold) == ["placed"]


def test_a_return_to_a_status_within_a_second_is_a_change_of_its_own() -> None:
    assert told(PLACED, PAID, HELD, RELEASED, DONE) == ["placed", "on-hold", "processing", "completed"]


@pytest.mark.parametrize("again", [PAID, HELD, RELEASED])
def test_a_change_told_twice_is_told_once(again: ShopEvent) -> None:
    history = (PLACED, PAID, HELD, RELEASED)
    assert told(*history, again) == told(*history)


@pytest.mark.parametrize("place", range(4))
def test_a_webhook_at_any_moment_adds_nothing(place: int) -> None:
    """It is built when it is delivered, so it shows the last status at whatever moment it comes."""
    history = [PLACED, PAID, DONE]
    spoken = told(*history[:place], AS_IT_IS, *history[place:])
    assert sorted(spoken) in (["completed", "placed"], ["placed"])


@pytest.mark.parametrize("order", list(permutations([PAID, HELD, DONE, AS_IT_IS])))
def test_in_whatever_order_they_come_nothing_is_said_twice(order: tuple[ShopEvent, ...]) -> None:
    spoken = told(PLACED, *order)
    assert len(spoken) == len(set(spoken))


def test_what_is_overtaken_is_not_told_afterwards() -> None:
    assert told(PLACED, DONE, PAID) == ["placed"]
