"""Accounts of people: operators, who see every shop, and owners, who see theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from sidecar.storage.tables import users
from sidecar.storage.types import AnyRow


class Role(StrEnum):
    OPERATOR = "operator"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class User:
    id: str
    email: str
    role: Role
    shop_ids: tuple[str, ...]
    password_hash: str
    totp_secret: str
    totp_on: bool
    language: str
    epoch: int
    disabled: bool
    created_at: datetime
    entered_at: datetime | None


def add(connection: Connection, user: User) -> None:
    connection.execute(
        insert(users).values(
            id=user.id,
            email=user.email,
            role=user.role,
            shop_ids=list(user.shop_ids),
            password_hash=user.password_hash,
            totp_on=False,
            totp_step=0,
            language=user.language,
            epoch=user.epoch,
            disabled=user.disabled,
            created_at=user.created_at,
        )
    )


def every(connection: Connection) -> list[User]:
    return [_user(row) for row in connection.execute(select(users).order_by(users.c.email))]


def is_any(connection: Connection) -> bool:
    return connection.scalar(select(users.c.id).limit(1)) is not None


def find(connection: Connection, user_id: str) -> User | None:
    row = connection.execute(select(users).where(users.c.id == user_id)).first()
    return _user(row) if row else None


def by_email(connection: Connection, email: str) -> User | None:
    row = connection.execute(select(users).where(users.c.email == email)).first()
    return _user(row) if row else None


def change(connection: Connection, user_id: str, **columns: Any) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(**columns))


def set_shops(connection: Connection, user_id: str, shop_ids: Sequence[str]) -> None:
    change(connection, user_id, shop_ids=list(shop_ids))


def end_sessions(connection: Connection, user_id: str) -> None:
    change(connection, user_id, epoch=users.c.epoch + 1)


def take_step(connection: Connection, user_id: str, step: int) -> bool:
    """Use up a half minute's code; False when it, or a later one, has been used before."""
    used = update(users).where(users.c.id == user_id, users.c.totp_step < step).values(totp_step=step)
    return connection.execute(used).rowcount == 1


def remove(connection: Connection, user_id: str) -> None:
    connection.execute(delete(users).where(users.c.id == user_id))


def _user(row: AnyRow) -> User:
    return User(
        row.id,
        row.email,
        Role(row.role),
        tuple(row.shop_ids),
        row.password_hash,
        row.totp_secret,
        row.totp_on,
        row.language,
        row.epoch,
        row.disabled,
        row.created_at,
        row.entered_at,
    )
