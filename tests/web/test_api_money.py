"""What a shop is told about its credit, and about prices before it sends."""

from decimal import Decimal

from flask.testing import FlaskClient

from sidecar.domain.outcome import Balance
from sidecar.storage import accounts, routes, tariffs
from sidecar.storage.tariffs import Tariff
from sidecar.wiring import Recado, utc_now

from .conftest import AddShop, ShopCaller


def _account(shop: str, balance: str | None = None, unit: str = "", low: bool = False) -> dict[str, object]:
    return {"name": f"{shop}'s account", "balance": balance, "unit": unit, "low": low}


def test_the_balance_tells_what_there_is_what_waits_and_what_comes(recado: Recado, add_shop: AddShop) -> None:
    shop = add_shop("Pre", billing="prepaid")
    told = {
        "billing": "prepaid",
        "balance": 10,
        "low": False,
        "waiting": 0,
        "coming": [],
        "accounts": [_account("Pre")],
    }
    assert shop.get("/balance").json == told
    recado.crediting.adjust(shop.shop, -10, "")
    shop.message()
    bought = recado.crediting.buy(shop.shop, 70)
    told |= {"balance": 0, "low": True, "waiting": 1}
    coming = [{"credits": 70, "counts_from": bought.counts_from.isoformat()}]
    assert shop.get("/balance").json == {**told, "coming": coming}


def test_an_unmetered_shop_has_no_balance(ana: ShopCaller) -> None:
    told = {
        "billing": "unmetered",
        "balance": None,
        "low": False,
        "waiting": 0,
        "coming": [],
        "accounts": [_account("Ana")],
    }
    assert ana.get("/balance").json == told
    assert ana.message()["credits"] == 0


def test_a_preview_tells_what_the_text_would_cost(recado: Recado, add_shop: AddShop, bob: ShopCaller) -> None:
    with recado.database.write() as connection:
        tariffs.save(connection, "BR", Tariff(3, Decimal("0.0500"), "BRL"))
    [preview, *_] = add_shop("Pre", billing="prepaid").get("/templates").json["templates"]
    assert (preview["credits"], preview["currency"]) == (3 * preview["segments"], "BRL")
    assert Decimal(preview["price"]) == preview["segments"] * Decimal("0.05")
    [preview, *_] = bob.get("/templates").json["templates"]
    assert (preview["credits"], preview["currency"]) == (0, "BRL")
    [preview, *_] = add_shop("Elsewhere", billing="prepaid", country="FR").get("/templates").json["templates"]
    assert (preview["credits"], preview["price"]) == (preview["segments"], None)


def test_a_message_tells_what_it_costs(add_shop: AddShop, recado: Recado) -> None:
    shop = add_shop("Pre", billing="prepaid")
    recado.crediting.adjust(shop.shop, -10, "")
    sent = shop.message()
    assert (sent["credits"], sent["status"], sent["reason"]) in [(1, "held", "no_credit"), (1, "queued", "")]


def test_the_metrics_count_who_is_low_and_what_waits(client: FlaskClient, recado: Recado, add_shop: AddShop) -> None:
    shop = add_shop("Pre", billing="prepaid")
    recado.crediting.adjust(shop.shop, -10, "")
    shop.message()
    recado.crediting.warn()
    told = client.get("/metrics").text
    assert "recado_shops_low_on_credit 1.0" in told and "recado_unpaid_messages 1.0" in told


def test_an_account_s_own_balance_is_told_to_who_alone_uses_it(
    recado: Recado, ana: ShopCaller, bob: ShopCaller
) -> None:
    with recado.database.write() as connection:
        [mine] = [one for one in accounts.every(connection) if one.name == "Ana's account"]
        accounts.change(connection, mine.id, low_balance=Decimal(20))
        accounts.note_balance(connection, mine.id, Balance(Decimal("12.50"), "EUR"), utc_now())
    assert ana.get("/balance").json["accounts"] == [_account("Ana", "12.5", "EUR", low=True)]
    assert bob.get("/balance").json["accounts"] == [_account("Bob")]
    metrics = ana.client.get("/metrics").text
    assert 'recado_account_balance{account="Ana\'s account",unit="EUR"} 12.5' in metrics
    assert 'recado_account_low{account="Ana\'s account"} 1.0' in metrics
    with recado.database.write() as connection:
        routes.set_route(connection, bob.shop.id, [mine.id])
    assert ana.get("/balance").json["accounts"] == [], "what two shops share is the operator's affair"
