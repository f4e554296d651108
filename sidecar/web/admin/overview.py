"""What goes well, and what does not: of one shop, or of all."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.domain.status import MessageState
from sidecar.ledger import pages
from sidecar.ledger.figures import DELIVERED_TARGET, LOST, OPT_OUT_LIMIT, STOPPED, WAITING, Figures, quantile
from sidecar.storage.workers import DEAD_AFTER
from sidecar.web.admin.desk import ALL, AdminDesk, the_visitor
from sidecar.web.admin.language import _

_S = MessageState


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
        return _page(desk, shop_id)


def _page(desk: AdminDesk, shop_id: str = ALL) -> str:
    now = desk.clock()
    shop = desk.shop(shop_id) if shop_id else None
    with desk.database.read() as connection:
        seen = pages.overview(connection, now, desk.zone(shop_id), shop)
        failed = 0 if shop else pages.failed_deliveries(connection)
    return render_template(
        "admin/overview/overview.html",
        seen=seen,
        failed=failed,
        alive=seen.last_beat is not None and now - seen.last_beat < DEAD_AFTER,
        quantile=quantile,
        target=DELIVERED_TARGET,
        opt_out_limit=OPT_OUT_LIMIT,
        charts=_charts(seen.days),
    )


def _charts(days: Mapping[str, Figures]) -> list[dict[str, Any]]:
    """What the script draws; the page says the same in a table."""
    figures = list(days.values())
    seconds = {share: [_rounded(quantile(day.to_delivery, share)) for day in figures] for share in (0.5, 0.95)}
    return [
        {
            "kind": "bars",
            "title": _("Messages"),
            "series": [
                _series(_("Arrived"), "good", [day.arrived for day in figures]),
                _series(_("Under way"), "going", [_under_way(day) for day in figures]),
                _series(_("Failed"), "bad", [day.count(*LOST) for day in figures]),
                _series(_("Not sent"), "quiet", [day.count(*STOPPED) for day in figures]),
            ],
        },
        {
            "kind": "share",
            "title": _("Delivered"),
            "target": DELIVERED_TARGET,
            "series": [_series(_("Delivered"), "good", [_rounded(day.delivered_share, 4) for day in figures])],
        },
        {
            "kind": "seconds",
            "title": _("Time to delivery"),
            "series": [
                _series(_("Half within"), "accent", seconds[0.5]),
                _series(_("95 of 100 within"), "doubt", seconds[0.95]),
            ],
        },
    ]


def _under_way(day: Figures) -> int:
    return day.count(*WAITING, _S.SENDING, _S.ACCEPTED, _S.SENT, _S.UNKNOWN)


def _series(name: str, tone: str, values: list[Any]) -> dict[str, Any]:
    return {"name": name, "tone": tone, "values": values}


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
