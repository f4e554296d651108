"""What the pages work with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import g, request
from sqlalchemy import Connection

from sidecar.alerts.requests import Alerts
from sidecar.consent.agreeing import Agreements
from sidecar.domain.address import AllowedAddresses
from sidecar.domain.ids import RandomBits
from sidecar.domain.shop import Shop
from sidecar.intake.handling import Handling
from sidecar.intake.spine import Intake
from sidecar.keeping.approval import Approval
from sidecar.keeping.opening import Opening
from sidecar.keeping.privacy import Privacy
from sidecar.keeping.users import Users
from sidecar.money.crediting import Crediting
from sidecar.providers.base import Provider
from sidecar.storage import audit, shops
from sidecar.storage.audit import Deed
from sidecar.storage.database import Database
from sidecar.storage.vault import Vault
from sidecar.tryout.tryouts import TryOuts
from sidecar.web.admin.session import Door, Who
from sidecar.web.problems import Problem
from sidecar.web.remembered import Remembered
from sidecar.web.throttle import AccountThrottle, LoginThrottle, TokenBuckets

ALL = ""
"""In the place of a shop's id: all shops together."""
MOST_LEFT_OUT = 100_000


@dataclass(frozen=True)
class AdminDesk:
    """`sending`: the position of the sending switch."""

    database: Database
    door: Door
    users: Users
    vault: Vault
    intake: Intake
    handling: Handling
    opening: Opening
    alerts: Alerts
    agreements: Agreements
    crediting: Crediting
    privacy: Privacy
    approval: Approval
    tryouts: TryOuts
    provider_of: Callable[[str], Provider]
    sending: str
    public_url: str
    clock: Callable[[], datetime]
    random_bits: RandomBits
    common_zone: Remembered[str]
    addresses: AllowedAddresses = field(default_factory=AllowedAddresses)
    throttle: LoginThrottle = field(default_factory=LoginThrottle)
    tests: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=5, seconds_each=10.0))
    account_throttle: AccountThrottle = field(default_factory=AccountThrottle)

    def shop(self, shop_id: str) -> Shop:
        """Whether who asks may see it, the guard has decided before."""
        with self.database.read() as connection:
            found = shops.several(connection, {shop_id}).get(shop_id)
        if found is None:
            raise Problem(404, "unknown_shop", "There is no such shop.")
        return found

    def zone(self, shop_id: str) -> str:
        """By whose clock days are told: the shop's, or that of most shops."""
        return self.shop(shop_id).settings.timezone if shop_id else self.common_zone("") or "UTC"

    def record(
        self, connection: Connection, action: str, subject: str = "", shop_id: str = "", **detail: object
    ) -> None:
        """Write down who is doing this, in the transaction in which it is done."""
        deed = Deed(action, subject, shop_id, detail)
        audit.note(connection, the_visitor().doer(), deed, self.clock(), self.random_bits)


def asked_offset() -> int:
    """How many of a list the address leaves out."""
    asked = request.args.get("offset", "0")
    return min(int(asked), MOST_LEFT_OUT) if asked.isascii() and asked.isdigit() else 0


def the_visitor() -> Who:
    who: Who = g.who
    return who
