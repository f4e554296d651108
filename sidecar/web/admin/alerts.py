"""Who waits for which product, who was told that it is back, and how many of them ordered afterwards."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.alerts.requests import AlertRefused
from sidecar.domain.stock import AlertState
from sidecar.ledger import alerts as ledger
from sidecar.ledger.alerts import ORDERED_WITHIN
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import _, _later
from sidecar.web.problems import Problem
from sidecar.web.remembered import Remembered

PRODUCTS, PEOPLE = 200, 100
STATES = {
    AlertState.PENDING: _later("not confirmed yet"),
    AlertState.WAITING: _later("waits"),
    AlertState.TEXTING: _later("text on its way"),
    AlertState.TEXTED: _later("told"),
    AlertState.ENDED: _later("ended"),
}
TONES = {"pending": "doubt", "waiting": "going", "texting": "going", "texted": "good", "ended": "quiet"}


REMEMBERED = 60.0
"""Seconds for which it is remembered who ordered afterwards: of thousands of people that takes its time."""


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _listing(bp, desk)
    _of_one_product(bp, desk)


def _listing(bp: Blueprint, desk: AdminDesk) -> None:
    def count(shop_id: str) -> Counter[tuple[str, str]]:
        with desk.database.read() as connection:
            return ledger.ordered_afterwards(connection, shop_id)

    ordered_afterwards = Remembered(count, REMEMBERED)

    @bp.get("/shops/<shop_id>/alerts")
    def alerts(shop_id: str) -> str:
        shop = desk.shop(shop_id)
        with desk.database.read() as connection:
            lines = ledger.by_product(connection, shop.id)
        shown = {"lines": lines[:PRODUCTS], "more": len(lines) > PRODUCTS, "days": ORDERED_WITHIN.days}
        return render_template("admin/alerts/alerts.html", shop=shop, ordered=ordered_afterwards(shop.id), **shown)


def _of_one_product(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/shops/<shop_id>/alerts/of")
    def alerts_of(shop_id: str) -> str:
        """Of one product or variation; their ids are the shop's own words, and stand in the query."""
        shop = desk.shop(shop_id)
        product, variation = (request.args.get(name, "").replace("\0", "") for name in ("product", "variation"))
        with desk.database.read() as connection:
            lines = [line for line in ledger.by_product(connection, shop.id, product) if line.variation_id == variation]
            people = ledger.people_of(connection, shop.id, product, variation, PEOPLE)
        if not lines:
            raise Problem(404, "unknown_product", _("Nobody asked for this product."))
        shown = {"states": STATES, "tones": TONES, "zone": shop.settings.timezone, "shown": PEOPLE}
        return render_template("admin/alerts/product.html", line=lines[0], people=people, **shown)

    @bp.post("/shops/<shop_id>/alerts/<alert_id>/end")
    def end_alert(shop_id: str, alert_id: str) -> AnyResponse:
        shop = desk.shop(shop_id)
        try:
            with desk.database.write() as connection:
                alert = desk.alerts.end_within(connection, shop, alert_id)
                desk.record(connection, "alert.end", alert.id, shop.id)
        except AlertRefused:
            raise Problem(404, "unknown_alert", _("There is no such alert.")) from None
        flash(_("This alert has ended: no text will come."), "good")
        return redirect(
            url_for("admin.alerts_of", shop_id=shop.id, product=alert.product_id, variation=alert.variation_id), 303
        )
