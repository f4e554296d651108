"""What the API works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sidecar.agreeing import Agreements
from sidecar.intake import Intake
from sidecar.storage.database import Database
from sidecar.web.throttle import TokenBuckets


@dataclass(frozen=True)
class ShopApi:
    """`tests` and `messages`: how often one shop may press Test, and send."""

    database: Database
    intake: Intake
    public_url: str
    clock: Callable[[], datetime]
    agreements: Agreements
    tests: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=5, seconds_each=10.0))
    messages: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=60, seconds_each=1.0))
