"""Who waits, who agreed, and what is left to spend: what a shop's people do on these pages."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from sidecar.domain.consent import Purpose, Standing
from sidecar.storage.tables import audit, credit_ledger, credits, orders, stock_alerts
from sidecar.wiring import Recado, utc_now

from .conftest import AddShop, ShopCaller
from .pages import csrf_of, text_of
from .test_alerts import ask

MARIA = "+5511987654321"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these pages ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


@pytest.fixture
def shop(add_shop: AddShop) -> ShopCaller:
    return add_shop("Loja", mode=6, stock_managed=True, alerts_enabled=True, locale="pt_BR", billing="prepaid")


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(f"/admin{path}", data={"csrf": csrf_of(client.get("/admin/you")), **fields})


def deeds(recado: Recado) -> list[str]:
    with recado.database.read() as connection:
        return list(connection.scalars(select(audit.c.action).order_by(audit.c.id)))


class TestConsents:
    def page(self, inside: FlaskClient, shop: ShopCaller, number: str = "") -> str:
        return text_of(inside.get(f"/admin/shops/{shop.shop.id}/consents", query_string={"number": number}))

    def say(self, inside: FlaskClient, shop: ShopCaller, **fields: str) -> TestResponse:
        said = {"number": MARIA, "purpose": "marketing", "standing": "out", **fields}
        return post(inside, f"/shops/{shop.shop.id}/consents", **said)

    def test_what_was_said_stands_with_its_proof_and_who_wrote_it_down(
        self, inside: FlaskClient, shop: ShopCaller, recado: Recado
    ) -> None:
        assert "Nobody has said anything yet." in self.page(inside, shop)
        assert self.say(inside, shop, standing="in", wording="Pode mandar ofertas").status_code == 303
        found = self.page(inside, shop, "11 98765-4321")
        assert "Advertising yes" in found and "written down by hand: “Pode mandar ofertas”" in found
        assert "+55•••••4321" in self.page(inside, shop) and MARIA not in self.page(inside, shop)
        assert deeds(recado) == ["consent.write"]

    def test_a_no_to_everything_holds_for_every_purpose(
        self, inside: FlaskClient, shop: ShopCaller, recado: Recado
    ) -> None:
        self.say(inside, shop, purpose="all", standing="out")
        assert set(recado.agreements.of(shop.shop, MARIA).standings.items()) == {
            (purpose, Standing.OUT) for purpose in Purpose
        }

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"standing": "in"}, "proved by what the person was shown"),
            ({"number": "abc"}, "That is not a mobile number"),
            ({"purpose": "everything"}, "about which texts"),
            ({"standing": "maybe"}, "Choose what was said"),
        ],
    )
    def test_what_cannot_be_written_down_says_why(
        self, inside: FlaskClient, shop: ShopCaller, recado: Recado, fields: dict[str, str], words: str
    ) -> None:
        answer = self.say(inside, shop, **fields)
        assert (answer.status_code, words in text_of(answer), deeds(recado)) == (422, True, [])

    def test_everything_is_handed_over_and_taken_out(
        self, inside: FlaskClient, shop: ShopCaller, recado: Recado
    ) -> None:
        shop.message(to=MARIA, text="Oi Maria")
        self.say(inside, shop, purpose="all", standing="out")
        where = f"/shops/{shop.shop.id}/consents"
        told = json.loads(post(inside, f"{where}/export", number=MARIA).data)
        assert [message["to"] for message in told["messages"]] == [MARIA] and len(told["consent_log"]) == 3
        asked = text_of(post(inside, f"{where}/erase", number=MARIA))
        assert "Messages 1" in asked and "Consents and their proof 3" in asked
        assert len(recado.privacy.export(MARIA, shop.shop)["messages"]) == 1
        assert post(inside, f"{where}/erase", number=MARIA, sure="yes").status_code == 303
        left = recado.privacy.export(MARIA, shop.shop)
        assert (left["messages"], [row["standing"] for row in left["consents"]]) == ([], ["out"] * 3)
        assert deeds(recado)[-2:] == ["privacy.export", "privacy.erase"]


class TestCredit:
    def book(self, inside: FlaskClient, shop: ShopCaller, entry: str, **fields: str) -> TestResponse:
        return post(inside, f"/book-credit/{shop.shop.id}", entry=entry, **fields)

    def entry(self, inside: FlaskClient, shop: ShopCaller) -> str:
        page = inside.get(f"/admin/shops/{shop.shop.id}/credit").get_data(as_text=True)
        return page.split('name="entry" value="')[1].split('"')[0]

    def left(self, recado: Recado) -> int | None:
        with recado.database.read() as connection:
            return connection.scalar(select(credits.c.balance))

    def test_a_purchase_counts_once_however_often_it_is_pressed(
        self, inside: FlaskClient, shop: ShopCaller, recado: Recado
    ) -> None:
        entry = self.entry(inside, shop)
        free = self.left(recado) or 0
        for _ in range(2):
            assert self.book(inside, shop, entry, credits="500", at_once="yes", note="NF 7").status_code == 303
        assert self.left(recado) == free + 500
        another = self.entry(inside, shop)
        for _ in range(2):
            self.book(inside, shop, another, credits="-5", kind="adjust")
        assert self.left(recado) == free + 495
        page = text_of(inside.get(f"/admin/shops/{shop.shop.id}/credit"))
        assert f"Left to spend {free + 495}" in page and "bought NF 7 500" in page
        lines = inside.get(f"/admin/shops/{shop.shop.id}/credit.csv").get_data(as_text=True).splitlines()
        assert lines[0].endswith("message_id,note") and len(lines) == 1 + 3
        assert "Loja" in text_of(inside.get("/admin/credit"))

    @pytest.mark.parametrize("amount", ["", "0", "1.5", "99999999999", "-1"])
    def test_what_is_no_amount_books_nothing(
        self, inside: FlaskClient, shop: ShopCaller, recado: Recado, amount: str
    ) -> None:
        entry = self.entry(inside, shop)
        answer = self.book(inside, shop, entry, credits=amount)
        assert (answer.status_code, "Buy 1 to" in text_of(answer)) == (422, True)
        with recado.database.read() as connection:
            assert connection.scalar(select(func.count()).where(credit_ledger.c.kind == "purchase")) == 0

    def test_a_shop_that_does_not_prepay_has_nothing_to_book(self, inside: FlaskClient, ana: ShopCaller) -> None:
        assert "does not prepay" in text_of(inside.get(f"/admin/shops/{ana.shop.id}/credit"))
        assert self.book(inside, ana, "led_" + "0" * 27, credits="5").status_code == 422


class TestAlerts:
    def told(self, recado: Recado, shop: ShopCaller, days: int) -> None:
        """The first who asked was told, and ordered so many days later."""
        now = utc_now()
        with recado.database.write() as connection:
            connection.execute(update(stock_alerts).values(state="texted", texted_at=now - timedelta(days=20)))
            row = {"status": "processing", "seen": {}, "placed": True, "trashed": False, "changes": 0}
            ordered = {"created_at": (now - timedelta(days=20 - days)).isoformat()}
            row |= {
                "shop_id": shop.shop.id,
                "order_id": "7",
                "to": "+5511912345678",
                "modified_at": now,
                "facts": ordered,
            }
            connection.execute(orders.insert().values(**row))

    @pytest.mark.parametrize(("days", "count"), [(6, 1), (8, 0)])
    def test_by_product_with_who_ordered_afterwards(
        self, inside: FlaskClient, shop: ShopCaller, recado: Recado, days: int, count: int
    ) -> None:
        page = f"/admin/shops/{shop.shop.id}/alerts"
        ask(shop)
        self.told(recado, shop, days)
        assert f"Caneca <Azul> sold out 0 0 1 {count}" in text_of(inside.get(page))

    def test_one_is_ended_by_hand(self, inside: FlaskClient, shop: ShopCaller, recado: Recado) -> None:
        where = f"/shops/{shop.shop.id}/alerts"
        assert "Nobody has asked for an alert yet." in text_of(inside.get(f"/admin{where}"))
        alert = ask(shop)
        assert "Caneca <Azul> sold out 1 0 0 0" in text_of(inside.get(f"/admin{where}"))
        people = inside.get(f"/admin{where}/of?product=11")
        assert "+55•••••5678 not confirmed yet" in text_of(people) and "+5511912345678" not in people.text
        for _ in range(2):
            assert post(inside, f"{where}/{alert['id']}/end").status_code == 303
        with recado.database.read() as connection:
            assert connection.execute(select(stock_alerts.c.state, stock_alerts.c.reason)).one() == ("ended", "by_shop")
        assert deeds(recado)[-1] == "alert.end"
        assert inside.get(f"/admin{where}/of?product=12").status_code == 404
        assert post(inside, f"{where}/alr_no/end").status_code == 404
