"""Identifiers that sort by the moment they were made."""

from collections.abc import Callable
from datetime import datetime

RandomBits = Callable[[int], int]


def new_id(prefix: str, now: datetime, random_bits: RandomBits) -> str:
    """`msg_0193…`: eleven hex digits of milliseconds, then 64 random bits."""
    milliseconds = int(now.timestamp() * 1000)
    return f"{prefix}_{milliseconds:011x}{random_bits(64):016x}"
