"""A database as it is after a busy month: a great many messages of one large shop and of many small ones, what people
answered, and the figures of the days. Some are made, and copied by the database; a million take half a minute."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Connection, Table, func, insert, literal, select, text

from sidecar.domain.ids import new_id
from sidecar.domain.shop import Platform, Shop
from sidecar.domain.status import MessageState
from sidecar.ledger.counting import KEPT, Days
from sidecar.storage import accounts, shops
from sidecar.storage.database import Database
from sidecar.storage.tables import feeds, inbox, messages, orders, replies, timeline
from sidecar.storage.vault import Vault

from . import around
from .sidecars import Sidecar

SEED = 10_000
SMALL_SHOPS = 200
FAILED_DELIVERIES = 300
CUSTOMERS = 300_000
MONTH = timedelta(days=30)
IDLE_ACCOUNT = "acc_idle"

_S = MessageState
_STATES = {
    _S.DELIVERED: 930,
    _S.READ: 20,
    _S.UNDELIVERED: 12,
    _S.REJECTED: 5,
    _S.EXPIRED: 3,
    _S.SUPPRESSED: 20,
    _S.CANCELLED: 3,
    _S.SUPERSEDED: 3,
    _S.SENT: 2,
    _S.ACCEPTED: 2,
}
_REASONS = {
    _S.UNDELIVERED: "unreachable",
    _S.REJECTED: "invalid_number",
    _S.SUPPRESSED: "opted_out",
    _S.HELD: "outside_hours",
}
_TEXTS = {
    "order_placed": 30,
    "order_processing": 25,
    "order_completed": 20,
    "order_shipped": 20,
    "order_cancelled": 4,
    "customer_note": 1,
}
_HELD = 50
_GONE = (_S.DELIVERED, _S.READ, _S.SENT, _S.ACCEPTED, _S.UNDELIVERED)
_CHANGED = {
    "id": "id || substr(CAST(10000 + i AS VARCHAR), 2)",
    "dedupe_key": "dedupe_key || ':' || i",
    "provider_id": "provider_id || '-' || i",
    "order_id": "CAST(CAST(order_id AS BIGINT) * {times} + i AS VARCHAR)",
    "to": "'+5511' || (900000000 + (CAST(order_id AS BIGINT) * {times} + i) * 7919 % {customers})",
}


def fill(sidecar: Sidecar, number: int) -> Mapping[str, str]:
    """Returns what of it pages may be asked for, by name."""
    now, times = datetime.now(UTC), max(1, number // SEED)
    with sidecar.database() as database:
        with database.write() as connection:
            shop_ids = _more_shops(connection, sidecar, now)
            rows = list(_messages(sidecar, shop_ids, now))
            connection.execute(insert(messages), rows)
            connection.execute(insert(timeline), [_first_step(row) for row in rows])
            _multiply(connection, messages, times)
            _orders(connection)
            _replies(connection, sidecar.shop_id)
            _deliveries(connection)
            around.fill(connection, sidecar.shop_id)
            connection.execute(insert(inbox), list(_failures(shop_ids, now)))
        _tidy(database)
        Days(database, lambda: now).count(range(KEPT))
        with database.read() as connection:
            return _known(connection, sidecar, rows, now)


def _more_shops(connection: Connection, sidecar: Sidecar, now: datetime) -> list[str]:
    """Like the one that is there. Nobody delivers for them: their secrets are sealed with a key of their own."""
    [large] = shops.every(connection)
    vault = Vault("nobody has to open what is sealed here")
    accounts.add(connection, vault, IDLE_ACCOUNT, "simulator", "idle", {}, now)
    small = [_small(large, number) for number in range(SMALL_SHOPS)]
    for shop in small:
        shops.add(connection, vault, shop, shops.new_secrets(), {}, now)
    ids = [shop.id for shop in (large, *small)]
    connection.execute(insert(feeds), [{"shop_id": i, "source": "webhook", "last_accepted_at": now} for i in ids])
    return ids[1:]


def _small(large: Shop, number: int) -> Shop:
    zone = ("America/Sao_Paulo", "Europe/Paris", "Asia/Taipei")[number % 3]
    settings = large.settings.model_copy(update={"timezone": zone})
    return replace(large, id=f"shop_small{number}", name=f"Shop {number}", platform=Platform.MAGENTO, settings=settings)


def _messages(sidecar: Sidecar, small: list[str], now: datetime) -> Iterator[dict[str, Any]]:
    """Oldest first; three of five of the large shop."""
    chance = random.Random(1)
    for number in range(SEED):
        at = now - MONTH * (SEED - number) / SEED
        held = number >= SEED - _HELD
        state = _S.HELD if held else chance.choices(list(_STATES), list(_STATES.values()))[0]
        shop_id = sidecar.shop_id if number % 5 < 3 else small[number % len(small)]
        key = chance.choices(list(_TEXTS), list(_TEXTS.values()))[0]
        yield {**_row(shop_id, number, state, at), "template": key, "event": key, "account_id": sidecar.account_id}


def _row(shop_id: str, number: int, state: MessageState, at: datetime) -> dict[str, Any]:
    gone = state in _GONE
    message_id = new_id("msg", at, random.getrandbits)
    order = str(1_000 + number // 3)
    return {
        "shop_id": shop_id,
        "id": message_id,
        "dedupe_key": message_id,
        "order_id": order,
        "category": "transactional",
        "channel": "sms",
        "to": "",
        "text": f"Loja Exemplo: Oi, Joao! Recebemos o seu pedido #{order}. Muito obrigado pela compra! (11) 4000-0000",
        "encoding": "GSM-7",
        "segments": 1,
        "country": "BR",
        "locale": "pt_BR",
        "state": state,
        "reason": _REASONS.get(state, ""),
        "provider": "twilio",
        "provider_id": f"SM{message_id}" if gone else None,
        "attempts": int(gone),
        "checks": 0,
        "event_at": at,
        "created_at": at,
        "due_at": at + timedelta(hours=12) if state is _S.HELD else at,
        "expires_at": at + timedelta(days=3),
        "sent_at": at + timedelta(seconds=2) if gone else None,
        "delivered_at": at + timedelta(seconds=6) if state in (_S.DELIVERED, _S.READ) else None,
    }


def _first_step(row: Mapping[str, Any]) -> dict[str, Any]:
    why = {"source": "webhook", "status": "processing", "decision": "send"}
    return {
        "shop_id": row["shop_id"],
        "message_id": row["id"],
        "id": new_id("tl", row["created_at"], random.getrandbits),
        "at": row["created_at"],
        "state": "queued",
        "detail": why,
    }


def _multiply(connection: Connection, table: Table, times: int) -> None:
    """In place of each row, as many in its order: rows lie in a table as they came in."""
    changed = {name: how.format(times=times, customers=CUSTOMERS) for name, how in _CHANGED.items()}
    names = [f'"{column.name}"' for column in table.columns]
    values = [changed.get(column.name, f'"{column.name}"') for column in table.columns]
    connection.execute(
        text(
            f"INSERT INTO messages ({', '.join(names)}) "
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times - 1}) "
            f"SELECT {', '.join(values)} FROM messages, n ORDER BY id, i"
        )
    )
    connection.execute(
        text(
            "UPDATE messages SET \"to\" = '+5511' || (900000000 + "
            f"CAST(order_id AS BIGINT) * {times} * 7919 % {CUSTOMERS}), "
            f"order_id = CAST(CAST(order_id AS BIGINT) * {times} AS VARCHAR) WHERE \"to\" = ''"
        )
    )


def _orders(connection: Connection) -> None:
    """What is kept of each order; its number is known to the customer under a form of its own."""
    columns = ("shop_id", "order_id", "status", "modified_at", "seen", "placed", "trashed", "changes", "number", "to")
    of_messages = select(
        messages.c.shop_id,
        messages.c.order_id,
        text("'completed'"),
        func.max(messages.c.created_at),
        literal([], JSON),
        text("true"),
        text("false"),
        text("1"),
        text("'N-' || order_id"),
        func.max(messages.c.to),
    ).group_by(messages.c.shop_id, messages.c.order_id)
    connection.execute(insert(orders).from_select(columns, of_messages))


def _replies(connection: Connection, shop_id: str) -> None:
    """Three of a hundred texts of the large shop were answered, the last of them lately."""
    rows = connection.execute(
        select(messages.c.id, messages.c.to, messages.c.order_id, messages.c.created_at)
        .where(messages.c.shop_id == shop_id, messages.c.state == "delivered", messages.c.id.like("%7"))
        .order_by(messages.c.id)
    )
    new = [
        {
            "shop_id": shop_id,
            "id": new_id("rpl", row.created_at, random.getrandbits),
            "account_id": "acc",
            "provider_id": row.id,
            "number": row.to,
            "channel": "sms",
            "text": "Quando chega?",
            "meaning": "reply",
            "order_id": row.order_id,
            "received_at": row.created_at,
            "read_at": row.created_at,
        }
        for number, row in enumerate(rows)
        if number % 3 == 0
    ]
    for row in new[-200:]:
        row["read_at"] = None
    connection.execute(insert(replies), new)


def _deliveries(connection: Connection) -> None:
    """Of every tenth message."""
    columns = ("shop_id", "id", "source", "topic", "delivery_id", "body", "received_at", "state")
    kept = select(
        messages.c.shop_id,
        text("'in_' || substr(id, 5)"),
        text("'webhook'"),
        text("'order.updated'"),
        text("''"),
        literal(b"{" + 500 * b" " + b"}"),
        messages.c.created_at,
        text("'done'"),
    ).where(messages.c.id.like("%7"))
    connection.execute(insert(inbox).from_select(columns, kept))


def _failures(shop_ids: list[str], now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(FAILED_DELIVERIES):
        yield {
            "shop_id": shop_ids[number % len(shop_ids)],
            "id": new_id("in", now - timedelta(minutes=number), random.getrandbits),
            "source": "webhook",
            "topic": "order.updated",
            "delivery_id": "",
            "body": b"{",
            "received_at": now,
            "state": "failed",
            "note": "not_json: The body is not JSON.",
        }


def _tidy(database: Database) -> None:
    """What PostgreSQL does by itself while a month passes."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _known(connection: Connection, sidecar: Sidecar, rows: list[dict[str, Any]], now: datetime) -> Mapping[str, str]:
    message = connection.execute(select(messages).where(messages.c.id == rows[SEED // 2]["id"])).one()
    reply = select(replies.c.id).where(replies.c.shop_id == sidecar.shop_id)
    return {
        "shop": sidecar.shop_id,
        "account": sidecar.account_id,
        "message": message.id,
        "of_shop": message.shop_id,
        "order": message.order_id,
        "number": f"%2B{message.to[1:]}",
        "digits": message.to[-8:-4] + "-" + message.to[-4:],
        "last": message.to[-4:],
        "day": f"{now - MONTH / 2:%Y-%m-%d}",
        "early": rows[SEED // 10]["id"],
        "conversation": str(connection.scalar(reply.order_by(replies.c.id.desc()).limit(1))),
    }
