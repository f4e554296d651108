"""The pages in a browser whose scripts are off: what an owner needs most works by forms and links alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sidecar.domain.status import MessageState as S
from sidecar.storage import shops
from tests.acceptance.processes import wait_until

from .site import Site
from .test_conversation_pages import hear, unread
from .visitor import Visitor


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    visitor = Visitor(browser, site, scripts=False).sign_in()
    yield visitor
    visitor.close()


def test_a_shop_is_added_and_sends_a_first_text(visitor: Visitor, site: Site) -> None:
    site.add_account()
    page = visitor.go("/admin/add-shop")
    page.get_by_label("Name", exact=True).fill("Loja da Ana")
    page.get_by_label("Address").fill("loja.example")
    page.get_by_label("Country").select_option("Brazil")
    page.get_by_label("Sender").fill("Loja da Ana")
    page.get_by_text("Keys of the shop").press("Enter")
    expect(page.get_by_label("Consumer key")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#code")).to_contain_text("#rct_")
    page.get_by_label("Your mobile number").fill("(11) 91234-5678")
    page.get_by_role("button", name="Send the test text").click()
    wait_until(site.sent, 15)
    assert [text["to"] for text in site.sent()] == ["+5511912345678"]
    wait_until(lambda: page.reload() and page.get_by_text("done: The test text has left.").is_visible(), 15)
    visitor.check()


def test_settings_are_changed_and_a_mistake_is_told(visitor: Visitor, site: Site) -> None:
    shop = site.add_shop()
    page = visitor.go(f"/admin/shops/{shop.id}/settings")
    page.get_by_label("Sender").fill("Casa da Ana")
    hours = page.get_by_role("group", name="Sending hours")
    expect(hours.get_by_label("Monday: from")).to_be_hidden()
    hours.get_by_role("radio", name="Day by day").check()
    hours.get_by_role("checkbox", name="Sunday").uncheck()
    for number, (since, until) in enumerate((("09:00", "12:00"), ("13:00", "15:00"), ("16:00", "18:00")), 1):
        name = "Monday" if number == 1 else f"Monday {number}"
        if number > 1:
            hours.get_by_text(f"more hours: {'Monday' if number == 2 else name}", exact=True).press("Enter")
        hours.get_by_label(f"{name}: from").fill(since)
        hours.get_by_label(f"{name}: until").fill(until)
    page.locator("summary", has_text="When texts leave").press("Enter")
    page.get_by_label("Parcel sent: how long after").fill("soon")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Parcel sent: write a number")).to_be_visible()
    visitor.check()
    page.get_by_label("Parcel sent: how long after").fill("2")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    with site.recado.database.read() as connection:
        settings = shops.several(connection, {shop.id})[shop.id].settings
    assert (settings.sender, settings.delays) == ("Casa da Ana", {"order_shipped": "2h"})
    assert settings.transactional_window == "mon 09:00-12:00,13:00-15:00,16:00-18:00; tue-sat 09:00-18:00"


def test_a_message_is_found_and_sent_again(visitor: Visitor, site: Site) -> None:
    account = site.add_account()
    shop = site.add_shop(account_id=account)
    failed = site.add_messages(shop, S.UNDELIVERED, S.DELIVERED, account_id=account)[0]
    page = visitor.go(f"/admin/shops/{shop.id}/messages")
    page.get_by_role("link", name="Failed", exact=True).click()
    page.locator("td.text a").click()
    page.get_by_role("button", name="Send again").click()
    page.get_by_role("button", name="Send 1 message again").click()
    expect(page.get_by_role("status")).to_have_text("1 message is sent once more.")
    wait_until(site.sent, 15)
    assert [text["text"] for text in site.sent()] == [site.message(failed).text]
    visitor.check()


def test_a_conversation_is_read_and_answered(visitor: Visitor, site: Site) -> None:
    account = site.add_account()
    shop = site.add_shop(account_id=account)
    site.add_messages(shop, S.DELIVERED, account_id=account, to="+5511912345678")
    hear(site, shop, "Quando chega?")
    page = visitor.go(f"/admin/shops/{shop.id}/conversations")
    page.locator(".talks a").click()
    visitor.check()
    page.get_by_role("button", name="Mark as read").click()
    assert unread(site) == 0
    page.locator(".talks a").click()
    page.get_by_label("Your answer").fill("Amanhã!")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Your answer is on its way.")
    wait_until(site.sent, 15)
    assert [text["text"] for text in site.sent()] == ["Loja da Ana: Amanhã! (11) 4002-8922"]
