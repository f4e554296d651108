"""`recado credit` and `recado tariff`: what they book, and how they say no."""

from typing import Any

import pytest

from tests.acceptance.processes import Sidecar


@pytest.fixture
def prepaid(sidecar: Sidecar) -> Sidecar:
    shop = sidecar.open_shop()
    sidecar.json("shop", "set", shop["shop_id"], "--billing", "prepaid")
    return sidecar


def shown(sidecar: Sidecar) -> Any:
    return sidecar.json("credit", "show", "Loja")


def test_credit_is_bought_adjusted_and_accounted_for(prepaid: Sidecar) -> None:
    assert shown(prepaid)["balance"] == 10
    assert prepaid.json("credit", "buy", "Loja", "50", "--now", "--note", "invoice 7")["amount"] == 50
    later = prepaid.json("credit", "buy", "Loja", "20")
    assert prepaid.json("credit", "adjust", "Loja", "-8", "--note", "a mistake")["amount"] == -8
    told = shown(prepaid)
    assert (told["balance"], told["coming"]) == (52, [{"credits": 20, "counts_from": later["counts_from"]}])
    booked = prepaid.json("credit", "ledger", "Loja")
    assert sorted((row["kind"], row["amount"], row["counted"]) for row in booked) == [
        ("adjust", -8, True),
        ("free", 10, True),
        ("purchase", 20, False),
        ("purchase", 50, True),
    ]
    for command in ("show", "ledger"):
        assert "52" in prepaid.command("credit", command, "Loja").stdout or command == "ledger"


def test_tariffs_are_set_and_listed(sidecar: Sidecar) -> None:
    sidecar.command("db", "upgrade")
    default = {"country": "default", "credits": 1, "price": None, "currency": ""}
    assert sidecar.json("tariff", "list") == [default]
    brazil = sidecar.json("tariff", "set", "br", "--credits", "2", "--price", "0.0525", "--currency", "brl")
    assert brazil == {"country": "BR", "credits": 2, "price": "0.0525", "currency": "BRL"}
    sidecar.json("tariff", "set", "default", "--credits", "4")
    assert sidecar.json("tariff", "list") == [{**default, "credits": 4}, brazil]


REFUSED = [
    (["credit", "buy", "Loja", "0"], "bad_amount"),
    (["credit", "adjust", "Loja", "-11"], "not_enough"),
    (["credit", "adjust", "Loja", "0"], "bad_amount"),
    (["credit", "buy", "Loja", "5", "--note", "x" * 61], "bad_note"),
    (["credit", "show", "Nobody"], "unknown_shop"),
    (["tariff", "set", "Brazil", "--credits", "1"], "bad_country"),
    (["tariff", "set", "BR", "--credits", "1", "--price", "x", "--currency", "BRL"], "bad_price"),
    (["tariff", "set", "BR", "--credits", "1", "--price", "NaN", "--currency", "BRL"], "bad_price"),
    (["tariff", "set", "BR", "--credits", "1", "--price", "0.0000001", "--currency", "BRL"], "bad_price"),
    (["tariff", "set", "BR", "--credits", "1", "--price", "1"], "price_and_currency"),
    (["tariff", "set", "BR", "--credits", "1", "--price", "1", "--currency", "R$"], "bad_currency"),
]


@pytest.mark.parametrize(("words", "code"), REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(prepaid: Sidecar, words: list[str], code: str) -> None:
    told = prepaid.command(*words)
    assert told.exit_code == 2 and f"[{code}]" in told.output


def test_an_unmetered_shop_buys_nothing(sidecar: Sidecar) -> None:
    sidecar.open_shop()
    assert "[unmetered]" in sidecar.command("credit", "buy", "Loja", "5").output
    assert shown(sidecar)["balance"] is None
