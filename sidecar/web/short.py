"""Where short links lead: on to the shop's or a carrier's page, or to a small page of ours about the parcel."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from sidecar.catalog.languages import language_for
from sidecar.catalog.pages import Words
from sidecar.catalog.values import clean, day_and_hour, status_name
from sidecar.intake.linking import OPENS, TRACKS
from sidecar.ledger.journeys import Journey, journey
from sidecar.storage import links
from sidecar.storage.database import Database
from sidecar.storage.links import ShortLink
from sidecar.storage.messages import LINKS_LAST
from sidecar.web.linked import guarded, locale_of_visitor, page
from sidecar.web.opens import OpenTally, device_of

FOUND, NOT_FOUND, GONE = 302, 404, 410


class ShortLinks:
    def __init__(
        self,
        database: Database,
        tally: OpenTally,
        way_out: Callable[[str], str],
        clock: Callable[[], datetime],
    ) -> None:
        """`way_out`: the address by which who got a message can end such texts."""
        self._database = database
        self._tally = tally
        self._way_out = way_out
        self._clock = clock

    def find(self, code: str) -> ShortLink | None:
        with self._database.read() as connection:
            return links.find(connection, code)

    def is_over(self, link: ShortLink) -> bool:
        return self._clock() > link.expires_at

    def note(self, code: str) -> str:
        """Count the opening if a person did it; returns what they hold in their hand."""
        device = device_of(request.headers.get("User-Agent", ""))
        if device and request.method == "GET":
            self._tally.count(code)
        return device or "other"

    def journey(self, link: ShortLink) -> Journey | None:
        with self._database.read() as connection:
            return journey(connection, link)

    def way_out(self, message_id: str) -> str:
        return self._way_out(message_id)


def blueprint(short: ShortLinks) -> Blueprint:
    bp = guarded(Blueprint("short", __name__))

    @bp.get(f"/{OPENS}/<code>")
    def open_link(code: str) -> Response:
        link = short.find(code)
        if link is None or not link.target:
            return _message("unknown", NOT_FOUND)
        if short.is_over(link):
            return _message("over", GONE)
        device = short.note(code)
        return Response(headers={"Location": link.devices.get(device, link.target)}, status=FOUND)

    @bp.get(f"/{TRACKS}/<code>")
    def track(code: str) -> Response:
        link = short.find(code)
        found = short.journey(link) if link and not link.target else None
        if link is None or found is None:
            return _message("unknown", NOT_FOUND)
        if short.is_over(link):
            return _message("over", GONE)
        short.note(code)
        return _page(found, short.way_out(found.message_id))

    return bp


def _page(found: Journey, way_out: str) -> Response:
    settings = found.shop.settings
    name = clean(settings.sender or found.shop.name, 120)
    words = Words("parcel", found.locale, {"shop": name, "number": clean(found.order, 64)})
    language, zone = language_for(found.locale), ZoneInfo(settings.timezone)
    steps = [(status_name(step.status, language), day_and_hour(step.at, zone, language)) for step in found.steps]
    return page(
        "parcel.html",
        found.locale,
        words=words,
        shop=name,
        shop_url=found.shop.url,
        steps=steps,
        journey=found,
        contact=settings.contact,
        contact_link=_contact_link(settings.contact),
        way_out=way_out,
    )


def _contact_link(contact: str) -> str:
    """What a phone can do with a phone number or an address for mail."""
    if "@" in contact and " " not in contact:
        return f"mailto:{contact}"
    digits = "".join(each for each in contact if each in "+0123456789")
    return f"tel:{digits}" if len(digits) > 4 else ""


def _message(name: str, status: int) -> Response:
    wanted = locale_of_visitor()
    words = Words("parcel", wanted, {"days": str(LINKS_LAST.days)})
    return page("parcel.html", wanted, status, words=words, message=name)
