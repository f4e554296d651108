"""The page behind the link in a text by which people end the texts of a shop: small, in their language.

Opening it only shows what it is for, since phones and chat programs open links to preview them; a button acts."""

from flask import Blueprint, Response, request

from sidecar.catalog.farewell import words
from sidecar.catalog.values import clean
from sidecar.consent.wayout import WAY_OUT, Leaver, WayOut
from sidecar.web.linked import guarded, locale_of_visitor, page

ADVERTISING, ALL = "advertising", "all"


def blueprint(way_out: WayOut) -> Blueprint:
    bp = guarded(Blueprint("way_out", __name__))

    @bp.get(f"/{WAY_OUT}/<token>")
    def ask(token: str) -> Response:
        leaver = way_out.of(token)
        if leaver is None:
            return _unknown()
        return _page(leaver, "ask", (ADVERTISING, ALL) if leaver.advertised else (ALL,))

    @bp.post(f"/{WAY_OUT}/<token>")
    def leave(token: str) -> Response:
        leaver = way_out.of(token)
        if leaver is None:
            return _unknown()
        advertising = leaver.advertised and request.form.get("stop") == ADVERTISING
        way_out.leave(leaver, advertising, request.remote_addr or "")
        return _page(leaver, f"done_{ADVERTISING if advertising else ALL}")

    return bp


def _page(leaver: Leaver, title: str, buttons: tuple[str, ...] = ()) -> Response:
    shop = clean(leaver.shop.settings.sender or leaver.shop.name, 120)
    return page("way_out.html", leaver.locale, words=words(leaver.locale, shop), title=title, buttons=buttons)


def _unknown() -> Response:
    wanted = locale_of_visitor()
    return page("way_out.html", wanted, 404, words=words(wanted, ""), title="unknown", note="unknown_note")
