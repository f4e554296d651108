"""One adapter per account and process, built when first needed, with its connections kept, and built anew when
somebody has changed its options."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from sidecar.domain.capabilities import Carrier
from sidecar.domain.exchange import Limits
from sidecar.providers import registry
from sidecar.providers.base import AccountContext, Provider, carrier_of
from sidecar.settings import Settings
from sidecar.storage import accounts
from sidecar.storage.accounts import Account
from sidecar.storage.database import Database
from sidecar.storage.vault import SealBroken, Vault

FRESH = 15.0
"""Seconds after which a process looks whether an account's options have changed."""


@dataclass(frozen=True)
class ProviderPool:
    database: Database
    vault: Vault
    settings: Settings
    clock: Callable[[], datetime]
    _built: dict[str, "_Built"] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, account_id: str) -> Provider:
        """The account's adapter. Raises `KeyError` for an unknown account, `SealBroken`, `InvalidOptions`."""
        with self._lock:
            built, now = self._built.get(account_id), monotonic()
            if built is None or (now >= built.looked_at + FRESH and self._is_old(account_id, built, now)):
                built = self._built[account_id] = self._build(account_id, now)
            return built.provider

    def carrier_of(self, account: Account) -> Carrier:
        """An account whose options do not open is taken for a usual one of its kind: it may be mended before the
        message's turn comes."""
        try:
            return carrier_of(self(account.id))
        except (SealBroken, registry.InvalidOptions):
            kind = registry.provider_class(account.kind)
            return Carrier(kind.capabilities, reaches_people=kind.reaches_people)

    def close(self) -> None:
        for built in self._built.values():
            built.provider.close()

    def _is_old(self, account_id: str, built: "_Built", now: float) -> bool:
        built.looked_at = now
        with self.database.read() as connection:
            return accounts.sealed_options(connection, account_id) != built.sealed

    def _build(self, account_id: str, now: float) -> "_Built":
        """One that was there before is not closed: a thread may be sending by it."""
        with self.database.read() as connection:
            account = accounts.find(connection, account_id)
            if account is None:
                raise KeyError(account_id)
            sealed = accounts.sealed_options(connection, account_id)
            options = accounts.options(connection, self.vault, account.id)
            token = accounts.token(connection, self.vault, account.id)
        door = f"{self.settings.public_url}/callbacks/{account.id}/{token}"
        context = AccountContext(
            account_id=account.id, status_url=f"{door}/status", inbound_url=f"{door}/inbound", now=self.clock
        )
        limits = Limits(pool_size=self.settings.send_threads)
        return _Built(registry.build(account.kind, options, context, limits), sealed, now)


@dataclass
class _Built:
    """`sealed`: the options it was made of; at `looked_at` they were still those."""

    provider: Provider
    sealed: str | None
    looked_at: float
