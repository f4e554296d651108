"""What a person does in a store's own pages, in the default theme."""

import re
from collections.abc import Mapping

from playwright.sync_api import Browser, Page, expect

from tests.chromium import new_page

from .rest import another_address

# After a flush the first page makes all caches and scripts anew.
COLD_MS = 120_000
ADDRESS: Mapping[str, str] = {
    "firstname": "Ana",
    "lastname": "Souza",
    "street.0": "Rua Augusta 1",
    "city": "São Paulo",
    "postcode": "01305-000",
}


def patient(browser: Browser) -> Page:
    page = new_page(browser, height=1100)
    page.context.set_extra_http_headers({"X-Forwarded-For": another_address()})
    page.context.set_default_navigation_timeout(COLD_MS)
    page.context.set_default_timeout(COLD_MS)
    expect.set_options(timeout=COLD_MS)
    return page


def sign_in(page: Page, url: str, email: str, password: str) -> None:
    page.goto(f"{url}/customer/account/login")
    form = page.locator("#login-form")
    form.locator("#email").fill(email)
    form.locator("#password:visible, #pass:visible").first.fill(password)
    form.locator("button.login").click()
    page.wait_for_url(re.compile("customer/account"))


class Checkout:
    """A guest's, from the product's page to the order."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def open(self, sku: str) -> None:
        self.page.goto(f"{self._url}/{sku}.html")
        self.page.click("#product-addtocart-button")
        expect(self.page.locator(".message-success")).to_be_visible()
        self.page.goto(f"{self._url}/checkout")

    def say_where_to(self, telephone: str) -> None:
        """As far as the payment."""
        page = self.page
        page.locator("#customer-email").fill("guest@example.com")
        page.locator("select[name=country_id]").select_option("BR")
        page.locator("select[name=region_id]").select_option(label="São Paulo")
        for name, value in {**ADDRESS, "telephone": telephone}.items():
            page.locator(f"div[name='shippingAddress.{name}'] input").fill(value)
        page.locator("#checkout-shipping-method-load input[type=radio]").first.check()
        page.locator("#shipping-method-buttons-container button.continue").click()
        expect(page.locator(".recado-checkout")).to_be_visible()

    def press_place(self) -> None:
        self.page.locator(".payment-method._active button.checkout").click()

    def place(self) -> str:
        """The order's number, as the shopper reads it."""
        self.press_place()
        self.page.wait_for_url(re.compile("checkout/onepage/success"))
        return self.page.locator(".checkout-success p span, .checkout-success .order-number").first.inner_text()
