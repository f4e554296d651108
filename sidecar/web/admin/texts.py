"""What a shop's texts say: the catalogue, its own words for it, and their way through approval."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from sidecar.catalog.kinds import UnknownTemplate, kinds
from sidecar.catalog.languages import locales
from sidecar.catalog.submission import Findings, check_submission
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.intake import byhand
from sidecar.intake.byhand import Preview, WishRefused
from sidecar.keeping import approval, shopkeeping
from sidecar.keeping.approval import LONGEST_TEXT, OWN_CATEGORIES, Also, Draft
from sidecar.ledger import reports
from sidecar.money.pricing import Prices
from sidecar.policy.keywords import plain
from sidecar.storage import shops
from sidecar.storage.texts import SUBMITTED, OwnText
from sidecar.web.admin import language
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import LANGUAGES, _, _later
from sidecar.web.admin.purposes import purpose
from sidecar.web.problems import Problem

STATES = {
    "draft": _later("draft"),
    "submitted": _later("waits for approval"),
    "approved": _later("in use"),
    "refused": _later("refused"),
    "replaced": _later("replaced"),
}
TONES = {"draft": "quiet", "submitted": "doubt", "approved": "good", "refused": "bad", "replaced": "quiet"}
CATEGORIES = {
    "transactional": _later("about an order"),
    "marketing": _later("advertising"),
    "code": _later("a code"),
    "staff": _later("to your staff"),
}
_KEY = re.compile(r"[a-z0-9_]{1,60}")


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _reading(bp, desk)
    _writing(bp, desk)
    _approving(bp, desk)


def _reading(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/shops/<shop_id>/texts")
    def texts(shop_id: str) -> str:
        shop = desk.shop(shop_id)
        with desk.database.read() as connection:
            found = _previews(desk, shop)
            prices = Prices(connection)
        waiting = {text.key for text in desk.approval.several(shop, SUBMITTED)}
        return render_template(
            "admin/texts/list.html",
            shop=shop,
            previews=[(each, _price(prices, shop, each.filled.segments)) for each in found],
            waiting=waiting,
            categories=CATEGORIES,
        )

    @bp.get("/shops/<shop_id>/new-text")
    def new_text(shop_id: str) -> AnyResponse:
        """Under a name of its own, which becomes its key."""
        key = "_".join(plain(request.args.get("name", "")).split())
        if not _KEY.fullmatch(key):
            flash(_("Call it by plain letters and digits, such as opening hours."), "bad")
            return redirect(url_for("admin.texts", shop_id=shop_id), 303)
        return redirect(url_for("admin.text", shop_id=shop_id, key=key), 303)

    @bp.get("/shops/<shop_id>/texts/<key>")
    def text(shop_id: str, key: str) -> str:
        return _page(desk, desk.shop(shop_id), _checked(key))


def _writing(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/shops/<shop_id>/texts/<key>/check")
    def check_text(shop_id: str, key: str) -> str:
        """A part of the page, asked for while somebody types."""
        shop, draft = desk.shop(shop_id), _draft(_checked(key))
        return render_template("admin/texts/_findings.html", typed=draft, **_findings(desk, shop, draft))

    @bp.post("/shops/<shop_id>/texts/<key>")
    def submit_text(shop_id: str, key: str) -> AnyResponse | str | tuple[str, int]:
        shop, draft = desk.shop(shop_id), _draft(_checked(key))
        if request.form.get("only") == "check":
            return _page(desk, shop, key, draft)
        try:
            desk.approval.offer(shop, draft, _recorded(desk, "text.submit"))
        except Refused as refused:
            return _page(desk, shop, key, draft, str(refused)), 422
        flash(_("It waits for your operator's approval. Until then the words before it are sent."), "good")
        return redirect(url_for("admin.text", shop_id=shop.id, key=key), 303)

    @bp.post("/shops/<shop_id>/texts/<key>/switch")
    def switch_text(shop_id: str, key: str) -> AnyResponse:
        """Whether the shop sends it by itself."""
        shop, key, on = desk.shop(shop_id), _checked(key), request.form.get("to") != "off"
        if key not in kinds() and all(text.key != key for text in desk.approval.several(shop)):
            raise _unknown()
        with desk.database.write() as connection:
            shopkeeping.switch_text(connection, shop.id, key, desk.clock(), on=on)
            desk.record(connection, "text.switch", key, shop.id, on=on)
        flash(_("This text is sent again.") if on else _("This text is not sent any more."), "good")
        return redirect(url_for("admin.texts", shop_id=shop.id), 303)


def _approving(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/texts")
    def all_texts() -> str:
        return _waiting(desk)

    @bp.post("/texts/<text_id>/approve")
    def approve_text(text_id: str) -> AnyResponse | tuple[str, int]:
        try:
            desk.approval.approve(text_id, _recorded(desk, "text.approve"))
        except Refused as problem:
            return _waiting(desk, text_id, str(problem)), 422
        flash(_("Approved: it is sent from now on."), "good")
        return redirect(url_for("admin.all_texts"), 303)

    @bp.post("/texts/<text_id>/refuse")
    def refuse_text(text_id: str) -> AnyResponse | tuple[str, int]:
        try:
            desk.approval.refuse(text_id, request.form.get("reason", ""), _recorded(desk, "text.refuse"))
        except Refused as problem:
            return _waiting(desk, text_id, str(problem)), 422
        flash(_("Refused: the shop reads why."), "good")
        return redirect(url_for("admin.all_texts"), 303)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What whoever decides about a text is to see. `findings` are today's: the shop may have changed its name since."""

    text: OwnText
    shop: Shop
    purpose: str
    findings: Findings
    price: Mapping[str, Any]


