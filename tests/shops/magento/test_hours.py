"""Sending hours on the settings page: filled in by keyboard, stored as one text, refused in a sentence that says what
is wrong."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from ..browser import Screens
from ..sidecars import SidecarOfShop
from .owning import save, set_value, settings_page
from .store import Store

FIELD = "sending_transactional_window"
WEEK = "mon-fri 09:00-12:00,14:00-18:00; sat 10:00-13:00; no holidays BR-SP"


@pytest.fixture(autouse=True, scope="module")
def connection(store: Store, connected: SidecarOfShop) -> Iterator[None]:
    yield
    store.sql("DELETE FROM core_config_data WHERE path = 'recado_sms/sending/marketing_window'")
    store.save_settings({"sending": {"transactional_window": "always"}})
    store.flush()


@pytest.fixture
def hours(store: Store, owner: Page) -> Locator:
    """The fields of the order texts' hours, day by day; so far there was no limit."""
    store.save_settings({"sending": {"transactional_window": "always"}})
    settings_page(store, owner)
    set_value(owner, FIELD, "each")
    return owner.locator(".recado-hours", has=owner.locator(f"#recado_sms_{FIELD}"))


def stored(store: Store) -> list[list[str]]:
    of_all = "scope = 'default' AND path = 'recado_sms/sending/transactional_window'"
    return store.sql(f"SELECT value FROM core_config_data WHERE {of_all}")


def test_a_week_with_breaks_is_filled_in_by_keyboard_and_stored_as_one_text(
    store: Store, connected: SidecarOfShop, owner: Page, hours: Locator, screens: Screens
) -> None:
    keys = owner.keyboard
    for day in ("Saturday", "Sunday"):
        hours.get_by_label(day, exact=True).press("Space")
    expect(hours.get_by_label("Sunday: from")).to_be_hidden()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        hours.get_by_label(f"{day}: from").focus()
        # Each time has three parts in this language; Tab leads on through them, past ×, to the next hours.
        keys.type("0900AM")
        hours.get_by_label(f"{day}: until").focus()
        keys.type("1200PM")
        hours.get_by_role("button", name=f"{day}: add hours").press("Enter")
        expect(hours.get_by_label(f"{day}: from").nth(1)).to_be_focused()
        keys.type("0200PM")
        hours.get_by_label(f"{day}: until").nth(1).focus()
        keys.type("0600PM")
    hours.get_by_label("Saturday", exact=True).press("Space")
    hours.get_by_label("Saturday: from").fill("10:00")
    hours.get_by_label("Saturday: until").fill("13:00")
    hours.get_by_label("Not on public holidays").press("Space")
    hours.get_by_label("Whose holidays").fill("br-sp")
    screens.take(owner, "hours-week", f"#row_recado_sms_{FIELD}")
    assert "Recado works by these settings now." in save(owner)
    assert stored(store) == [[WEEK]]
    assert connected.installation.json("shop", "show", connected.made["shop_id"])["transactional_window"] == WEEK
    settings_page(store, owner)
    expect(hours.get_by_label("Saturday", exact=True)).to_be_checked()
    expect(hours.get_by_label("Friday: until").nth(1)).to_have_value("18:00")
    hours.get_by_role("button", name="Friday: remove these hours").nth(1).press("Enter")
    expect(hours.get_by_label("Friday: until")).to_have_count(1)
    expect(hours.get_by_role("button", name="Friday: add hours")).to_be_focused()


def test_what_is_wrong_is_said_before_anything_is_saved_and_nothing_typed_is_lost(
    store: Store, owner: Page, hours: Locator, screens: Screens
) -> None:
    before = stored(store)
    hours.get_by_label("Tuesday: until").first.fill("")
    hours.get_by_label("Thursday", exact=True).press("Space")
    owner.click("#save")
    fault = owner.locator(f"#recado_sms_{FIELD}-error")
    expect(fault).to_have_text("Tuesday: say from when until when, such as 09:00 to 18:00.")
    screens.take(owner, "hours-refused", f"#row_recado_sms_{FIELD}")
    expect(hours.get_by_label("Thursday", exact=True)).not_to_be_checked()
    assert stored(store) == before


def test_the_same_hours_and_any_hour_need_no_days(store: Store, owner: Page, hours: Locator, screens: Screens) -> None:
    set_value(owner, FIELD, "same")
    hours.get_by_label("Every day: from").first.fill("22:00")
    hours.get_by_label("Every day: until").first.fill("02:00")
    hours.get_by_role("button", name="Every day: add hours").click()
    expect(hours.get_by_label("Every day: from")).to_have_count(2)
    hours.get_by_role("button", name="Every day: remove these hours").last.click()
    screens.take(owner, "hours-same", f"#row_recado_sms_{FIELD}")
    save(owner)
    assert stored(store) == [["22:00-02:00"]]
    settings_page(store, owner)
    set_value(owner, FIELD, "always")
    expect(hours.get_by_label("Every day: from")).to_be_hidden()
    save(owner)
    assert stored(store) == [["always"]]


def test_a_text_that_says_the_same_stays_as_it_was_written_and_one_that_says_nothing_is_refused(store: Store) -> None:
    written = {"kind": "same", "every": {"from": ["09:00"], "until": ["18:00"]}}
    store.save_settings({"sending": {"transactional_window": "fastcommerce"}})
    store.save_settings({"sending": {"transactional_window": written}})
    assert stored(store) == [["fastcommerce"]]
    [said] = store.save_settings({"sending": {"transactional_window": "nine to five"}})
    assert said.startswith("error: These hours cannot be read: nine to five.")
    [said] = store.save_settings({"sending": {"transactional_window": {"kind": "each"}}})
    assert said == "error: Hours for Order Texts: Tick at least one day, or choose any hour."
    assert stored(store) == [["fastcommerce"]]
