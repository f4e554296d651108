"""Who did what on the pages and by the commands for accounts: written with the deed, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from sidecar.domain.ids import RandomBits, new_id
from sidecar.storage.tables import audit
from sidecar.storage.types import AnyRow


@dataclass(frozen=True, slots=True)
class Doer:
    """`user_id` is empty for the operator who knows the admin password, and on the command line."""

    user_id: str
    who: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """`action` is a stable word such as `message.cancel`, `subject` the id of what it was done to."""

    action: str
    subject: str = ""
    shop_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def note(connection: Connection, doer: Doer, deed: Deed, now: datetime, random_bits: RandomBits) -> None:
    connection.execute(
        insert(audit).values(
            shop_id=deed.shop_id,
            id=new_id("aud", now, random_bits),
            at=now,
            user_id=doer.user_id,
            who=doer.who[:120],
            address=doer.address[:45],
            action=deed.action,
            subject=deed.subject[:120],
            detail=dict(deed.detail),
        )
    )


def latest(connection: Connection, shop_id: str = "", before_id: str = "", limit: int = 100) -> list[AnyRow]:
    """Newest first; of one shop, or of all."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if shop_id:
        query = query.where(audit.c.shop_id == shop_id)
    if before_id:
        query = query.where(audit.c.id < before_id)
    return list(connection.execute(query))
