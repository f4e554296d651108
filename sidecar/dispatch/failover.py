"""When an account cannot send, its messages take the next one of their shop's route: after an answer that says for
certain that nothing was sent, and never after a lost one."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sidecar.dispatch.sending import Finished, is_unfit
from sidecar.domain.outcome import Rejected, TemporarilyFailed
from sidecar.domain.status import MessageState
from sidecar.domain.timetable import Timetable
from sidecar.providers.base import OUTAGE
from sidecar.storage import accounts, deliverability, outbox
from sidecar.storage.accounts import Account
from sidecar.storage.database import Database
from sidecar.storage.messages import MessageKey, Messages, Step
from sidecar.storage.outbox import Claimed, Waiting
from sidecar.storage.routes import Routes, routes_of

_BATCH = 500
_MEASURED = timedelta(hours=1)


def calls_for_another_account(finished: Finished) -> bool:
    """An outage, a refused account, or a channel that does not reach this number."""
    match finished.outcome:
        case TemporarilyFailed(reason=reason):
            return reason in OUTAGE
        case Rejected(permanent=False):
            return True
    return is_unfit(finished.outcome)


def alternatives(connection: Connection, finished: Iterable[Finished], now: datetime) -> dict[MessageKey, Account]:
    """The account that each failed message goes on to, where its route has another that works."""
    failed = [item for item in finished if calls_for_another_account(item)]
    if not failed:
        return {}
    routes = routes_of(connection, {item.message.shop_id for item in failed})
    found = {item.message.key: _next(routes, item, now) for item in failed}
    return {key: account for key, account in found.items() if account}


def _next(routes: Routes, finished: Finished, now: datetime) -> Account | None:
    """What one account cannot carry may wait for another that is out of order, and goes back to none that could not
    carry it either."""
    message = finished.message
    passed_over = {*message.unfit, message.account_id}
    if is_unfit(finished.outcome):
        return routes.best(message.shop_id, message.country, message.category, now, passed_over)
    return _working(routes, message, passed_over, now)


def _working(routes: Routes, message: Claimed | Waiting, passed_over: Collection[str], now: datetime) -> Account | None:
    account = routes.best(message.shop_id, message.country, message.category, now, passed_over)
    return None if account is None or routes.avoided(account, message.country, now) else account


class Failover:
    """What the clock asks: move what waits at an account that is out of order, and measure how much arrives."""

    def __init__(self, database: Database, messages: Messages, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._messages = messages
        self._clock = clock

    def timetable(self) -> Timetable:
        return [(1.0, self.sweep), (60.0, self.measure)]

    def sweep(self) -> int:
        """Move queued messages on from accounts with a problem; returns how many."""
        with self._database.read() as connection:
            ailing = [account for account in accounts.every(connection) if account.problem]
        return sum(self._move_on(account) for account in ailing)

    def measure(self) -> None:
        """Note how much of what was sent in the last hour arrived, by account and country."""
        now = self._clock()
        with self._database.read() as connection:
            shares = deliverability.measured(connection, now - _MEASURED)
        with self._database.write(quietly=True) as connection:
            deliverability.save(connection, shares, now)

    def _move_on(self, account: Account) -> int:
        moved, after = 0, ""
        while waiting := self._waiting(account.id, after):
            with self._database.write() as connection:
                moved += self._move(connection, account, waiting)
                self._database.ring(connection)
            after = waiting[-1].id
        return moved

    def _waiting(self, account_id: str, after: str) -> Sequence[Waiting]:
        with self._database.read() as connection:
            return outbox.waiting_at(connection, account_id, after, _BATCH)

    def _move(self, connection: Connection, account: Account, waiting: Sequence[Waiting]) -> int:
        now = self._clock()
        routes = routes_of(connection, {message.shop_id for message in waiting})
        by_target: dict[str, tuple[Account, list[Waiting]]] = {}
        for message in waiting:
            if other := _working(routes, message, {*message.unfit, account.id}, now):
                by_target.setdefault(other.id, (other, []))[1].append(message)
        return sum(self._hand_on(connection, account, *target, now) for target in by_target.values())

    def _hand_on(
        self, connection: Connection, account: Account, other: Account, waiting: Sequence[Waiting], now: datetime
    ) -> int:
        moved = outbox.move(connection, [message.key for message in waiting], account.id, other, now)
        told = {"reason": account.problem, "failed_over_to": other.name}
        self._messages.note(connection, [Step(*key, MessageState.QUEUED, {}, told) for key in moved], now)
        return len(moved)
