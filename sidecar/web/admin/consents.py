"""What people agreed to at a shop: found by number, with the proof; put right by hand, handed over, and erased."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.consent.agreeing import Agreement
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.phone import mask
from sidecar.domain.refused import Refused
from sidecar.keeping.privacy import NotANumber, read_number
from sidecar.ledger import consents as ledger
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import _, _later
from sidecar.web.problems import Problem

LATEST = 30
PURPOSES = {
    Purpose.ORDERS: _later("Texts about orders"),
    Purpose.STOCK_ALERTS: _later("Texts when a product is back"),
    Purpose.MARKETING: _later("Advertising"),
}
SOURCES = {
    "checkout": _later("ticked at the checkout"),
    "reply": _later("texted it"),
    "link": _later("by the link in a text"),
    "provider": _later("told the provider"),
    "code": _later("by the code in a text"),
    "shop": _later("told by the shop"),
    "operator": _later("written down by hand"),
}
KINDS = {
    "messages": _later("Messages"),
    "replies": _later("Replies"),
    "orders": _later("Orders"),
    "consent_log": _later("Consents and their proof"),
    "alerts": _later("Availability alerts"),
    "verifications": _later("One-time codes"),
    "tasks": _later("Notes for the shop"),
    "receipts": _later("Delivery receipts"),
    "deliveries": _later("Deliveries of the shop"),
    "callbacks": _later("Callbacks of providers"),
}


def install(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/shops/<shop_id>/consents")
    def consents(shop_id: str) -> str | tuple[str, int]:
        return _page(desk, shop_id, request.args.get("number", ""))

    @bp.post("/shops/<shop_id>/consents")
    def write_down(shop_id: str) -> AnyResponse | str | tuple[str, int]:
        shop, form = desk.shop(shop_id), request.form
        number, wanted = form.get("number", ""), form.get("purpose", "")
        purposes = [purpose for purpose in Purpose if wanted in (purpose, "all")]
        standing = form.get("standing")
        if not purposes or standing not in (Standing.IN, Standing.OUT):
            raise Problem(422, "bad_field", _("Choose what was said, and about which texts."))
        try:
            with desk.database.write() as connection:
                for purpose in purposes:
                    told = Agreement(number, "", purpose, Standing(standing), "operator", form.get("wording", "")[:500])
                    desk.agreements.say_within(connection, shop, told)
                desk.record(connection, "consent.write", _masked(number), shop.id, purpose=wanted, standing=standing)
                desk.database.ring(connection)
        except Refused as refused:
            return _page(desk, shop_id, number, fault=str(refused))
        flash(_("It is written down, and stands from now on."), "good")
        return redirect(url_for("admin.consents", shop_id=shop_id, number=number), 303)

    _handing_over(bp, desk)


def _handing_over(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/shops/<shop_id>/consents/export")
    def export_person(shop_id: str) -> Response:
        shop, number = desk.shop(shop_id), _number(desk, shop_id)
        with desk.database.write() as connection:
            desk.record(connection, "privacy.export", mask(number), shop.id)
        body = json.dumps(desk.privacy.export(number, shop), ensure_ascii=False, indent=2)
        headers = {"Content-Disposition": 'attachment; filename="person.json"'}
        return Response(body, headers=headers, content_type="application/json; charset=utf-8")

    @bp.post("/shops/<shop_id>/consents/erase")
    def erase_person(shop_id: str) -> AnyResponse | str:
        """Asked first with what it would take, since nothing brings it back."""
        shop, number = desk.shop(shop_id), _number(desk, shop_id)
        if request.form.get("sure") != "yes":
            held = {name: len(rows) for name, rows in desk.privacy.export(number, shop).items() if name in KINDS}
            return render_template("admin/consents/erase.html", number=number, held=held, kinds=KINDS)
        with desk.database.write() as connection:
            desk.record(connection, "privacy.erase", mask(number), shop.id)
        done = desk.privacy.erase(number, shop)
        if done["on_their_way"]:
            flash(_("Erased, but for what is in a provider's hands at this moment: repeat it in an hour."), "doubt")
        else:
            flash(_("Erased. That the person wants no texts, if they said so, still holds."), "good")
        return redirect(url_for("admin.consents", shop_id=shop_id), 303)


def _page(desk: AdminDesk, shop_id: str, number: str, fault: str = "") -> str | tuple[str, int]:
    shop, register = desk.shop(shop_id), None
    if number.strip():
        try:
            register = desk.agreements.of(shop, number)
        except Refused:
            fault = _("That is not a mobile number. Write it as %(example)s.", example="+5511912345678")
    with desk.database.read() as connection:
        latest = [] if register else ledger.latest(connection, shop.id, LATEST)
    shown = {"register": register, "latest": latest, "purposes": PURPOSES, "sources": SOURCES, "fault": fault}
    page = render_template("admin/consents/consents.html", number=number, zone=shop.settings.timezone, **shown)
    return (page, 422) if fault else page


def _number(desk: AdminDesk, shop_id: str) -> str:
    try:
        return read_number(request.form.get("number", ""), desk.shop(shop_id).settings.country)
    except NotANumber:
        raise Problem(422, "bad_number", _("This is no phone number: write it as +5511912345678.")) from None


def _masked(number: str) -> str:
    return mask("".join(sign for sign in number if sign.isdigit() or sign == "+")[:20])
