"""A shop's texts on the pages: its own words, submitted, judged, and switched off and on."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from sidecar.catalog.kinds import kinds
from sidecar.keeping.shopkeeping import switch_text
from sidecar.storage import tariffs
from sidecar.storage.tables import audit
from sidecar.storage.tariffs import Tariff
from sidecar.web.admin.purposes import purpose
from sidecar.wiring import Recado, utc_now

from .conftest import AddShop, ShopCaller
from .pages import text_of
from .test_admin_keys import post
from .test_admin_settings import saved


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these pages ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


class TestTexts:
    def submit(self, inside: FlaskClient, shop: ShopCaller, text: str, **fields: str) -> TestResponse:
        where = f"/shops/{shop.shop.id}/texts/order_placed"
        return post(inside, where, **{"locale": "pt_BR", "text": text, **fields})

    def test_own_words_are_sent_once_they_are_approved(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        assert "Recebemos o seu pedido" in text_of(inside.get(f"/admin/shops/{ana.shop.id}/texts"))
        assert self.submit(inside, ana, "Oba, {first_name}! O pedido {order_number} chegou.").status_code == 303
        assert "new words wait for approval" in text_of(inside.get(f"/admin/shops/{ana.shop.id}/texts"))
        waiting = inside.get("/admin/texts").get_data(as_text=True)
        [text_id] = set(re.findall(r"/admin/texts/(txt_\w+)/approve", waiting))
        assert post(inside, f"/texts/{text_id}/anything", reason="No").status_code == 405
        assert post(inside, f"/texts/{text_id}/approve").status_code == 303
        with recado.database.read() as connection:
            assert list(connection.scalars(select(audit.c.action).order_by(audit.c.id))) == [
                "text.submit",
                "text.approve",
            ]
        page = text_of(inside.get(f"/admin/shops/{ana.shop.id}/texts/order_placed"))
        assert "Ana: Oba, " in page and "in use" in page
        assert post(inside, f"/texts/{text_id}/approve").status_code == 422
        assert "Nothing waits." in text_of(inside.get("/admin/texts"))

    def test_whoever_approves_sees_what_it_is_for_how_large_it_is_and_what_it_costs(
        self, inside: FlaskClient, ana: ShopCaller, add_shop: AddShop, recado: Recado
    ) -> None:
        where = {"locale": "pt_BR", "text": f"Oba, {{first_name}}! Pedido {{order_number}}. {'Obrigado! ' * 20}"}
        post(inside, f"/shops/{ana.shop.id}/texts/order_placed", **where)
        assert "Nobody has said yet what a text costs there." in text_of(inside.get("/admin/texts"))
        with recado.database.write() as connection:
            tariffs.save(connection, "BR", Tariff(1, Decimal("0.07"), "BRL"))
        words = text_of(inside.get("/admin/texts"))
        assert "Ana: New order Thanks a customer for a new order. Português (Brasil) · about an order" in words
        assert "As the shop wrote it Oba, {first_name}! Pedido" in words
        assert "As a customer reads it Ana: Oba, " in words
        assert re.search(r"2 parts · GSM-7 · \d+ characters · R\$0\.14 each, to Brazil", words), words
        prepaying = add_shop("Bea", billing="prepaid", country="")
        sale = {"locale": "en", "text": f"Hi {{first_name}}! {'All is cheaper today. ' * 8}", "category": "marketing"}
        assert post(inside, f"/shops/{prepaying.shop.id}/texts/spring_sale", **sale).status_code == 303
        words = text_of(inside.get("/admin/texts"))
        assert "Bea: spring sale A text of the shop's own that advertises." in words
        assert re.search(r"characters · 2 credits Nobody has said yet", words), words

    @pytest.mark.parametrize(
        ("name", "leads_to"),
        [
            ("Horário de abertura", "/texts/horario_de_abertura"),
            ("  opening   HOURS! ", "/texts/opening_hours"),
            ("營業時間", "/texts"),
            ("", "/texts"),
            ("x" * 61, "/texts"),
        ],
    )
    def test_a_text_of_the_shops_own_is_begun_under_its_name(
        self, inside: FlaskClient, ana: ShopCaller, name: str, leads_to: str
    ) -> None:
        here = f"/admin/shops/{ana.shop.id}"
        answer = inside.get(f"{here}/new-text", query_string={"name": name})
        assert (answer.status_code, answer.location) == (303, f"{here}{leads_to}")
        page = inside.get(answer.location)
        assert (answer.location.endswith("/texts")) == ("Call it by plain letters" in text_of(page))

    def test_every_text_of_the_catalogue_has_a_purpose(self, app: Flask) -> None:
        with app.test_request_context():
            said = {purpose(key, kind.category) for key, kind in kinds().items()}
        assert len(said) == len(kinds()), "each its own"

    def test_a_refusal_says_why_to_the_shop(self, inside: FlaskClient, ana: ShopCaller) -> None:
        self.submit(inside, ana, "Compre mais e ganhe!")
        waiting = inside.get("/admin/texts").get_data(as_text=True)
        [text_id] = set(re.findall(r"/admin/texts/(txt_\w+)/approve", waiting))
        assert post(inside, f"/texts/{text_id}/refuse", reason=" ").status_code == 422
        assert post(inside, f"/texts/{text_id}/refuse", reason="É propaganda").status_code == 303
        page = text_of(inside.get(f"/admin/shops/{ana.shop.id}/texts/order_placed"))
        assert "Compre mais e ganhe! É propaganda pt_BR refused" in page

    def test_while_typing_it_is_looked_at(self, inside: FlaskClient, ana: ShopCaller) -> None:
        where = f"/shops/{ana.shop.id}/texts/order_placed/check"
        good = text_of(post(inside, where, locale="pt_BR", text="Pedido {order_number} recebido."))
        assert "1 part · GSM-7" in good and "Nothing stands against it." in good
        bad = text_of(post(inside, where, locale="pt_BR", text="Olá {nobody}"))
        assert "nobody" in bad and "Nothing stands against it." not in bad

    def test_what_cannot_be_submitted_stays_in_the_form(self, inside: FlaskClient, ana: ShopCaller) -> None:
        answer = self.submit(inside, ana, "Olá {nobody}")
        assert (answer.status_code, "Olá {nobody}</textarea>" in answer.text) == (422, True)
        looked = self.submit(inside, ana, "Tudo certo com {order_number}", only="check")
        assert (looked.status_code, "Tudo certo com" in looked.text) == (200, True)
        assert "Nothing waits." in text_of(inside.get("/admin/texts"))

    def test_one_is_switched_off_and_on(self, inside: FlaskClient, ana: ShopCaller, recado: Recado) -> None:
        where = f"/shops/{ana.shop.id}/texts/order_placed/switch"
        for to, off in (("off", ("order_placed",)), ("off", ("order_placed",)), ("on", ())):
            assert post(inside, where, to=to).status_code == 303
            assert saved(recado, ana).texts_off == off
        assert post(inside, f"/shops/{ana.shop.id}/texts/Not%20a%20key/switch", to="off").status_code == 404
        assert post(inside, f"/shops/{ana.shop.id}/texts/zzz/switch", to="off").status_code == 404

    def test_two_texts_switched_at_once_are_both_switched(self, ana: ShopCaller, recado: Recado) -> None:
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda key: self.switch_off(recado, ana, key), ["order_placed", "order_completed"] * 8))
        assert saved(recado, ana).texts_off == ("order_completed", "order_placed")

    @staticmethod
    def switch_off(recado: Recado, shop: ShopCaller, key: str) -> None:
        with recado.database.write() as connection:
            switch_text(connection, shop.shop.id, key, utc_now(), on=False)
