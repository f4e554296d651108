"""Ids that sort by the moment they were made."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.ids import in_sequence, new_id

MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
BITS = st.integers(0, 2**64 - 1)


def test_an_id_is_its_prefix_eleven_digits_of_time_and_sixteen_of_chance() -> None:
    assert new_id("msg", datetime(2026, 11, 22, 15, tzinfo=UTC), lambda _: 255) == "msg_1a203c56d8000000000000000ff"


@given(MOMENTS, MOMENTS, BITS, BITS)
def test_ids_sort_as_their_moments_do(one: datetime, other: datetime, one_bits: int, other_bits: int) -> None:
    first, second = sorted((one, other))
    if second - first >= timedelta(milliseconds=1):
        assert new_id("msg", first, lambda _: one_bits) < new_id("msg", second, lambda _: other_bits)


@given(MOMENTS, BITS)
def test_every_id_fits_its_column(moment: datetime, bits: int) -> None:
    assert len(new_id("msg", moment, lambda _: bits)) == len("msg_") + 27 <= 40


def test_two_ids_of_one_moment_differ_by_chance() -> None:
    bits = iter(range(100))
    ids = [new_id("msg", datetime(2026, 1, 1, tzinfo=UTC), lambda _: next(bits)) for _ in range(100)]
    assert all(one < other for one, other in pairwise(ids))


def test_as_many_bits_are_asked_for_as_are_written() -> None:
    asked: list[int] = []

    def bits(count: int) -> int:
        asked.append(count)
        return 2**count - 1

    assert new_id("msg", datetime(2026, 1, 1, tzinfo=UTC), bits).endswith("f" * 16)
    assert asked == [64]


def test_ids_made_in_one_millisecond_keep_their_order() -> None:
    bits = in_sequence(random.Random(3).getrandbits)
    made = [new_id("msg", datetime(2026, 11, 22, tzinfo=UTC), bits) for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
