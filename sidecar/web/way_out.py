"""The page behind the link in a text by which people end the texts of a shop: small, in their language.

Opening it only shows what it is for, since phones and chat programs open links to preview them; a button acts."""

import base64
import hashlib

from flask import Blueprint, Response, render_template, request

from sidecar.catalog.farewell import words
from sidecar.catalog.languages import nearest_locale
from sidecar.catalog.values import clean
from sidecar.wayout import WAY_OUT, Leaver, WayOut

MAX_FORM = 1024
ADVERTISING, ALL = "advertising", "all"
_LANGUAGES = ("pt", "en", "fr", "es", "zh-TW", "zh-HK", "zh")

STYLE = """
:root{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:32rem;padding:2rem 1.25rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25}
button{font:inherit;font-weight:600;width:100%;min-height:3.25rem;margin:.5rem 0;padding:.5rem 1rem;border:0;
border-radius:.5rem;background:#0f766e;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #f59e0b;outline-offset:3px}
""".strip()
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


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
    wanted = request.accept_languages.best_match(_LANGUAGES, "en") or "en"
    return _rendered(wanted, "", "unknown", note="unknown_note", status=404)


def _rendered(
    locale: str, shop: str, title: str, buttons: tuple[str, ...] = (), note: str = "", status: int = 200
) -> Response:
    said, language = words(locale, shop), nearest_locale(locale).replace("_", "-")
    shown = render_template(
        "way_out.html", words=said, language=language, title=title, buttons=buttons, note=note, style=STYLE
    )
    return Response(shown, status, content_type="text/html; charset=utf-8")
