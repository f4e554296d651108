"""The shops' own texts, and the codes by which providers know texts."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from sidecar.storage import locks
from sidecar.storage.tables import literally, text_codes, texts
from sidecar.storage.types import AnyRow
from sidecar.storage.upserts import insert_or

DRAFT, SUBMITTED, APPROVED, REFUSED, REPLACED = "draft", "submitted", "approved", "refused", "replaced"
STATES = (DRAFT, SUBMITTED, APPROVED, REFUSED, REPLACED)
ALL_SHOPS = ""
"""In place of a shop's id, for codes that hold for every shop."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """`flags` are what the operator was to look at twice, `reason` why it was refused."""

    shop_id: str
    id: str
    key: str
    locale: str
    text: str
    category: str
    validity_hours: int
    flags: tuple[str, ...]
    state: str
    created_at: datetime
    reason: str = ""
    submitted_at: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextCode:
    """How a provider (a kind, as `twilio`) knows a text: its own code and language, and its parameters in its order,
    each with the placeholder of ours that fills it."""

    shop_id: str
    key: str
    locale: str
    provider: str
    code: str
    language: str
    parameters: tuple[tuple[str, str], ...] = field(default_factory=tuple)


_COLUMNS = tuple(texts.c[part.name] for part in fields(OwnText))


def add(connection: Connection, text: OwnText) -> None:
    connection.execute(insert(texts), {**asdict(text), "flags": list(text.flags)})


def find(connection: Connection, text_id: str, shop_id: str | None = None) -> OwnText | None:
    query = select(*_COLUMNS).where(texts.c.id == text_id)
    row = connection.execute(query if shop_id is None else query.where(texts.c.shop_id == shop_id)).first()
    return _own_text(row) if row else None


def several(connection: Connection, shop_id: str | None, state: str | None, limit: int) -> list[OwnText]:
    """Of one shop or all, newest first."""
    query = select(*_COLUMNS).order_by(texts.c.id.desc()).limit(limit)
    if shop_id is not None:
        query = query.where(texts.c.shop_id == shop_id)
    if state is not None:
        query = query.where(texts.c.state == literally(state))
    return [_own_text(row) for row in connection.execute(query)]


def move(connection: Connection, text: OwnText, states: Collection[str], columns: Mapping[str, Any]) -> bool:
    """Set columns while the text is in one of these states; returns whether it was."""
    where = (texts.c.shop_id == text.shop_id, texts.c.id == text.id, texts.c.state.in_(sorted(states)))
    return connection.execute(update(texts).where(*where).values(**columns)).rowcount == 1


def approve(connection: Connection, text: OwnText, now: datetime) -> bool:
    """In place of the one approved before; returns whether it was waiting for that."""
    locks.hold_shop(connection, text.shop_id)
    standing = find(connection, text.id)
    if standing is None or standing.state != SUBMITTED:
        return False
    connection.execute(
        update(texts)
        .where(
            texts.c.shop_id == text.shop_id,
            texts.c.key == text.key,
            texts.c.locale == text.locale,
            texts.c.state == literally(APPROVED),
        )
        .values(state=REPLACED)
    )
    return move(connection, text, {SUBMITTED}, {"state": APPROVED, "reason": "", "decided_at": now})


def approved(connection: Connection, shop_ids: Collection[str]) -> list[AnyRow]:
    return list(
        connection.execute(
            select(
                texts.c.shop_id, texts.c.key, texts.c.locale, texts.c.text, texts.c.category, texts.c.validity_hours
            ).where(texts.c.shop_id.in_(sorted(shop_ids)), texts.c.state == literally(APPROVED))
        )
    )


def save_code(connection: Connection, code: TextCode) -> None:
    statement = insert_or(connection, text_codes).values(
        {**asdict(code), "parameters": [list(pair) for pair in code.parameters]}
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[column.name for column in text_codes.primary_key],
            set_={name: statement.excluded[name] for name in ("code", "language", "parameters")},
        )
    )


def remove_code(connection: Connection, shop_id: str, key: str, locale: str, provider: str) -> bool:
    which = {"shop_id": shop_id, "key": key, "locale": locale, "provider": provider}
    where = (text_codes.c[name] == value for name, value in which.items())
    return connection.execute(delete(text_codes).where(*where)).rowcount == 1


def codes_of(connection: Connection, shop_ids: Collection[str]) -> list[TextCode]:
    """A shop's own, and with `ALL_SHOPS` among the ids those for every shop."""
    query = select(text_codes).where(text_codes.c.shop_id.in_(sorted(shop_ids)))
    rows = connection.execute(query.order_by(text_codes.c.key, text_codes.c.locale, text_codes.c.provider))
    return [TextCode(**{**row._mapping, "parameters": tuple(map(tuple, row.parameters))}) for row in rows]


def _own_text(row: AnyRow) -> OwnText:
    return OwnText(**{**row._mapping, "flags": tuple(row.flags)})
