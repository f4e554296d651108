"""Whom a browser belongs to: a signed cookie remembers for half a day who came in with a right password."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, request, session

from sidecar.keeping.users import Users
from sidecar.storage.audit import Doer
from sidecar.storage.users import Role, User

LIFETIME = timedelta(hours=12)
HALFWAY = timedelta(minutes=5)
"""How long the right password waits for the code of the authenticator app."""

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"


@dataclass(frozen=True, slots=True)
class Who:
    """Who is at the pages. Without `user` it is the operator who knows the admin password."""

    user: User | None
    language: str = ""

    @property
    def name(self) -> str:
        return self.user.email if self.user else "admin"

    @property
    def is_operator(self) -> bool:
        return self.user is None or self.user.role is Role.OPERATOR

    def sees(self, shop_id: str) -> bool:
        return self.is_operator or (self.user is not None and shop_id in self.user.shop_ids)

    def doer(self) -> Doer:
        return Doer(self.user.id if self.user else "", self.name, request.remote_addr or "")


class Door:
    """`clock` tells when a session was opened; one that is older than `LIFETIME` is over, used or not."""

    def __init__(
        self, secret_key: str, password: str, public_url: str, clock: Callable[[], datetime], users: Users
    ) -> None:
        self._signing_key = _derived(secret_key, b"recado admin session")
        self._mark_key = _derived(secret_key, b"recado admin password")
        self._password = password
        self._secure = public_url.startswith("https://")
        self._clock = clock
        self._users = users

    def install(self, app: Flask) -> None:
        app.secret_key = self._signing_key
        app.config.update(
            SESSION_COOKIE_NAME="recado_admin",
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            SESSION_COOKIE_SECURE=self._secure,
            SESSION_REFRESH_EACH_REQUEST=False,
            PERMANENT_SESSION_LIFETIME=LIFETIME,
        )

    def is_password(self, given: str) -> bool:
        return bool(self._password) and hmac.compare_digest(given.encode(), self._password.encode())

    def who(self) -> Who | None:
        """Who came in with this cookie, if that still holds: a new password, or an account that was switched off,
        ends what was opened before."""
        if not self._is_fresh("opened", LIFETIME):
            return None
        user = self._users.find(str(session["user"])) if session.get("user") else None
        known = (user is None) == (not session.get("user")) and not (user and user.disabled)
        if not known or not hmac.compare_digest(str(session.get("mark", "")), self._mark(user)):
            return None
        return Who(user, str((user and user.language) or session.get("language", "")))

    def open(self, user: User | None) -> None:
        language = session.get("language", "")
        session.clear()
        session.permanent = True
        session.update(opened=self._now(), user=user.id if user else "", mark=self._mark(user), language=language)

    def wait_for_code(self, user: User) -> None:
        """The password was right; the code of the account's authenticator app is still to come."""
        session.update(halfway=user.id, halfway_at=self._now(), halfway_mark=self._mark(user))

    def waits_for_code(self) -> User | None:
        if not self._is_fresh("halfway_at", HALFWAY):
            return None
        user = self._users.find(str(session.get("halfway", "")))
        if user is None or user.disabled or not user.totp_on:
            return None
        return user if hmac.compare_digest(str(session.get("halfway_mark", "")), self._mark(user)) else None

    def close(self) -> None:
        session.clear()

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _is_fresh(self, name: str, lifetime: timedelta) -> bool:
        return bool(0 <= self._clock().timestamp() - session.get(name, 0) < lifetime.total_seconds())

    def _mark(self, user: User | None) -> str:
        """In the cookie, so that a new password ends what was opened with the old one."""
        what = f"{user.password_hash} {user.epoch}" if user else self._password
        return hmac.digest(self._mark_key, what.encode(), "sha256").hex()


def csrf_token() -> str:
    """This session's own, to be sent back with every form."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def csrf_matches() -> bool:
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    expected = str(session.get("csrf", ""))
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _derived(secret_key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())
