"""What credit the accounts have left at their providers: asked now and then, and told once when it runs low."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from sidecar.domain.outcome import Balance
from sidecar.domain.timetable import Timetable
from sidecar.providers.base import BalanceUnavailable, Provider
from sidecar.storage import accounts
from sidecar.storage.accounts import Account
from sidecar.storage.database import Database

ASKED_EVERY = timedelta(minutes=10)

log = structlog.get_logger()


class Balances:
    def __init__(
        self, database: Database, provider_of: Callable[[str], Provider], clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._provider_of = provider_of
        self._clock = clock

    def timetable(self) -> Timetable:
        return [(30.0, self.ask)]

    def ask(self) -> int:
        """Ask for each balance that nobody has asked for lately; returns how many were told."""
        now = self._clock()
        with self._database.read() as connection:
            due = [one for one in accounts.every(connection) if _is_due(one, now)]
        return sum(self._ask(account) for account in due)

    def _ask(self, account: Account) -> bool:
        """The question is booked first, so that of two workers one asks, and nobody asks without pause one that does
        not answer."""
        now = self._clock()
        with self._database.write() as connection:
            if not accounts.take_for_asking(connection, account.id, now - ASKED_EVERY, now):
                return False
        balance = self._told(account)
        if balance is None:
            return False
        with self._database.write() as connection:
            fallen = accounts.note_balance(connection, account.id, balance, self._clock())
        if fallen:
            log.warning("a provider account is low on credit", account=account.name, balance=str(balance.amount))
        return True

    def _told(self, account: Account) -> Balance | None:
        try:
            provider = self._provider_of(account.id)
            return provider.balance() if provider.capabilities.balance else None
        except BalanceUnavailable as problem:
            log.info("a balance was not told", account=account.name, problem=str(problem)[:200])
        except Exception:
            log.exception("a balance could not be asked for", account=account.name)
        return None


def _is_due(account: Account, now: datetime) -> bool:
    return account.balance_at is None or account.balance_at <= now - ASKED_EVERY
