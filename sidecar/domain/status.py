"""The states of a message and the only steps between them."""

from enum import StrEnum


class MessageState(StrEnum):
    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNDELIVERED = "undelivered"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"


_S = MessageState

_REPORTED = {_S.SENT, _S.DELIVERED, _S.READ, _S.UNDELIVERED}
_STOPPED = {_S.EXPIRED, _S.CANCELLED, _S.SUPERSEDED, _S.SUPPRESSED}

# A receipt may overtake the answer to the send, and receipt or answer may come so late that the message is to be
# sent once more: so `sending` can jump to a reported state, and `queued` to that or to `accepted`.
ALLOWED_STEPS: dict[MessageState, frozenset[MessageState]] = {
    _S.HELD: frozenset({_S.QUEUED} | _STOPPED),
    _S.QUEUED: frozenset({_S.SENDING, _S.HELD, _S.ACCEPTED, _S.REJECTED} | _STOPPED | _REPORTED),
    _S.SENDING: frozenset({_S.ACCEPTED, _S.QUEUED, _S.HELD, _S.REJECTED, _S.UNKNOWN} | _STOPPED | _REPORTED),
    _S.UNKNOWN: frozenset({_S.ACCEPTED, _S.QUEUED, _S.REJECTED, _S.CANCELLED, _S.EXPIRED} | _REPORTED),
    _S.ACCEPTED: frozenset(_REPORTED | {_S.EXPIRED}),
    _S.SENT: frozenset({_S.DELIVERED, _S.READ, _S.UNDELIVERED, _S.EXPIRED}),
    _S.DELIVERED: frozenset({_S.READ}),
    _S.READ: frozenset(),
    _S.UNDELIVERED: frozenset(),
    _S.REJECTED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.SUPERSEDED: frozenset(),
    _S.SUPPRESSED: frozenset(),
}

WAITING = frozenset({_S.HELD, _S.QUEUED})
IN_FLIGHT = frozenset({_S.SENDING, _S.UNKNOWN})
FINAL = frozenset(state for state, steps in ALLOWED_STEPS.items() if not steps) | {_S.DELIVERED}
RETRYABLE = frozenset({_S.UNDELIVERED, _S.REJECTED, _S.EXPIRED, _S.CANCELLED})
LEFT = frozenset(_REPORTED | {_S.ACCEPTED})
"""A provider has taken it: all that can still come are reports."""
UNSENT = frozenset(_STOPPED | {_S.REJECTED})
"""Ended, and unless a provider had it before, without having left."""
BILLABLE = frozenset({_S.ACCEPTED, _S.SENT, _S.DELIVERED, _S.READ, _S.UNDELIVERED})


def can_become(current: MessageState, new: MessageState) -> bool:
    return new in ALLOWED_STEPS[current]
