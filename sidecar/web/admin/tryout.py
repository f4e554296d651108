"""Trying a mode out on a shop's last weeks before anything is sent, and going live with it."""

import re

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.domain.mode import Mode
from sidecar.storage import tryouts
from sidecar.tryout.replay import BLOCKED, GOES, OVERTAKEN, summed
from sidecar.tryout.tryouts import DAYS, MOST_ORDERS, CannotGoLive
from sidecar.web.admin import export
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import _, _later
from sidecar.web.problems import Problem

SHOWN = 200
FATES = {GOES: _later("would go"), BLOCKED: _later("would not go"), OVERTAKEN: _later("overtaken by a newer change")}
TONES = {GOES: "good", BLOCKED: "bad", OVERTAKEN: "quiet"}
COLUMNS = ("at", "order", "key", "to", "fate", "reason", "segments", "credits", "price", "currency", "text")


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _looking(bp, desk)

    @bp.post("/shops/<shop_id>/try-out")
    def begin_try_out(shop_id: str) -> AnyResponse:
        shop, mode, days = desk.shop(shop_id), _mode(), request.form.get("days", "")
        with desk.database.write() as connection:
            wanted = int(days) if re.fullmatch(r"[0-9]{1,2}", days) else DAYS
            if desk.tryouts.ask(connection, shop, mode, wanted):
                desk.record(connection, "shop.try", shop.name, shop.id, mode=int(mode), days=wanted)
                desk.database.ring(connection)
        return redirect(url_for("admin.try_out", shop_id=shop.id), 303)

    @bp.post("/shops/<shop_id>/go-live")
    def go_live(shop_id: str) -> AnyResponse | tuple[str, int]:
        shop, mode = desk.shop(shop_id), _mode()
        try:
            with desk.database.write() as connection:
                desk.tryouts.go_live(connection, shop, mode)
                desk.record(connection, "shop.live", shop.name, shop.id, mode=int(mode))
        except CannotGoLive as missing:
            return _page(desk, shop_id, str(missing)), 422
        flash(
            _("Mode %(mode)s is on: what changes from now on is told. What was before is not.", mode=int(mode)), "good"
        )
        return redirect(url_for("admin.shop_overview", shop_id=shop.id), 303)


def _looking(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/shops/<shop_id>/try-out")
    def try_out(shop_id: str) -> str:
        return _page(desk, shop_id)

    @bp.get("/shops/<shop_id>/try-out/progress")
    def try_out_progress(shop_id: str) -> Response:
        """A part of the page, asked for while one runs; once it is done, the page is to be loaded anew."""
        with desk.database.read() as connection:
            tried = tryouts.find(connection, desk.shop(shop_id).id)
        if tried is None or not tried.is_open:
            return Response("", headers={"HX-Refresh": "true"})
        return Response(render_template("admin/tryout/_progress.html", tried=tried))

    @bp.get("/shops/<shop_id>/try-out.csv")
    def export_try_out(shop_id: str) -> Response:
        with desk.database.read() as connection:
            tried = tryouts.find(connection, desk.shop(shop_id).id)
        lines = tried.lines if tried else ()
        return export.table("try-out", COLUMNS, ([line[name] for name in COLUMNS] for line in lines))


def _page(desk: AdminDesk, shop_id: str, fault: str = "") -> str:
    shop = desk.shop(shop_id)
    with desk.database.read() as connection:
        tried = tryouts.find(connection, shop.id)
    wanted = request.args.get("fate", "")
    lines = [line for line in (tried.lines if tried else ()) if not wanted or line["fate"] == wanted]
    return render_template(
        "admin/tryout/tryout.html",
        shop=shop,
        tried=tried,
        summary=summed(tried.lines) if tried else None,
        lines=lines[-SHOWN:][::-1],
        more=len(lines) > SHOWN,
        fates=FATES,
        tones=TONES,
        days=DAYS,
        most=MOST_ORDERS,
        zone=shop.settings.timezone,
        fault=fault,
    )


def _mode() -> Mode:
    written = request.form.get("mode", "")
    if not re.fullmatch("[0-6]", written):
        raise Problem(422, "bad_mode", _("Choose a mode from 0 to 6."))
    return Mode(int(written))
