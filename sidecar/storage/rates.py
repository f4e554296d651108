"""How many messages a second an account takes, kept by all workers together."""

from datetime import datetime
from math import floor

from sqlalchemy import Connection, select, update

from sidecar.storage.tables import accounts


class Allowance:
    """What an account with a rate may still take now. The row is held until the transaction ends, so that two
    workers do not spend the same allowance. At most one second's worth is saved up."""

    def __init__(self, connection: Connection, account_id: str, now: datetime) -> None:
        self._connection = connection
        self._account_id = account_id
        self._now = now
        row = connection.execute(
            select(accounts.c.rate, accounts.c.allowance, accounts.c.allowance_at)
            .where(accounts.c.id == account_id)
            .with_for_update()
        ).one()
        idle = (now - row.allowance_at).total_seconds() if row.allowance_at else 1.0
        self._left: float = min(row.allowance + max(idle, 0.0) * row.rate, float(max(row.rate, 1)))

    @property
    def whole(self) -> int:
        """Messages that may be sent at once."""
        return floor(self._left)

    def spend(self, count: int) -> None:
        self._left -= count
        self._connection.execute(
            update(accounts)
            .where(accounts.c.id == self._account_id)
            .values(allowance=self._left, allowance_at=self._now)
        )
