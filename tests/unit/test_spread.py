"""The crowd at opening leaves one by one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.opening import Opening
from sidecar.policy.timing import spread

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def held(closes_after: timedelta) -> Opening:
    return Opening(NINE, "sending_hours", NINE + closes_after)


def test_what_was_not_held_is_not_spread() -> None:
    assert spread(Opening(NINE), "+5511987654321", 600) == NINE


@given(st.text(max_size=20), st.integers(0, 100_000), st.timedeltas(timedelta(seconds=1), timedelta(hours=24)))
def test_it_leaves_within_the_seconds_and_the_first_half_of_the_hours(key: str, seconds: int, hours: timedelta) -> None:
    leaves = spread(held(hours), key, seconds)
    assert NINE <= leaves <= NINE + min(hours / 2, timedelta(seconds=seconds))
    assert leaves == spread(held(hours), key, seconds)


def test_a_recipient_keeps_its_place_in_every_process_and_the_next_has_another() -> None:
    day, seconds = held(timedelta(hours=9)), 1000
    assert spread(day, "+5511987654321", seconds) == NINE + timedelta(seconds=788.081925)
    assert spread(day, "+5511987654322", seconds) != spread(day, "+5511987654321", seconds)


@pytest.mark.parametrize("tenth", range(10))
def test_the_crowd_is_even(tenth: int) -> None:
    day = held(timedelta(hours=9))
    places = [(spread(day, f"+55119{n:08}", 1000) - NINE).total_seconds() for n in range(2000)]
    assert 150 <= sum(tenth * 100 <= place < tenth * 100 + 100 for place in places) <= 250
