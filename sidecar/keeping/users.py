"""Accounts of people: how they are made, and how who comes to the door is known."""

import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pyotp import TOTP, random_base32
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.refused import Refused
from sidecar.storage import audit, shops
from sidecar.storage import users as storage
from sidecar.storage.audit import Deed, Doer
from sidecar.storage.database import Database
from sidecar.storage.users import Role, User
from sidecar.storage.vault import Vault

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_EMAIL = 120
STEP_SECONDS = 30
ISSUER = "Recado"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Users:
    """`hasher`: how costly it is to try a password."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Callable[[], datetime],
        random_bits: RandomBits,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._random_bits = random_bits
        self._hasher = hasher or PasswordHasher()

    def add(self, by: Doer, email: str, role: Role, shop_ids: Sequence[str], password: str = "") -> tuple[User, str]:
        """A new account and its password, which is made up where none is given and shown this once."""
        chosen = password or secrets.token_urlsafe(12)
        _check_password(chosen)
        user = User(
            id=new_id("usr", self._clock(), self._random_bits),
            email=_checked_email(email),
            role=role,
            shop_ids=tuple(shop_ids),
            password_hash=self._hasher.hash(chosen),
            totp_secret="",
            totp_on=False,
            language="",
            epoch=0,
            disabled=False,
            created_at=self._clock(),
            entered_at=None,
        )
        try:
            with self._database.write() as connection:
                _check_shops(connection, role, shop_ids)
                storage.add(connection, user)
                self._note(connection, by, "user.add", user, role=role, shops=list(shop_ids))
        except IntegrityError:
            raise Refused("email_taken", f"There is an account for {user.email} already.") from None
        return user, chosen

    def named(self, email: str) -> User:
        with self._database.read() as connection:
            user = storage.by_email(connection, email.strip().lower())
        if user is None:
            raise Refused("unknown_user", f"There is no account for {email!r}.")
        return user

    def find(self, user_id: str) -> User | None:
        with self._database.read() as connection:
            return storage.find(connection, user_id)

    def every(self) -> list[User]:
        with self._database.read() as connection:
            return storage.every(connection)

    def are_any(self) -> bool:
        with self._database.read() as connection:
            return storage.is_any(connection)

    def of_password(self, email: str, password: str) -> User | None:
        """Whose password this is. It takes as long for who is unknown."""
        with self._database.read() as connection:
            user = storage.by_email(connection, email.strip().lower())
        right = self._matches(user.password_hash if user else self._decoy, password)
        if user is None or user.disabled or not right:
            return None
        if self._hasher.check_needs_rehash(user.password_hash):
            with self._database.write() as connection:
                storage.change(connection, user.id, password_hash=self._hasher.hash(password))
            return self.find(user.id)
        return user

    def entered(self, user: User) -> None:
        with self._database.write() as connection:
            storage.change(connection, user.id, entered_at=self._clock())

    def set_password(self, by: Doer, user: User, password: str = "") -> str:
        """Ends all sessions of the account. Returns the password, made up where none is given."""
        chosen = password or secrets.token_urlsafe(12)
        _check_password(chosen)
        with self._database.write() as connection:
            storage.change(connection, user.id, password_hash=self._hasher.hash(chosen))
            storage.end_sessions(connection, user.id)
            self._note(connection, by, "user.password", user)
        return chosen

    def set_role(self, by: Doer, user: User, role: Role, shop_ids: Sequence[str]) -> None:
        with self._database.write() as connection:
            _check_shops(connection, role, shop_ids)
            storage.change(connection, user.id, role=role, shop_ids=list(shop_ids))
            self._note(connection, by, "user.role", user, role=role, shops=list(shop_ids))

    def set_language(self, user: User, language: str) -> None:
        with self._database.write() as connection:
            storage.change(connection, user.id, language=language)

    def disable(self, by: Doer, user: User, disabled: bool = True) -> None:
        with self._database.write() as connection:
            storage.change(connection, user.id, disabled=disabled)
            storage.end_sessions(connection, user.id)
            self._note(connection, by, "user.disable" if disabled else "user.enable", user)

    def remove(self, by: Doer, user: User) -> None:
        with self._database.write() as connection:
            storage.remove(connection, user.id)
            self._note(connection, by, "user.remove", user)

    def end_sessions(self, by: Doer, user: User) -> None:
        with self._database.write() as connection:
            storage.end_sessions(connection, user.id)
            self._note(connection, by, "user.sign_out_everywhere", user)

    def begin_totp(self, user: User) -> str:
        """A new secret for an authenticator app; it counts once a code of it was given. Returns what its QR says."""
        secret = random_base32()
        with self._database.write() as connection:
            storage.change(connection, user.id, totp_secret=self._vault.seal(secret), totp_on=False)
        return TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)

    def totp_address(self, user: User) -> str:
        """What the QR of a secret says that is not in use yet."""
        return TOTP(self._vault.open(user.totp_secret)).provisioning_uri(name=user.email, issuer_name=ISSUER)

    def confirm_totp(self, by: Doer, user: User, code: str) -> bool:
        if not self.is_code(user, code):
            return False
        with self._database.write() as connection:
            storage.change(connection, user.id, totp_on=True)
            self._note(connection, by, "user.totp_on", user)
        return True

    def end_totp(self, by: Doer, user: User) -> None:
        with self._database.write() as connection:
            storage.change(connection, user.id, totp_on=False, totp_secret="")
            self._note(connection, by, "user.totp_off", user)

    def is_code(self, user: User, code: str) -> bool:
        """Whether this is the code of about now. Each serves once, so that who looks over a shoulder has nothing."""
        given = re.sub(r"\s", "", code)
        if not user.totp_secret or not re.fullmatch("[0-9]{6}", given):
            return False
        totp, now = TOTP(self._vault.open(user.totp_secret)), int(self._clock().timestamp()) // STEP_SECONDS
        for step in (now - 1, now, now + 1):
            if hmac.compare_digest(totp.generate_otp(step), given):
                with self._database.write() as connection:
                    return storage.take_step(connection, user.id, step)
        return False

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(12))

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False

    def _note(self, connection: Connection, by: Doer, action: str, user: User, **detail: object) -> None:
        deed = Deed(action, user.email, detail=detail)
        audit.note(connection, by, deed, self._clock(), self._random_bits)


def _checked_email(email: str) -> str:
    cleaned = email.strip().lower()
    if len(cleaned) > LONGEST_EMAIL or not _EMAIL.fullmatch(cleaned):
        raise Refused("bad_email", f"{email[:60]!r} is not an e-mail address.")
    return cleaned


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused("bad_password", f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")


def _check_shops(connection: Connection, role: Role, shop_ids: Sequence[str]) -> None:
    if role is Role.OWNER and not shop_ids:
        raise Refused("no_shop", "An owner has a shop: say which.")
    if set(shop_ids) - set(shops.several(connection, set(shop_ids))):
        raise Refused("unknown_shop", "There is no such shop.")
