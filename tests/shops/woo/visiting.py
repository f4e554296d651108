"""People in the shop: a guest who buys, and the owner."""

import re

from playwright.sync_api import Browser, Page, TimeoutError, expect

from tests.chromium import PATIENCE_MS, new_page

from .checkout import ADDRESS
from .shop import WooShop

_ORDERS = re.compile(r"wc/store/v1/checkout\?_locale|wc-ajax=checkout")
_FIELDS = ("first_name", "last_name", "address_1", "city", "postcode", "phone")


class Guest:
    def __init__(self, browser: Browser, shop: WooShop) -> None:
        self.page = new_page(browser)
        self._shop = shop

    def put_in_cart(self, product: int) -> None:
        self.page.goto(f"{self._shop.url}/?add-to-cart={product}")

    def open_block_checkout(self) -> Page:
        self.page.goto(self._shop.facts["pages"]["block_checkout"])
        expect(self.page.locator("#email")).to_be_visible()
        return self.page

    def fill_blocks(self, **given: str) -> None:
        address = {**ADDRESS, **given}
        self.page.fill("#email", "maria@shop.example")
        for name in _FIELDS:
            self.page.fill(f"#shipping-{name}", address[name])
        self.page.get_by_label("Cash on delivery").check()

    def open_classic_checkout(self) -> Page:
        self.page.goto(self._shop.facts["pages"]["classic_checkout"])
        return self.page

    def fill_classic(self, **given: str) -> None:
        address = {**ADDRESS, **given}
        for name in _FIELDS:
            self.page.fill(f"#billing_{name}", address[name])
        self.page.fill("#billing_email", "maria@shop.example")
        # The form greys itself out while it reckons; what is clicked meanwhile is lost.
        self.page.wait_for_function("!document.querySelector('.blockUI.blockOverlay')")
        self.page.locator("label[for=payment_method_cod]").click()

    def place(self) -> int:
        """The number of the order, once its shopper is thanked."""
        self.press_place()
        self.page.wait_for_url("**/order-received/**", timeout=PATIENCE_MS)
        return int(re.search(r"order-received/(\d+)", self.page.url)[1])  # type: ignore[index]

    def press_place(self) -> None:
        """Until the order goes off: a press while the page reckons its totals does nothing."""
        while not self._press_place():
            pass

    def look_around(self) -> None:
        """Any visit: WordPress works off what is due while it serves one."""
        self.page.goto(self._shop.url)
        self.page.wait_for_timeout(2000)

    def _press_place(self) -> bool:
        """Whether the order went off."""
        try:
            with self.page.expect_request(_ORDERS, timeout=10_000):
                self.page.get_by_role("button", name=re.compile("place order", re.I)).click()
        except TimeoutError:
            return False
        return True


class Owner:
    """Logged in."""

    def __init__(self, browser: Browser, shop: WooShop) -> None:
        self.page = new_page(browser)
        self._shop = shop
        self.page.goto(f"{shop.url}/wp-login.php")
        # WordPress puts the focus into the first field some moments after the page has come.
        self.page.wait_for_timeout(500)
        self.page.fill("#user_login", shop.ADMIN)
        self.page.fill("#user_pass", shop.PASSWORD)
        self.page.click("#wp-submit")
        self.page.wait_for_url("**/wp-admin/**")

    def open(self, path: str) -> Page:
        self.page.goto(f"{self._shop.url}/wp-admin/{path}")
        return self.page

    def open_settings(self, section: str = "") -> Page:
        return self.open(f"admin.php?page=wc-settings&tab=recado&section={section}")

    def save_settings(self) -> None:
        self.page.click("button[name=save]")
        self.page.wait_for_load_state()

    def open_order(self, order_id: int) -> Page:
        if self._shop.wanted.hpos:
            return self.open(f"admin.php?page=wc-orders&action=edit&id={order_id}")
        return self.open(f"post.php?post={order_id}&action=edit")

    def set_status(self, order_id: int, name: str) -> None:
        """As an owner does it: choose the status on the order's page, press Update."""
        self.open_order(order_id)
        self.page.select_option("#order_status", label=name, force=True)
        self.page.click("button.save_order")
        expect(self.page.locator("#message, .notice-success").first).to_be_visible()
