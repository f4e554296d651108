"""How each provider account fares in this process: its breaker, and the problem shown to people."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sidecar.dispatch.sending import Finished
from sidecar.domain.breaker import Breaker
from sidecar.domain.outcome import Accepted, OutcomeUnknown, Rejected, TemporarilyFailed
from sidecar.providers.base import OUTAGE
from sidecar.storage import accounts, outbox

THROTTLED = "throttled"
SHORTEST_REST = 1.0
LONGEST_REST = 600.0


class AccountHealth:
    """Not thread-safe: belongs to the dispatcher's coordinator. What it has to write down stays to be written
    until `written` says that the transaction has been."""

    def __init__(self) -> None:
        self._breakers: dict[str, Breaker] = {}
        self._problems: dict[str, str] = {}
        self._problems_written: dict[str, str] = {}
        self._back: set[str] = set()

    def allowance(self, account_id: str, now: datetime, free: int) -> int:
        return self._breaker(account_id).allowance(now, free)

    def probe_at(self, account_id: str) -> datetime | None:
        """When an account that is out of order is to be tried again; None while it works."""
        breaker = self._breaker(account_id)
        return breaker.rests_until if breaker.tripped else None

    def claimed(self, account_id: str, count: int) -> None:
        self._breaker(account_id).begin(count)

    def learn(self, connection: Connection, finished: Iterable[Finished], now: datetime) -> None:
        """Take in how sends ended, in order."""
        for item in finished:
            account_id, outcome = item.message.account_id, item.outcome
            breaker = self._breaker(account_id)
            match outcome:
                case TemporarilyFailed(reason=reason) if reason in OUTAGE:
                    breaker.failed(now)
                    if outcome.retry_after:
                        breaker.rest(now + timedelta(seconds=min(outcome.retry_after, LONGEST_REST)))
                    if breaker.tripped:
                        self._problems[account_id] = reason
                case TemporarilyFailed(reason=reason) if reason == THROTTLED:
                    breaker.rest(now + timedelta(seconds=min(outcome.retry_after or SHORTEST_REST, LONGEST_REST)))
                case Rejected(permanent=False):
                    breaker.stop(now)
                    self._problems[account_id] = outcome.reason
                case Accepted() | Rejected():
                    self._problems[account_id] = ""
                    if breaker.succeeded():
                        self._back.add(account_id)
                case OutcomeUnknown():
                    breaker.failed(now)
                case _:
                    breaker.answered()
        self._write(connection, now)

    def written(self) -> None:
        self._problems_written = dict(self._problems)
        self._back.clear()

    def _write(self, connection: Connection, now: datetime) -> None:
        for account_id in self._back:
            outbox.bring_forward(connection, account_id, now)
        for account_id, problem in self._problems.items():
            if self._problems_written.get(account_id) != problem:
                accounts.note_problem(connection, account_id, problem, now)

    def _breaker(self, account_id: str) -> Breaker:
        return self._breakers.setdefault(account_id, Breaker())
