"""Accounts of people, for operators: who may come in, and who did what."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.domain.refused import Refused
from sidecar.storage import audit, shops
from sidecar.storage.users import Role, User
from sidecar.web.admin.desk import AdminDesk, the_visitor
from sidecar.web.admin.language import _
from sidecar.web.problems import Problem

DEEDS_SHOWN = 100


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _seeing(bp, desk)
    _adding(bp, desk)
    _changing(bp, desk)


def _seeing(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/people")
    def people() -> str:
        return _page(desk)

    @bp.get("/people/log")
    def deeds() -> str:
        before = request.args.get("before", "")[:40]
        with desk.database.read() as connection:
            rows = audit.latest(connection, before_id=before, limit=DEEDS_SHOWN + 1)
            names = shops.names(connection, len(rows), {row.shop_id for row in rows})
        more = rows[DEEDS_SHOWN - 1].id if len(rows) > DEEDS_SHOWN else ""
        return render_template("admin/users/deeds.html", rows=rows[:DEEDS_SHOWN], shop_names=names, more=more)


def _adding(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/people")
    def add_person() -> str | tuple[str, int]:
        email, role = request.form.get("email", ""), _role()
        try:
            user, password = desk.users.add(the_visitor().doer(), email, role, _shop_ids(role))
        except Refused as refused:
            return _page(desk, fault=refused.code, given=email), 422
        return _page(desk, shown=user, password=password)


def _changing(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/people/<user_id>/password")
    def new_password(user_id: str) -> str:
        user = _other(desk, user_id)
        return _page(desk, shown=user, password=desk.users.set_password(the_visitor().doer(), user))

    @bp.post("/people/<user_id>/shops")
    def set_shops(user_id: str) -> AnyResponse | tuple[str, int]:
        role = _role()
        try:
            desk.users.set_role(the_visitor().doer(), _other(desk, user_id), role, _shop_ids(role))
        except Refused as refused:
            return _page(desk, fault=refused.code), 422
        return redirect(url_for("admin.people"), 303)

    @bp.post("/people/<user_id>/totp/end")
    def forget_totp(user_id: str) -> AnyResponse:
        desk.users.end_totp(the_visitor().doer(), _other(desk, user_id))
        flash(_("The authenticator app is forgotten: the password alone opens the account now."), "good")
        return redirect(url_for("admin.people"), 303)

    @bp.post("/people/<user_id>/disable")
    def disable(user_id: str) -> AnyResponse:
        desk.users.disable(the_visitor().doer(), _other(desk, user_id), request.form.get("disabled") != "no")
        return redirect(url_for("admin.people"), 303)

    @bp.post("/people/<user_id>/remove")
    def remove_person(user_id: str) -> AnyResponse:
        desk.users.remove(the_visitor().doer(), _other(desk, user_id))
        flash(_("The account is removed."), "good")
        return redirect(url_for("admin.people"), 303)


def _other(desk: AdminDesk, user_id: str) -> User:
    """Nobody shuts themselves out by a slip."""
    user = desk.users.find(user_id)
    if user is None:
        raise Problem(404, "unknown_user", _("There is no such account."))
    own = the_visitor().user
    if own and own.id == user.id:
        raise Problem(409, "own_account", _("Your own account is changed under your name."))
    return user


def _role() -> Role:
    return Role.OPERATOR if request.form.get("role") == Role.OPERATOR else Role.OWNER


def _shop_ids(role: Role) -> list[str]:
    return sorted(set(request.form.getlist("shop"))) if role is Role.OWNER else []


def _page(desk: AdminDesk, **told: Any) -> str:
    with desk.database.read() as connection:
        every = shops.every(connection)
    return render_template(
        "admin/users/people.html", users=desk.users.every(), shops=every, names={s.id: s.name for s in every}, **told
    )
