"""What owners and shoppers see and press in a real store, in headless Chromium; screenshots are kept."""

import re
import time

from playwright.sync_api import Page, expect

from tests.acceptance.processes import wait_until

from ..browser import Screens
from ..sidecars import SidecarOfShop
from .owning import save, set_value, settings_page
from .rest import Rest
from .store import Store

MINE = "+5511987654321"


def test_an_owner_pastes_the_code_picks_a_mode_and_tests(
    store: Store, sidecar: SidecarOfShop, owner: Page, screens: Screens
) -> None:
    store.sql("DELETE FROM core_config_data WHERE path LIKE 'recado\\_sms/%'")
    store.sql("DELETE FROM flag WHERE flag_code = 'recado_sms_settings'")
    store.flush()
    settings_page(store, owner)
    set_value(owner, "connection_address", f"{sidecar.url}#{sidecar.made['api_token']}")
    set_value(owner, "sending_mode", "3")
    set_value(owner, "sending_sender", "Loja da Ana")
    set_value(owner, "sending_transactional_window", "always")
    set_value(owner, "sending_settle_seconds", "0")
    assert "Recado works by these settings now." in save(owner)
    settings_page(store, owner)
    expect(owner.locator("#recado-state li.good").first).to_contain_text("Loja da Ana: mode 3")
    expect(owner.locator("#recado-texts summary").first).to_be_visible()
    owner.click("#recado-test-open")
    owner.fill("#recado-test-to", MINE)
    expect(owner.locator("#recado-test-text option").first).to_be_attached()
    owner.select_option("#recado-test-text", "order_placed")
    screens.take(owner, "settings")
    owner.click("#recado-test-send")
    expect(owner.locator("#recado-test-outcome .recado-state-word")).to_have_text("delivered")
    screens.take(owner, "test-button", "#recado-test")
    assert [m["template"] for m in sidecar.messages() if m["event"] == "test"] == ["order_placed"]


def test_modes_with_alerts_are_refused_without_them_and_what_was_typed_stays_when_nobody_answers(
    store: Store, sidecar: SidecarOfShop, owner: Page, screens: Screens
) -> None:
    settings_page(store, owner)
    set_value(owner, "alerts_enabled", "0")
    set_value(owner, "sending_mode", "6")
    assert "Switch on Availability Alerts on this page first." in save(owner)
    screens.take(owner, "mode-refused", "#messages")
    sidecar.stop()
    settings_page(store, owner)
    set_value(owner, "sending_mode", "6")
    set_value(owner, "alerts_enabled", "1")
    said = save(owner)
    assert "Kept here, and Recado will be told as soon as it can be." in said
    sidecar.start()
    assert "settings told" in store.send()
    assert sidecar.installation.json("shop", "show", sidecar.made["shop_id"])["mode"] == 6


def test_an_order_shows_its_texts_and_takes_one_by_hand(
    store: Store, rest: Rest, sidecar: SidecarOfShop, owner: Page, screens: Screens
) -> None:
    rest.product("tee", 1000)
    order = rest.place_as_guest("tee")
    store.send()
    wait_until(lambda: [m for m in sidecar.messages() if m["order_id"] == str(order)], 60, 0.5)
    owner.goto(f"{store.url}/admin/sales/order/view/order_id/{order}")
    owner.click("#sales_order_view_tabs_recado_sms")
    expect(owner.locator("#recado-order-texts tbody tr")).to_have_count(1)
    owner.fill("#recado-send-words", "Your order {order_number} waits at the counter")
    owner.click("#recado-send-go")
    expect(owner.locator("#recado-order-texts tbody tr")).to_have_count(2)
    expect(owner.locator("#recado-order-texts")).to_contain_text("waits at the counter")
    # The number is read as in the customer's country, which is not the shop's.
    assert {m["to"] for m in sidecar.messages() if m["order_id"] == str(order)} == {MINE}
    screens.take(owner, "order-tab")


def test_what_a_customer_writes_is_read_and_answered_beside_the_order(
    store: Store, rest: Rest, sidecar: SidecarOfShop, owner: Page, screens: Screens
) -> None:
    talker = "+5511912349909"  # answers "1" to all that the simulator sends
    order = rest.place_as_guest("tee", telephone="(11) 91234-9909")
    store.send()
    sidecar.told(order, 1)
    owner.goto(f"{store.url}/admin/sales/order/view/order_id/{order}")
    owner.click("#sales_order_view_tabs_recado_sms")
    again = owner.locator("#recado-order-again")

    def is_heard() -> bool:
        again.click()
        owner.wait_for_timeout(500)
        return owner.locator("#recado-talk").is_visible()

    wait_until(is_heard, 60, 0.5)
    expect(owner.locator("#recado-talk")).to_contain_text("1")
    owner.fill("#recado-answer", "We are open until six.")
    owner.click("#recado-answer-go")
    expect(owner.locator("#recado-talk")).to_contain_text("We are open until six.")
    screens.take(owner, "order-conversation")
    assert "We are open until six." in sidecar.last_to(talker)


def test_the_outbox_is_a_grid_and_what_was_given_up_is_tried_again(
    store: Store, rest: Rest, owner: Page, screens: Screens
) -> None:
    store.sql("DELETE FROM recado_sms_outbox WHERE state = 'dead'")
    order = rest.place_as_guest("tee")
    store.sql(f"UPDATE recado_sms_outbox SET state = 'dead', note = 'HTTP 413' WHERE order_id = {order}")
    owner.goto(f"{store.url}/admin/recado_sms/outbox")
    expect(owner.locator("tr.data-row", has_text="Given up")).to_have_count(1)
    screens.take(owner, "outbox")
    owner.locator("tr.data-row", has_text="Given up").locator("label.data-grid-checkbox-cell-inner").click()
    owner.locator(".action-select").first.click()
    owner.locator(".action-menu-item", has_text="Try again").first.click()
    owner.wait_for_selector("#messages .message-success")
    assert store.outbox("state", "note = 'HTTP 413'") == [["waiting"]]
    store.send()


def test_a_guest_asks_for_a_sold_out_product_and_is_told(
    store: Store, rest: Rest, sidecar: SidecarOfShop, shopper: Page, screens: Screens
) -> None:
    sku = f"mug-{time.time_ns()}"
    rest.product(sku, 0)
    store.set("recado_sms/alerts/wait_seconds", "0")
    store.flush()
    shopper.goto(f"{store.url}/{sku}.html")
    screens.take(shopper, "product-sold-out")
    number = "+5511912345705"
    shopper.fill("#recado-number", "+55 (11) 91234-5705")
    shopper.click(".recado-alert-form button")
    expect(shopper.locator(".recado-outcome.good")).to_contain_text("open the link in it")
    screens.take(shopper, "product-asked", "#recado-alert")
    shopper.goto(re.findall(r"https?://\S+", sidecar.last_to(number))[0])
    shopper.click("form button")
    store.send()
    rest.set_stock(sku, 5)
    store.send()
    back = wait_until(lambda: [m for m in sidecar.messages() if m["template"] == "product_available"], 90, 1)
    assert [m["to"] for m in back] == [number]
    shopper.goto(f"{store.url}/{sku}.html")
    expect(shopper.locator("#recado-alert")).to_have_count(0)
