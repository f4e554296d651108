"""What shoppers are asked: a number confirmed by a code before the order, consent; and what they see of it later."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ..browser import Screens
from ..phone import Phone, phone_for_codes
from .shop import WooShop
from .sidecars import ShopSidecar
from .visiting import Guest, Owner

_ASKED = ("recado_code_cash", "recado_checkout_mobile", "recado_consent_marketing")


@pytest.fixture
def guest(browser: Browser, shop: WooShop, owner: Owner, connected: ShopSidecar, screens: Screens) -> Iterator[Guest]:
    """In a shop whose owner wants codes for cash on delivery, a mobile number and consent; not for longer."""
    page = owner.open_settings("shoppers")
    for option in _ASKED:
        page.check(f"#{option}")
    owner.save_settings()
    screens.take(page, "settings-shoppers")
    guest = Guest(browser, shop)
    guest.put_in_cart(shop.facts["goods"]["simple"])
    yield guest
    for option in _ASKED:
        shop.php(f"return update_option( '{option}', 'no' );")


@pytest.fixture(scope="module")
def handset(connected: ShopSidecar) -> Iterator[Phone]:
    """Where this shop's codes arrive."""
    with phone_for_codes(connected.installation, connected.made["shop_id"]) as handset:
        yield handset


def confirm(page: Page, panel: str, send: str, handset: Phone, number: str) -> None:
    """With the code from the phone."""
    box = page.locator(panel)
    box.get_by_role("button", name=send).click()
    field = box.get_by_label("Code from the text")
    expect(field).to_be_visible()
    field.fill(handset.code(number))
    box.get_by_role("button", name="Confirm").click()


def test_the_checkout_of_blocks_asks_for_a_code(
    guest: Guest, connected: ShopSidecar, handset: Phone, screens: Screens
) -> None:
    page = guest.open_block_checkout()
    guest.fill_blocks(phone="(11) 91234-5608")
    expect(page.locator(".recado-code")).to_be_visible()
    guest.press_place()
    expect(page.locator(".wc-block-components-notice-banner.is-error").first).to_be_visible()
    screens.take(page, "block-checkout-code")
    confirm(page, ".recado-code", "Text me the code", handset, "+5511912345608")
    expect(page.locator(".recado-code")).to_contain_text("confirmed")
    screens.take(page, "block-checkout-confirmed")
    assert connected.told(guest.place(), 1) == [("order_placed", "delivered")]


def test_the_classic_checkout_asks_for_a_code(
    guest: Guest, connected: ShopSidecar, handset: Phone, screens: Screens
) -> None:
    page = guest.open_classic_checkout()
    guest.fill_classic(phone="(11) 91234-5609")
    expect(page.locator(".recado-code")).to_be_visible()
    guest.press_place()
    expect(page.locator(".woocommerce-error, .wc-block-components-notice-banner.is-error").first).to_be_visible()
    confirm(page, ".recado-code", "Text me the code", handset, "+5511912345609")
    expect(page.locator(".recado-code")).to_contain_text("confirmed")
    expect(page.locator(".recado-code").get_by_text("Code from the text")).to_be_hidden()
    screens.take(page, "classic-checkout-confirmed")
    assert connected.told(guest.place(), 1) == [("order_placed", "delivered")]


def test_who_has_no_mobile_can_buy_and_the_owner_is_told(
    guest: Guest, shop: WooShop, owner: Owner, screens: Screens
) -> None:
    page = guest.open_classic_checkout()
    guest.fill_classic(phone="(11) 3456-7890")
    page.locator(".recado-code").get_by_role("button", name="I cannot receive texts").click()
    expect(page.locator(".recado-code").get_by_role("button", name="I cannot receive texts")).to_be_hidden()
    expect(page.locator(".recado-code.is-done")).to_have_count(0)  # let through is not confirmed
    order = guest.place()
    assert shop.php(f"return wc_get_order( {order} )->get_status();") == "on-hold"
    page = owner.open_order(order)
    expect(page.locator("#woocommerce-order-notes")).to_contain_text(re.compile("not confirmed|confirm", re.I))
    screens.take(page, "order-without-mobile")


def test_a_customer_sees_their_texts_in_their_account(
    browser: Browser, shop: WooShop, handset: Phone, screens: Screens
) -> None:
    guest = Guest(browser, shop)
    page = guest.page
    page.goto(shop.facts["pages"]["my_account"])
    page.fill("#username", shop.facts["customer"]["user"])
    page.fill("#password", shop.facts["customer"]["password"])
    page.click("button[name=login]")
    page.get_by_role("link", name="SMS", exact=True).click()
    account = page.locator("#recado-account")
    confirm(page, "#recado-account", "Text me a code", handset, "+5511987654321")
    expect(account.get_by_role("button", name=re.compile("Turn o")).first).to_be_visible()
    screens.take(page, "my-account-sms")
