"""What the API works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sidecar.agreeing import Agreements
from sidecar.alerts import Alerts
from sidecar.crediting import Crediting
from sidecar.intake import Intake
from sidecar.privacy import Privacy
from sidecar.storage.database import Database
from sidecar.web.throttle import TokenBuckets


@dataclass(frozen=True)
class ShopApi:
    """`tests`, `messages`, `alerts_asked`, `private`: how often one shop may press Test, send, pass on a wish, and
    export or erase a number."""

    database: Database
    intake: Intake
    public_url: str
    clock: Callable[[], datetime]
    alerts: Alerts
    crediting: Crediting
    privacy: Privacy
    agreements: Agreements
    tests: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=5, seconds_each=10.0))
    messages: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=60, seconds_each=1.0))
    alerts_asked: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=100, seconds_each=0.2))
    private: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=10, seconds_each=10.0))
