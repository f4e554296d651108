"""Identifiers that sort by the moment they were made."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

RandomBits = Callable[[int], int]

_RANDOM_BITS = 48
_SEQUENCE = 2**16


def new_id(prefix: str, now: datetime, random_bits: RandomBits) -> str:
    """`msg_0193…`: eleven hex digits of milliseconds, then 64 bits that keep it apart from all others."""
    milliseconds = int(now.timestamp() * 1000)
    return f"{prefix}_{milliseconds:011x}{random_bits(64):016x}"


def first_id(prefix: str, since: datetime) -> str:
    """Ids sort by their moment: those made from `since` on are not less than this."""
    return f"{prefix}_{int(since.timestamp() * 1000):011x}"


def moment_of(made: str) -> datetime:
    """When an id was made."""
    return datetime.fromtimestamp(int(made.partition("_")[2][:11], 16) / 1000, UTC)


def in_sequence(random_bits: RandomBits) -> RandomBits:
    """Bits for ids that keep their order within a millisecond: a counter first, then random ones."""
    numbers = count()

    def bits(wanted: int) -> int:
        head = next(numbers) % _SEQUENCE
        return (head << _RANDOM_BITS | random_bits(_RANDOM_BITS)) % (1 << wanted)

    return bits
