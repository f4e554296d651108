"""How often somebody may ask."""

from dataclasses import dataclass

import pytest

from sidecar.web.throttle import LoginThrottle, TokenBuckets


@dataclass
class Watch:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


class TestTokenBuckets:
    def test_so_many_at_once_and_then_one_at_a_time(self, watch: Watch) -> None:
        buckets = TokenBuckets(burst=3, seconds_each=10, clock=watch)
        assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 10, 10]
        watch.seconds += 10
        assert [buckets.take("a") for _ in range(2)] == [0, 10]

    def test_it_fills_up_again_and_no_further(self, watch: Watch) -> None:
        buckets = TokenBuckets(burst=3, seconds_each=10, clock=watch)
        for _ in range(3):
            buckets.take("a")
        watch.seconds += 1000
        assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 10]

    def test_each_has_its_own(self, watch: Watch) -> None:
        buckets = TokenBuckets(burst=1, seconds_each=10, clock=watch)
        assert [buckets.take("a"), buckets.take("b"), buckets.take("a")] == [0, 0, 10]


class TestLoginThrottle:
    def test_five_are_free_and_then_the_waits_double(self, watch: Watch) -> None:
        throttle = LoginThrottle(watch)
        assert [throttle.book("192.0.2.1") for _ in range(5)] == [0] * 5
        waits = []
        for _ in range(10):
            waits.append(throttle.book("192.0.2.1"))
            watch.seconds += waits[-1]
            assert throttle.book("192.0.2.1") == 0
        assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]

    def test_asking_while_waiting_does_not_lengthen_the_wait(self, watch: Watch) -> None:
        throttle = LoginThrottle(watch)
        for _ in range(5):
            throttle.book("192.0.2.1")
        assert {throttle.book("192.0.2.1") for _ in range(50)} == {5}

    def test_the_right_password_forgives(self, watch: Watch) -> None:
        throttle = LoginThrottle(watch)
        for _ in range(5):
            throttle.book("192.0.2.1")
        throttle.forgive("192.0.2.1")
        assert throttle.book("192.0.2.1") == 0

    def test_an_hour_forgives(self, watch: Watch) -> None:
        throttle = LoginThrottle(watch)
        for _ in range(5):
            throttle.book("192.0.2.1")
        watch.seconds += throttle.FORGOTTEN_AFTER + 1
        assert [throttle.book("192.0.2.1") for _ in range(5)] == [0] * 5

    @pytest.mark.parametrize(
        ("one", "other", "shared"),
        [
            ("192.0.2.1", "192.0.2.2", False),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
            ("::ffff:192.0.2.1", "192.0.2.1", True),
            ("", "", True),
        ],
    )
    def test_whom_it_takes_for_the_same(self, watch: Watch, one: str, other: str, shared: bool) -> None:
        throttle = LoginThrottle(watch)
        for _ in range(5):
            throttle.book(one)
        assert (throttle.book(other) > 0) is shared

    def test_it_does_not_grow_for_ever(self, watch: Watch) -> None:
        class Small(LoginThrottle):
            MOST_ADDRESSES = 3

        throttle = Small(watch)
        for last in (1, 1, 1, 1, 1, 2, 3):
            throttle.book(f"192.0.2.{last}")
        assert throttle.book("192.0.2.1") == 5
        for last in (4, 5, 6):
            throttle.book(f"192.0.2.{last}")
        assert throttle.book("192.0.2.1") == 0
