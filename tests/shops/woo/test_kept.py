"""What shoppers say is kept with the order or in the outbox: it reaches the sidecar, also one that was away."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.processes import wait_until
from tests.chromium import PATIENCE_MS, new_page

from ..browser import Screens
from .shop import WooShop
from .sidecars import ShopSidecar
from .visiting import Guest

PHONE_WIDTH = 360
_ASKED = ("recado_consent_orders", "recado_checkout_mobile")
_ALERTS = "array( 'mode' => 6, 'stock_managed' => true, 'alerts_enabled' => true )"
_SOLD_OUT = "$p = wc_get_product( {} ); $p->set_stock_status( 'outofstock' ); $p->save(); return 1;"


@pytest.fixture
def asking(shop: WooShop, connected: ShopSidecar) -> Iterator[ShopSidecar]:
    for option in _ASKED:
        shop.php(f"return update_option( '{option}', 'yes' );")
    yield connected
    for option in (*_ASKED, "recado_code_cash"):
        shop.php(f"return delete_option( '{option}' );")


@pytest.fixture
def away(asking: ShopSidecar) -> Iterator[ShopSidecar]:
    asking.kill()
    yield asking
    if not asking.installation.is_up():
        asking.start()


def consents(sidecar: ShopSidecar, number: str) -> Any:
    return sidecar.installation.json("consent", "list", sidecar.made["shop_id"], "--number", number)


def texts_to(sidecar: ShopSidecar, number: str) -> list[str]:
    return wait_until(lambda: [m["template"] for m in sidecar.messages() if m["to"] == number], PATIENCE_MS / 1000)


def test_finding_38_what_is_ticked_in_the_block_checkout_is_agreed_to(
    browser: Browser, shop: WooShop, asking: ShopSidecar
) -> None:
    guest = Guest(browser, shop)
    guest.put_in_cart(shop.facts["goods"]["simple"])
    page = guest.open_block_checkout()
    guest.fill_blocks(phone="(11) 91234-5621")
    consent = page.get_by_label("may text me about my orders")
    expect(consent).not_to_be_checked()
    consent.check()
    guest.place()
    wait_until(lambda: "may text me about my orders" in str(consents(asking, "+5511912345621")), PATIENCE_MS / 1000)


def test_the_classic_checkout_has_the_number_for_texts_texted(
    browser: Browser, shop: WooShop, asking: ShopSidecar
) -> None:
    guest = Guest(browser, shop)
    guest.put_in_cart(shop.facts["goods"]["simple"])
    page = guest.open_classic_checkout()
    guest.fill_classic(phone="(11) 4002-8922")
    page.fill("#recado_mobile", "(11) 91234-5622")
    page.get_by_label("may text me about my orders").check()
    guest.place()
    assert texts_to(asking, "+5511912345622") == ["order_placed"]
    assert "may text me about my orders" in str(consents(asking, "+5511912345622"))


def test_with_the_sidecar_killed_a_sale_that_needs_a_code_goes_on_and_the_shop_knows(
    browser: Browser, shop: WooShop, away: ShopSidecar, screens: Screens
) -> None:
    shop.php("return update_option( 'recado_code_cash', 'yes' );")
    guest = Guest(browser, shop)
    guest.put_in_cart(shop.facts["goods"]["simple"])
    page = guest.open_block_checkout()
    guest.fill_blocks(phone="(11) 91234-5623")
    page.get_by_role("button", name="Text me the code").click()
    expect(page.get_by_text("We cannot send codes at the moment")).to_be_visible()
    screens.take(page, "no-code-could-be-sent")
    order = guest.place()
    notes = f"array_column( wc_get_order_notes( array( 'order_id' => {order} ) ), 'content' )"
    status, told = shop.php(f"return array( wc_get_order( {order} )->get_status(), {notes} );")
    assert status == "on-hold"
    assert any("no code could be sent" in note for note in told)


def test_a_wish_made_while_the_sidecar_is_away_is_asked_about_when_it_is_back(
    browser: Browser, shop: WooShop, away: ShopSidecar, screens: Screens
) -> None:
    modes = ("--mode", "6", "--stock-managed", "true", "--alerts-enabled", "true")
    away.installation.json("shop", "set", away.made["shop_id"], *modes)
    shop.php(f"Recado\\Plugin::instance()->settings()->keep( {_ALERTS}, array() ); return 1;")
    product = shop.facts["goods"]["virtual"]
    shop.php(_SOLD_OUT.format(product))
    page = new_page(browser, PHONE_WIDTH, 780)
    page.goto(f"{shop.url}/?p={product}")
    page.get_by_label("Mobile number").fill("(11) 91234-5624")
    page.get_by_role("button", name="Text me", exact=True).click()
    expect(page.get_by_text("Noted. We cannot send texts at the moment")).to_be_visible()
    screens.take(page, "noted-while-away")
    away.start()
    shop.php("$d = Recado\\Plugin::instance()->delivery(); $d->wake(); $d->run( 20 ); return 1;")
    assert texts_to(away, "+5511912345624") == ["alert_confirm_link"]
