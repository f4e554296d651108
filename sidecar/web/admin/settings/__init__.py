"""A shop's settings: what an owner needs first, then everything else by subject. They are saved as the API and the
command line save them, and refused in the same words, beside the field."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.catalog.kinds import kinds
from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.mode import Mode
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.intake import byhand
from sidecar.intake.byhand import Preview, WishRefused
from sidecar.keeping.neighbours import STORE_CODES
from sidecar.keeping.opening import KEYS
from sidecar.keeping.shopkeeping import change_settings
from sidecar.ledger import reports
from sidecar.money.pricing import Prices
from sidecar.policy.modes import lacking
from sidecar.policy.saving import SettingsRefused
from sidecar.storage import shops
from sidecar.web.admin.desk import AdminDesk, the_visitor
from sidecar.web.admin.language import _, _later
from sidecar.web.admin.settings import faults, hours
from sidecar.web.admin.settings.field import Around
from sidecar.web.admin.settings.fields import FIRST, GROUPS, fields_for
from sidecar.web.admin.troubles import trouble, unopened

SHOWN_TEXT = "order_placed"
KEY_NAMES = {
    "consumer_key": _later("Consumer key"),
    "consumer_secret": _later("Consumer secret"),
    "access_token": _later("Magento access token"),
    "access_token_secret": _later("Magento access token secret"),
    "store_codes": _later("Magento store views"),
}
ALERTING = [mode for mode in Mode if mode.sends_alerts]
NEEDS = {"stock_managed": lacking(ALERTING[0], False, True), "alerts_enabled": lacking(ALERTING[0], True, False)}
"""What the modes that tell of products need ticked, and what is to be said while it is not."""


def install(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/shops/<shop_id>/settings")
    def settings(shop_id: str) -> str:
        return _page(desk, desk.shop(shop_id))

    @bp.post("/shops/<shop_id>/settings")
    def save_settings(shop_id: str) -> AnyResponse | tuple[str, int]:
        shop, operator = desk.shop(shop_id), the_visitor().is_operator
        changes = _changes(operator)
        try:
            with desk.database.write() as connection:
                change_settings(connection, shop.id, changes, desk.clock(), by_operator=operator)
                desk.record(connection, "shop.settings", shop.name, shop.id, changed=sorted(changes))
        except SettingsRefused as refused:
            return _page(desk, shop, faults.sentences(refused, fields_for(operator=True), request.form)), 422
        flash(_("Saved.") if changes else _("Nothing was changed."), "good")
        return redirect(url_for("admin.settings", shop_id=shop.id), 303)

    @bp.post("/shop-keys/<of_shop>")
    def set_keys(of_shop: str) -> AnyResponse | tuple[str, int]:
        """Where the shop is and what opens it, operators say. Its back office is asked before anything is saved."""
        shop, form = desk.shop(of_shop), request.form
        keys = {name: value for name in KEYS[shop.platform] if (value := form.get(name, "").strip())}
        same = "same_keys" in form
        try:
            desk.opening.rekey(shop, form.get("url", ""), keys, _recorder(desk, shop, same), same_keys=same)
        except Refused as refused:
            return _page(desk, shop, unopened(refused)), 422
        except ShopProblem as problem:
            return _page(desk, shop, {"keys": trouble(problem.code, problem.sentence)}), 422
        flash(_("Saved."), "good")
        return redirect(url_for("admin.settings", shop_id=shop.id), 303)


def _recorder(desk: AdminDesk, shop: Shop, same_keys: bool) -> Callable[[Any], None]:
    return lambda connection: desk.record(connection, "shop.keys", shop.name, shop.id, same_keys=same_keys)


def _changes(operator: bool) -> dict[str, Any]:
    """Only what differs from what the page showed, which comes back with it: what somebody else saved meanwhile
    stays."""
    form = request.form
    changes = {each.name: each.read(form) for each in fields_for(operator) if each.read(form) != each.was(form)}
    mode = form.get("mode", "")
    if mode != form.get("was-mode", ""):
        changes["mode"] = int(mode) if mode.isascii() and mode.isdigit() else mode
    return changes


def _page(desk: AdminDesk, shop: Shop, problems: Mapping[str, str] | None = None) -> str:
    saved, operator = shop.settings.model_dump(mode="json"), the_visitor().is_operator
    typed = request.form if problems and "sender" in request.form else None
    fields, around = fields_for(operator), Around(shop, _own_texts(desk, shop))
    preview, price = _preview(desk, shop)
    return render_template(
        "admin/settings/settings.html",
        shop=shop,
        first=FIRST,
        groups=[group for group in GROUPS if operator or not group.for_operators],
        drawn={each.name: each.drawn(around, saved[each.name], typed) for each in fields},
        was={
            each.name: typed.get(f"was-{each.name}", "") if typed else each.write(saved[each.name]) for each in fields
        },
        alerting=[str(int(mode)) for mode in ALERTING],
        needs=NEEDS,
        days=hours.day_names(),
        mode=typed.get("mode", "") if typed else str(saved["mode"]),
        was_mode=typed.get("was-mode", "") if typed else str(saved["mode"]),
        problems=problems or {},
        preview=preview,
        price=price,
        keys={name: KEY_NAMES[name] for name in KEYS[shop.platform]},
        has_keys=_has_keys(desk, shop),
    )


def _has_keys(desk: AdminDesk, shop: Shop) -> bool:
    with desk.database.read() as connection:
        return bool(shops.credentials(connection, desk.vault, shop.id).keys() - {STORE_CODES})


def _own_texts(desk: AdminDesk, shop: Shop) -> tuple[str, ...]:
    """Keys of texts that are not the catalogue's."""
    return tuple(sorted({text.key for text in desk.approval.several(shop) if text.key not in kinds()}))


def _preview(desk: AdminDesk, shop: Shop) -> tuple[Preview | None, dict[str, Any]]:
    """The thank-you for the shop's latest order, as it would leave now."""
    with desk.database.read() as connection:
        order_id = reports.latest_order(connection, shop.id)
        try:
            [preview] = byhand.previews(connection, shop, order_id, [SHOWN_TEXT])
        except WishRefused:
            [preview] = byhand.previews(connection, shop, None, [SHOWN_TEXT])
        return preview, Prices(connection).of(shop, shop.settings.country, preview.filled.segments)
