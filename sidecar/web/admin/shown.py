"""How pages show values, in the language of who reads: moments, numbers, money, and the words for states."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.units import format_unit
from flask import Blueprint

from sidecar.catalog import reasons
from sidecar.domain.phone import mask
from sidecar.domain.shop import ShopSettings
from sidecar.domain.status import MessageState
from sidecar.policy import modes
from sidecar.web.admin import language
from sidecar.web.admin.language import _, _later
from sidecar.web.admin.purposes import text_name
from sidecar.web.admin.troubles import trouble

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

STATE_WORDS = {
    _S.DELIVERED: _later("delivered"),
    _S.READ: _later("read"),
    _S.HELD: _later("held"),
    _S.QUEUED: _later("in line"),
    _S.SENDING: _later("sending"),
    _S.ACCEPTED: _later("accepted"),
    _S.SENT: _later("sent"),
    _S.UNKNOWN: _later("unknown"),
    _S.UNDELIVERED: _later("undelivered"),
    _S.REJECTED: _later("rejected"),
    _S.EXPIRED: _later("expired"),
    _S.CANCELLED: _later("cancelled"),
    _S.SUPERSEDED: _later("superseded"),
    _S.SUPPRESSED: _later("not sent"),
}


def tone(state: str) -> str:
    return TONES[state]


def state_word(state: str) -> str:
    return str(STATE_WORDS[MessageState(state)])


def in_order(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The states there are, good news first."""
    return [(state, counts[state]) for state in map(str, TONES) if counts.get(state)]


def alerts_pause(settings: ShopSettings) -> str | None:
    """Why a mode that would tell of products does not at present: a reason's code."""
    return modes.lacking(settings.mode, settings.stock_managed, settings.alerts_enabled)


def reason(code: str) -> str:
    return reasons.sentence(code, language.current_code()) if code else ""


def parsed(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def moment(at: datetime, zone: str = "UTC", form: str = "medium") -> str:
    return dates.format_datetime(at, form, tzinfo=ZoneInfo(zone or "UTC"), locale=language.current())


def day(at: datetime, zone: str = "UTC", form: str = "medium") -> str:
    return dates.format_date(local(at, zone or "UTC"), form, locale=language.current())


def clock_time(at: datetime, zone: str = "UTC", form: str = "medium") -> str:
    return dates.format_time(at, form, tzinfo=ZoneInfo(zone or "UTC"), locale=language.current())


def since(at: datetime, now: datetime) -> str:
    passed = now - at
    if abs(passed) < timedelta(seconds=5):
        return _("just now")
    return dates.format_timedelta(-passed, threshold=0.95, add_direction=True, locale=language.current())


def duration(seconds: float | None) -> str:
    """Short, and as exact as it matters."""
    if seconds is None:
        return "–"
    if seconds < 0.0995:
        return _unit(round(seconds * 1000), "millisecond")
    if seconds < 10:
        return _unit(round(seconds, 1), "second")
    for limit, size, name in ((90, 1, "second"), (5400, 60, "minute"), (129_600, 3600, "hour")):
        if seconds < limit:
            return _unit(round(seconds / size), name)
    return _unit(round(seconds / 86_400), "day")


def _unit(value: float, name: str) -> str:
    return _written_unit(value, name, str(language.current()))


def number(value: float) -> str:
    return _written(value, str(language.current()))


# Remembered: pages are full of the same small numbers.


@lru_cache(maxsize=10_000)
def _written(value: float, locale: str) -> str:
    return numbers.format_decimal(value, locale=locale)


@lru_cache(maxsize=10_000)
def _written_unit(value: float, name: str, locale: str) -> str:
    return str(format_unit(value, f"duration-{name}", "short", locale=locale))


@lru_cache(maxsize=10_000)
def _written_share(share: float, pattern: str, locale: str) -> str:
    return numbers.format_percent(share, pattern, locale=locale)


def percent(share: float | None, digits: int = 1) -> str:
    if share is None:
        return "–"
    pattern = f"#,##0.{'0' * digits}%" if digits else "#,##0%"
    return _written_share(share, pattern, str(language.current()))


def money(amount: Decimal | float | str, currency: str) -> str:
    """What is less than one, as a text mostly is, with all its digits."""
    exact = Decimal(str(amount))
    if not currency:
        return number(float(exact))
    pattern = "¤#,##0.00##" if abs(exact) < 1 else None
    return numbers.format_currency(exact, currency, pattern, language.current(), currency_digits=pattern is None)


def territory(code: str) -> str:
    return str(language.current().territories.get(code, code))


def masked(of: str) -> str:
    return mask(of) if of else ""


FILTERS = (
    alerts_pause,
    clock_time,
    day,
    duration,
    in_order,
    local,
    masked,
    moment,
    money,
    number,
    parsed,
    percent,
    reason,
    since,
    state_word,
    territory,
    text_name,
    tone,
    trouble,
)


def install(bp: Blueprint) -> None:
    for shown in FILTERS:
        bp.add_app_template_filter(shown)
