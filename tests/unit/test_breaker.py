"""The breaker of one account: how much it lets through, and when."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.breaker import PROBE_EVERY, STOPPED_ACCOUNT_PROBE, TRIPS_AFTER, Breaker

NOON = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def tripped() -> Breaker:
    """Opened at noon."""
    breaker = Breaker()
    for _ in range(TRIPS_AFTER):
        breaker.failed(NOON)
    return breaker


def test_the_numbers_are_the_ones_the_operators_were_told() -> None:
    assert TRIPS_AFTER == 5
    assert timedelta(seconds=2) == PROBE_EVERY
    assert timedelta(seconds=60) == STOPPED_ACCOUNT_PROBE


def test_a_closed_breaker_lets_everything_through() -> None:
    assert Breaker().allowance(NOON, 24) == 24


def test_four_failures_are_bad_luck_and_the_fifth_opens_it() -> None:
    breaker = Breaker()
    for _ in range(4):
        breaker.failed(NOON)
    assert breaker.allowance(NOON, 24) == 24
    breaker.failed(NOON)
    assert breaker.allowance(NOON, 24) == 0


def test_a_success_in_between_begins_the_count_anew() -> None:
    breaker = Breaker()
    for _ in range(10):
        for _ in range(4):
            breaker.failed(NOON)
        assert not breaker.succeeded()
    assert breaker.allowance(NOON, 24) == 24


def test_an_open_breaker_rests_two_seconds_and_then_lets_one_probe_through(tripped: Breaker) -> None:
    assert tripped.allowance(after(1.999), 24) == 0
    assert tripped.allowance(after(2), 24) == 1
    assert tripped.allowance(after(2), 0) == 0


def test_while_a_probe_is_under_way_there_is_no_second_one(tripped: Breaker) -> None:
    tripped.begin(1)
    assert tripped.allowance(after(600), 24) == 0


def test_a_turn_that_claims_nothing_does_not_forget_the_probe_under_way(tripped: Breaker) -> None:
    tripped.begin(1)
    tripped.begin(0)
    assert tripped.allowance(after(600), 24) == 0


def test_a_failed_probe_makes_it_rest_again(tripped: Breaker) -> None:
    tripped.begin(1)
    tripped.failed(after(10))
    assert tripped.allowance(after(11.999), 24) == 0
    assert tripped.allowance(after(12), 24) == 1


def test_a_probe_that_works_closes_it_and_says_so_once(tripped: Breaker) -> None:
    tripped.begin(1)
    assert tripped.succeeded()
    assert tripped.allowance(after(0), 24) == 24
    assert not tripped.succeeded()


def test_a_probe_that_tells_nothing_leaves_it_open_for_another(tripped: Breaker) -> None:
    tripped.begin(1)
    tripped.answered()
    assert tripped.allowance(after(2), 24) == 1


def test_a_refused_account_is_asked_once_a_minute() -> None:
    breaker = Breaker()
    breaker.stop(NOON)
    assert breaker.allowance(after(59.999), 24) == 0
    assert breaker.allowance(after(60), 24) == 1
    breaker.begin(1)
    breaker.stop(after(60))
    assert breaker.allowance(after(119.999), 24) == 0
    assert breaker.succeeded()
    assert breaker.allowance(after(120), 24) == 24


def test_a_failure_that_comes_in_late_does_not_shorten_a_refused_accounts_minute() -> None:
    breaker = Breaker()
    breaker.stop(NOON)
    breaker.failed(after(1))
    assert breaker.allowance(after(59.999), 24) == 0


def test_a_throttled_account_rests_as_long_as_it_was_told() -> None:
    breaker = Breaker()
    breaker.rest(after(120))
    breaker.rest(after(30))
    assert breaker.allowance(after(119.999), 24) == 0
    assert breaker.allowance(after(120), 24) == 24


def test_a_success_sent_off_before_the_throttling_does_not_end_the_rest() -> None:
    breaker = Breaker()
    breaker.rest(after(120))
    breaker.succeeded()
    assert breaker.allowance(after(119.999), 24) == 0


def test_failures_do_not_undercut_what_a_throttling_provider_asked_for() -> None:
    breaker = Breaker()
    breaker.rest(after(120))
    for _ in range(TRIPS_AFTER):
        breaker.failed(after(1))
    assert breaker.allowance(after(119.999), 24) == 0
    breaker.stop(after(2))
    assert breaker.allowance(after(119.999), 24) == 0


@given(st.lists(st.sampled_from(["look", "fail", "nothing claimed"]) | st.floats(0, 5), max_size=60))
def test_whatever_happens_while_it_is_down_probes_are_two_seconds_apart(happenings: list[str | float]) -> None:
    breaker, seconds, probes, under_way = Breaker(failures=TRIPS_AFTER), 0.0, [], 0
    for happening in happenings:
        if happening == "look" and breaker.allowance(after(seconds), 24):
            breaker.begin(1)
            probes.append(seconds)
            under_way += 1
        elif happening == "fail" and under_way:
            breaker.failed(after(seconds))
            under_way -= 1
        elif happening == "nothing claimed":
            breaker.begin(0)
        elif isinstance(happening, float):
            seconds += happening
        assert under_way <= 1
    assert all(later - earlier >= 1.999 for earlier, later in pairwise(probes))
