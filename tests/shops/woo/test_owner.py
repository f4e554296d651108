"""The owner connects the shop, says what is sent, and tries it out."""

import re

from playwright.sync_api import expect

from ..browser import Screens
from .sidecars import ShopSidecar
from .visiting import Owner


def kept(sidecar: ShopSidecar, *names: str) -> list[object]:
    shown = sidecar.installation.json("shop", "show", sidecar.made["shop_id"])
    return [shown[name] for name in names]


def test_what_the_owner_saves_is_the_sidecars(owner: Owner, connected: ShopSidecar) -> None:
    page = owner.open_settings()
    page.check("input[name='recado[mode]'][value='2']")
    page.fill("#recado-sender", "Ana & Filhas")
    owner.save_settings()
    assert kept(connected, "mode", "sender") == [2, "Ana & Filhas"]
    page.check("input[name='recado[mode]'][value='3']")
    page.fill("#recado-sender", "Loja da Ana")
    owner.save_settings()
    assert kept(connected, "mode", "sender") == [3, "Loja da Ana"]


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
    before = kept(connected, "mode")
    page = owner.open_settings()
    page.check("input[name='recado[mode]'][value='6']")
    page.uncheck("#recado-alerts-enabled")
    owner.save_settings()
    expect(page.locator(".notice-error, .error").first).to_contain_text("alerts")
    screens.take(page, "mode-6-refused")
    assert kept(connected, "mode") == before


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
    assert kept(connected, "contact") == ["(11) 3003-1000"]
