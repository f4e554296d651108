"""When one text is due, until when it is worth sending, and its place in the crowd at opening."""

from datetime import datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from sidecar.domain.delay import Delay
from sidecar.policy.opening import Opening


def due_after(event_at: datetime, rule: str, zone: ZoneInfo) -> datetime:
    """When a text about this event is due by the shop's setting (as `Delay.parse` reads it; empty for at once)."""
    return Delay.parse(rule).after(event_at, zone) if rule else event_at


def valid_until(due_at: datetime, hours: float) -> datetime:
    """From when on it is better never sent. Counted from the moment it was due: what waits for the shop to open grows
    old while it waits."""
    return due_at + timedelta(hours=hours)


def spread(opening: Opening, recipient_key: str, seconds: int) -> datetime:
    """When a text that was held leaves: at its recipient's own place in the first `seconds` after the opening, and in
    the first half of the hours. The same recipient has the same place, so that an order's texts keep their order."""
    if opening.closes_at is None:
        return opening.at
    width = min(timedelta(seconds=seconds), (opening.closes_at - opening.at) / 2)
    return opening.at + width * _place(recipient_key)


def _place(recipient_key: str) -> float:
    """From 0 to just under 1."""
    return int.from_bytes(blake2b(recipient_key.encode(), digest_size=6).digest(), "big") / 2**48
