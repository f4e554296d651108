"""The owner connects the shop, says what is sent, and tries it out."""

import re

from playwright.sync_api import expect

from ..browser import Screens
from .sidecars import ShopSidecar
from .visiting import Owner


def test_what_the_owner_saved_is_the_sidecars(connected: ShopSidecar) -> None:
    shown = connected.installation.json("shop", "show", connected.made["shop_id"])
    assert (shown["mode"], shown["sender"], shown["contact"]) == (3, "Loja da Ana", "(11) 4002-8922")


def test_the_test_button_shows_what_becomes_of_the_text(owner: Owner, connected: ShopSidecar, screens: Screens) -> None:
    page = owner.open_settings("test")
    page.fill("#recado-to", "+55 11 91234-5603")
    page.click("#recado-send")
    expect(page.locator("#recado-outcome")).to_contain_text(re.compile("delivered", re.I))
    screens.take(page, "test-delivered")
    newest = connected.messages()[-1]
    assert (newest["to"], newest["status"], newest["segments"]) == ("+5511912345603", "delivered", 1)


def test_the_test_button_says_why_a_number_was_refused(owner: Owner, connected: ShopSidecar, screens: Screens) -> None:
    page = owner.open_settings("test")
    page.fill("#recado-to", "+5511912349901")
    page.click("#recado-send")
    expect(page.locator("#recado-outcome")).to_contain_text(re.compile("rejected|refused", re.I))
    screens.take(page, "test-refused")


def test_modes_with_alerts_are_refused_without_alerts(owner: Owner, connected: ShopSidecar, screens: Screens) -> None:
    page = owner.open_settings()
    page.check("input[name='recado[mode]'][value='6']")
    page.uncheck("#recado-alerts-enabled")
    owner.save_settings()
    expect(page.locator(".notice-error, .error").first).to_contain_text("alerts")
    screens.take(page, "mode-6-refused")
    assert connected.installation.json("shop", "show", connected.made["shop_id"])["mode"] == 3


def test_a_silent_sidecar_is_named_and_nothing_typed_is_lost(
    owner: Owner, connected: ShopSidecar, screens: Screens
) -> None:
    page = owner.open_settings()
    connected.kill()
    try:
        page.fill("#recado-contact", "(11) 3003-1000")
        owner.save_settings()
        expect(page.locator(".notice-error, .error").first).to_be_visible()
        expect(page.locator("#recado-contact")).to_have_value("(11) 3003-1000")
        screens.take(page, "sidecar-silent")
    finally:
        connected.start()
    owner.save_settings()
    assert connected.installation.json("shop", "show", connected.made["shop_id"])["contact"] == "(11) 3003-1000"
