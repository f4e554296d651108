"""The page behind the link in a text by which people end the texts of a shop: small, in their language.

Opening it only shows what it is for, since phones and chat programs open links to preview them; a button acts."""

from flask import Blueprint, Response, render_template, request

from sidecar.catalog.farewell import words
from sidecar.catalog.languages import nearest_locale
from sidecar.catalog.values import clean
from sidecar.consent.wayout import WAY_OUT, Leaver, WayOut
from sidecar.web.linked import HEADERS, LANGUAGES, MAX_FORM, STYLE

ADVERTISING, ALL = "advertising", "all"


def blueprint(way_out: WayOut) -> Blueprint:
    bp = Blueprint("way_out", __name__)

    @bp.before_request
    def small() -> None:
        request.max_content_length = MAX_FORM

    @bp.after_request
    def guarded(answer: Response) -> Response:
        answer.headers.update(HEADERS)
        return answer

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
    return _rendered(leaver.locale, shop, title, buttons)


def _unknown() -> Response:
    wanted = request.accept_languages.best_match(LANGUAGES, "en") or "en"
    return _rendered(wanted, "", "unknown", note="unknown_note", status=404)


def _rendered(
    locale: str, shop: str, title: str, buttons: tuple[str, ...] = (), note: str = "", status: int = 200
) -> Response:
    said, language = words(locale, shop), nearest_locale(locale).replace("_", "-")
    shown = render_template(
        "way_out.html", words=said, language=language, title=title, buttons=buttons, note=note, style=STYLE
    )
    return Response(shown, status, content_type="text/html; charset=utf-8")
