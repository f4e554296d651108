"""What shoppers are asked at the checkout, see in their account, and choose under a product with sizes."""

import json
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.processes import wait_until

from ..browser import Screens
from ..phone import Phone
from ..sidecars import SidecarOfShop
from .rest import Rest
from .store import Store
from .visiting import Checkout, sign_in

PASSWORD = "Recado-2-test"
_ASKED = {
    "ask_orders": "1",
    "ask_marketing": "1",
    "verification": ["always"],
    "verification_no_mobile": "hold",
    "code_countries": ["BR"],
}
_LEFT = {"ask_orders": "0", "ask_marketing": "0", "verification": []}


@pytest.fixture(autouse=True, scope="module")
def asking(store: Store, rest: Rest, connected: SidecarOfShop) -> Iterator[None]:
    """Alerts are offered, and the checkout asks all it can; not for longer."""
    rest.product("tee", 1000)
    store.save_settings({"checkout": _ASKED, "sending": {"mode": "6"}, "alerts": {"enabled": "1"}})
    store.flush()
    yield
    store.save_settings({"checkout": _LEFT})
    store.flush()


@pytest.fixture
def checkout(store: Store, shopper: Page) -> Checkout:
    checkout = Checkout(shopper, store.url)
    checkout.open("tee")
    return checkout


def test_the_checkout_asks_for_a_code_and_for_consent(
    store: Store, connected: SidecarOfShop, handset: Phone, checkout: Checkout, screens: Screens
) -> None:
    page, number = checkout.page, "+5511912345702"
    checkout.say_where_to("(11) 91234-5702")
    checkout.press_place()
    expect(page.locator(".message-error").first).to_contain_text("confirm your phone number")
    screens.take(page, "checkout-without-code")
    page.get_by_label("news and offers").check()
    page.get_by_role("button", name="Send the code").click()
    field = page.get_by_label("Code in the text")
    expect(field).to_be_visible()
    field.fill(handset.code(number))
    page.locator(".recado-code").get_by_role("button", name="Confirm").click()
    expect(field).to_be_hidden()
    screens.take(page, "checkout-confirmed")
    order = store.order_of(checkout.place())
    store.send()
    assert connected.told(order, 1)[0] == ("order_placed", "delivered")
    shop = connected.made["shop_id"]
    told = wait_until(lambda: connected.installation.json("consent", "list", shop, "--number", number), 60, 0.5)
    assert [(row["purpose"], row["source"]) for row in told["history"]] == [("marketing", "checkout")]


def test_who_has_no_mobile_can_buy_and_the_owner_is_told(store: Store, rest: Rest, checkout: Checkout) -> None:
    checkout.say_where_to("(11) 3456-7890")
    way_out = checkout.page.get_by_role("button", name="I have no mobile phone")
    way_out.click()
    expect(way_out).to_be_hidden()
    order = rest.order(store.order_of(checkout.place()))
    assert any("not confirmed" in (row["comment"] or "") for row in order["status_histories"])
    assert order["status"] == "holded"


def test_customers_prove_their_number_and_then_see_and_change_what_they_agreed_to(
    store: Store, rest: Rest, connected: SidecarOfShop, handset: Phone, shopper: Page, screens: Screens
) -> None:
    email = f"ana{time.time_ns()}@example.com"
    sku = f"vase-{time.time_ns()}"
    rest.product(sku, 0)
    me = rest.customer(email, PASSWORD, "BR")
    rest.call("POST", "recado/alerts/mine", {"sku": sku, "number": "(11) 98765-4321", "country": "BR"}, me)
    sign_in(shopper, store.url, email, PASSWORD)
    shopper.get_by_role("link", name="My Texts").click()
    account = shopper.locator(".recado-account")
    expect(account).to_contain_text(sku.replace("-", " ").title())
    expect(account).to_contain_text("Please confirm that this is your number.")
    screens.take(shopper, "account-to-prove")
    account.get_by_role("button", name="Text Me a Code").click()
    expect(shopper.locator(".message-success")).to_be_visible()
    account.get_by_label("Code From the Text").fill(handset.code("+5511987654321"))
    account.get_by_role("button", name="Confirm").click()
    expect(shopper.locator(".message-success")).to_contain_text("Your number is confirmed.")
    screens.take(shopper, "account")
    marketing = account.locator("form", has=shopper.locator("input[value=marketing]"))
    orders = account.locator("form", has=shopper.locator("input[value=orders]"))
    # Nobody has asked: the shop's texts about orders come until somebody says no, and that must be possible.
    orders.get_by_role("button", name="Turn off").click()
    expect(orders).to_contain_text("Off")
    marketing.get_by_role("button", name="Turn on").click()
    expect(marketing).to_contain_text("On")
    screens.take(shopper, "account-chosen")
    told = connected.installation.json("consent", "list", connected.made["shop_id"], "--number", "+5511987654321")
    said = [(row["purpose"], row["standing"], row["source"]) for row in told["history"]]
    assert said[:2] == [("marketing", "in", "account"), ("orders", "out", "account")]
    orders.get_by_role("button", name="Turn on").click()
    expect(orders).to_contain_text("On")
    account.get_by_role("button", name="End").click()
    expect(account.get_by_role("button", name="End")).to_have_count(0)


