"""Asking for an alert over the API, and the pages behind the links in the texts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.phone import mask
from sidecar.storage.consents import Saying
from sidecar.storage.tables import consent_log, messages, stock_alerts, verifications
from sidecar.wiring import Recado, utc_now
from tests.web.conftest import AddShop, ShopCaller, together
from tests.web.pages import text_of

ASKED = {
    "product_id": "11",
    "name": "Caneca <Azul>",
    "url": "https://loja.example/caneca",
    "number": "11 91234-5678",
    "wording": "Quero ser avisado quando voltar",
    "ip": "203.0.113.7",
}
NUMBER = "+5511912345678"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these routes ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


@pytest.fixture
def shop(add_shop: AddShop) -> ShopCaller:
    return add_shop("Loja", mode=6, stock_managed=True, alerts_enabled=True, locale="pt_BR")


@pytest.fixture
def coded(add_shop: AddShop) -> ShopCaller:
    return add_shop("Coda", mode=6, stock_managed=True, alerts_enabled=True, alert_confirmation="code")


def ask(shop: ShopCaller, **changes: Any) -> dict[str, Any]:
    answer = shop.post("/stock-alerts", {**ASKED, **changes})
    assert answer.status_code == 202, answer.json
    told: dict[str, Any] = answer.json
    return told


def texts(recado: Recado) -> list[Any]:
    with recado.database.read() as connection:
        return list(connection.execute(select(messages).order_by(messages.c.id)))


def link_in(recado: Recado) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/a/\w+)", texts(recado)[-1].text)
    assert found
    return found[1]


def one(shop: ShopCaller, number: str = "%2B5511912345678") -> dict[str, Any]:
    (found,) = shop.get(f"/stock-alerts?number={number}").json["alerts"]  # type: ignore[index]
    told: dict[str, Any] = found
    return told


def test_asked_texted_confirmed_and_kept_with_the_wording(
    shop: ShopCaller, recado: Recado, client: FlaskClient
) -> None:
    told = ask(shop, customer_id="c7", locale="fr_FR")
    assert told.keys() == {"id", "confirmation"} and told["confirmation"] == "link"
    (text,) = texts(recado)
    assert (text.template, text.event, text.locale, text.to) == ("alert_confirm_link", "request", "fr", NUMBER)
    assert (one(shop)["state"], one(shop)["number"]) == ("pending", mask(NUMBER))
    page = client.get(link_in(recado))
    assert page.status_code == 200
    assert "Voulez-vous un SMS quand Caneca &lt;Azul&gt;" in page.text or "Caneca" in page.text
    assert "<Azul>" not in page.text
    assert one(shop)["state"] == "pending", "a preview confirms nothing"
    assert "C'est noté" in text_of(client.post(link_in(recado)))
    assert one(shop)["state"] == "waiting"
    with recado.database.read() as connection:
        proof = connection.execute(select(consent_log)).one()
    assert (proof.purpose, proof.standing, proof.source, proof.wording, proof.ip, proof.evidence) == (
        "stock_alerts",
        "in",
        "link",
        ASKED["wording"],
        ASKED["ip"],
        told["id"],
    )


def test_the_page_may_be_kept_by_nobody_and_found_by_no_search(
    shop: ShopCaller, recado: Recado, client: FlaskClient
) -> None:
    ask(shop)
    page = client.get(link_in(recado))
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers
    assert re.search(r'<html lang="pt-BR">', page.text)
    assert "5678" not in page.text and "<script" not in page.text
    assert len(page.data) < 3000


def test_confirmed_too_late_it_is_over(shop: ShopCaller, recado: Recado, client: FlaskClient) -> None:
    ask(shop)
    with recado.database.write() as connection:
        connection.execute(update(stock_alerts).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert "já terminou" in text_of(client.post(link_in(recado)))
    assert one(shop)["state"] == "pending"


def test_confirmed_twice_is_confirmed_once(shop: ShopCaller, recado: Recado, client: FlaskClient) -> None:
    ask(shop)
    together([lambda: client.application.test_client().post(link_in(recado)) and None for _ in range(4)])
    with recado.database.read() as connection:
        assert len(connection.execute(select(consent_log)).all()) == 1


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), str.swapcase])
def test_a_link_that_was_changed_is_no_link(shop: ShopCaller, recado: Recado, client: FlaskClient, change: Any) -> None:
    ask(shop)
    token = link_in(recado).rpartition("/")[2]
    for path in (f"/a/{change(token)}", f"/e/{token}"):
        for answer in (client.get(path), client.post(path)):
            assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert one(shop)["state"] == "pending"


def test_the_link_in_an_alert_ends_all_they_wait_for(shop: ShopCaller, recado: Recado, client: FlaskClient) -> None:
    first = ask(shop)["id"]
    ask(shop, product_id="12")
    page = f"/e/{recado.links.token('e', first)}"
    assert "Cancelar meus avisos" in text_of(client.get(page))
    assert "Você não vai mais receber avisos" in text_of(client.post(page))
    listed = shop.get("/stock-alerts?number=11912345678").json
    assert listed and {(a["state"], a["reason"]) for a in listed["alerts"]} == {("ended", "by_link")}
    assert "já terminou" in text_of(client.post(link_in(recado)))


def test_asked_again_it_is_the_same_and_no_second_text(shop: ShopCaller, recado: Recado) -> None:
    assert ask(shop) == ask(shop, number="+55 (11) 91234-5678")
    assert len(texts(recado)) == 1
    assert ask(shop, variation_id="21") != ask(shop)


def test_two_at_once_are_one(shop: ShopCaller, recado: Recado) -> None:
    def press() -> None:
        caller = ShopCaller(shop.shop, shop.token, shop.client.application.test_client())
        assert caller.post("/stock-alerts", ASKED).status_code == 202

    together([press] * 5)
    with recado.database.read() as connection:
        assert len(connection.execute(select(stock_alerts)).all()) == 1
    assert len(texts(recado)) == 1


def test_who_said_no_is_told_from_nobody_and_gets_no_text(shop: ShopCaller, recado: Recado) -> None:
    with recado.database.write() as connection:
        stop = Saying("shop_loja", NUMBER, Purpose.STOCK_ALERTS, Standing.OUT, "reply")
        recado.consents.record(connection, [stop], utc_now())
    told = ask(shop)
    assert told.keys() == {"id", "confirmation"}
    assert [(text.state, text.reason) for text in texts(recado)] == [("suppressed", "opted_out")]


@pytest.mark.parametrize(
    ("off", "code"),
    [
        ({"mode": 3}, "mode_without_alerts"),
        ({"mode": 0}, "mode_without_alerts"),
        ({"mode": 6, "alerts_enabled": True}, "stock_unmanaged"),
        ({"mode": 4, "stock_managed": True}, "alerts_off"),
    ],
)
def test_while_alerts_pause_nobody_can_ask(add_shop: AddShop, recado: Recado, off: dict[str, Any], code: str) -> None:
    answer = add_shop("Off", **off).post("/stock-alerts", ASKED)
    assert (answer.status_code, answer.json["code"]) == (409, code)  # type: ignore[index]
    assert texts(recado) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("number", "(11) 4002-8922", "bad_number"),
        ("number", "call me", "bad_number"),
        ("product_id", "", "bad_field"),
        ("product_id", 11, "bad_field"),
        ("wording", "", "bad_field"),
        ("wording", None, "bad_field"),
        ("ip", "somewhere", "bad_field"),
        ("ip", "", "bad_field"),
        ("url", "javascript:alert(1)", "bad_field"),
        ("name", "a\nb", "bad_field"),
        ("locale", "portuguese please", "bad_field"),
        ("extra", 1, "bad_field"),
    ],
)
def test_what_is_asked_wrongly_is_told_by_field(shop: ShopCaller, field: str, value: Any, code: str) -> None:
    answer = shop.post("/stock-alerts", {**ASKED, field: value})
    assert answer.status_code == 422 and answer.json
    assert answer.json["code"] == code
    assert answer.json["errors"].keys() == {field}


def test_one_address_and_one_number_may_ask_so_often(shop: ShopCaller, recado: Recado) -> None:
    for product in range(5):
        ask(shop, product_id=f"p{product}", ip="203.0.113.1")
    refused = shop.post("/stock-alerts", {**ASKED, "product_id": "p6", "ip": "203.0.113.2"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    for person in range(10):
        ask(shop, number=f"+551191111000{person}", ip="203.0.113.9")
    refused = shop.post("/stock-alerts", {**ASKED, "number": "+5511911119999", "ip": "203.0.113.9"})
    assert refused.status_code == 429
    ask(shop, product_id="p0", ip="203.0.113.9")


def test_of_ipv6_addresses_the_network_is_counted_and_the_address_kept_as_proof(
    shop: ShopCaller, recado: Recado
) -> None:
    for person in range(10):
        ask(shop, number=f"+551191111000{person}", ip=f"2001:db8:0:1::{person:x}")
    refused = shop.post("/stock-alerts", {**ASKED, "number": "+5511911119999", "ip": "2001:db8:0:1:ffff::1"})
    assert refused.status_code == 429
    ask(shop, number="+5511911119999", ip="2001:db8:0:2::1")
    with recado.database.read() as connection:
        assert "2001:db8:0:1::3" in connection.scalars(select(stock_alerts.c.ip)).all()


def test_a_customer_is_found_by_the_shops_own_id(shop: ShopCaller) -> None:
    ask(shop, customer_id="c7")
    assert len(shop.get("/stock-alerts?customer_id=c7").json["alerts"]) == 1  # type: ignore[index]
    assert shop.get("/stock-alerts?customer_id=c8").json == {"alerts": []}
    for query in ("", "?customer_id=c7&number=1"):
        assert shop.get(f"/stock-alerts{query}").status_code == 422


def test_a_shop_ends_what_is_its_own_and_nothing_else(shop: ShopCaller, coded: ShopCaller) -> None:
    alert = ask(shop)["id"]
    assert coded.call("DELETE", f"/stock-alerts/{alert}").status_code == 404
    for unknown in ("alr_1", "%00", "é"):
        assert shop.call("DELETE", f"/stock-alerts/{unknown}").status_code == 404
    ended = [shop.call("DELETE", f"/stock-alerts/{alert}") for _ in range(2)]
    assert [(answer.status_code, answer.json["reason"]) for answer in ended] == [(200, "by_shop")] * 2  # type: ignore[index]
    assert coded.get("/stock-alerts?number=%2B5511912345678").json == {"alerts": []}


class TestCodes:
    def code_of(self, recado: Recado) -> str:
        (text,) = texts(recado)
        found = re.search(r"\b\d{6}\b", recado.vault.open(text.sealed))
        assert found
        return found[0]

    def test_confirmed_by_the_code_in_the_text(self, coded: ShopCaller, recado: Recado) -> None:
        told = ask(coded)
        assert told["confirmation"] == "code"
        confirmed = coded.post(f"/stock-alerts/{told['id']}/confirm", {"code": self.code_of(recado)})
        assert confirmed.status_code == 200 and confirmed.json
        assert confirmed.json["state"] == "waiting"
        again = coded.post(f"/stock-alerts/{told['id']}/confirm", {"code": self.code_of(recado)})
        assert again.status_code == 422

    def test_the_code_is_shown_nowhere(self, coded: ShopCaller, recado: Recado) -> None:
        ask(coded)
        code, (text,) = self.code_of(recado), texts(recado)
        assert "******" in text.text and code not in text.text
        with recado.database.read() as connection:
            kept = str(connection.execute(select(verifications)).one())
        assert code not in kept.replace(NUMBER, "")

    def test_five_wrong_ones_and_the_right_one_is_wrong_too(self, coded: ShopCaller, recado: Recado) -> None:
        told = ask(coded)
        right = self.code_of(recado)
        wrong = f"{(int(right) + 1) % 10**6:06}"
        confirm = f"/stock-alerts/{told['id']}/confirm"
        assert [coded.post(confirm, {"code": wrong}).status_code for _ in range(5)] == [422] * 5
        assert coded.post(confirm, {"code": right}).json["code"] == "wrong_code"  # type: ignore[index]

    def test_many_tries_at_once_are_no_more_than_five(self, coded: ShopCaller, recado: Recado) -> None:
        told = ask(coded)

        def press() -> None:
            caller = ShopCaller(coded.shop, coded.token, coded.client.application.test_client())
            caller.post(f"/stock-alerts/{told['id']}/confirm", {"code": "000000"})

        together([press] * 8)
        with recado.database.read() as connection:
            assert connection.scalar(select(verifications.c.tries)) in (5, 0 if self.code_of(recado) == "000000" else 5)

    def test_after_five_minutes_it_is_too_late(self, coded: ShopCaller, recado: Recado) -> None:
        told = ask(coded)
        with recado.database.write() as connection:
            connection.execute(update(verifications).values(expires_at=utc_now() - timedelta(seconds=1)))
        late = coded.post(f"/stock-alerts/{told['id']}/confirm", {"code": self.code_of(recado)})
        assert late.status_code == 422

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", 123456, True, None, ["123456"], "12345a"])
    def test_what_is_no_code_is_refused(self, coded: ShopCaller, code: Any) -> None:
        told = ask(coded)
        assert coded.post(f"/stock-alerts/{told['id']}/confirm", {"code": code}).json["code"] == "bad_field"  # type: ignore[index]


def test_a_number_is_read_in_the_country_it_was_written_in(shop: ShopCaller, recado: Recado) -> None:
    ask(shop, number="06 12 34 56 78", country="FR")
    assert texts(recado)[-1].to == "+33612345678"
    found = shop.get("/stock-alerts?number=06+12+34+56+78&country=FR").json
    assert found and [alert["state"] for alert in found["alerts"]] == ["pending"]
    held = shop.post("/privacy/export", {"number": "06 12 34 56 78", "country": "FR"}).json
    assert held and (held["number"], len(held["alerts"])) == ("+33612345678", 1)
