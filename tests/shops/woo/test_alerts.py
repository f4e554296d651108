"""A variation sells out, a guest asks to be told, the shop restocks by REST."""

import re
from typing import Any

from playwright.sync_api import Browser, expect
from woocommerce import API

from tests.acceptance.processes import wait_until

from ..browser import Screens
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
    page.goto(link_in(connected.last_to(NUMBER)))
    page.get_by_role("button").first.click()
    page.wait_for_load_state()
    screens.take(page, "confirmed")
    restock(shop, product["id"], size_41, 5)
    alert = wait_until(lambda: [m for m in texts_to(connected) if m["template"] == "product_available"], 120)
    assert ["Corrida" in message["text"] for message in alert] == [True]


def switch_on(owner: Owner, screens: Screens) -> None:
    page = owner.open_settings()
    page.check("#recado-alerts-enabled")
    page.check("input[name='recado[mode]'][value='6']")
    owner.save_settings()
    expect(page.locator("input[name='recado[mode]'][value='6']")).to_be_checked()
    screens.take(page, "mode-6")


def texts_to(sidecar: ShopSidecar) -> list[dict[str, Any]]:
    return [m for m in sidecar.messages() if m["to"] == NUMBER and m["status"] == "delivered"]


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+", text)
    assert found, text
    return found[0]


def restock(shop: WooShop, product: int, variation: int, quantity: int) -> None:
    keys = shop.facts["keys"]
    api = API(shop.url, keys["consumer_key"], keys["consumer_secret"], version="wc/v3", timeout=60)
    answer = api.put(f"products/{product}/variations/{variation}", {"stock_quantity": quantity})
    assert answer.ok, answer.text
