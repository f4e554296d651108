"""What the API works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sidecar.alerts import Alerts
from sidecar.crediting import Crediting
from sidecar.intake import Intake
from sidecar.storage.database import Database
from sidecar.web.throttle import TokenBuckets


@dataclass(frozen=True)
class ShopApi:
    """`tests`, `messages` and `alerts_asked`: how often one shop may press Test, send, and pass on a wish."""

    database: Database
    intake: Intake
    public_url: str
    clock: Callable[[], datetime]
    alerts: Alerts
    crediting: Crediting
    tests: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=5, seconds_each=10.0))
    messages: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=60, seconds_each=1.0))
    alerts_asked: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=100, seconds_each=0.2))
