"""The sending switch: may a text leave this machine, and to whom?"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Sending(StrEnum):
    OFF = "off"
    DRY_RUN = "dry-run"
    ALLOW_LIST = "allow-list"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Switch:
    """`allow_list` holds E.164 numbers and counts only in position ALLOW_LIST."""

    position: Sending
    allow_list: Collection[str] = ()

    def objection(self, to: str, reaches_people: bool) -> str | None:
        """Why a text to this number must not leave, or None. The simulator reaches nobody and is always free."""
        if self.position is Sending.LIVE or not reaches_people:
            return None
        if self.position is Sending.ALLOW_LIST:
            return None if to in self.allow_list else "not_on_allow_list"
        return "sending_off" if self.position is Sending.OFF else "dry_run"
