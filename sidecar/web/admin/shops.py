"""Shops: added step by step, with ticks for what is in place and a first test text; their list and their settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from sidecar.domain import phone
from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.mode import Mode
from sidecar.domain.phone import NoNumber
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Platform, Shop
from sidecar.domain.status import MessageState
from sidecar.intake import byhand
from sidecar.keeping import routing
from sidecar.keeping.opening import KEYS, Application
from sidecar.keeping.routing import Place
from sidecar.ledger import feeding, pages, reports
from sidecar.ledger.feeding import FeedHealth
from sidecar.policy.saving import SettingsRefused
from sidecar.storage import accounts, polls, shops
from sidecar.storage.accounts import Account
from sidecar.storage.routes import routes_of
from sidecar.storage.types import AnyRow
from sidecar.web.admin.countries import with_none
from sidecar.web.admin.desk import AdminDesk, asked_offset
from sidecar.web.admin.language import _, _later
from sidecar.web.admin.settings.faults import sentences
from sidecar.web.admin.settings.fields import fields_for
from sidecar.web.admin.texts import CATEGORIES
from sidecar.web.admin.troubles import trouble, unopened

SHOWN = 30
SECRETS_OF = "secrets_of"
ROUTE_FAULTS = {
    "no_account": _later("Choose a provider account."),
    "bad_country": _later("Write the country by its two letters, such as BR."),
    "changed_meanwhile": _later("Somebody else has changed this order meanwhile: look at it, then save yours again."),
}
_ASKED = ("sender", "contact", "country", "locale", "timezone")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a shop is set up, and how its feeds fare. `lists`: by country and category, the accounts it sends by in
    their order; `tests`: its latest test texts."""

    shop: Shop
    lists: Mapping[tuple[str, str], Sequence[Account]]
    feeds: Sequence[FeedHealth]
    tests: Sequence[AnyRow]

    @property
    def route(self) -> Sequence[Account]:
        return self.lists.get(("", ""), ())

    @property
    def is_fed(self) -> bool:
        return any(feed.heard_at for feed in self.feeds)

    @property
    def sends(self) -> bool:
        return self.shop.settings.mode is not Mode.DISABLED

    @property
    def is_signed(self) -> bool:
        return bool(self.shop.settings.sender)

    @property
    def was_tested(self) -> bool:
        return any(MessageState(row.state) in _LEFT for row in self.tests)

    @property
    def steps_done(self) -> int:
        return sum((self.is_fed, bool(self.route), self.is_signed, self.sends, self.was_tested))


_LEFT = (MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED, MessageState.READ)


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _listing(bp, desk)
    _adding(bp, desk)
    _setting_up(bp, desk)
    _testing(bp, desk)
    _routing(bp, desk)


