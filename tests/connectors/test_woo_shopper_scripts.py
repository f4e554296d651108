"""The scripts of the shop's pages in a browser, on the plugin's own markup, with a shop that answers as it is told."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from connectors.woocommerce.plugin.pack import PLUGIN

SHOP = "https://loja.example"
ALERTS = f"{SHOP}/recado/v1/stock-alerts"
CODES = f"{SHOP}/codes"
ASSETS = PLUGIN / "assets"
STYLE = (ASSETS / "shopper.css").read_text(encoding="utf-8")
LARGEST_ALERT_SCRIPT = 5000
SCRIPTS = ("alert.js", "account.js", "code.js", "code-classic.js", "code-block.js")


class Shop:
    """Answers in turn as told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any, dict[str, str]]] = []
        self.answers: list[tuple[int, Any]] = []

    def __call__(self, route: Route) -> None:
        request = route.request
        self.asked.append((request.url, request.post_data or "", request.headers))
        if not self.answers:
            return route.abort()
        status, body = self.answers.pop(0)
        return route.fulfill(status=status, body=json.dumps(body), content_type="application/json")

    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body, _ in self.asked]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 780})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.route(
        f"{SHOP}/", lambda route: route.fulfill(body="<!doctype html><title>Loja</title>", content_type="text/html")
    )
    page.goto(f"{SHOP}/")
    yield page
    context.close()


@pytest.fixture
def shop(page: Page) -> Shop:
    shop = Shop()
    page.route(f"{SHOP}/recado/**", shop)
    page.route(f"{SHOP}/codes", shop)
    return shop


@pytest.fixture(scope="module")
def form() -> str:
    """As the plugin prints it for a sold-out product."""
    if shutil.which("php") is None:
        pytest.skip("php is not installed: tests/machine.txt says with which package it comes")
    script = Path(__file__).parent / "plugin" / "print_form.php"
    return subprocess.run(["php", script], capture_output=True, text=True, check=True, timeout=60).stdout


def show(page: Page, body: str, globals_: dict[str, Any], *scripts: str) -> None:
    page.set_content(f"<!doctype html><html lang=en><style>{STYLE}</style><body>{body}</body></html>")
    page.evaluate("given => Object.assign(window, given)", globals_)
    for script in scripts:
        page.add_script_tag(content=(ASSETS / script).read_text(encoding="utf-8"))


@pytest.fixture
def product(page: Page, shop: Shop, form: str) -> Page:
    """A product whose form stands inside WooCommerce's own, as that of a variation does."""
    words = {"url": ALERTS, "nonce": "", "locale": "pt_BR", "empty": "Empty.", "offline": "Offline."}
    cart = f'<form action="{SHOP}/cart"><div class=single_variation>{form}</div><button>Add to cart</button></form>'
    show(page, cart, {"recadoAlert": words}, "alert.js")
    return page


def test_the_script_of_a_product_is_small_and_needs_nobody() -> None:
    assert len((ASSETS / "alert.js").read_bytes()) < LARGEST_ALERT_SCRIPT
    for name in SCRIPTS:
        assert not re.search(r"jquery|\$\(", (ASSETS / name).read_text(encoding="utf-8"), re.I), name


def test_without_its_script_the_form_is_not_shown(page: Page, form: str) -> None:
    show(page, form, {})
    expect(page.locator(".recado-alert")).to_be_hidden()


def test_a_wish_is_made_by_keyboard_and_puts_nothing_into_the_cart(product: Page, shop: Shop) -> None:
    shop.answers = [(202, {"state": "noted", "words": "We sent you a text."})]
    expect(product.get_by_role("group", name="Text me when it is back")).to_be_visible()
    number = product.get_by_label("Mobile number")
    number.focus()
    product.keyboard.type("11 91234-5678")
    product.keyboard.press("Enter")
    expect(product.get_by_role("status")).to_have_text("We sent you a text.")
    expect(number).to_be_hidden()
    assert shop.bodies() == [{"product": 3, "number": "11 91234-5678", "locale": "pt_BR", "website": ""}]
    assert product.url == f"{SHOP}/"


def test_a_refusal_is_told_at_the_field_and_mended_there(product: Page, shop: Shop) -> None:
    number, button = product.get_by_label("Mobile number"), product.get_by_role("button", name="Text me", exact=True)
    button.click()
    expect(product.get_by_role("status")).to_have_text("Empty.")
    expect(number).to_be_focused()
    shop.answers = [(422, {"state": "refused", "words": "No mobile."}), (202, {"state": "noted", "words": "Noted."})]
    number.fill("11 4002-8922")
    button.click()
    expect(product.get_by_role("status")).to_have_text("No mobile.")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_have_accessible_description(re.compile("No mobile."))
    number.fill("11 91234-5678")
    button.click()
    expect(product.get_by_role("status")).to_have_text("Noted.")


def test_a_shop_that_does_not_answer_loses_nothing_typed(product: Page, shop: Shop) -> None:
    number = product.get_by_label("Mobile number")
    number.fill("11 91234-5678")
    for answer in ([], [(500, {"message": "critical error"})]):
        shop.answers = list(answer)
        number.press("Enter")
        expect(product.get_by_role("status")).to_have_text("Offline.")
        expect(number).to_have_value("11 91234-5678")
        product.get_by_role("status").evaluate("said => { said.textContent = ''; }")


