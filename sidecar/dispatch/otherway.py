"""A text that could not reach somebody by one channel goes by the next one of its shop's route, as a message of its
own: the first keeps its end, and points to the second."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.status import MessageState
from sidecar.providers.base import UNFIT_CHANNEL
from sidecar.storage.accounts import Account
from sidecar.storage.keys import among
from sidecar.storage.messages import MessageKey, Messages, NewMessage, Step
from sidecar.storage.routes import Routes, routes_of
from sidecar.storage.tables import messages
from sidecar.storage.types import AnyRow

_OF_ONE_ATTEMPT = {
    "provider_id": None,
    "price": None,
    "currency": None,
    "attempts": 0,
    "checks": 0,
    "check_at": None,
    "claimed_by": None,
    "claimed_at": None,
    "sent_at": None,
    "delivered_at": None,
    "settles_at": None,
    "batch_key": None,
    # The shop has paid for this text once.
    "credits": 0,
}
CODE = "code"


class OtherWay:
    def __init__(self, messages: Messages, random_bits: RandomBits) -> None:
        self._messages = messages
        self._random_bits = random_bits

    def after_steps(self, connection: Connection, steps: Iterable[Step], now: datetime) -> None:
        """Send once more, by another channel, what receipts say the first one could not deliver. A one-time code is
        not: its words are gone, and the person who waits for it asks for another."""
        keys = [step.key for step in steps if step.columns.get("reason") in UNFIT_CHANNEL]
        if not keys:
            return
        rows = [row for row in _rows(connection, keys) if row.expires_at > now and row.event != CODE]
        routes = routes_of(connection, {row.shop_id for row in rows})
        again = [(row, account) for row in rows if (account := _other_channel(routes, row, now))]
        copies = [self._copy(row, account, now) for row, account in again]
        self._messages.add(connection, copies, now)
        told = [_pointer(row, copy) for (row, _), copy in zip(again, copies, strict=True)]
        self._messages.note(connection, told, now)

    def _copy(self, row: AnyRow, account: Account, now: datetime) -> NewMessage:
        columns: dict[str, Any] = {
            **row._mapping,
            **_OF_ONE_ATTEMPT,
            "id": new_id("msg", now, self._random_bits),
            "dedupe_key": f"{row.dedupe_key}:by:{account.channel}"[:120],
            "account_id": account.id,
            "provider": account.kind,
            "channel": account.channel,
            "unfit": [*row.unfit, row.account_id],
            "state": MessageState.QUEUED,
            "reason": "",
            "created_at": now,
            "due_at": now,
        }
        return NewMessage(columns, {"instead_of": row.id, "reason": row.reason})


def _rows(connection: Connection, keys: Collection[MessageKey]) -> list[AnyRow]:
    undelivered = messages.c.state == MessageState.UNDELIVERED
    return list(connection.execute(select(messages).where(among(messages.c.shop_id, messages.c.id, keys), undelivered)))


def _other_channel(routes: Routes, row: AnyRow, now: datetime) -> Account | None:
    accounts = routes.accounts_for(row.shop_id, row.country, row.category)
    others = [one for one in accounts if one.channel != row.channel and one.id not in row.unfit]
    good = (account for account in others if not routes.avoided(account, row.country, now))
    return next(good, others[0] if others else None)


def _pointer(row: AnyRow, copy: NewMessage) -> Step:
    return Step(row.shop_id, row.id, MessageState(row.state), {}, {"goes_on_as": copy.columns["id"]})
