"""Messages for the outbox by the thousand, as the intake would have written them."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from sidecar.domain.ids import new_id
from sidecar.domain.status import MessageState
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages, NewMessage
from sidecar.storage.tables import messages

from .sidecars import Sidecar
from .woo_requests import e164, order_id

BATCH = 1_000
_VALIDITY = timedelta(hours=48)
_SETTLED = timedelta(hours=1)


def queue(sidecar: Sidecar, number: int, *, first: int = 0) -> None:
    """Messages that are due, to numbers of their own."""
    with sidecar.database() as database:
        _add(database, sidecar, MessageState.QUEUED, number, first, datetime.now(UTC))


def hold(sidecar: Sidecar, number: int, *, first: int = 0, for_hours: float = 12.0) -> None:
    """Messages that wait for a moment, which may be past."""
    with sidecar.database() as database:
        _add(database, sidecar, MessageState.HELD, number, first, datetime.now(UTC) + timedelta(hours=for_hours))


def multiply_held(sidecar: Sidecar, times: int) -> None:
    """Add `times` - 1 copies of every held message, a millisecond apart. For SQLite, where this takes a
    second for some 50,000."""
    changed = {
        "id": "id || printf('%04x', i)",
        "dedupe_key": "dedupe_key || ':' || i",
        "due_at": "due_at + i * 1000",
        "expires_at": "expires_at + i * 1000",
    }
    names = [f'"{column.name}"' for column in messages.columns]
    values = [changed.get(column.name, f'"{column.name}"') for column in messages.columns]
    with sidecar.database() as database, database.write() as connection:
        connection.execute(
            text(
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times - 1}) "
                f"INSERT INTO messages ({', '.join(names)}) "
                f"SELECT {', '.join(values)} FROM messages, n WHERE state = 'held'"
            )
        )


def _add(database: Database, sidecar: Sidecar, state: MessageState, number: int, first: int, due_at: datetime) -> None:
    writer, now = Messages(random.getrandbits), datetime.now(UTC)
    for start in range(first, first + number, BATCH):
        indexes = range(start, min(start + BATCH, first + number))
        new = [NewMessage(_columns(sidecar, state, index, now, due_at), {"decision": "send"}) for index in indexes]
        with database.write() as connection:
            writer.add(connection, new, now)


def _columns(sidecar: Sidecar, state: MessageState, index: int, now: datetime, due_at: datetime) -> dict[str, Any]:
    number = order_id(index)
    return {
        "shop_id": sidecar.shop_id,
        "id": new_id("msg", now, random.getrandbits),
        "dedupe_key": f"{number}:placed",
        "order_id": str(number),
        "event": "order_placed",
        "template": "order_placed",
        "category": "transactional",
        "channel": "sms",
        "to": e164(index),
        "text": f"Loja Exemplo: Oi, Joao! Recebemos o seu pedido #{number}. Muito obrigado pela compra! (11) 4000-0000",
        "encoding": "GSM-7",
        "segments": 1,
        "state": state,
        "reason": "",
        "account_id": sidecar.account_id,
        "provider": "twilio",
        "attempts": 0,
        "checks": 0,
        "event_at": now,
        "created_at": now,
        "settles_at": min(now + _SETTLED, due_at),
        "due_at": due_at,
        "expires_at": max(now, due_at) + _VALIDITY,
    }
