"""Where a shop is and what opens it, changed on its settings page."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.shop import Platform
from sidecar.storage import shops
from sidecar.storage.tables import audit
from sidecar.wiring import Recado

from .conftest import ShopCaller
from .pages import csrf_of, text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these pages ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(f"/admin{path}", data={"csrf": csrf_of(client.get("/admin/you")), **fields})


def test_the_shops_address_is_the_operators_to_change(inside: FlaskClient, ana: ShopCaller, recado: Recado) -> None:
    where = f"/shop-keys/{ana.shop.id}"
    assert post(inside, where, url="https://nova.example").status_code == 303
    with recado.database.read() as connection:
        assert shops.several(connection, {ana.shop.id})[ana.shop.id].url == "https://nova.example"
    with recado.database.write() as connection:
        shops.give(connection, recado.vault, ana.shop.id, "https://nova.example", {"consumer_key": "ck_1"})
    with pytest.raises(ShopProblem, match="just moved"):
        recado.back_offices.reach.keys_of(ana.shop)
    moved = post(inside, where, url="https://other.example")
    told = "The keys that are kept would go to another host" in text_of(moved)
    assert (moved.status_code, told) == (422, True)
    refused = post(inside, where, url="nowhere")
    assert (refused.status_code, "That is no shop&#39;s address" in refused.text) == (422, True)


def test_the_same_keys_go_to_another_host_only_where_it_is_ticked(
    inside: FlaskClient, ana: ShopCaller, recado: Recado, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, page = f"/shop-keys/{ana.shop.id}", f"/admin/shops/{ana.shop.id}/settings"
    assert 'name="same_keys"' not in inside.get(page).text, "no keys are kept"
    with recado.database.write() as connection:
        shops.give(connection, recado.vault, ana.shop.id, ana.shop.url, {"consumer_key": "ck_1"})
    asked: list[Any] = []
    monkeypatch.setattr(recado.opening, "_about", lambda *told: asked.append(told))
    assert 'name="same_keys"' in inside.get(page).text
    assert 'name="same_keys" value="yes" checked' not in inside.get(page).text
    assert post(inside, where, url="https://nova.example").status_code == 422
    assert asked == [], "nothing went there unasked"
    assert post(inside, where, url="https://nova.example", same_keys="yes").status_code == 303
    assert asked == [(Platform.WOOCOMMERCE, "https://nova.example", {"consumer_key": "ck_1"})]
    with recado.database.read() as connection:
        assert shops.credentials(connection, recado.vault, ana.shop.id) == {"consumer_key": "ck_1"}
        deed = connection.execute(select(audit.c.action, audit.c.detail)).one()
    assert (deed.action, deed.detail) == ("shop.keys", {"same_keys": True})


def test_why_the_shop_did_not_open_is_told_in_the_readers_language(
    inside: FlaskClient, ana: ShopCaller, recado: Recado, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise ShopProblem("keys_refused", "The shop refused the keys (401).")

    monkeypatch.setattr(recado.opening, "_about", refuse)
    typed = {"csrf": csrf_of(inside.get("/admin/you")), "url": ana.shop.url, "consumer_key": "ck_1"}
    there = f"/admin/shop-keys/{ana.shop.id}"
    assert "A loja recusou as chaves" in text_of(inside.post(there, data=typed, headers={"Accept-Language": "pt-BR"}))
    assert "The shop refused the keys (401)." in text_of(inside.post(there, data=typed))
