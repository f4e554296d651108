"""The shop's own texts and previews, over HTTP."""

from typing import Any

import pytest

from sidecar.wiring import Recado

from .conftest import ShopCaller

WRITTEN = {"key": "order_placed", "locale": "pt-BR", "text": "{greeting}recebemos o pedido {order_number}. Valeu!"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these routes ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


def draft(shop: ShopCaller, **changes: Any) -> Any:
    answer = shop.post("/texts", {**WRITTEN, **changes})
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_shop_drafts_reads_mends_and_submits(ana: ShopCaller) -> None:
    made = draft(ana, text="{tracking_url}")
    assert (made["state"], made["locale"], made["category"]) == ("draft", "pt_BR", "transactional")
    refused = ana.post(f"/texts/{made['id']}/submit", None)
    assert (refused.status_code, refused.json["code"]) == (422, "text_faulty")
    assert list(refused.json["errors"]) == ["unfit_placeholder"]
    read = ana.get(f"/texts/{made['id']}").json
    assert read["refusals"][0]["code"] == "unfit_placeholder" and read["preview"] is None
    mended = ana.call("PATCH", f"/texts/{made['id']}", json={"text": WRITTEN["text"]}).json
    assert mended["text"] == WRITTEN["text"]
    assert ana.get(f"/texts/{made['id']}").json["preview"]["segments"] == 1
    submitted = ana.post(f"/texts/{made['id']}/submit", None).json
    assert submitted["state"] == "submitted" and submitted["submitted_at"]
    assert [text["id"] for text in ana.get("/texts?state=submitted").json["texts"]] == [made["id"]]
    late = ana.call("PATCH", f"/texts/{made['id']}", json={"text": "Oi"})
    assert (late.status_code, late.json["code"]) == (409, "wrong_state")


@pytest.mark.parametrize("path", ["approve", "refuse", "decide"])
def test_no_token_of_a_shop_approves(ana: ShopCaller, path: str) -> None:
    made = draft(ana)
    ana.post(f"/texts/{made['id']}/submit", None)
    assert ana.post(f"/texts/{made['id']}/{path}", {"reason": "mine"}).status_code == 404
    for field in ("state", "reason"):
        assert ana.post("/texts", {**WRITTEN, field: "approved"}).json["code"] == "bad_field"
        changed = ana.call("PATCH", f"/texts/{made['id']}", json={"text": "Oi", field: "approved"})
        assert changed.json["code"] == "bad_field"
    assert "Valeu" not in str(ana.get("/templates").json)


def test_another_shop_sees_nothing_of_it(ana: ShopCaller, bob: ShopCaller) -> None:
    made = draft(ana)
    assert bob.get("/texts").json == {"texts": []}
    assert bob.get(f"/texts/{made['id']}").json["code"] == "unknown_text"
    assert bob.post(f"/texts/{made['id']}/submit", None).json["code"] == "unknown_text"
    assert bob.call("PATCH", f"/texts/{made['id']}", json={"text": "Oi"}).status_code == 404
    assert ana.get("/texts/txt_é").status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": "Order Placed"}, "bad_field"),
        ({"key": ""}, "bad_field"),
        ({"key": "free_text"}, "bad_key"),
        ({"locale": "de"}, "unknown_language"),
        ({"category": "marketing"}, "bad_category"),
        ({"text": "a\0b"}, "bad_field"),
        ({"text": "x" * 2001}, "bad_field"),
        ({"text": None}, "bad_field"),
        ({"validity_hours": 0}, "bad_field"),
        ({"validity_hours": 169}, "bad_field"),
    ],
)
def test_strange_drafts_are_refused(ana: ShopCaller, change: dict[str, Any], code: str) -> None:
    answer = ana.post("/texts", {**WRITTEN, **change})
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert ana.get("/texts").json == {"texts": []}


class TestWhatCanBeSent:
    def test_approved_texts_are_listed_as_the_shops_own(self, ana: ShopCaller, recado: Recado) -> None:
        for key in ("order_placed", "gift_wrapped"):
            made = draft(ana, key=key, text="Pedido {order_number}. Valeu!")
            ana.post(f"/texts/{made['id']}/submit", None)
            recado.approval.approve(made["id"])
        listed = {text["key"]: text for text in ana.get("/templates").json["templates"]}
        assert {key for key, text in listed.items() if text["own"]} == {"order_placed", "gift_wrapped"}
        assert listed["gift_wrapped"]["text"] == "Ana: Pedido 10482. Valeu! (11) 4002-8922"
        answer = ana.post("/messages", {"to": "+5511987654321", "template": "gift_wrapped", "order_id": "7"})
        assert (answer.status_code, answer.json["template"]) == (201, "gift_wrapped")

    def test_for_whom(self, ana: ShopCaller) -> None:
        assert ana.get("/templates").json["country"] == "BR"
        assert ana.get("/templates?number=%2B33612345678").json["country"] == "FR"
        refused = ana.get("/templates?number=1")
        assert (refused.status_code, refused.json["code"]) == (422, "bad_number")

    def test_for_an_order_nobody_has_told(self, ana: ShopCaller) -> None:
        answer = ana.get("/templates?order=555")
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_order")
        assert ana.get("/templates?order=%00").json["code"] == "bad_field"
        assert ana.get("/templates?colour=red").json["code"] == "bad_field"

    def test_a_shop_without_free_texts_sends_none(self, ana: ShopCaller) -> None:
        ana.patch({"free_text": False})
        answer = ana.post("/messages", {"to": "+5511987654321", "text": "Oi"})
        assert (answer.status_code, answer.json["code"]) == (422, "free_text_off")