def _waiting(desk: AdminDesk, faulty: str = "", fault: str = "") -> str:
    found = desk.approval.several(state=SUBMITTED)
    with desk.database.read() as connection:
        owners = shops.several(connection, {text.shop_id for text in found})
        prices = Prices(connection)
    return render_template(
        "admin/texts/waiting.html",
        found=[_to_judge(prices, owners[text.shop_id], text) for text in found],
        categories=CATEGORIES,
        languages=LANGUAGES,
        faulty=faulty,
        fault=fault,
    )


def _to_judge(prices: Prices, shop: Shop, text: OwnText) -> Waiting:
    findings = approval.check(shop, text, language.current_code())
    price = _price(prices, shop, findings.preview.segments) if findings.preview else {}
    return Waiting(text, shop, purpose(text.key, text.category), findings, price)


def _page(desk: AdminDesk, shop: Shop, key: str, draft: Draft | None = None, fault: str = "") -> str:
    history = [text for text in desk.approval.several(shop) if text.key == key]
    sides = [(locale, side) for locale in locales() if (side := _side(desk, shop, key, locale))]
    if not (sides or history or draft):
        draft = Draft(key, shop.settings.locale, "")
    typed = draft or _begun(shop, key, history, sides)
    return render_template(
        "admin/texts/text.html",
        shop=shop,
        key=key,
        purpose=purpose(key, history[0].category if history else typed.category),
        sides=sides,
        history=history,
        typed=typed,
        locales=locales(),
        categories={} if key in kinds() else {name: CATEGORIES[name] for name in OWN_CATEGORIES},
        states=STATES,
        tones=TONES,
        longest=LONGEST_TEXT,
        fault=fault,
        **_findings(desk, shop, typed),
    )


def _begun(shop: Shop, key: str, history: list[OwnText], sides: list[tuple[str, Preview]]) -> Draft:
    """What the form opens with: the newest words in the shop's language."""
    locale = request.args.get("locale", shop.settings.locale)
    own = next((text.text for text in history if text.locale == locale), "")
    ours = next((side.template.text for name, side in sides if name == locale), "")
    return Draft(key, locale, own or ours)


def _side(desk: AdminDesk, shop: Shop, key: str, locale: str) -> Preview | None:
    speaking = replace(shop, settings=shop.settings.model_copy(update={"locale": locale}))
    with desk.database.read() as connection:
        try:
            [found] = byhand.previews_about(connection, speaking, None, [key])
        except (WishRefused, UnknownTemplate):
            return None
    return found if found.template.locale == locale else None


def _previews(desk: AdminDesk, shop: Shop) -> list[Preview]:
    """About the latest order that the shop has told of."""
    with desk.database.read() as connection:
        try:
            return byhand.previews(connection, shop, reports.latest_order(connection, shop.id))
        except WishRefused:
            return byhand.previews(connection, shop)


def _findings(desk: AdminDesk, shop: Shop, draft: Draft) -> dict[str, Any]:
    settings = shop.settings
    known = kinds().get(draft.key)
    category = known.category if known else draft.category or OWN_CATEGORIES[0]
    found: Findings = check_submission(
        draft.text, draft.key, draft.locale, category, settings.sender, settings.contact, language.current_code()
    )
    with desk.database.read() as connection:
        prices = Prices(connection)
    price = _price(prices, shop, found.preview.segments) if found.preview else None
    return {"findings": found if draft.text.strip() else None, "price": price}


def _price(prices: Prices, shop: Shop, segments: int) -> dict[str, Any]:
    return prices.of(shop, shop.settings.country, segments)


def _draft(key: str) -> Draft:
    form = request.form
    text = form.get("text", "").replace("\0", "").replace("\r\n", "\n")[:LONGEST_TEXT]
    return Draft(key, form.get("locale", "")[:20], text, form.get("category", "")[:20])


def _recorded(desk: AdminDesk, deed: str) -> Also:
    def record(connection: Connection, text: OwnText) -> None:
        desk.record(connection, deed, text.id, text.shop_id, key=text.key, locale=text.locale)

    return record


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise _unknown()
    return key


def _unknown() -> Problem:
    return Problem(404, "unknown_text", _("There is no such text."))
