"""Texts before they are saved or sent."""

from sqlalchemy import select

from sidecar.storage.tables import messages, orders
from sidecar.wiring import Recado

from .conftest import ShopCaller

ORDER = {"number": "4711", "first_name": "José", "status": "processing", "total": "12.50", "currency": "BRL"}


def test_an_order_the_sidecar_never_heard_of_fills_a_text_and_is_not_kept(ana: ShopCaller, recado: Recado) -> None:
    told = ana.post("/previews", {"keys": ["order_placed"], "order": ORDER}).json
    (placed,) = told["templates"]
    assert "4711" in placed["text"] and "José" in placed["text"]
    assert (placed["encoding"], placed["segments"], told["country"]) == ("GSM-7", 1, "BR")
    with recado.database.read() as connection:
        assert not list(connection.execute(select(orders))) and not list(connection.execute(select(messages)))


def test_sender_and_contact_that_are_not_saved_yet_are_shown(ana: ShopCaller) -> None:
    wish = {"keys": ["order_placed"], "order": ORDER, "sender": "Nova Loja", "contact": "oi@nova.example"}
    (placed,) = ana.post("/previews", wish).json["templates"]
    assert placed["text"].startswith("Nova Loja") and placed["text"].endswith("oi@nova.example")
    assert ana.get("/settings").json["sender"] == "Ana"


def test_what_an_order_does_not_tell_stays_empty_and_is_not_made_up(ana: ShopCaller) -> None:
    told = ana.post("/previews", {"text": "{first_name}|{order_number}", "order": {"number": "4711"}}).json
    assert "|4711" in told["templates"][0]["text"]
    assert told["templates"][0]["unknown"] == ["first_name"]


def test_a_text_being_written_is_counted_as_it_would_leave(ana: ShopCaller) -> None:
    told = ana.post("/previews", {"text": "Olá 你好 " + "x" * 70, "order": ORDER}).json["templates"][0]
    assert (told["encoding"], told["segments"]) == ("UCS-2", 2)


def test_without_an_order_the_sample_is_taken(ana: ShopCaller) -> None:
    told = ana.post("/previews", {}).json["templates"]
    assert len(told) >= 35
    assert any("10482" in text["text"] for text in told)


def test_prices_are_for_the_country_of_the_orders_number(ana: ShopCaller) -> None:
    order = {**ORDER, "phone": "06 12 34 56 78", "country": "FR"}
    assert ana.post("/previews", {"keys": ["order_placed"], "order": order}).json["country"] == "FR"
    order = {**ORDER, "phone": "+351912345678", "country": "FR"}
    assert ana.post("/previews", {"keys": ["order_placed"], "order": order}).json["country"] == "PT"
