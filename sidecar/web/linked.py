"""What the pages behind links in texts share: how they look, and what browsers may do with them."""

import base64
import hashlib
from typing import Any

from flask import Blueprint, Response, render_template, request

from sidecar.catalog.languages import nearest_locale

_MAX_FORM = 1024
_LANGUAGES = ("pt", "en", "fr", "es", "zh-TW", "zh-HK", "zh")

_STYLE = """
:root{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:32rem;padding:2rem 1.25rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25}
.shop{font-weight:600}
button{font:inherit;font-weight:600;width:100%;min-height:3.25rem;margin:.5rem 0;padding:.5rem 1rem;border:0;
border-radius:.5rem;background:#0f766e;color:#fff;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid #f59e0b;outline-offset:3px}
a{color:inherit}
.steps{list-style:none;margin:1.5rem 0;padding:0}
.steps li{position:relative;padding:0 0 1.1rem 1.75rem;border-left:2px solid #9ca3af;margin-left:.5rem}
.steps li::before{content:"";position:absolute;left:-.5rem;top:.3rem;width:.85rem;height:.85rem;border-radius:50%;
background:#9ca3af}
.steps li:last-child{border-color:transparent;padding-bottom:0}
.steps li[aria-current]::before{background:#0f766e}
.steps span{display:inline-block}
.steps span::first-letter{text-transform:uppercase}
.steps li[aria-current] span{font-weight:600}
time,dt,.small{opacity:.75;font-size:.9rem}
time{display:block}
dd{margin:0 0 1rem;font-size:1.125rem}
""".strip()
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def guarded(bp: Blueprint) -> Blueprint:
    @bp.before_request
    def small() -> None:
        request.max_content_length = _MAX_FORM

    @bp.after_request
    def private(answer: Response) -> Response:
        answer.headers.update(_HEADERS)
        return answer

    return bp


def locale_of_visitor() -> str:
    """As their browser tells, where no link says who they are."""
    return request.accept_languages.best_match(_LANGUAGES, "en") or "en"


def page(template: str, locale: str, status: int = 200, **shown: Any) -> Response:
    language = nearest_locale(locale).replace("_", "-")
    told = render_template(template, language=language, style=_STYLE, **shown)
    return Response(told, status, content_type="text/html; charset=utf-8")
