"""How often somebody may ask: a steady allowance for shops, growing waits for wrong passwords. Counted in this
process and forgotten with it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from sidecar.domain.address import network

Seconds = Callable[[], float]


class TokenBuckets:
    """Each key may ask `burst` times at once, and then once every `seconds_each`."""

    def __init__(self, burst: int, seconds_each: float, clock: Seconds = monotonic) -> None:
        self.burst = burst
        self.seconds_each = seconds_each
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Take one; returns 0, or the seconds until there is one to take."""
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(key, now), now)
            wait = full_at - now - (self.burst - 1) * self.seconds_each
            if wait > 0:
                return wait
            self._full_at[key] = full_at + self.seconds_each
            return 0.0


@dataclass(slots=True)
class _Tries:
    count: int = 0
    last: float = 0.0


class LoginThrottle:
    """Five wrong passwords are free, then each costs twice the wait of the one before. A network of IPv6
    addresses counts as one address, since whoever has one has them all."""

    FREE = 5
    FIRST_WAIT = 5.0
    LONGEST_WAIT = 900.0
    FORGOTTEN_AFTER = 3600.0
    MOST_ADDRESSES = 10_000

    def __init__(self, clock: Seconds = monotonic) -> None:
        self._clock = clock
        self._tries: dict[str, _Tries] = {}
        self._lock = threading.Lock()

    def book(self, address: str) -> float:
        """Count a try before it is judged, so that many at once cannot slip through; returns 0, or the
        seconds to wait, and then nothing is counted."""
        with self._lock:
            now = self._clock()
            tries = self._recall(network(address), now)
            wait = tries.last + self._wait_after(tries.count) - now
            if tries.count >= self.FREE and wait > 0:
                return wait
            tries.count, tries.last = tries.count + 1, now
            return 0.0

    def forgive(self, address: str) -> None:
        """The password was right: the tries before it are forgotten."""
        with self._lock:
            self._tries.pop(network(address), None)

    def _recall(self, network: str, now: float) -> _Tries:
        """What is known of it, moved to the end of the line: the front is forgotten first."""
        tries = self._tries.pop(network, None)
        if tries is None or now - tries.last > self.FORGOTTEN_AFTER:
            tries = _Tries()
        self._tries[network] = tries
        if len(self._tries) > self.MOST_ADDRESSES:
            del self._tries[next(iter(self._tries))]
        return tries

    def _wait_after(self, count: int) -> float:
        # The exponent stays small: 2.0 ** 1024 would not fit a float.
        return min(self.FIRST_WAIT * 2.0 ** min(max(count - self.FREE, 0), 20), self.LONGEST_WAIT)


class AccountThrottle(LoginThrottle):
    """The same by account, against many addresses that try one; patient, since a stranger's tries must not keep its
    owner out for long."""

    FREE = 20
    LONGEST_WAIT = 60.0
