"""Settings and texts in a browser, up to the words that the gateway receives."""

import re

from playwright.sync_api import expect

from sidecar.storage import shops
from tests.acceptance.processes import wait_until

from .site import Site
from .visitor import Visitor


def test_an_owner_changes_the_sender_and_the_next_text_has_it(operator: Visitor, site: Site) -> None:
    shop = site.add_shop(account_id=site.add_account())
    page = operator.go(f"/admin/shops/{shop.id}/settings")
    operator.check()
    page.get_by_label("Sender").fill("Casa da Ana")
    page.get_by_text("New orders are thanked for by themselves.").click()
    alerting = page.get_by_role("radio", name="New orders, and who asked")
    expect(alerting).to_have_accessible_description(re.compile("chosen yet.*not manage stock.*alerts are off"))
    page.get_by_label("The shop counts its stock").press("Space")
    expect(alerting).to_have_accessible_description(re.compile("^Modes 4, 5, 6 cannot be chosen yet. Availability"))
    page.get_by_label("Customers may ask").press("Space")
    expect(alerting).to_have_accessible_description("")
    page.locator("summary", has_text="Which orders").click()
    page.get_by_label("gets no thank-you").fill("soon")
    page.get_by_role("group", name="Of what your staff is told").get_by_label("Parcel sent").press("Space")
    page.get_by_label("Other statuses").fill("collected")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    operator.check()
    expect(page.get_by_label("Sender")).to_have_value("Casa da Ana")
    page.get_by_label("gets no thank-you").fill("10")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    with site.recado.database.read() as connection:
        settings = shops.several(connection, {shop.id})[shop.id].settings
    assert (settings.sender, int(settings.mode), settings.placed_within_days) == ("Casa da Ana", 2, 10)
    assert settings.staff_events == ("order_placed", "order_shipped")
    assert settings.placed_statuses == ("processing", "on-hold", "completed", "collected")
    operator.go(f"/admin/shops/{shop.id}/setup")
    page.get_by_label("Your mobile number").fill("+5511912345678")
    page.get_by_role("button", name="Send the test text").click()
    wait_until(site.sent, 15)
    assert site.sent()[0]["text"].startswith("Casa da Ana: ")


def test_hours_are_filled_in_by_keyboard_on_a_phone(operator: Visitor, site: Site) -> None:
    shop = site.add_shop(transactional_window="09:00-18:00", marketing_window="mon-sat 10:00-13:00; no holidays FR")
    page = operator.go(f"/admin/shops/{shop.id}/settings")
    operator.set_screen(360, "light")
    hours = page.get_by_role("group", name="Sending hours")
    expect(hours.get_by_label("Monday: from")).to_be_hidden()
    hours.get_by_role("radio", name="The same hours every day").press("ArrowDown")
    hours.get_by_role("checkbox", name="Sunday").press("Space")
    expect(hours.get_by_label("Sunday: from")).to_be_hidden()
    hours.get_by_text("more hours: Monday", exact=True).press("Enter")
    hours.get_by_label("Monday: until").fill("12:00")
    hours.get_by_label("Monday 2: from").fill("14:00")
    hours.get_by_text("more hours: Monday 3").press("Enter")
    hours.get_by_label("Monday 3: from").fill("19:00")
    hours.get_by_label("Monday 3: until").fill("20:00")
    hours.get_by_role("checkbox", name="Not on public holidays").press("Space")
    hours.get_by_label("Whose holidays").fill("br")
    operator.check()
    page.get_by_role("button", name="Save").first.click()
    expect(hours.get_by_role("alert")).to_have_text("Monday: say from when until when, such as 09:00 to 18:00.")
    operator.check()
    hours.get_by_label("Monday 2: until").fill("18:00")
    page.get_by_role("button", name="Save").first.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(hours.get_by_label("Monday 2: from")).to_have_value("14:00")
    with site.recado.database.read() as connection:
        settings = shops.several(connection, {shop.id})[shop.id].settings
    assert (
        settings.transactional_window == "mon 09:00-12:00,14:00-18:00,19:00-20:00; tue-sat 09:00-18:00; no holidays BR"
    )
    assert settings.marketing_window == "mon-sat 10:00-13:00; no holidays FR"


