"""What shops that prepay have to spend: the balance, everything that moved it, and purchases, which operators book."""

import re

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.ledger import credit as ledger
from sidecar.money.purses import prepays
from sidecar.storage import tariffs
from sidecar.storage.credits import Kind
from sidecar.web.admin import export
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import _, _later
from sidecar.web.problems import Problem

SHOWN, MOST_EXPORTED = 100, 200_000
KINDS = {
    Kind.FREE: _later("free to begin with"),
    Kind.PURCHASE: _later("bought"),
    Kind.CHARGE: _later("a text"),
    Kind.RETURN: _later("given back: it did not leave"),
    Kind.ADJUST: _later("set right by hand"),
}
COLUMNS = ("id", "at", "kind", "amount", "counts_from", "counted", "message_id", "note")
_ENTRY = re.compile(r"led_[0-9a-f]{27}")


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _reading(bp, desk)
    _booking(bp, desk)


def _reading(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/credit")
    def all_credit() -> str:
        with desk.database.read() as connection:
            lines, known = ledger.prepaying(connection, desk.crediting.low), tariffs.every(connection).by_country
        return render_template("admin/credit/all.html", lines=lines, tariffs=known)

    @bp.get("/shops/<shop_id>/credit")
    def credit(shop_id: str) -> str:
        return _page(desk, desk.shop(shop_id))

    @bp.get("/shops/<shop_id>/credit.csv")
    def export_credit(shop_id: str) -> Response:
        rows = desk.crediting.ledger(desk.shop(shop_id), MOST_EXPORTED)
        return export.table("credit", COLUMNS, ([getattr(row, name) for name in COLUMNS] for row in rows))


def _booking(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/book-credit/<of_shop>")
    def book_credit(of_shop: str) -> AnyResponse | tuple[str, int]:
        """For operators: shops pay them. The entry's id comes with the form, so that pressed twice it counts once."""
        shop, form = desk.shop(of_shop), request.form
        amount, entry_id = _amount(form.get("credits", "")), form.get("entry", "")
        if not prepays(shop) or not _ENTRY.fullmatch(entry_id):
            raise Problem(422, "unmetered", _("This shop does not prepay, and needs no credit."))
        note, bought = form.get("note", "").strip(), form.get("kind") != Kind.ADJUST
        try:
            with desk.database.write() as connection:
                if bought:
                    at_once = form.get("at_once") == "yes"
                    desk.crediting.buy_within(connection, shop, amount, at_once=at_once, note=note, entry_id=entry_id)
                else:
                    desk.crediting.adjust_within(connection, shop, amount, note, entry_id)
                desk.record(connection, "credit.buy" if bought else "credit.adjust", entry_id, shop.id, credits=amount)
        except Refused as refused:
            return _page(desk, shop, fault=str(refused)), 422
        flash(_("It is booked."), "good")
        return redirect(url_for("admin.credit", shop_id=shop.id), 303)


def _page(desk: AdminDesk, shop: Shop, fault: str = "") -> str:
    balance, rows = desk.crediting.balance(shop), desk.crediting.ledger(shop, SHOWN)
    with desk.database.read() as connection:
        tariff = tariffs.every(connection).by_country
    return render_template(
        "admin/credit/credit.html",
        shop=shop,
        balance=balance,
        rows=rows,
        shown=SHOWN,
        kinds=KINDS,
        tariffs=tariff,
        entry=desk.crediting.new_entry_id(),
        zone=shop.settings.timezone,
        fault=fault,
    )


def _amount(written: str) -> int:
    cleaned = written.strip().replace(" ", "")
    return int(cleaned) if re.fullmatch(r"-?[0-9]{1,10}", cleaned, re.ASCII) else 0
