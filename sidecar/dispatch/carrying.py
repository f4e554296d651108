"""Whether an account can carry a message now, and under which sender: asked last thing before it leaves, when a
conversation may be over that was open when the text was written, or another account has taken over."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sidecar.domain.capabilities import WHATSAPP
from sidecar.domain.message import OutgoingMessage, ProviderTemplate
from sidecar.policy.carriage import CONVERSATION, Load, Way, carried
from sidecar.policy.senders import Signed
from sidecar.providers.base import Provider, carrier_of
from sidecar.storage import accounts, replies
from sidecar.storage.accounts import Account
from sidecar.storage.database import Database
from sidecar.storage.outbox import Claimed

REMEMBERED_FOR = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Laden:
    """A message as an account sends it; `told` is what its timeline says of that."""

    message: OutgoingMessage
    told: Mapping[str, str]


class Carrying:
    """`unseal` opens a text that is kept sealed."""

    def __init__(self, database: Database, unseal: Callable[[str], str]) -> None:
        self._database = database
        self._unseal = unseal
        self._known: dict[str, tuple[datetime, Account | None]] = {}
        self._lock = threading.Lock()

    def __call__(self, message: Claimed, provider: Provider, now: datetime) -> Laden | str:
        """The message as this account sends it, or the reason why it cannot."""
        words = message.words(self._unseal)
        wants = provider.capabilities.takes_templates(message.channel)
        template = words.templates.get(message.provider) if wants else None
        load = Load(
            text=words.text,
            country=message.country,
            has_template=template is not None,
            spoke_lately=message.channel == WHATSAPP and template is None and self._spoke_lately(message, now),
        )
        account = self._account(message.account_id, now)
        signed = carried(Way(carrier_of(provider), message.channel, account.senders if account else {}), load)
        if isinstance(signed, str):
            return signed
        return Laden(_outgoing(message, words.text, signed, template, now), _told(signed, template))

    def _spoke_lately(self, message: Claimed, now: datetime) -> bool:
        with self._database.read() as connection:
            return replies.heard_since(connection, message.account_id, message.to, now - CONVERSATION)

    def _account(self, account_id: str, now: datetime) -> Account | None:
        with self._lock:
            kept = self._known.get(account_id)
        if kept and now - kept[0] < REMEMBERED_FOR:
            return kept[1]
        with self._database.read() as connection:
            account = accounts.find(connection, account_id)
        with self._lock:
            self._known[account_id] = (now, account)
        return account


def _outgoing(
    message: Claimed, text: str, signed: Signed, template: ProviderTemplate | None, now: datetime
) -> OutgoingMessage:
    return OutgoingMessage(
        id=message.id,
        to=message.to,
        text=text,
        sender=signed.sender,
        channel=message.channel,
        category=message.category,
        encoding=message.encoding,
        validity_seconds=max(int((message.expires_at - now).total_seconds()), 1),
        template=template,
    )


def _told(signed: Signed, template: ProviderTemplate | None) -> dict[str, str]:
    told = {
        "provider_template": template.code if template else "",
        "sender": signed.sender,
        "instead_of_sender": signed.instead_of,
        "sender_reason": signed.why,
    }
    return {name: value for name, value in told.items() if value}
