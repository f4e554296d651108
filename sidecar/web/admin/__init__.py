"""The pages for operators and shop owners: one file for each thing there is to see or do.

Whose page it is, its address says. What lies under `/admin/shops/<shop_id>/` is for the shop's owners and for
operators; everything else is for operators, but for the few named in `guard`."""

from flask import Blueprint, Flask, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.web.admin import (
    alerts,
    consents,
    conversations,
    credit,
    entrance,
    frame,
    guard,
    inbox,
    language,
    messages,
    overview,
    providers,
    settings,
    shops,
    shown,
    texts,
    tryout,
    users,
    you,
)
from sidecar.web.admin.desk import AdminDesk

AREAS = (
    overview,
    messages,
    conversations,
    texts,
    alerts,
    consents,
    credit,
    settings,
    tryout,
    shops,
    providers,
    inbox,
    users,
    you,
)


def install(app: Flask, desk: AdminDesk) -> None:
    desk.door.install(app)
    language.install(app)
    app.register_blueprint(_blueprint(desk))

    @app.get("/")
    def home() -> AnyResponse:
        return redirect(url_for("admin.home"))


def _blueprint(desk: AdminDesk) -> Blueprint:
    bp = Blueprint("admin", __name__, url_prefix="/admin", static_folder="../static", template_folder="../templates")
    shown.install(bp)
    guard.install(bp, desk)
    frame.install(bp, desk)
    entrance.install(bp, desk)
    for area in AREAS:
        area.install(bp, desk)
    return bp