def test_a_code_confirms_where_the_shop_wants_one(product: Page, shop: Shop) -> None:
    shop.answers = [
        (202, {"state": "code", "words": "Write it here.", "alert": "alr_1"}),
        (422, {"state": "refused", "words": "Wrong."}),
        (200, {"state": "confirmed", "words": "Done."}),
    ]
    product.get_by_label("Mobile number").fill("11 91234-5678")
    product.get_by_role("button", name="Text me", exact=True).click()
    code = product.get_by_label("Code from the text")
    expect(code).to_be_focused()
    code.fill("111111")
    code.press("Enter")
    expect(product.get_by_role("status")).to_have_text("Wrong.")
    code.fill("123456")
    product.get_by_role("button", name="Confirm").click()
    expect(product.get_by_role("status")).to_have_text("Done.")
    assert shop.asked[2][0] == f"{ALERTS}/confirm"
    assert shop.bodies()[2] == {"alert": "alr_1", "code": "123456"}


def test_the_form_of_another_variation_works_too(product: Page, shop: Shop, form: str) -> None:
    """Finding 39: WooCommerce puts the markup in anew for each variation chosen."""
    other = form.replace('data-product="3"', 'data-product="9"')
    product.evaluate("html => { document.querySelector('.single_variation').innerHTML = html; }", other)
    shop.answers = [(202, {"state": "noted", "words": "Noted."})]
    product.get_by_label("Mobile number").fill("11 91234-5678")
    product.get_by_role("button", name="Text me", exact=True).click()
    expect(product.get_by_role("status")).to_have_text("Noted.")
    assert shop.bodies()[0]["product"] == 9


def test_a_customer_whose_nonce_is_too_old_asks_as_a_guest(product: Page, shop: Shop) -> None:
    product.evaluate("() => { window.recadoAlert.nonce = 'old'; }")
    shop.answers = [(403, {"code": "rest_cookie_invalid_nonce"}), (202, {"state": "noted", "words": "Noted."})]
    product.get_by_label("Mobile number").fill("11 91234-5678")
    product.get_by_label("Mobile number").press("Enter")
    expect(product.get_by_role("status")).to_have_text("Noted.")
    assert [headers.get("x-wp-nonce") for _, _, headers in shop.asked] == ["old", None]


WORDS = {
    "title": "Confirm your mobile number",
    "why": "It goes to %s.",
    "missing": "Fill in your number.",
    "send": "Text me the code",
    "code": "Code from the text",
    "check": "Confirm",
    "again": "Send a new code",
    "wait": "Send a new code (in %s s)",
    "without": "I cannot receive texts",
    "confirmed": "Your number is confirmed.",
    "offline": "Offline.",
}
REVIEW = '<div id=payment><div class="recado-code" data-methods="cod" data-confirmed="" hidden></div></div>'
CHECKOUT = f"""<form class=checkout><label>Phone<input name=billing_phone></label><input name=billing_country value=BR>
<label>Transfer<input type=radio name=payment_method value=bacs checked></label>
<label>Cash<input type=radio name=payment_method value=cod></label>{REVIEW}</form>"""


@pytest.fixture
def checkout(page: Page, shop: Shop) -> Page:
    code = {"url": CODES, "nonce": "n", "without": True, "words": WORDS}
    show(page, CHECKOUT, {"recadoCode": code}, "code.js", "code-classic.js")
    return page


def test_the_panel_is_there_for_the_ways_of_paying_that_need_it(checkout: Page) -> None:
    panel = checkout.get_by_role("group", name="Confirm your mobile number")
    expect(panel).to_be_hidden()
    checkout.get_by_label("Cash").check()
    expect(panel).to_contain_text("Fill in your number.")
    checkout.get_by_label("Phone").fill("11 91234-5678")
    expect(panel).to_contain_text("It goes to 11 91234-5678.")
    checkout.get_by_label("Transfer").check()
    expect(panel).to_be_hidden()


def test_a_code_is_sent_and_confirmed_though_the_checkout_draws_itself_anew(checkout: Page, shop: Shop) -> None:
    shop.answers = [(200, {"state": "sent", "words": "On its way.", "wait": 30})]
    checkout.get_by_label("Cash").check()
    checkout.get_by_label("Phone").fill("11 91234-5678")
    checkout.get_by_role("button", name="Text me the code").click()
    expect(checkout.get_by_label("Code from the text")).to_be_focused()
    expect(checkout.get_by_role("button", name=re.compile("new code"))).to_be_disabled()
    checkout.evaluate("html => { document.querySelector('#payment').outerHTML = html; }", REVIEW)
    shop.answers = [(200, {"state": "refused", "words": "Wrong."}), (200, {"state": "confirmed", "words": "Yes."})]
    code = checkout.get_by_label("Code from the text")
    code.fill("111111")
    code.press("Enter")
    expect(checkout.get_by_role("status")).to_have_text("Wrong.")
    code.fill("123456")
    checkout.get_by_role("button", name="Confirm").click()
    expect(checkout.get_by_role("status")).to_have_text("Yes.")
    expect(code).to_be_hidden()
    assert "code=123456" in shop.asked[2][1] and "do=check" in shop.asked[2][1]
    checkout.get_by_label("Phone").fill("11 90000-0000")
    expect(checkout.get_by_role("button", name="Text me the code")).to_be_visible()
    checkout.get_by_label("Phone").fill("(11) 91234 5678")
    expect(checkout.get_by_role("status")).to_have_text("Yes.")


def test_the_way_out_and_a_shop_that_does_not_answer(checkout: Page, shop: Shop) -> None:
    checkout.get_by_label("Cash").check()
    checkout.get_by_label("Phone").fill("11 4002-8922")
    checkout.get_by_role("button", name="Text me the code").click()
    expect(checkout.get_by_role("status")).to_have_text("Offline.")
    shop.answers = [(200, {"state": "passed", "words": "You can order."})]
    checkout.get_by_role("button", name="I cannot receive texts").click()
    expect(checkout.get_by_role("status")).to_have_text("You can order.")
    expect(checkout.get_by_role("button", name="Text me the code")).to_be_hidden()
