"""What shops with a front of their own do by REST and GraphQL, for guests and for customers."""

import time
from collections.abc import Iterator

import pytest

from tests.acceptance.processes import wait_until

from ..phone import Phone
from ..sidecars import SidecarOfShop
from .rest import Rest, guest_address
from .store import Store

PASSWORD = "Recado-2-test"
BRAZILIAN, FRENCH = "+5511987654321", "+33612345678"
ASKED = {
    "ask_mobile": "1",
    "verification": ["always"],
    "verification_no_mobile": "refuse",
    "verification_not_sent": "hold",
}
PLACE = """
mutation($cart: String!) {
  setGuestEmailOnCart(input: {cart_id: $cart, email: "guest@example.com"}) { cart { email } }
  setPaymentMethodOnCart(input: {cart_id: $cart, payment_method: {code: "checkmo"}}) { cart { email } }
  placeOrder(input: {cart_id: $cart}) { order { order_number } errors { message } }
}
"""
UNPROVED = "Confirm first that this number is yours"


@pytest.fixture(autouse=True, scope="module")
def asking(store: Store, connected: SidecarOfShop) -> Iterator[None]:
    """Alerts are offered, and all orders want a code; not for longer."""
    store.save_settings(
        {"checkout": {**ASKED, "code_countries": ["BR", "FR"]}, "sending": {"mode": "6"}, "alerts": {"enabled": "1"}}
    )
    store.flush()
    yield
    store.save_settings({"checkout": {"ask_mobile": "0", "verification": []}})
    store.flush()


def customer(rest: Rest, country: str) -> str:
    return rest.customer(f"ana{time.time_ns()}@example.com", PASSWORD, country)


def test_consents_are_shown_and_changed_by_rest_once_the_number_is_proved(rest: Rest, handset: Phone) -> None:
    me = customer(rest, "BR")
    yes = {"purpose": "marketing", "agrees": True}
    assert rest.refused("GET", "recado/consents/mine", token=me).startswith(UNPROVED)
    assert rest.refused("POST", "recado/consents/mine", yes, me).startswith(UNPROVED)
    assert "code sent first" in rest.refused("POST", "recado/consents/mine/code/check", {"code": "000000"}, me)
    assert rest.call("POST", "recado/consents/mine/code", token=me) is True
    code = handset.code(BRAZILIAN)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert rest.refused("POST", "recado/consents/mine/code/check", {"code": wrong}, me)
    # It is for who asked for it, and for nobody else who writes the same number into an address book.
    assert rest.refused("POST", "recado/consents/mine/code/check", {"code": code}, customer(rest, "BR"))
    assert rest.call("POST", "recado/consents/mine/code/check", {"code": code}, me) is True
    before = {row["purpose"]: row for row in rest.call("GET", "recado/consents/mine", token=me)}
    assert set(before) == {"orders", "stock_alerts", "marketing"}
    assert "Loja da Ana" in before["marketing"]["wording"]
    assert rest.call("POST", "recado/consents/mine", yes, me) is True
    after = {row["purpose"]: row["standing"] for row in rest.call("GET", "recado/consents/mine", token=me)}
    assert after["marketing"] in ("in", "pending")
    assert rest.call("POST", "recado/consents/mine", {**yes, "agrees": False}, me) is True
    after = {row["purpose"]: row["standing"] for row in rest.call("GET", "recado/consents/mine", token=me)}
    assert after["marketing"] == "out"
    # Proved once, it needs no code at the checkout.
    rest.product("tee", 1000)
    assert rest.place_as_customer(me, "tee")


def test_consents_are_shown_and_changed_by_graphql_once_the_number_is_proved(rest: Rest, handset: Phone) -> None:
    me = customer(rest, "FR")
    asked = "{ recadoConsents { purpose standing wording } }"
    say = "mutation { recadoSayConsent(purpose: marketing, agrees: true) }"
    assert rest.graphql(asked, me).startswith(UNPROVED)
    assert rest.graphql(say, me).startswith(UNPROVED)
    assert rest.graphql(asked) == "Sign in first."
    assert rest.graphql("mutation { recadoProveNumber }", me) == {"recadoProveNumber": True}
    prove = "mutation($code: String!) { recadoCheckNumber(code: $code) }"
    assert rest.graphql(prove, me, code=handset.code(FRENCH)) == {"recadoCheckNumber": True}
    assert rest.graphql(say, me) == {"recadoSayConsent": True}
    standings = {row["purpose"]: row["standing"] for row in rest.graphql(asked, me)["recadoConsents"]}
    assert standings["marketing"] in ("in", "pending")


def test_alerts_are_asked_for_listed_and_ended(store: Store, rest: Rest, connected: SidecarOfShop) -> None:
    sku = f"lamp-{time.time_ns()}"
    rest.product(sku, 0)
    me = customer(rest, "BR")
    by_rest = rest.call("POST", "recado/alerts/mine", {"sku": sku, "number": "(11) 98765-4321", "country": "BR"}, me)
    assert by_rest["confirmation"] == "link"
    asked = "mutation($input: RecadoAlertInput!) { recadoAskForAlert(input: $input) { id confirmation number } }"
    guest = rest.graphql(asked, input={"sku": sku, "number": "06 12 34 56 78", "country": "FR"})["recadoAskForAlert"]
    assert guest["confirmation"] == "link"
    listed = "{ recadoAlerts { id number state } }"
    [mine] = rest.graphql(listed, me)["recadoAlerts"]
    assert mine["id"] == by_rest["id"] and "98765" not in mine["number"]
    assert [row["id"] for row in rest.call("GET", "recado/alerts/mine", token=me)] == [mine["id"]]
    end = "mutation($id: String!) { recadoEndAlert(id: $id) }"
    assert rest.graphql(end, me, id=guest["id"]) == "You have no such alert."
    assert rest.graphql(end, me, id=mine["id"]) == {"recadoEndAlert": True}
    assert rest.refused("POST", "recado/alerts", {"sku": sku, "number": "12"})


