"""The one guard that every page passes: from where, who, whether the form is ours, and whose shop it is about."""

from typing import Any

from flask import Blueprint, Response, g, request, session, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.session import Who, csrf_matches
from sidecar.web.problems import Problem

PUBLIC = frozenset({"admin.login", "admin.enter", "admin.code", "admin.enter_code", "admin.static"})
"""For who has not signed in."""

OF_EVERYBODY = frozenset(
    {
        "admin.home",
        "admin.logout",
        "admin.nothing",
        "admin.you",
        "admin.set_language",
        "admin.change_password",
        "admin.sign_out_everywhere",
        "admin.begin_totp",
        "admin.confirm_totp",
        "admin.end_totp",
    }
)
"""For owners and operators alike, though no shop stands in the address: what concerns only who asks."""

MAX_FORM = 64 * 1024


def install(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.before_request
    def guard() -> AnyResponse | None:
        request.max_content_length = MAX_FORM
        if not desk.addresses.allow(request.remote_addr):
            raise Problem(403, "address_not_allowed", "These pages are not open to your address.")
        g.who = desk.door.who()
        if request.endpoint not in PUBLIC and g.who is None:
            return _to_the_door()
        if request.method not in ("GET", "HEAD") and not csrf_matches():
            raise Problem(400, "bad_csrf", "The form was too old, or its cookie is missing.")
        if request.endpoint not in PUBLIC and not may_pass(g.who, request.endpoint or "", request.view_args or {}):
            raise Problem(404, "not_found", "There is no such page.")
        return None


def may_pass(who: Who, endpoint: str, arguments: dict[str, Any]) -> bool:
    """Owners pass where the address names their shop. That there are other shops is not told."""
    if "shop_id" in arguments:
        return who.sees(str(arguments["shop_id"]))
    return who.is_operator or endpoint in OF_EVERYBODY


def _to_the_door() -> AnyResponse:
    where = url_for("admin.login")
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": where})
    if request.method == "GET":
        session["wanted"] = request.full_path.rstrip("?")
    return redirect(where, 303)
