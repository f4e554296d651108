"""The words of consents: what the owner wrote is what people see, and what is kept as proof."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.processes import wait_until

from ..browser import Screens
from ..sidecars import SidecarOfShop
from .owning import save, set_value, settings_page
from .rest import Rest
from .store import Store
from .visiting import Checkout

ORDERS = "{shop} darf mir zu Bestellungen schreiben – <b>immer</b> & überall."
SHOWN = ORDERS.replace("{shop}", "Loja da Ana")
SOLD_OUT = "poster-for-words"


@pytest.fixture(autouse=True, scope="module")
def asking(store: Store, rest: Rest, connected: SidecarOfShop) -> Iterator[None]:
    """Alerts are offered, and the checkout asks for consent to order texts; not for longer."""
    rest.product("tee", 1000)
    rest.product(SOLD_OUT, 0)
    asked = {"ask_orders": "1", "ask_marketing": "0", "verification": []}
    store.save_settings({"checkout": asked, "sending": {"mode": "6"}, "alerts": {"enabled": "1"}})
    store.flush()
    yield
    store.sql("DELETE FROM core_config_data WHERE path LIKE 'recado\\_sms/%/wording%'")
    store.save_settings({"checkout": {"ask_orders": "0"}})
    store.flush()


def test_in_the_empty_field_the_owner_reads_ours(store: Store, owner: Page, screens: Screens) -> None:
    settings_page(store, owner)
    for field in ("checkout_wording_orders", "checkout_wording_marketing", "alerts_wording_stock_alerts"):
        words = owner.locator(f"#recado_sms_{field}")
        expect(words).to_have_value("")
        assert str(words.get_attribute("placeholder")).startswith("{shop} may text me")
    screens.take(owner, "words-empty", "#recado_sms_checkout")


def test_what_the_owner_wrote_is_shown_at_the_checkout_and_kept_as_proof(
    store: Store, connected: SidecarOfShop, owner: Page, shopper: Page, screens: Screens
) -> None:
    settings_page(store, owner)
    set_value(owner, "checkout_wording_orders", ORDERS)
    save(owner)
    checkout = Checkout(shopper, store.url)
    checkout.open("tee")
    checkout.say_where_to("(11) 91234-5711")
    shopper.get_by_label(SHOWN, exact=True).check()
    screens.take(shopper, "checkout-own-words")
    order = store.order_of(checkout.place())
    store.send()
    connected.told(order, 1)
    shop = connected.made["shop_id"]
    kept = wait_until(lambda: connected.installation.json("consent", "list", shop, "--number", "+5511912345711"), 60)
    assert [(row["purpose"], row["wording"]) for row in kept["history"]] == [("orders", SHOWN)]


def test_a_page_in_the_cache_does_not_go_on_showing_old_words(
    store: Store, owner: Page, shopper: Page, screens: Screens
) -> None:
    shopper.goto(f"{store.url}/{SOLD_OUT}.html")
    words = shopper.locator("#recado-wording")
    expect(words).to_contain_text("when a product that I asked for is back")
    settings_page(store, owner)
    set_value(owner, "alerts_wording_stock_alerts", "One text of {shop}.")
    save(owner)
    shopper.goto(f"{store.url}/{SOLD_OUT}.html")
    expect(words).to_have_text("One text of Loja da Ana.")
    screens.take(shopper, "product-own-words", "#recado-alert")


def test_a_store_view_has_words_of_its_own_and_fronts_of_others_are_told_them(store: Store, rest: Rest) -> None:
    store.save_settings({"checkout": {"wording_marketing": "Offers of {shop}"}})
    store.save_settings({"checkout": {"wording_marketing": "Ofertas da {shop}"}}, store="default")
    store.flush()
    asked = "query($purpose: RecadoPurpose!) { recadoWording(purpose: $purpose) }"
    assert rest.call("GET", "recado/wording/marketing") == "Ofertas da Loja da Ana"
    assert rest.graphql(asked, purpose="marketing") == {"recadoWording": "Ofertas da Loja da Ana"}
    assert rest.of_view("all").call("GET", "recado/wording/marketing") == "Offers of Loja da Ana"
    assert rest.refused("GET", "recado/wording/weather") == "Choose orders, stock_alerts or marketing."
