"""Keyed hashes by which numbers and codes are found again without being readable."""

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, select

from sidecar.storage.database import Database
from sidecar.storage.tables import kept_keys
from sidecar.storage.upserts import insert_or
from sidecar.storage.vault import Vault

_NAME = "fingerprints"


class Fingerprints:
    """`key` must stay the same for as long as its hashes are kept."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Fingerprints()"

    def of(self, kind: str, *parts: str) -> str:
        """Hex digest of what these parts say; one kind is never found by another."""
        told = "\0".join((kind, *parts)).encode()
        return hmac.digest(self._key, told, hashlib.sha256).hex()

    def number(self, e164: str) -> str:
        return self.of("number", e164)


def kept(database: Database, vault: Vault) -> Fingerprints:
    """With the key of this database, made by whoever asks first."""
    with database.read() as connection:
        sealed = _find(connection)
    if sealed is None:
        with database.write() as connection:
            fresh = vault.seal(secrets.token_hex(32))
            connection.execute(
                insert_or(connection, kept_keys).values(name=_NAME, sealed=fresh).on_conflict_do_nothing()
            )
            sealed = _find(connection)
    return Fingerprints(bytes.fromhex(vault.open(sealed or "")))


def _find(connection: Connection) -> str | None:
    return connection.scalar(select(kept_keys.c.sealed).where(kept_keys.c.name == _NAME))