def test_delays_answers_countries_and_statuses_are_filled_in_by_keyboard_on_a_phone(
    operator: Visitor, site: Site
) -> None:
    shop = site.add_shop(delays={"order_completed": "2d at 10:00"}, answers={"horas": "opening_hours"})
    page = operator.go(f"/admin/shops/{shop.id}/settings")
    operator.set_screen(360, "light")
    for title in ("When texts leave", "Which orders", "Answers", "Alerts and codes"):
        page.locator("summary", has_text=re.compile(f"^{title}")).press("Enter")
    expect(page.get_by_label("Parcel delivered: how long after")).to_have_value("")
    delays = page.get_by_role("group", name="Texts that leave later")
    expect(delays).to_contain_text("usually 24 hr")
    delays.get_by_text("Other texts").press("Enter")
    delays.get_by_label("New order: how long after").fill("soon")
    delays.get_by_label("New order: minutes, hours or days").select_option("minutes")
    page.get_by_label("Changes before this moment").fill("2026-11-25T09:00")
    page.get_by_label("Status of an order that was confirmed").select_option("Processing")
    page.get_by_role("textbox", name="Or a status of your own").last.fill("called-off")
    answers = page.get_by_role("group", name="Answers to words")
    answers.get_by_label("Word 1", exact=True).fill("")
    answers.get_by_label("Text that answers word 1").select_option("choose a text")
    answers.get_by_label("Word 2", exact=True).fill("Pedido")
    answers.get_by_label("Text that answers word 2").select_option("Any other status")
    codes = page.get_by_role("group", name="Codes go to these countries only")
    expect(codes.get_by_role("checkbox")).to_have_count(1)
    codes.get_by_text("Other countries").press("Enter")
    codes.get_by_role("checkbox", name="Portugal").press("Space")
    operator.check()
    page.get_by_role("button", name="Save").first.press("Enter")
    expect(delays.get_by_role("alert")).to_contain_text("New order: write a number, up to 90 days in all")
    expect(delays).to_have_accessible_description(re.compile("New order: write a number"))
    operator.check()
    delays.get_by_label("New order: how long after").fill("5")
    page.get_by_role("button", name="Save").first.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    with site.recado.database.read() as connection:
        settings = shops.several(connection, {shop.id})[shop.id].settings
    assert settings.delays == {"order_completed": "2d at 10:00", "order_placed": "5m"}
    assert (settings.told_from, settings.code_countries) == ("2026-11-25T12:00:00+00:00", ("PT",))
    assert (settings.confirmed_status, settings.cancelled_status) == ("processing", "called-off")
    assert settings.answers == {"Pedido": "order_status"}


def test_own_words_are_looked_at_while_typing_submitted_and_approved(operator: Visitor, site: Site) -> None:
    shop = site.add_shop()
    page = operator.go("/admin/texts")
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    operator.check()
    operator.go(f"/admin/shops/{shop.id}/texts")
    operator.check()
    page.get_by_role("link", name="New order", exact=True).click()
    operator.check()
    area = page.get_by_label("Text; sender and contact")
    area.fill("")
    area.press_sequentially("Oba, {first_name}! {nobody}")
    expect(page.locator("#findings .bad").first).to_be_visible()
    area.fill("Oba, {first_name}! Recebemos {order_number}.")
    area.press("End")
    area.press_sequentially(" ")
    expect(page.locator("#findings")).to_contain_text("Nothing stands against it.")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_role("status")).to_contain_text("It waits for your operator's approval.")
    operator.check()
    operator.go("/admin/texts")
    operator.check()
    waiting = page.get_by_role("region", name="Loja da Ana: New order")
    expect(waiting).to_contain_text("Thanks a customer for a new order.")
    expect(waiting).to_contain_text("1 part · GSM-7")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Approved")
    operator.go(f"/admin/shops/{shop.id}/texts")
    expect(page.get_by_text("Oba, ")).to_be_visible()
    page.get_by_role("button", name="Switch off: New order", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("This text is not sent any more.")
    with site.recado.database.read() as connection:
        assert shops.several(connection, {shop.id})[shop.id].settings.texts_off == ("order_placed",)