def _listing(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/shops")
    def all_shops() -> str:
        words, offset = request.args.get("q", "").strip()[:120], asked_offset()
        with desk.database.read() as connection:
            lines = pages.shop_lines(connection, desk.clock(), words, SHOWN + 1, offset)
        more = offset + SHOWN if len(lines) > SHOWN else 0
        return render_template("admin/shops/list.html", lines=lines[:SHOWN], words=words, offset=offset, more=more)


def _adding(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/add-shop")
    def add_shop() -> str:
        return _form(desk)

    @bp.post("/add-shop")
    def open_shop() -> AnyResponse | tuple[str, int]:
        try:
            opened = desk.opening.open(_application())
        except SettingsRefused as refused:
            return _form(desk, sentences(refused, fields_for(operator=True), request.form)), 422
        except Refused as refused:
            return _form(desk, unopened(refused)), 422
        except ShopProblem as problem:
            return _form(desk, {"keys": trouble(problem.code, problem.sentence)}), 422
        with desk.database.write() as connection:
            desk.record(connection, "shop.add", opened.shop.name, opened.shop.id)
        _remember(desk, opened.shop, opened.secrets.api_token)
        return redirect(url_for("admin.set_up", shop_id=opened.shop.id), 303)


def _setting_up(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/shops/<shop_id>/setup")
    def set_up(shop_id: str) -> str:
        return _setup(desk, shop_id)

    @bp.get("/shops/<shop_id>/setup/ticks")
    def ticks(shop_id: str) -> str:
        """A part of the page, asked for again and again while somebody looks at it."""
        standing = _standing(desk, desk.shop(shop_id))
        return render_template("admin/shops/ticks.html", standing=standing, zone=standing.shop.settings.timezone)


def _testing(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/shops/<shop_id>/test")
    def send_test(shop_id: str) -> AnyResponse | tuple[str, int]:
        shop, to = desk.shop(shop_id), request.form.get("to", "")
        if isinstance(phone.read(to, shop.settings.country), NoNumber):
            return _setup(
                desk,
                shop_id,
                fault=_("That is not a mobile number. Write it as %(example)s.", example="+5511912345678"),
            ), 422
        if wait := desk.tests.take(shop.id):
            return _setup(desk, shop_id, fault=_("That was too often. Try again in a minute."), wait=wait), 429

        def wish(connection: Connection) -> Any:
            desk.record(connection, "shop.test", shop.name, shop.id)
            return byhand.test_wish(connection, shop, to)

        byhand.send(desk.database, desk.intake, shop, wish)
        return redirect(f"{url_for('admin.set_up', shop_id=shop_id)}#test", 303)


def _routing(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/shops/<shop_id>/code")
    def new_code(shop_id: str) -> AnyResponse:
        """The one before ends, and with it what the plugin may ask for, until the new one is pasted in."""
        shop = desk.shop(shop_id)
        with desk.database.write() as connection:
            token = shops.renew_token(connection, shop.id)
            desk.record(connection, "shop.new_code", shop.name, shop.id)
        _remember(desk, shop, token)
        return redirect(url_for("admin.set_up", shop_id=shop_id), 303)

    @bp.post("/route/<of_shop>")
    def set_route(of_shop: str) -> AnyResponse | tuple[str, int]:
        """By whose accounts shops send, operators say: others pay for it."""
        shop, form = desk.shop(of_shop), request.form
        place = Place(form.get("country", "").strip().upper(), form.get("category", ""))
        wanted = [account for account in form.getlist("account") if account]
        try:
            with desk.database.write() as connection:
                if routing.reorder(connection, shop.id, place, form.getlist("seen"), wanted):
                    where = {"country": place.country, "category": place.category}
                    desk.record(connection, "shop.route", shop.name, shop.id, accounts=wanted, **where)
        except Refused as refused:
            told = {"place": place, "wanted": wanted, "route_fault": ROUTE_FAULTS[refused.code]}
            return _setup(desk, shop.id, **told), 422
        flash(_("Saved: texts go in this order now."), "good")
        return redirect(f"{url_for('admin.set_up', shop_id=shop.id)}#route", 303)


def _application() -> Application:
    form = request.form
    platform = Platform(form["platform"]) if form.get("platform") in set(Platform) else Platform.WOOCOMMERCE
    keys = {name: value for name in KEYS[platform] if (value := form.get(name, "").strip())}
    settings: dict[str, Any] = {name: typed for name in _ASKED if (typed := form.get(name, "").strip())}
    mode = form.get("mode", "")
    if mode.isascii() and mode.isdigit():
        settings["mode"] = int(mode)
    return Application(
        platform, form.get("name", ""), form.get("url", ""), settings, keys, form.get("account", "")[:40]
    )


def _form(desk: AdminDesk, faults: Mapping[str, str] | None = None) -> str:
    """`faults` by field; "keys" is all of them."""
    with desk.database.read() as connection:
        known = accounts.every(connection)
    return render_template("admin/shops/add.html", accounts=known, countries=with_none(), faults=faults or {})


def _setup(desk: AdminDesk, shop_id: str, **told: Any) -> str:
    shop = desk.shop(shop_id)
    kept = session.get(SECRETS_OF) or {}
    with desk.database.read() as connection:
        known = accounts.every(connection)
        webhook_secret = shops.webhook_secret(connection, desk.vault, shop.id)
    return render_template(
        "admin/shops/setup.html",
        standing=_standing(desk, shop),
        accounts=known,
        categories=CATEGORIES,
        code=desk.vault.open(kept["code"]) if kept.get("shop_id") == shop.id else "",
        webhook_url=f"{desk.public_url}/hooks/{shop.platform.value}/{shop.id}",
        webhook_secret=webhook_secret,
        zone=shop.settings.timezone,
        **told,
    )


def _remember(desk: AdminDesk, shop: Shop, token: str) -> None:
    """For as long as somebody is signed in, sealed, since a cookie is only signed."""
    session[SECRETS_OF] = {"shop_id": shop.id, "code": desk.vault.seal(f"{desk.public_url}#{token}")}


def _standing(desk: AdminDesk, shop: Shop) -> Standing:
    with desk.database.read() as connection:
        feeds = reports.feeds_of(connection, shop.id)
        return Standing(
            shop,
            routes_of(connection, {shop.id}).lists_of(shop.id),
            feeding.health_of(feeds, polls.of_shops(connection, {shop.id}), desk.clock()),
            reports.latest_tests(connection, shop.id, 3),
        )
