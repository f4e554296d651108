"""How each provider account fares in this process: its breaker, and the problem shown to people."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sidecar.domain.breaker import Breaker
from sidecar.domain.outcome import Accepted, OutcomeUnknown, Rejected, TemporarilyFailed
from sidecar.sending import Finished
from sidecar.storage import accounts, outbox

OUTAGE = frozenset({"unreachable", "provider_down"})
THROTTLED = "throttled"
SHORTEST_REST = 1.0
LONGEST_REST = 600.0


class AccountHealth:
    """Not thread-safe: belongs to the dispatcher's coordinator."""

    def __init__(self) -> None:
        self._breakers: dict[str, Breaker] = {}
        self._problems: dict[str, str] = {}

    def allowance(self, account_id: str, now: datetime, free: int) -> int:
        return self._breaker(account_id).allowance(now, free)

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
                    if breaker.tripped:
                        self._show(connection, account_id, reason, now)
                case TemporarilyFailed(reason=reason) if reason == THROTTLED:
                    breaker.rest(now + timedelta(seconds=min(outcome.retry_after or SHORTEST_REST, LONGEST_REST)))
                case Rejected(permanent=False):
                    breaker.stop(now)
                    self._show(connection, account_id, outcome.reason, now)
                case Accepted() | Rejected():
                    self._works(connection, account_id, breaker, now)
                case OutcomeUnknown():
                    breaker.failed(now)
                case _:
                    breaker.answered()

    def _works(self, connection: Connection, account_id: str, breaker: Breaker, now: datetime) -> None:
        if breaker.succeeded():
            outbox.bring_forward(connection, account_id, now)
        self._show(connection, account_id, "", now)

    def _show(self, connection: Connection, account_id: str, problem: str, now: datetime) -> None:
        if self._problems.get(account_id) != problem:
            accounts.note_problem(connection, account_id, problem, now)
            self._problems[account_id] = problem

    def _breaker(self, account_id: str) -> Breaker:
        return self._breakers.setdefault(account_id, Breaker())
