"""How pages show values: tones of states, bars of counts, moments in a shop's own time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint

from sidecar.catalog import reasons
from sidecar.domain.phone import mask
from sidecar.domain.shop import ShopSettings
from sidecar.domain.status import MessageState
from sidecar.policy import modes

_S = MessageState

TONES: Mapping[str, str] = {
    _S.DELIVERED: "good",
    _S.READ: "good",
    _S.HELD: "going",
    _S.QUEUED: "going",
    _S.SENDING: "going",
    _S.ACCEPTED: "going",
    _S.SENT: "going",
    _S.UNKNOWN: "doubt",
    _S.UNDELIVERED: "bad",
    _S.REJECTED: "bad",
    _S.EXPIRED: "bad",
    _S.CANCELLED: "quiet",
    _S.SUPERSEDED: "quiet",
    _S.SUPPRESSED: "quiet",
}


@dataclass(frozen=True, slots=True)
class Slice:
    """One tone's part of a bar that is 100 wide."""

    tone: str
    start: float
    width: float


def bar(counts: Mapping[str, int]) -> list[Slice]:
    total = sum(counts.values())
    slices: list[Slice] = []
    start = 0.0
    for tone in dict.fromkeys(TONES.values()):
        width = 100 * sum(count for state, count in counts.items() if TONES[state] == tone) / total if total else 0.0
        if width:
            slices.append(Slice(tone, round(start, 3), round(width, 3)))
        start += width
    return slices


def in_order(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The states there are, good news first."""
    return [(state, counts[state]) for state in map(str, TONES) if counts.get(state)]


def parsed(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def masked(number: str) -> str:
    return mask(number) if number else ""


def tone(state: str) -> str:
    return TONES[state]


def clause(code: str) -> str:
    """The reason behind a code, to go on with after a colon."""
    sentence = reasons.sentence(code, "en").removesuffix(".") if code else "no reason was given"
    return sentence[:1].lower() + sentence[1:]


def alerts_pause(settings: ShopSettings) -> str | None:
    return modes.alerts_pause(settings.mode, settings.stock_managed, settings.alerts_enabled)


def install(bp: Blueprint) -> None:
    for shown in (alerts_pause, bar, clause, in_order, parsed, local, masked, tone):
        bp.add_app_template_filter(shown)
