"""What the API works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sidecar.alerts.requests import Alerts
from sidecar.codes import Codes
from sidecar.consent.agreeing import Agreements
from sidecar.domain.address import AllowedAddresses
from sidecar.intake.spine import Intake
from sidecar.keeping.approval import Approval
from sidecar.keeping.privacy import Privacy
from sidecar.money.crediting import Crediting
from sidecar.storage.database import Database
from sidecar.web.throttle import TokenBuckets


@dataclass(frozen=True)
class ShopApi:
    """`tests`, `messages`, `alerts_asked`, `private`, `tries`: how often one shop may press Test, send, pass on a wish,
    export or erase a number, and have to do with codes. `sending`: the position of the sending switch."""

    database: Database
    intake: Intake
    public_url: str
    clock: Callable[[], datetime]
    alerts: Alerts
    crediting: Crediting
    privacy: Privacy
    agreements: Agreements
    codes: Codes
    approval: Approval
    events_secret: Callable[[str], str | None]
    sending: str
    addresses: AllowedAddresses = field(default_factory=AllowedAddresses)
    tests: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=5, seconds_each=10.0))
    messages: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=60, seconds_each=1.0))
    alerts_asked: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=100, seconds_each=0.2))
    private: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=10, seconds_each=10.0))
    tries: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=300, seconds_each=0.1))
