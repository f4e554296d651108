"""A circuit breaker: stop hammering a provider that is down, and notice quickly when it is back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

TRIPS_AFTER = 5
PROBE_EVERY = timedelta(seconds=2)
STOPPED_ACCOUNT_PROBE = timedelta(seconds=60)


@dataclass(slots=True)
class Breaker:
    """One per account and process. While closed it lets all through; open, one probe every
    `PROBE_EVERY`; a throttled account rests as long as the provider said."""

    failures: int = 0
    rests_until: datetime | None = None
    probing: bool = field(default=False)

    @property
    def tripped(self) -> bool:
        return self.failures >= TRIPS_AFTER

    def allowance(self, now: datetime, free: int) -> int:
        """How many messages may be claimed for this account now."""
        if self.rests_until and now < self.rests_until:
            return 0
        if self.tripped:
            return 0 if self.probing else min(free, 1)
        return free

    def begin(self, count: int) -> None:
        self.probing = self.probing or (self.tripped and count > 0)

    def succeeded(self) -> bool:
        """Note an answer that shows the provider works. True when this closes an open breaker."""
        was_tripped = self.tripped
        self.failures, self.probing = 0, False
        if was_tripped:
            self.rests_until = None
        return was_tripped

    def answered(self) -> None:
        """Note an answer that says nothing of the provider's health."""
        self.probing = False

    def failed(self, now: datetime) -> None:
        self.failures += 1
        self.probing = False
        if self.tripped:
            self.rest(now + PROBE_EVERY)

    def stop(self, now: datetime) -> None:
        """The account itself is refused (credentials, credit): ask again only once a minute."""
        self.failures = max(self.failures + 1, TRIPS_AFTER)
        self.probing = False
        self.rest(now + STOPPED_ACCOUNT_PROBE)

    def rest(self, until: datetime) -> None:
        self.probing = False
        self.rests_until = max(until, self.rests_until or until)
