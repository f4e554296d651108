"""What stands around every page: the way about, what browsers may do with it, and how errors are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from flask import Blueprint, Response, g, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from sidecar.domain.shop import Shop
from sidecar.ledger import pages
from sidecar.storage import shops
from sidecar.web.admin import language
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import _later
from sidecar.web.admin.session import CSRF_FIELD, CSRF_HEADER, Who, csrf_token
from sidecar.web.problems import Problem

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SHOPS_IN_MENU = 30

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the menu. `everywhere` is the endpoint for all shops together, `of_shop` the one for a single shop;
    either may be missing."""

    title: Any
    icon: str
    everywhere: str = ""
    of_shop: str = ""


WAYS = (
    Way(_later("Overview"), "overview", "admin.home", "admin.shop_overview"),
    Way(_later("Messages"), "messages", "admin.messages", "admin.messages"),
    Way(_later("Conversations"), "conversations", "", "admin.conversations"),
    Way(_later("Texts"), "texts", "admin.all_texts", "admin.texts"),
    Way(_later("Availability alerts"), "alerts", "", "admin.alerts"),
    Way(_later("Consents"), "consents", "", "admin.consents"),
    Way(_later("Credit"), "credit", "admin.all_credit", "admin.credit"),
    Way(_later("Shops"), "shops", "admin.all_shops"),
    Way(_later("Providers"), "providers", "admin.providers"),
    Way(_later("Try-out"), "tryout", "", "admin.try_out"),
    Way(_later("Settings"), "settings", "", "admin.settings"),
    Way(_later("Setting up"), "check", "", "admin.set_up"),
    Way(_later("Inbox"), "inbox", "admin.inbox"),
    Way(_later("People"), "people", "admin.people"),
)
"""In the order of the menu. A new page adds its line here."""


@dataclass(frozen=True, slots=True)
class Entry:
    title: Any
    icon: str
    href: str
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the visitor is. `shop` is the one that the address names, `shops` the names of those to change to."""

    who: Who
    shop: Shop | None
    shops: Mapping[str, str]
    menu: Sequence[Entry]


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _headers(bp)
    _errors(bp)
    versions = _versions(Path(__file__).parents[1] / "static")

    @bp.context_processor
    def common() -> dict[str, Any]:
        return {
            "here": _surroundings(desk),
            "sending": desk.sending,
            "public_url": desk.public_url,
            "now": desk.clock(),
            "csrf_field": CSRF_FIELD,
            "csrf_header": CSRF_HEADER,
            "csrf_token": csrf_token,
            "language": language.current_code(),
            "asset": lambda name: url_for("admin.static", filename=name, v=versions.get(name, "")),
        }


def _surroundings(desk: AdminDesk) -> Surroundings | None:
    """None for who stands outside, and when the database does not say: that page must still be shown."""
    who: Who | None = g.get("who")
    if who is None:
        return None
    shop_id = str((request.view_args or {}).get("shop_id", ""))
    try:
        with desk.database.read() as connection:
            own = None if who.is_operator or who.user is None else who.user.shop_ids
            names = shops.names(connection, SHOPS_IN_MENU, own)
            shop = shops.several(connection, {shop_id}).get(shop_id) if shop_id and who.sees(shop_id) else None
            failed = pages.failed_deliveries(connection) if who.is_operator else 0
    except SQLAlchemyError:
        return Surroundings(who, None, {}, ())
    return Surroundings(who, shop, names, _menu(who, shop, failed))


def _menu(who: Who, shop: Shop | None, failed: int) -> list[Entry]:
    """Inside a shop its pages; else those for all shops."""
    ways = [way for way in WAYS if (way.of_shop if shop else way.everywhere and who.is_operator)]
    return [_entry(way, shop, failed if way.icon == "inbox" else 0) for way in ways]


def _entry(way: Way, shop: Shop | None, count: int) -> Entry:
    endpoint = way.of_shop if shop else way.everywhere
    href = url_for(endpoint, shop_id=shop.id) if shop else url_for(endpoint)
    return Entry(way.title, way.icon, href, request.path == href or request.path.startswith(f"{href}/"), count)


def _headers(bp: Blueprint) -> None:
    @bp.after_request
    def guarded(answer: Response) -> Response:
        answer.headers.update(HEADERS)
        kept = request.endpoint == "admin.static" and "v" in request.args
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-store"
        return answer


def _errors(bp: Blueprint) -> None:
    def page(status: int, code: str, detail: str = "") -> tuple[str, int]:
        return render_template("admin/problem.html", status=status, code=code, detail=detail), status

    @bp.errorhandler(Problem)
    def problem(error: Problem) -> tuple[str, int]:
        return page(error.status, error.code, error.detail)

    @bp.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[str, int]:
        return page(error.code or 500, error.name.lower().replace(" ", "_"))

    @bp.errorhandler(Exception)
    def unexpected(error: Exception) -> tuple[str, int]:
        log.exception("a page could not be shown", error=type(error).__name__)
        return page(500, "internal_error")


def _versions(folder: Path) -> dict[str, str]:
    """A few letters of each file's hash, so that browsers keep it until it changes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()[:10] for path in files}
