"""A mobile number for texts besides the telephone of the address: who has a landline gets their texts, too."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.processes import wait_until

from ..browser import Screens
from ..phone import Phone
from ..sidecars import SidecarOfShop
from .rest import Rest, guest_payment
from .store import Store
from .visiting import Checkout, sign_in

PASSWORD = "Recado-2-test"
LANDLINE = "(11) 3456-7890"
FAULT = "The mobile number for texts is no phone number: correct it or leave it empty."
_ASKED = {
    "ask_mobile": "1",
    "ask_orders": "1",
    "ask_marketing": "0",
    "verification": ["always"],
    "code_countries": ["BR"],
}
_LEFT = {"ask_mobile": "0", "ask_orders": "0", "verification": []}


@pytest.fixture(autouse=True, scope="module")
def asking(store: Store, rest: Rest, connected: SidecarOfShop) -> Iterator[None]:
    """The checkout asks for a mobile, a consent and a code; not for longer."""
    rest.product("tee", 1000)
    store.save_settings({"checkout": _ASKED, "sending": {"mode": "3"}})
    store.flush()
    yield
    store.save_settings({"checkout": _LEFT})
    store.flush()


@pytest.fixture
def without_code(store: Store) -> Iterator[None]:
    store.save_settings({"checkout": {"verification": []}})
    store.flush()
    yield
    store.save_settings({"checkout": {"verification": ["always"]}})
    store.flush()


def recipients(sidecar: SidecarOfShop, order: int) -> set[str]:
    return {m["to"] for m in sidecar.messages() if m["order_id"] == str(order)}


def test_code_consent_and_texts_are_about_the_mobile_that_a_guest_gave(
    store: Store,
    rest: Rest,
    connected: SidecarOfShop,
    handset: Phone,
    shopper: Page,
    owner: Page,
    screens: Screens,
) -> None:
    number = "+5511912345713"
    checkout = Checkout(shopper, store.url)
    checkout.open("tee")
    checkout.say_where_to(LANDLINE)
    field = shopper.get_by_label("Mobile number for texts (optional)")
    expect(field).to_have_value("")
    field.fill("12")
    checkout.press_place()
    expect(shopper.locator(".recado-mobile .field-error")).to_have_text(FAULT)
    expect(field).to_be_focused()
    screens.take(shopper, "checkout-no-mobile")
    field.fill("(11) 91234-5713")
    expect(shopper.locator(".recado-mobile .field-error")).to_be_hidden()
    expect(shopper.locator(".recado-verify")).to_contain_text("(11) 91234-5713")
    shopper.get_by_label("may text me about my orders").check()
    shopper.get_by_role("button", name="Send the code").click()
    code = shopper.get_by_label("Code in the text")
    code.fill(handset.code(number))
    shopper.locator(".recado-code").get_by_role("button", name="Confirm").click()
    expect(code).to_be_hidden()
    screens.take(shopper, "checkout-mobile")
    order = store.order_of(checkout.place())
    store.send()
    connected.told(order, 1)
    assert recipients(connected, order) == {number}
    shop = connected.made["shop_id"]
    said = wait_until(lambda: connected.installation.json("consent", "list", shop, "--number", number), 60, 0.5)
    assert [(row["purpose"], row["source"]) for row in said["history"]] == [("orders", "checkout")]
    owner.goto(f"{store.url}/admin/sales/order/view/order_id/{order}")
    expect(owner.locator(".order-account-information-table")).to_contain_text("(11) 91234-5713")
    screens.take(owner, "order-mobile", ".order-account-information")
    owner.click("#sales_order_view_tabs_recado_sms")
    expect(owner.locator("#recado-send-to")).to_have_value("(11) 91234-5713")


@pytest.mark.usefixtures("without_code")
def test_the_poller_finds_the_mobile_with_the_order_too(store: Store, rest: Rest, connected: SidecarOfShop) -> None:
    paid = {"extension_attributes": {"recado_mobile": "(11) 91234-5714"}}
    order = rest.place_as_guest("tee", payment=paid, telephone=LANDLINE)
    # The module stays silent about this one.
    store.sql(f"DELETE FROM recado_sms_outbox WHERE order_id = {order}")
    connected.ask_shop(connected.made["shop_id"])
    connected.told(order, 1)
    assert recipients(connected, order) == {"+5511912345714"}
    cart = rest.guest_cart("tee", telephone=LANDLINE)
    wrong = guest_payment({"telephone": LANDLINE}, {"extension_attributes": {"recado_mobile": "none"}})
    assert rest.refused("POST", f"guest-carts/{cart}/payment-information", wrong) == FAULT


@pytest.mark.usefixtures("without_code")
def test_a_customer_finds_it_again_under_my_texts_and_corrects_it_for_the_next_checkout(
    store: Store, rest: Rest, shopper: Page, screens: Screens
) -> None:
    email = f"ana{time.time_ns()}@example.com"
    me = rest.customer(email, PASSWORD, "BR")
    rest.fill_customer_cart(me, "tee")
    rest.pay_customer_cart(me, payment={"extension_attributes": {"recado_mobile": "(11) 91234-5715"}})
    sign_in(shopper, store.url, email, PASSWORD)
    shopper.goto(f"{store.url}/recado/account")
    expect(shopper.locator(".recado-account")).to_contain_text("What We May Text to (11) 91234-5715")
    own = shopper.get_by_label("Mobile number for texts (optional)")
    expect(own).to_have_value("(11) 91234-5715")
    for typed, message, kind in (("soon", FAULT, "error"), ("(11) 91234-5716", "Saved.", "success")):
        own.fill(typed)
        own.press("Enter")
        expect(shopper.locator(f".message-{kind}")).to_have_text(message)
    expect(shopper.locator(".recado-account")).to_contain_text("What We May Text to (11) 91234-5716")
    screens.take(shopper, "account-mobile")
    rest.fill_customer_cart(me, "tee")
    shopper.goto(f"{store.url}/checkout/#payment")
    expect(shopper.get_by_label("Mobile number for texts (optional)")).to_have_value("(11) 91234-5716")
