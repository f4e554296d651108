"""Guests buy in both checkouts, and are texted by what the plugin told."""

import pytest
from playwright.sync_api import Browser

from tests.acceptance.processes import wait_until

from ..browser import PATIENCE_MS, Screens
from .shop import WooShop
from .sidecars import ShopSidecar
from .visiting import Guest


@pytest.fixture
def guest(browser: Browser, shop: WooShop, connected: ShopSidecar) -> Guest:
    guest = Guest(browser, shop)
    guest.put_in_cart(shop.facts["goods"]["simple"])
    return guest


def told(sidecar: ShopSidecar, order_id: int, count: int) -> list[tuple[str, str]]:
    """Template and state of an order's messages once there are so many and each has its receipt."""

    def messages() -> list[tuple[str, str]]:
        found = [(m["template"], m["status"]) for m in sidecar.messages() if m["order_id"] == str(order_id)]
        return found if len(found) >= count and all(state == "delivered" for _, state in found) else []

    return wait_until(messages, PATIENCE_MS / 1000)


def test_a_guest_buys_in_the_checkout_of_blocks(guest: Guest, connected: ShopSidecar, screens: Screens) -> None:
    page = guest.open_block_checkout()
    guest.fill_blocks(phone="(11) 91234-5601")
    screens.take(page, "block-checkout")
    order = guest.place()
    screens.take(page, "block-checkout-thanks")
    assert told(connected, order, 1) == [("order_placed", "delivered")]


def test_a_guest_buys_in_the_classic_checkout(guest: Guest, connected: ShopSidecar, screens: Screens) -> None:
    page = guest.open_classic_checkout()
    guest.fill_classic(phone="(11) 91234-5602")
    screens.take(page, "classic-checkout")
    order = guest.place()
    assert told(connected, order, 1) == [("order_placed", "delivered")]
