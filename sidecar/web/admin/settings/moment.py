"""A moment, by the shop's clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sidecar.web.admin.language import _
from sidecar.web.admin.settings.field import Around, Field, Form

_SHOWN = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Moment(Field):
    kind: str = "moment"

    def read(self, form: Form) -> str:
        """Where it is what the page had shown, in the very words it was saved in. The clock is the one that the page
        went by, even where another is chosen with it."""
        typed, was = self.parsed(form.get(self.name, "")), self.was(form)
        zone = form.get("was-timezone", "")
        return was if typed == shown(was, zone) else _written(typed, zone)

    def drawn(self, around: Around, saved: str, typed: Form | None) -> str:
        return typed.get(self.name, "") if typed else shown(saved, around.shop.settings.timezone)

    def fault(self, form: Form) -> str:
        return _("Write a day and an hour, such as 2026-11-25 09:00.")


def shown(saved: str, zone: str) -> str:
    try:
        return f"{datetime.fromisoformat(saved).astimezone(ZoneInfo(zone)):{_SHOWN}}"
    except (ValueError, KeyError, OSError, OverflowError):
        return saved


def _written(typed: str, zone: str) -> str:
    """What cannot be read stays as it is, and is refused."""
    try:
        local = datetime.fromisoformat(typed)
        return typed if local.tzinfo else local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).isoformat()
    except (ValueError, KeyError, OSError, OverflowError):
        return typed
