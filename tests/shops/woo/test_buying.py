"""Guests buy in both checkouts; the owner moves their orders on and sees what they were told."""

import re

import pytest
from playwright.sync_api import Browser, expect

from ..browser import Screens
from .shop import WooShop
from .sidecars import ShopSidecar
from .visiting import Guest, Owner


@pytest.fixture
def guest(browser: Browser, shop: WooShop, connected: ShopSidecar) -> Guest:
    guest = Guest(browser, shop)
    guest.put_in_cart(shop.facts["goods"]["simple"])
    return guest


def test_a_guest_buys_in_the_checkout_of_blocks(
    guest: Guest, owner: Owner, connected: ShopSidecar, screens: Screens
) -> None:
    page = guest.open_block_checkout()
    guest.fill_blocks(phone="(11) 91234-5601")
    screens.take(page, "block-checkout")
    order = guest.place()
    screens.take(page, "block-checkout-thanks")
    assert connected.told(order, 1) == [("order_placed", "delivered")]
    owner.set_status(order, "Completed")
    assert connected.told(order, 2) == [("order_placed", "delivered"), ("order_completed", "delivered")]
    page = owner.open_order(order)
    log = page.locator(".recado-log")
    expect(log.locator(".recado-entry")).to_have_count(2)
    expect(log.locator(".recado-entry").last).to_contain_text(re.compile("delivered", re.I))
    expect(log.locator(".recado-entry").last).to_contain_text(re.compile(r"1 (message|segment)|GSM", re.I))
    log.scroll_into_view_if_needed()
    screens.take(page, "order-page")
    screens.take(page, "order-box", ".recado-order")


def test_a_guest_buys_in_the_classic_checkout(guest: Guest, connected: ShopSidecar, screens: Screens) -> None:
    page = guest.open_classic_checkout()
    guest.fill_classic(phone="(11) 91234-5602")
    screens.take(page, "classic-checkout")
    order = guest.place()
    screens.take(page, "classic-checkout-thanks")
    assert connected.told(order, 1) == [("order_placed", "delivered")]


def test_a_sidecar_killed_during_a_checkout_costs_the_shopper_nothing(
    guest: Guest, connected: ShopSidecar, screens: Screens
) -> None:
    guest.open_classic_checkout()
    guest.fill_classic(phone="(11) 91234-5604")
    connected.kill()
    try:
        order = guest.place()
        screens.take(guest.page, "thanks-without-sidecar")
    finally:
        connected.start()
    # What waits in the shop leaves with its next visitors, or is fetched.
    assert connected.told(order, 1, meanwhile=guest.look_around) == [("order_placed", "delivered")]


def test_a_text_by_hand_and_the_answer_of_the_customer(
    guest: Guest, owner: Owner, connected: ShopSidecar, screens: Screens
) -> None:
    """The number's last digits have the simulated customer answer 1."""
    guest.open_classic_checkout()
    guest.fill_classic(phone="(11) 91234-9909")
    order = guest.place()
    connected.told(order, 1)
    page = owner.open_order(order)
    page.select_option("#recado-order-template", value="")
    page.fill("#recado-order-text", "Oi Maria, sua camiseta sai hoje!")
    expect(page.locator("#recado-order-meta")).not_to_be_empty()
    page.click("#recado-order-send")
    expect(page.locator(".recado-entry.is-out")).to_have_count(2)
    expect(page.locator(".recado-entry.is-in").first).to_contain_text("1")
    screens.take(page, "order-box-conversation", ".recado-order")
