"""Who may see the pages: one password, and a signed cookie that remembers for half a day who knew it."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, request, session

LIFETIME = timedelta(hours=12)
CSRF_FIELD = "csrf"


class Door:
    """`clock` tells when a session was opened; one that is older than `LIFETIME` is over, used or not."""

    def __init__(self, secret_key: str, password: str, public_url: str, clock: Callable[[], datetime]) -> None:
        self._signing_key = _derived(secret_key, b"recado admin session")
        # In the cookie, so that a new password ends what was opened with the old one.
        self._mark = hmac.digest(_derived(secret_key, b"recado admin password"), password.encode(), "sha256").hex()
        self._password = password
        self._secure = public_url.startswith("https://")
        self._clock = clock

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

    def is_open(self) -> bool:
        opened = session.get("opened", 0)
        fresh = 0 <= self._clock().timestamp() - opened < LIFETIME.total_seconds()
        return fresh and hmac.compare_digest(str(session.get("mark", "")), self._mark)

    def open(self) -> None:
        session.clear()
        session.permanent = True
        session["opened"] = int(self._clock().timestamp())
        session["mark"] = self._mark

    def close(self) -> None:
        session.clear()


def csrf_token() -> str:
    """This session's own, to be sent back with every form."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def csrf_matches() -> bool:
    given, expected = request.form.get(CSRF_FIELD, ""), str(session.get("csrf", ""))
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _derived(secret_key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())
