"""When a message is tried again, and when a provider is asked again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.retry import JITTER, LONGEST_DELAY, LOOK_UP_DELAYS, look_up_delay, retry_delay

ATTEMPTS = st.integers(1, 10_000)
# In [0, 1), as the random generators of the standard library give.
JITTERS = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 1), (2, 30), (3, 300), (4, 600), (5, 1200), (6, 2400), (7, 3600), (8, 3600), (1_000_000, 3600)],
)
def test_the_waits_are_a_second_half_a_minute_five_minutes_and_grow_to_an_hour(attempts: int, seconds: int) -> None:
    assert retry_delay(attempts, 0.0) == timedelta(seconds=seconds)


@given(ATTEMPTS, JITTERS)
def test_the_spread_adds_less_than_a_fifth(attempts: int, jitter: float) -> None:
    planned = retry_delay(attempts, 0.0)
    assert planned <= retry_delay(attempts, jitter) <= planned * (1 + JITTER)
    assert JITTER == 0.2


def test_messages_that_failed_together_come_back_apart() -> None:
    assert len({retry_delay(3, n / 10) for n in range(10)}) == 10


@given(ATTEMPTS)
def test_no_wait_is_shorter_than_the_one_before(attempts: int) -> None:
    assert retry_delay(attempts, 0.0) <= retry_delay(attempts + 1, 0.0) <= timedelta(seconds=LONGEST_DELAY)


@given(ATTEMPTS, JITTERS, st.floats(0, 86_400))
def test_what_the_provider_asks_for_is_never_undercut(attempts: int, jitter: float, asked: float) -> None:
    wait = retry_delay(attempts, jitter, asked)
    assert wait >= timedelta(seconds=asked)
    assert wait >= retry_delay(attempts, 0.0)


@pytest.mark.parametrize("asked", [2.6e11, 1e300, float("inf")])
def test_a_provider_that_asks_for_ages_does_not_break_the_calendar(asked: float) -> None:
    assert timedelta(days=1) <= retry_delay(1, 0.99, asked) < timedelta(days=400)


def test_look_ups_grow_apart_too() -> None:
    waits = [look_up_delay(checks) for checks in range(20)]
    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(seconds=LOOK_UP_DELAYS[-1]) == timedelta(minutes=15)
