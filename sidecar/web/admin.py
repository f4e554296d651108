"""The operator's pages: what goes well, what does not, what became of a message, and another try for what failed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, session, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from sidecar.ledger import pages, reports
from sidecar.storage import inbox as inbox_storage
from sidecar.storage import shops
from sidecar.storage.database import Database
from sidecar.storage.workers import DEAD_AFTER
from sidecar.web import shown
from sidecar.web.admin_session import CSRF_FIELD, Door, csrf_matches, csrf_token
from sidecar.web.problems import Problem
from sidecar.web.throttle import LoginThrottle

UNGUARDED = frozenset({"admin.login", "admin.enter", "admin.static"})
MAX_FORM = 16 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

log = structlog.get_logger()


@dataclass(frozen=True)
class AdminDesk:
    """What the pages work with. `sending`: the position of the sending switch."""

    database: Database
    door: Door
    sending: str
    public_url: str
    clock: Callable[[], datetime]
    throttle: LoginThrottle = field(default_factory=LoginThrottle)


def install(app: Flask, desk: AdminDesk) -> None:
    desk.door.install(app)
    app.register_blueprint(_blueprint(desk))

    @app.get("/")
    def home() -> AnyResponse:
        return redirect(url_for("admin.overview"))


def _blueprint(desk: AdminDesk) -> Blueprint:
    bp = Blueprint("admin", __name__, url_prefix="/admin", static_folder="static", template_folder="templates")
    shown.install(bp)
    _guard(bp, desk)
    _frame(bp, desk)
    _errors(bp)
    _entrance(bp, desk)
    _reading(bp, desk)
    _inbox(bp, desk)
    return bp


def _guard(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.before_request
    def only_the_operator() -> AnyResponse | None:
        request.max_content_length = MAX_FORM
        if request.endpoint not in UNGUARDED and not desk.door.is_open():
            if request.method == "GET":
                session["wanted"] = request.path
            return redirect(url_for("admin.login"), 303)
        if request.method == "POST" and not csrf_matches():
            raise Problem(400, "bad_csrf", "The form was too old, or its cookie is missing.")
        return None


def _frame(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.context_processor
    def common() -> dict[str, Any]:
        inside = desk.door.is_open()
        return {
            "inside": inside,
            "failed": _failed(desk.database) if inside else None,
            "sending": desk.sending,
            "public_url": desk.public_url,
            "now": desk.clock(),
            "csrf_field": CSRF_FIELD,
            "csrf_token": csrf_token,
        }

    @bp.after_request
    def guarded(answer: Response) -> Response:
        answer.headers.update(HEADERS)
        if request.endpoint != "admin.static":
            answer.headers["Cache-Control"] = "no-store"
        return answer


def _errors(bp: Blueprint) -> None:
    def page(status: int, code: str) -> tuple[str, int]:
        return render_template("problem.html", status=status, code=code), status

    @bp.errorhandler(Problem)
    def problem(error: Problem) -> tuple[str, int]:
        return page(error.status, error.code)

    @bp.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[str, int]:
        return page(error.code or 500, error.name.lower().replace(" ", "_"))

    @bp.errorhandler(Exception)
    def unexpected(error: Exception) -> tuple[str, int]:
        log.exception("a page could not be shown", error=type(error).__name__)
        return page(500, "internal_error")


def _entrance(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/login")
    def login() -> AnyResponse | str:
        return redirect(url_for("admin.overview")) if desk.door.is_open() else render_template("login.html")

    @bp.post("/login")
    def enter() -> AnyResponse:
        address = request.remote_addr or ""
        if wait := ceil(desk.throttle.book(address)):
            log.warning("too many wrong passwords", address=address)
            page = render_template("login.html", wait=wait)
            return Response(page, 429, {"Retry-After": str(wait)})
        if not desk.door.is_password(request.form.get("password", "")):
            return Response(render_template("login.html", wrong=True), 403)
        desk.throttle.forgive(address)
        wanted = session.get("wanted")
        desk.door.open()
        return redirect(request.script_root + wanted if wanted else url_for("admin.overview"), 303)

    @bp.post("/logout")
    def logout() -> AnyResponse:
        desk.door.close()
        return redirect(url_for("admin.login"), 303)

    @bp.get("/<path:anything>")
    def nothing(anything: str) -> str:
        raise Problem(404, "not_found", f"There is no page {anything}.")


def _reading(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/")
    def overview() -> str:
        now = desk.clock()
        with desk.database.read() as connection:
            seen = pages.overview(connection, now)
        alive = seen.last_beat is not None and now - seen.last_beat < DEAD_AFTER
        return render_template("overview.html", seen=seen, alive=alive)

    @bp.get("/messages/<message_id>")
    def message(message_id: str) -> str:
        with desk.database.read() as connection:
            row = reports.find_message(connection, message_id) if message_id.isprintable() else None
            if row is None:
                raise Problem(404, "unknown_message", "There is no such message.")
            shop = shops.several(connection, {row.shop_id})[row.shop_id]
            steps = reports.timeline_of(connection, row.shop_id, row.id)
        return render_template("message.html", message=row, shop=shop, steps=steps)


def _inbox(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/inbox")
    def inbox() -> str:
        with desk.database.read() as connection:
            rows = reports.list_inbox(connection, failed_only=True, limit=pages.DELIVERIES_SHOWN)
            names = {shop.id: shop.name for shop in shops.every(connection)}
        return render_template("inbox.html", rows=rows, shop_names=names)

    @bp.post("/inbox/replay")
    def replay_all() -> AnyResponse:
        return _replay(desk, None)

    @bp.post("/inbox/<delivery_id>/replay")
    def replay(delivery_id: str) -> AnyResponse:
        return _replay(desk, delivery_id)


def _replay(desk: AdminDesk, delivery_id: str | None) -> AnyResponse:
    if delivery_id is not None and not delivery_id.isprintable():
        raise Problem(404, "unknown_delivery", "There is no such delivery.")
    with desk.database.write() as connection:
        count = inbox_storage.replay(connection, delivery_id)
        desk.database.ring(connection)
    if delivery_id is not None and not count:
        raise Problem(404, "unknown_delivery", "There is no such delivery.")
    flash("one" if delivery_id else "all", "replayed")
    return redirect(url_for("admin.inbox"), 303)


def _failed(database: Database) -> int | None:
    """None when the database does not say: the page that tells so must still be shown."""
    try:
        with database.read() as connection:
            return pages.failed_deliveries(connection)
    except SQLAlchemyError:
        return None
