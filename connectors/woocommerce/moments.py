"""WooCommerce's pairs of dates: `date_x_gmt` in UTC without a Z, `date_x` in the shop's time without an offset."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class UnknownTimezone(ValueError):
    """The shop's time zone is needed, and there is no such zone."""


def moment(gmt: str, local: str, timezone: str) -> datetime | None:
    """The moment a pair of dates means, None when both are empty. Raises ValueError when none can be read.
    A local hour that the end of summer time repeats is taken as its first pass."""
    if gmt:
        try:
            return _utc(gmt, "UTC")
        except ValueError:
            if not local:
                raise
    return _utc(local, timezone) if local else None


def _utc(text: str, timezone: str) -> datetime:
    """An offset or Z in the text wins over the time zone."""
    if ":" not in text:
        raise ValueError("no time of day")
    read = datetime.fromisoformat(text)
    try:
        return (read if read.tzinfo else read.replace(tzinfo=_zone(timezone))).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownTimezone(name) from error
