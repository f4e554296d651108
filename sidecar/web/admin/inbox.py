"""What shops delivered and could not be understood, and another try for it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.ledger import pages, reports
from sidecar.storage import inbox as inbox_storage
from sidecar.storage import shops
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import _
from sidecar.web.problems import Problem

SHOWN = 30


def install(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/inbox")
    def inbox() -> str:
        before = request.args.get("before", "")[:40]
        with desk.database.read() as connection:
            rows = reports.list_inbox(connection, True, SHOWN + 1, before if before.isprintable() else None)
            failed = pages.failed_deliveries(connection)
            names = shops.names(connection, len(rows), {row.shop_id for row in rows})
        older = rows[SHOWN - 1].id if len(rows) > SHOWN else ""
        return render_template(
            "admin/inbox/inbox.html", rows=rows[:SHOWN], older=older, failed=failed, shop_names=names
        )

    @bp.post("/inbox/replay")
    def replay_all() -> AnyResponse:
        return _replay(desk, None)

    @bp.post("/inbox/<delivery_id>/replay")
    def replay(delivery_id: str) -> AnyResponse:
        return _replay(desk, delivery_id)


def _replay(desk: AdminDesk, delivery_id: str | None) -> AnyResponse:
    with desk.database.write() as connection:
        count = inbox_storage.replay(connection, delivery_id)
        desk.record(connection, "inbox.replay", delivery_id or "", count=count)
        desk.database.ring(connection)
    if delivery_id is not None and not count:
        raise Problem(404, "unknown_delivery", "There is no such delivery.")
    one = _("The delivery is being worked through again. If it fails once more, it comes back here.")
    every = _("All failed deliveries are being worked through again. What fails once more comes back here.")
    flash(one if delivery_id else every, "good")
    return redirect(url_for("admin.inbox"), 303)
