"""In and out: the password, the code of the authenticator app where the account wants one."""

from math import ceil

import structlog
from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.storage.users import User
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import _
from sidecar.web.problems import Problem

log = structlog.get_logger()


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _login(bp, desk)
    _second_step(bp, desk)

    @bp.post("/logout")
    def logout() -> AnyResponse:
        desk.door.close()
        return redirect(url_for("admin.login"), 303)

    @bp.get("/<path:anything>")
    def nothing(anything: str) -> str:
        raise Problem(404, "not_found", _("There is no such page."))


def _login(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/login")
    def login() -> AnyResponse | str:
        return redirect(url_for("admin.home")) if desk.door.who() else _page(desk)

    @bp.post("/login")
    def enter() -> AnyResponse:
        email, password = request.form.get("email", "").strip().lower(), request.form.get("password", "")
        if wait := _throttled(desk, email):
            return _slow_down(desk, wait)
        user = desk.users.of_password(email, password) if email else None
        if user is None and (email or not desk.door.is_password(password)):
            return Response(_page(desk, wrong=True), 403)
        if user and user.totp_on:
            desk.door.wait_for_code(user)
            return redirect(url_for("admin.code"), 303)
        return _let_in(desk, user)


def _second_step(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/login/code")
    def code() -> AnyResponse | str:
        if desk.door.waits_for_code() is None:
            return redirect(url_for("admin.login"), 303)
        return render_template("admin/code.html")

    @bp.post("/login/code")
    def enter_code() -> AnyResponse:
        user = desk.door.waits_for_code()
        if user is None:
            return redirect(url_for("admin.login"), 303)
        if wait := _throttled(desk, user.email):
            return Response(render_template("admin/code.html", wait=wait), 429, {"Retry-After": str(wait)})
        if not desk.users.is_code(user, request.form.get("code", "")):
            return Response(render_template("admin/code.html", wrong=True), 403)
        return _let_in(desk, user)


def _throttled(desk: AdminDesk, email: str) -> int:
    """Seconds to wait, by the address that tries and by the account that is tried."""
    by_address = desk.throttle.book(request.remote_addr or "")
    return ceil(max(by_address, desk.account_throttle.book(email) if email and not by_address else 0.0))


def _slow_down(desk: AdminDesk, wait: int) -> Response:
    log.warning("too many wrong passwords", address=request.remote_addr)
    return Response(_page(desk, wait=wait), 429, {"Retry-After": str(wait)})


def _let_in(desk: AdminDesk, user: User | None) -> AnyResponse:
    desk.throttle.forgive(request.remote_addr or "")
    if user:
        desk.account_throttle.forgive(user.email)
        desk.users.entered(user)
    wanted = session.get("wanted")
    desk.door.open(user)
    return redirect(request.script_root + wanted if wanted else url_for("admin.home"), 303)


def _page(desk: AdminDesk, **told: object) -> str:
    return render_template("admin/login.html", accounts=desk.users.are_any(), **told)
