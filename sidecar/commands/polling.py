"""`recado poll`: ask a shop now, or once more from a moment on."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.refused import Refused
from sidecar.polling.changes import from_then_on
from sidecar.polling.visit import TurnLost
from sidecar.storage.polls import ORDERS
from sidecar.wiring import utc_now

_AGO = re.compile(r"([1-9]\d{0,4})([mhd])", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@click.command()
@click.argument("shop_name", metavar="SHOP")
@click.option("--since", metavar="WHEN", help="Look again from then on: 2026-11-22T10:00 (the shop's time), 6h or 3d.")
@json_option
@pass_cli
def poll(cli: Cli, shop_name: str, since: str | None, as_json: bool) -> None:
    """Ask a shop now for the orders that changed; what was told before is not texted again."""
    shop = cli.shop(shop_name)
    moment = _moment(since, shop.settings.timezone, utc_now()) if since else None
    try:
        found = cli.recado.rounds.ask_now(shop, ORDERS, from_then_on(moment) if moment else None).found
    except TurnLost:
        raise Refused("polled_just_now", "The shop is being asked, or has no keys: see `recado shop show`.") from None
    show(as_json, {"shop_id": shop.id, "found": found, **({"since": moment.isoformat()} if moment else {})})


def _moment(written: str, timezone: str, now: datetime) -> datetime:
    if ago := _AGO.fullmatch(written.strip()):
        return now - timedelta(**{_UNITS[ago.group(2)]: int(ago.group(1))})
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        raise Refused("bad_since", f"--since {written!r}: write 2026-11-22T10:00, 6h or 3d.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
    if moment > now:
        raise Refused("bad_since", f"--since {written!r} is still to come.")
    return moment
