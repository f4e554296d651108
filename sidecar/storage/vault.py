"""Secrets at rest: sealed with a key derived from the sidecar's secret key."""

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sidecar.domain.secret import SecretUnreadable


class SealBroken(SecretUnreadable):
    """The seal on a stored secret does not open with any of the keys."""


def _derived(secret_key: str) -> Fernet:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"recado secrets at rest")
    return Fernet(base64.urlsafe_b64encode(kdf.derive(secret_key.encode())))


class Vault:
    """Seals with the first key, opens with any: add a new key in front to rotate."""

    def __init__(self, *secret_keys: str) -> None:
        self._fernet = MultiFernet([_derived(key) for key in secret_keys])

    def seal(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken(
                "A stored secret cannot be opened: start with the RECADO_SECRET_KEY it was saved under."
            ) from None

    def seal_anew(self, sealed: str) -> str:
        """The same under the first key."""
        return self.seal(self.open(sealed))

    def seal_map(self, secrets: Mapping[str, str]) -> str:
        return self.seal(json.dumps(dict(secrets)))

    def open_map(self, sealed: str) -> dict[str, str]:
        opened: dict[str, str] = json.loads(self.open(sealed))
        return opened
