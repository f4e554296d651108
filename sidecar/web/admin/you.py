"""One's own account: language, password, authenticator app, sessions."""

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.domain.refused import Refused
from sidecar.storage.users import User
from sidecar.web.admin.desk import AdminDesk, the_visitor
from sidecar.web.admin.language import LANGUAGES, _
from sidecar.web.problems import Problem


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _seeing(bp, desk)
    _password(bp, desk)
    _totp(bp, desk)


def _seeing(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/you")
    def you() -> str:
        return _page(desk)

    @bp.post("/you/language")
    def set_language() -> AnyResponse:
        wanted = request.form.get("language", "")
        if wanted and wanted not in LANGUAGES:
            raise Problem(400, "unknown_language", _("These pages do not speak that language."))
        session["language"] = wanted
        if user := the_visitor().user:
            desk.users.set_language(user, wanted)
        return redirect(url_for("admin.you"), 303)


def _password(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/you/password")
    def change_password() -> AnyResponse | tuple[str, int]:
        user = _own()
        if not desk.users.of_password(user.email, request.form.get("current", "")):
            return _page(desk, fault="current", told=_("That is not your present password.")), 403
        try:
            desk.users.set_password(the_visitor().doer(), user, request.form.get("new", "") or " ")
        except Refused:
            return _page(desk, fault="new", told=_("A password has 10 to 200 characters.")), 422
        _stay(desk, user)
        flash(_("Your password is changed. You are signed out everywhere else."), "good")
        return redirect(url_for("admin.you"), 303)

    @bp.post("/you/sessions/end")
    def sign_out_everywhere() -> AnyResponse:
        user = _own()
        desk.users.end_sessions(the_visitor().doer(), user)
        _stay(desk, user)
        flash(_("You are signed out everywhere else."), "good")
        return redirect(url_for("admin.you"), 303)


def _totp(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/you/totp")
    def begin_totp() -> AnyResponse:
        user = _own()
        if not user.totp_on:
            desk.users.begin_totp(user)
        return redirect(url_for("admin.you"), 303)

    @bp.post("/you/totp/confirm")
    def confirm_totp() -> AnyResponse | tuple[str, int]:
        if not desk.users.confirm_totp(the_visitor().doer(), _own(), request.form.get("code", "")):
            return _page(desk, fault="code", told=_("That is not the code of this moment. Try the next one.")), 422
        flash(_("From now on, signing in asks for a code of your app."), "good")
        return redirect(url_for("admin.you"), 303)

    @bp.post("/you/totp/end")
    def end_totp() -> AnyResponse | tuple[str, int]:
        user = _own()
        if user.totp_on and not desk.users.of_password(user.email, request.form.get("current", "")):
            return _page(desk, fault="totp", told=_("That is not your present password.")), 403
        desk.users.end_totp(the_visitor().doer(), user)
        return redirect(url_for("admin.you"), 303)


def _own() -> User:
    user = the_visitor().user
    if user is None:
        raise Problem(404, "no_account", _("Who signs in with the admin password has no account."))
    return user


def _stay(desk: AdminDesk, user: User) -> None:
    """All sessions have ended; this one goes on."""
    desk.door.open(desk.users.find(user.id))


def _page(desk: AdminDesk, fault: str = "", told: str = "") -> str:
    user = the_visitor().user
    qr, secret = "", ""
    if user and user.totp_secret and not user.totp_on:
        address = desk.users.totp_address(user)
        qr = segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff")
        secret = address.partition("secret=")[2].partition("&")[0]
    return render_template(
        "admin/you/you.html", user=user, languages=LANGUAGES, qr=qr, secret=secret, fault=fault, told=told
    )
