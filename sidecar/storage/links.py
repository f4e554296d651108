"""Short links: put in with their message, found by their code, counted when they are opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, insert, literal, select, update

from sidecar.storage.tables import short_links
from sidecar.storage.types import AnyRow, Moment


@dataclass(frozen=True, slots=True)
class NewLink:
    """`devices`: other targets, by `android` and `ios`. Without any target it leads to our page about the parcel of
    which `facts` tell."""

    code: str
    target: str
    devices: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShortLink:
    shop_id: str
    message_id: str
    target: str
    devices: Mapping[str, str]
    facts: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """How often, and when first and last."""

    count: int
    first: datetime
    last: datetime

    def and_again(self, at: datetime) -> "Opened":
        return Opened(self.count + 1, self.first, at)


def add(
    connection: Connection, key: tuple[str, str], links: Sequence[NewLink], now: datetime, expires_at: datetime
) -> None:
    shop_id, message_id = key
    rows = [
        {
            "shop_id": shop_id,
            "code": link.code,
            "message_id": message_id,
            "target": link.target,
            "devices": dict(link.devices),
            "facts": dict(link.facts),
            "created_at": now,
            "expires_at": expires_at,
        }
        for link in links
    ]
    if rows:
        connection.execute(insert(short_links), rows)


def find(connection: Connection, code: str) -> ShortLink | None:
    columns = (short_links.c[name] for name in ShortLink.__dataclass_fields__)
    row = connection.execute(select(*columns).where(short_links.c.code == code)).first()
    return ShortLink(*row) if row else None


def note_opened(connection: Connection, opened: Mapping[str, Opened]) -> None:
    for code, times in sorted(opened.items()):
        connection.execute(
            update(short_links)
            .where(short_links.c.code == code)
            .values(
                opens=short_links.c.opens + times.count,
                first_opened_at=func.coalesce(short_links.c.first_opened_at, literal(times.first, Moment())),
                last_opened_at=times.last,
            )
        )


def of_message(connection: Connection, shop_id: str, message_id: str) -> list[AnyRow]:
    """Of one message, with how often each was opened."""
    wanted = (short_links.c.shop_id == shop_id, short_links.c.message_id == message_id)
    return list(connection.execute(select(short_links).where(*wanted).order_by(short_links.c.code)))
