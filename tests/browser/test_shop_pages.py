"""Shops in a browser: who has never seen these pages adds one and sends a first text, by what the screen says alone."""

from playwright.sync_api import expect
from sqlalchemy import select

from sidecar.domain.status import MessageState as S
from sidecar.storage import routes, shops
from sidecar.storage.tables import audit, messages
from tests.acceptance.processes import wait_until

from .site import Site
from .visitor import Visitor


def test_a_newcomer_adds_a_shop_and_sends_a_first_text(operator: Visitor, site: Site) -> None:
    """The steps of the guide, one after the other; nothing is typed that the screen does not ask for."""
    site.add_account()
    page = operator.go("/admin/")
    page.get_by_role("link", name="Add a shop").click()
    operator.check()
    page.get_by_label("Name", exact=True).fill("Loja da Ana")
    page.get_by_label("Address").fill("loja.example")
    page.get_by_label("Country").select_option("Brazil")
    page.get_by_label("Language of the texts").select_option("pt_BR")
    page.get_by_label("Time zone").fill("America/Sao_Paulo")
    page.get_by_label("Sender").fill("Loja da Ana")
    page.get_by_label("Contact").fill("(11) 4002-8922")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Setting up Loja da Ana")
    expect(page.locator("#code")).to_contain_text("#rct_")
    expect(page.get_by_text("done: Texts go by gateway.")).to_be_visible()
    expect(page.get_by_text("to do: No test text has left yet: step 3.")).to_be_visible()
    page.get_by_label("Your mobile number").fill("(11) 91234-5678")
    page.get_by_role("button", name="Send the test text").click()
    wait_until(site.sent, 15)
    assert [text["to"] for text in site.sent()] == ["+5511912345678"]
    assert site.sent()[0]["text"].startswith("Loja da Ana")
    expect(page.get_by_text("done: The test text has left.")).to_be_visible()
    operator.check()


def test_what_was_mistyped_is_told_beside_its_field(operator: Visitor, site: Site) -> None:
    page = operator.go("/admin/add-shop")
    for label, value in (("Name", "x"), ("Address", "no address"), ("Sender", "x")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("is no shop's address")
    assert page.get_by_label("Name", exact=True).input_value() == "x"
    page.get_by_label("Address", exact=True).fill("https://shop.example")
    page.get_by_label("Time zone").fill("Mars")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("“Mars” cannot be read here.")
    operator.check()
    with site.recado.database.read() as connection:
        assert shops.count(connection) == 0


def test_a_number_that_is_none_sends_nothing(operator: Visitor, site: Site) -> None:
    shop = site.add_shop(account_id=site.add_account())
    page = operator.go(f"/admin/shops/{shop.id}/setup")
    page.get_by_label("Your mobile number").fill("123")
    page.get_by_role("button", name="Send the test text").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not a mobile number.")
    with site.recado.database.read() as connection:
        assert connection.execute(select(messages)).first() is None


def test_a_shop_without_an_account_is_given_one(operator: Visitor, site: Site) -> None:
    shop = site.add_shop()
    site.add_account()
    page = operator.go(f"/admin/shops/{shop.id}/setup")
    expect(page.get_by_text("Nobody carries the texts yet")).to_be_visible()
    page.get_by_label("First", exact=True).select_option(label="gateway (http)")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Texts go by gateway.")).to_be_visible()
    site.add_account("spare")
    page.reload()
    page.get_by_text("Change the order").press("Enter")
    operator.check()
    page.locator("details[open]").get_by_label("First").select_option(label="spare (http)")
    page.locator("details[open]").get_by_label("Then").select_option(label="gateway (http)")
    page.get_by_role("button", name="Save").first.press("Enter")
    expect(page.get_by_text("Texts go by spare, gateway.")).to_be_visible()
    page.get_by_text("An order of its own").press("Enter")
    page.get_by_label("Country").fill("fr")
    page.get_by_label("Kind of text").select_option(label="advertising")
    page.locator("#route-new-0").select_option(label="gateway (http)")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("heading", name="France, advertising")).to_be_visible()
    operator.check()
    with site.recado.database.read() as connection:
        assert connection.execute(select(audit.c.action)).scalars().all() == ["shop.route"] * 3
        found = routes.routes_of(connection, {shop.id}).lists_of(shop.id)
    named = {place: [account.name for account in found[place]] for place in found}
    assert named == {("", ""): ["spare", "gateway"], ("FR", "marketing"): ["gateway"]}


def test_a_new_code_ends_the_one_before(operator: Visitor, site: Site) -> None:
    shop = site.add_shop()
    page = operator.go(f"/admin/shops/{shop.id}/setup")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Make a new code").click()
    token = (page.locator("#code").text_content() or "").partition("#")[2]
    with site.recado.database.read() as connection:
        found = shops.by_token(connection, token)
    assert found and found.id == shop.id


def test_the_list_empty_and_full(operator: Visitor, site: Site) -> None:
    operator.go("/admin/shops")
    expect(operator.page.get_by_text("it takes two minutes")).to_be_visible()
    operator.check()
    for number in range(70):
        site.add_messages(site.add_shop(f"Shop {number}"), S.DELIVERED)
    operator.go("/admin/shops")
    rows = operator.page.locator("table tbody tr")
    for count in (30, 30, 10):
        expect(rows).to_have_count(count)
        operator.check()
        if count == 30:
            operator.page.get_by_role("link", name="Next page").click()
    operator.page.get_by_role("searchbox").fill("shop 69")
    operator.page.get_by_role("button", name="Search").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Shop 69")