def test_a_headless_checkout_carries_code_and_consents_to_the_order(
    store: Store, rest: Rest, connected: SidecarOfShop, handset: Phone
) -> None:
    rest.product("tee", 1000)
    number = "+5511912345701"
    cart = rest.guest_cart("tee", telephone="(11) 91234-5701")
    assert "confirm your phone number" in str(rest.graphql(PLACE, cart=cart)["placeOrder"]["errors"])
    send = "mutation($cart: String!) { recadoSendCode(cart_id: $cart) }"
    assert rest.graphql(send, cart=cart) == {"recadoSendCode": True}
    check = "mutation($cart: String!, $code: String!) { recadoCheckCode(cart_id: $cart, code: $code) }"
    assert rest.graphql(check, cart=cart, code=handset.code(number)) == {"recadoCheckCode": True}
    tick = "mutation($cart: String!) { recadoTickConsents(cart_id: $cart, purposes: [orders, marketing]) }"
    assert rest.graphql(tick, cart=cart) == {"recadoTickConsents": True}
    number_of_order = rest.graphql(PLACE, cart=cart)["placeOrder"]["order"]["order_number"]
    order = store.order_of(number_of_order)
    store.send()
    assert connected.told(order, 1)[0] == ("order_placed", "delivered")

    consents = connected.installation

    def said() -> set[tuple[str, str]]:
        told = consents.json("consent", "list", connected.made["shop_id"], "--number", number)
        return {(row["purpose"], row["source"]) for row in told["history"]}

    wait_until(lambda: {("orders", "checkout"), ("marketing", "checkout")} <= said(), 60, 0.5)


def test_a_headless_checkout_gives_a_mobile_beside_a_landline(
    store: Store, rest: Rest, connected: SidecarOfShop, handset: Phone
) -> None:
    rest.product("tee", 1000)
    number = "+5511912345712"
    cart = rest.guest_cart("tee", telephone="(11) 3456-7890")
    give = "mutation($cart: String!, $number: String!) { recadoGiveMobile(cart_id: $cart, number: $number) }"
    assert rest.graphql(give, cart=cart, number="none").startswith("The mobile number for texts is no phone number")
    assert rest.graphql(give, cart=cart, number="(11) 91234-0000") == {"recadoGiveMobile": True}
    assert rest.call("PUT", f"recado/carts/{cart}/mobile", {"number": "(11) 91234-5712"}) is True
    assert rest.call("POST", f"recado/carts/{cart}/code") is True
    assert rest.call("POST", f"recado/carts/{cart}/code/check", {"code": handset.code(number)}) is True
    order = store.order_of(rest.graphql(PLACE, cart=cart)["placeOrder"]["order"]["order_number"])
    assert rest.order(order)["extension_attributes"]["recado_mobile"] == "(11) 91234-5712"
    store.send()
    connected.told(order, 1)
    assert {m["to"] for m in connected.messages() if m["order_id"] == str(order)} == {number}


def test_a_number_confirmed_with_an_order_is_proved_for_the_account(rest: Rest, handset: Phone) -> None:
    rest.product("tee", 1000)
    me = customer(rest, "FR")
    rest.fill_customer_cart(me, "tee", "FR")
    cart = rest.graphql("{ customerCart { id } }", me)["customerCart"]["id"]
    assert rest.graphql(f'mutation {{ recadoSendCode(cart_id: "{cart}") }}', me) == {"recadoSendCode": True}
    check = "mutation($cart: String!, $code: String!) { recadoCheckCode(cart_id: $cart, code: $code) }"
    assert rest.graphql(check, me, cart=cart, code=handset.code(FRENCH)) == {"recadoCheckCode": True}
    assert rest.refused("GET", "recado/consents/mine", token=me).startswith(UNPROVED)
    assert rest.pay_customer_cart(me, "FR")
    assert len(rest.call("GET", "recado/consents/mine", token=me)) == 3


def test_a_number_confirmed_as_of_one_country_is_not_confirmed_as_of_another(rest: Rest, handset: Phone) -> None:
    """The same digits are somebody else's there."""
    rest.product("tee", 1000)
    me = customer(rest, "FR")
    rest.fill_customer_cart(me, "tee", "FR")
    cart = rest.graphql("{ customerCart { id } }", me)["customerCart"]["id"]
    rest.graphql(f'mutation {{ recadoSendCode(cart_id: "{cart}") }}', me)
    check = "mutation($cart: String!, $code: String!) { recadoCheckCode(cart_id: $cart, code: $code) }"
    rest.graphql(check, me, cart=cart, code=handset.code(FRENCH))
    elsewhere = {**guest_address("BR"), "telephone": guest_address("FR")["telephone"]}
    paid = {"paymentMethod": {"method": "checkmo"}, "billingAddress": elsewhere}
    assert "confirm your phone number" in rest.refused("POST", "carts/mine/payment-information", paid, me)