def test_the_checkout_to_several_addresses_is_no_way_past_the_code(
    store: Store, rest: Rest, shopper: Page, screens: Screens
) -> None:
    email = f"ana{time.time_ns()}@example.com"
    me = rest.customer(email, PASSWORD, "BR")
    rest.call("POST", "carts/mine", token=me)
    quote = str(rest.call("GET", "carts/mine", token=me)["id"])
    item = {"cartItem": {"sku": "tee", "qty": 2, "quote_id": quote}}
    rest.call("POST", "carts/mine/items", item, me)
    sign_in(shopper, store.url, email, PASSWORD)
    shopper.goto(f"{store.url}/multishipping/checkout")
    for step in ("Go to Shipping", "Continue to Billing", "Go to Review", "Place Order"):
        # Before its scripts are there, the page takes a click for none.
        shopper.wait_for_load_state("networkidle")
        shopper.get_by_role("button", name=step).click()
    expect(shopper.locator(".message-error").first).to_contain_text("under My Texts")
    screens.take(shopper, "several-addresses")
    assert store.sql(f"SELECT COUNT(*) FROM sales_order WHERE customer_email = '{email}'") == [["0"]]


def test_of_a_product_with_sizes_the_sold_out_one_is_asked_for(
    store: Store, rest: Rest, connected: SidecarOfShop, shopper: Page, screens: Screens
) -> None:
    sku = f"shirt-{time.time_ns()}"
    sizes = rest.configurable(sku, {"S": 5, "L": 0})
    shopper.goto(f"{store.url}/{sku}.html")
    form = shopper.locator(".recado-alert-form")
    expect(form.get_by_label("Which one").locator("option")).to_have_count(2)
    form.get_by_label("Which one").select_option(label="L")
    screens.take(shopper, "product-with-sizes")
    form.get_by_label("Your mobile number").fill("+55 11 91234-5703")
    form.get_by_role("button").click()
    expect(shopper.locator(".recado-outcome.good")).to_contain_text("open the link in it")
    asked = wait_until(lambda: connected.installation.json("alerts", connected.made["shop_id"]), 60, 0.5)
    assert str(sizes["L"]) in {row["variation"] for row in asked}
    assert str(sizes["S"]) not in {row["variation"] for row in asked}


def test_a_click_on_a_sold_out_swatch_chooses_it(store: Store, rest: Rest, shopper: Page, screens: Screens) -> None:
    sku = f"cap-{time.time_ns()}"
    attribute, options = rest.sizes(("S", "L"))
    # No interface makes swatches: an owner's form in the admin does.
    kind = json.dumps({"swatch_input_type": "text"})
    store.sql(f"UPDATE catalog_eav_attribute SET additional_data = '{kind}' WHERE attribute_id = {attribute}")
    for size, option in options.items():
        store.sql(f"REPLACE INTO eav_attribute_option_swatch VALUES (NULL, {option}, 0, 0, '{size}')")
    try:
        store.flush()
        sizes = rest.configurable(sku, {"S": 5, "L": 0})
        shopper.goto(f"{store.url}/{sku}.html")
        shopper.locator(f".swatch-option[data-option-id='{options['L']}']").click(force=True)
        expect(shopper.locator("#recado-variation")).to_have_value(str(sizes["L"]))
        screens.take(shopper, "product-with-swatches")
    finally:
        store.sql(f"UPDATE catalog_eav_attribute SET additional_data = NULL WHERE attribute_id = {attribute}")
        store.flush()
