"""What shops delivered and could not be understood, and another try for it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.ledger import pages, reports
from sidecar.storage import inbox as inbox_storage
from sidecar.storage import shops
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import _, _later
from sidecar.web.problems import Problem

SHOWN = 30
FAULTS = {
    "not_json": _later("What came was cut short or changed on its way."),
    "not_an_object": _later("What came is no order: a plugin that alters webhooks is the likely cause."),
    "shop_error": _later("The shop sent an error of its own: make the webhook anew as an administrator."),
    "missing_field": _later("Something is missing in it."),
    "bad_field": _later("Something in it is wrong."),
    "bad_date": _later("A date in it cannot be read."),
    "bad_timezone": _later("A time zone in it is not known."),
    "internal_error": _later("Something went wrong here: update, then try it again."),
    "no_reader": _later("This kind of shop does not deliver by this way."),
}
"""By the codes of what can be wrong with a delivery."""


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
            "admin/inbox/inbox.html", rows=rows[:SHOWN], older=older, failed=failed, shop_names=names, faults=FAULTS
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
