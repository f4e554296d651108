"""Setting a shop up on the pages: by which accounts it sends, in which order, and how its feeds fare."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from sidecar.storage import accounts, routes
from sidecar.storage.audit import Doer
from sidecar.storage.tables import accounts as account_table
from sidecar.storage.tables import audit, feeds, polls
from sidecar.storage.users import Role
from sidecar.wiring import Recado, utc_now

from .conftest import ShopCaller
from .pages import PASSWORD, csrf_of, sign_in, text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these pages ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


def set_up_page(inside: FlaskClient, shop: ShopCaller) -> TestResponse:
    return inside.get(f"/admin/shops/{shop.shop.id}/setup")


class TestRoutes:
    @pytest.fixture(autouse=True)
    def three_accounts(self, recado: Recado) -> None:
        with recado.database.write() as connection:
            for name in ("second", "third"):
                accounts.add(connection, recado.vault, f"acc_{name}", "simulator", name, {}, utc_now())

    def save(self, inside: FlaskClient, shop: ShopCaller, seen: str, wanted: str, **place: str) -> TestResponse:
        """`seen` and `wanted`: accounts in their order, with spaces between."""
        given = {"seen": [f"acc_{name}" for name in seen.split()], "account": [f"acc_{n}" for n in wanted.split()]}
        csrf = csrf_of(set_up_page(inside, shop))
        data: dict[str, Any] = {"csrf": csrf, **given, **place}
        return inside.post(f"/admin/route/{shop.shop.id}", data=data)

    def order(self, recado: Recado, shop: ShopCaller) -> dict[tuple[str, str], str]:
        with recado.database.read() as connection:
            lists = routes.routes_of(connection, {shop.shop.id}).lists_of(shop.shop.id)
        return {place: " ".join(account.id.removeprefix("acc_") for account in lists[place]) for place in lists}

    def test_the_order_is_shown_and_changed(self, inside: FlaskClient, ana: ShopCaller, recado: Recado) -> None:
        assert self.save(inside, ana, "ana", "second ana third").status_code == 303
        assert self.save(inside, ana, "second ana third", "second ana third").status_code == 303, "safe when done twice"
        assert self.save(inside, ana, "ana", "second ana third").status_code == 303, "as is a form that is sent again"
        assert self.order(recado, ana) == {("", ""): "second ana third"}
        with recado.database.write() as connection:
            sick = {"problem": "bad_credentials", "problem_at": utc_now()}
            connection.execute(update(account_table).where(account_table.c.id == "acc_third").values(sick))
            deed = connection.execute(select(audit.c.action, audit.c.detail)).one()
        assert (deed.action, deed.detail["accounts"]) == ("shop.route", ["acc_second", "acc_ana", "acc_third"])
        words = text_of(set_up_page(inside, ana))
        assert "All texts 1. second in order 2. Ana's account in order 3. third" in words
        assert "third in order" not in words

    def test_a_country_and_a_kind_of_text_have_orders_of_their_own(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        self.save(inside, ana, "", "second", country="fr")
        self.save(inside, ana, "", "third second", country="FR", category="code")
        self.save(inside, ana, "", "third", category="marketing")
        found = {("", ""): "ana", ("", "marketing"): "third", ("FR", ""): "second", ("FR", "code"): "third second"}
        assert self.order(recado, ana) == found
        words = text_of(set_up_page(inside, ana))
        assert (
            "advertising 1. third" in words
            and "France 1. second" in words
            and "France, a code 1. third in order 2. second" in words
        )
        assert self.save(inside, ana, "second", "", country="FR").status_code == 303
        assert ("FR", "") not in self.order(recado, ana)

    @pytest.mark.parametrize(
        ("seen", "wanted", "place", "sentence"),
        [
            ("ana", "", {}, "Choose a provider account."),
            ("ana", "nobody", {}, "Choose a provider account."),
            ("", "second", {"country": "France"}, "Write the country by its two letters"),
            ("", "second", {"category": "anything"}, "Write the country by its two letters"),
            ("third", "second", {}, "Somebody else has changed this order meanwhile"),
            ("", "second", {}, "Somebody else has changed this order meanwhile"),
        ],
    )
    def test_what_cannot_be_saved_is_told_and_what_was_chosen_stays(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado, seen: str, wanted: str, place: Any, sentence: str
    ) -> None:
        answer = self.save(inside, ana, seen, wanted, **place)
        assert (answer.status_code, sentence in text_of(answer)) == (422, True)
        assert answer.text.count("route-fault") == 1
        assert self.order(recado, ana) == {("", ""): "ana"}
        chosen = '<option value="acc_second" selected>' in answer.text
        assert chosen == (wanted == "second")

    def test_an_owner_sees_the_order_and_leaves_it(
        self, app: Flask, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        assert "Change the order" in text_of(set_up_page(inside, ana))
        recado.users.add(Doer("", "a test"), "ana@ana.example", Role.OWNER, [ana.shop.id], PASSWORD)
        owner = app.test_client()
        assert sign_in(owner, PASSWORD, email="ana@ana.example").status_code == 303
        words = text_of(set_up_page(owner, ana))
        assert "Ana's account in order" in words and "Change the order" not in words


def failed(problem: str, at: datetime) -> dict[str, Any]:
    return {"last_problem": problem, "last_problem_at": at, "last_detail": "Told in English."}


class TestFeeds:
    def test_each_feed_has_a_tick_or_a_warning_and_its_last_error(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        words = text_of(set_up_page(inside, ana))
        assert "Plugin (nothing yet) nothing heard yet Webhooks (nothing yet) nothing heard yet" in words
        now, shop = utc_now(), {"shop_id": ana.shop.id}
        ago = {minutes: now - timedelta(minutes=minutes) for minutes in (2, 30, 60, 180)}
        told = [
            {
                "source": "plugin",
                "last_accepted_at": ago[2],
                "last_refused_at": ago[180],
                "last_problem": "bad_signature",
            },
            {
                "source": "webhook",
                "last_accepted_at": ago[60],
                "last_refused_at": ago[30],
                "last_problem": "bad_signature",
            },
        ]
        asked = [
            {"errand": "orders", "due_at": now, "good_at": ago[2], **failed("unreachable", ago[180])},
            {"errand": "tracks", "due_at": now, "good_at": ago[2], **failed("unreachable", now - timedelta(days=8))},
            {"errand": "shipments", "due_at": ago[180], "good_at": ago[180]},
            {"errand": "stock", "due_at": ago[180], "good_at": ago[180]},
            {"errand": "outbox", "due_at": now, "problem": "shop_failing", **failed("shop_failing", ago[2])},
            {"errand": "alarm", "due_at": now},
        ]
        with recado.database.write() as connection:
            for row in told:
                connection.execute(insert(feeds).values({**shop, "last_problem": "bad_signature", **row}))
            for row in asked:
                connection.execute(insert(polls).values({**shop, "memory": {}, **row}))
        words = text_of(set_up_page(inside, ana))
        for line in (
            "Plugin (in order) last heard 2 minutes ago refused before:",
            "Webhooks (Look at this) The delivery's signature does not match",
            "30 minutes ago went well 1 hour ago",
            "Orders (in order) asked 2 minutes ago went wrong before: Told in English. 3 hours ago",
            "Tracking numbers (in order) asked 2 minutes ago 1. Connect",
            "Shipments (Look at this) due, but not asked since 3 hours ago",
            "Stock (in order) asked 3 hours ago",
            "Plugin's outbox (Look at this) Told in English. 2 minutes ago",
            "Wake-up (nothing yet) not asked yet",
        ):
            assert line in words, words
        words = text_of(inside.get(f"/admin/shops/{ana.shop.id}/setup/ticks", headers={"Accept-Language": "pt-BR"}))
        assert "A loja está com problemas. há 2 minutos Told in English." in words
        assert "deu errado antes: Não é possível alcançar a loja. há 3 horas Told in English." in words
