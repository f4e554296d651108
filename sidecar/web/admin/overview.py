"""What goes well, and what does not."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.ledger import pages
from sidecar.storage.workers import DEAD_AFTER
from sidecar.web.admin.desk import AdminDesk, the_visitor


def install(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/")
    def home() -> str | AnyResponse:
        """Owners come home to their shop."""
        who = the_visitor()
        if who.user and not who.is_operator:
            return redirect(url_for("admin.shop_overview", shop_id=who.user.shop_ids[0]), 303)
        return _page(desk)

    @bp.get("/shops/<shop_id>/")
    def shop_overview(shop_id: str) -> str:
        desk.shop(shop_id)
        return _page(desk, shop_id)


def _page(desk: AdminDesk, shop_id: str = "") -> str:
    now = desk.clock()
    with desk.database.read() as connection:
        seen = pages.overview(connection, now, shop_id)
        failed = pages.failed_deliveries(connection)
    alive = seen.last_beat is not None and now - seen.last_beat < DEAD_AFTER
    return render_template("admin/overview/overview.html", seen=seen, alive=alive, failed=failed)
