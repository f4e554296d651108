"""Alerts, consents and credit in a browser: empty, ordinary and huge, and what a button does."""

import secrets
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import insert, select

from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.ids import new_id
from sidecar.domain.shop import Shop
from sidecar.domain.stock import AlertState
from sidecar.storage.consents import Saying
from sidecar.storage.tables import credits, stock_alerts
from sidecar.wiring import utc_now

from .site import Site
from .visitor import Visitor


def wait_for(site: Site, shop: Shop, products: int, people: int) -> None:
    now = utc_now()
    rows = [
        {
            "shop_id": shop.id,
            "id": new_id("alr", now, secrets.randbits),
            "product_id": f"product-{product}",
            "variation_id": "",
            "number": f"+55119{product:04}{person:04}",
            "customer_id": "",
            "locale": "pt_BR",
            "wording": "Avise-me",
            "ip": "203.0.113.7",
            "state": AlertState.WAITING,
            "reason": "",
            "wave": 0,
            "place": 0,
            "created_at": now,
            "expires_at": now + timedelta(days=90),
        }
        for product in range(products)
        for person in range(people)
    ]
    with site.recado.database.write() as connection:
        connection.execute(insert(stock_alerts), rows)


def test_alerts(operator: Visitor, site: Site) -> None:
    shop = site.add_shop(mode=6, stock_managed=True, alerts_enabled=True)
    page = operator.go(f"/admin/shops/{shop.id}/alerts")
    expect(page.get_by_text("Nobody has asked for an alert yet.")).to_be_visible()
    operator.check()
    wait_for(site, shop, 250, 40)
    operator.go(f"/admin/shops/{shop.id}/alerts")
    expect(page.locator("table.list tbody tr")).to_have_count(200)
    operator.check()
    page.get_by_role("link", name="Product product-0", exact=True).click()
    expect(page.locator("table.list tbody tr")).to_have_count(40)
    operator.check()
    page.get_by_role("button", name="End it").first.click()
    expect(page.get_by_role("status")).to_have_text("This alert has ended: no text will come.")
    with site.recado.database.read() as connection:
        assert connection.scalars(select(stock_alerts.c.reason).where(stock_alerts.c.state == "ended")).all() == [
            "by_shop"
        ]


def test_consents(operator: Visitor, site: Site) -> None:
    shop = site.add_shop()
    page = operator.go(f"/admin/shops/{shop.id}/consents")
    expect(page.get_by_text("Nobody has said anything yet.")).to_be_visible()
    operator.check()
    said = [
        Saying(shop.id, f"+5511987{n:06}", Purpose.MARKETING, Standing.IN, "checkout", "Quero receber ofertas " * 8)
        for n in range(2000)
    ]
    with site.recado.database.write() as connection:
        site.recado.consents.record(connection, said, utc_now())
    operator.go(f"/admin/shops/{shop.id}/consents")
    expect(page.locator("table.list tbody tr")).to_have_count(30)
    operator.check()
    page.get_by_role("searchbox").fill("11 98700-0007")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("In which words").fill("Não me escreva mais")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("status")).to_contain_text("It is written down")
    operator.check()
    standings = site.recado.agreements.of(shop, "+5511987000007").standings
    assert set(standings.values()) == {Standing.OUT}
    page.get_by_role("button", name="Erase this person").click()
    operator.check()
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Erased.")
    assert site.recado.agreements.of(shop, "+5511987000007").history == []


def test_credit(operator: Visitor, site: Site) -> None:
    page = operator.go("/admin/credit")
    expect(page.get_by_text("No shop prepays.")).to_be_visible()
    operator.check()
    shop = site.add_shop(billing="prepaid")
    operator.go("/admin/credit")
    page.locator("table.list").get_by_role("link", name=shop.name).click()
    for _ in range(110):
        site.recado.crediting.adjust(shop, 1, "a note of some length, as invoices have numbers")
    page.reload()
    expect(page.locator("table.list tbody tr")).to_have_count(100)
    operator.check()
    page.get_by_label("Credits", exact=True).fill("500")
    page.get_by_label("Counts at once").check()
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("It is booked.")
    with site.recado.database.read() as connection:
        assert (connection.scalar(select(credits.c.balance)) or 0) >= 610
