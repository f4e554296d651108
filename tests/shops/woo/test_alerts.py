"""A variation sells out, a guest asks to be told, the shop restocks by REST."""

import re

from playwright.sync_api import Browser, expect
from woocommerce import API

from tests.acceptance.processes import wait_until

from ..browser import PATIENCE_MS, Screens
from .checkout import buy
from .shop import WooShop
from .sidecars import ShopSidecar
from .visiting import Guest, Owner

NUMBER = "+5511912345605"


def test_who_waits_for_a_variation_is_told_when_it_is_back(
    browser: Browser, shop: WooShop, owner: Owner, connected: ShopSidecar, screens: Screens
) -> None:
    switch_on(owner, screens)
    product = shop.facts["goods"]["variable"]
    size_41 = product["variations"]["41"]
    buy(shop.url, size_41, {}, phone="(11) 91234-5606")
    guest = Guest(browser, shop)
    page = guest.page
    page.goto(f"{shop.url}/?p={product['id']}")
    page.select_option("#tamanho", "39")
    expect(page.locator(".recado-alert")).to_have_count(0)
    page.select_option("#tamanho", "41")
    form = page.locator(".recado-alert")
    expect(form).to_be_visible()
    screens.take(page, "sold-out")
    form.get_by_label("Mobile number").fill("(11) 91234-5605")
    form.get_by_role("button", name="Text me").click()
    expect(form.get_by_role("status")).not_to_be_empty()
    screens.take(page, "asked")
    page.goto(link_in(last_to(connected, NUMBER)))
    page.get_by_role("button").first.click()
    page.wait_for_load_state()
    screens.take(page, "confirmed")
    restock(shop, product["id"], size_41, 5)
    texts = wait_until(lambda: [t for t in told(connected, NUMBER) if t[0] == "product_available"], PATIENCE_MS / 1000)
    assert texts == [("product_available", "delivered")]


def switch_on(owner: Owner, screens: Screens) -> None:
    page = owner.open_settings()
    page.check("#recado-alerts-enabled")
    page.check("input[name='recado[mode]'][value='6']")
    owner.save_settings()
    expect(page.locator("input[name='recado[mode]'][value='6']")).to_be_checked()
    screens.take(page, "mode-6")


def told(sidecar: ShopSidecar, number: str) -> list[tuple[str, str]]:
    found = [(m["template"], m["status"]) for m in sidecar.messages() if m["to"] == number]
    return found if all(state == "delivered" for _, state in found) else []


def last_to(sidecar: ShopSidecar, number: str) -> str:
    wait_until(lambda: told(sidecar, number), PATIENCE_MS / 1000)
    return str(next(m["text"] for m in sidecar.messages()[::-1] if m["to"] == number))


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+", text)
    assert found, text
    return found[0]


def restock(shop: WooShop, product: int, variation: int, quantity: int) -> None:
    keys = shop.facts["keys"]
    api = API(shop.url, keys["consumer_key"], keys["consumer_secret"], version="wc/v3", timeout=60)
    answer = api.put(f"products/{product}/variations/{variation}", {"stock_quantity": quantity})
    assert answer.ok, answer.text
