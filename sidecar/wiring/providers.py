"""One adapter per account and process, built when first needed, with its connections kept."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sidecar.domain.capabilities import Carrier
from sidecar.domain.exchange import Limits
from sidecar.providers import registry
from sidecar.providers.base import AccountContext, Provider, carrier_of
from sidecar.settings import Settings
from sidecar.storage import accounts
from sidecar.storage.accounts import Account
from sidecar.storage.database import Database
from sidecar.storage.vault import SealBroken, Vault


@dataclass(frozen=True)
class ProviderPool:
    database: Database
    vault: Vault
    settings: Settings
    clock: Callable[[], datetime]
    _providers: dict[str, Provider] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, account_id: str) -> Provider:
        """The account's adapter. Raises `KeyError` for an unknown account, `SealBroken`, `InvalidOptions`."""
        with self._lock:
            if account_id not in self._providers:
                self._providers[account_id] = self._build(account_id)
            return self._providers[account_id]

    def carrier_of(self, account: Account) -> Carrier:
        """An account whose options do not open is taken for a usual one of its kind: it may be mended before the
        message's turn comes."""
        try:
            return carrier_of(self(account.id))
        except (SealBroken, registry.InvalidOptions):
            kind = registry.provider_class(account.kind)
            return Carrier(kind.capabilities, reaches_people=kind.reaches_people)

    def close(self) -> None:
        for provider in self._providers.values():
            provider.close()

    def _build(self, account_id: str) -> Provider:
        with self.database.read() as connection:
            account = accounts.find(connection, account_id)
            if account is None:
                raise KeyError(account_id)
            options = accounts.options(connection, self.vault, account.id)
            token = accounts.token(connection, self.vault, account.id)
        door = f"{self.settings.public_url}/callbacks/{account.id}/{token}"
        context = AccountContext(
            account_id=account.id, status_url=f"{door}/status", inbound_url=f"{door}/inbound", now=self.clock
        )
        return registry.build(account.kind, options, context, Limits(pool_size=self.settings.send_threads))
