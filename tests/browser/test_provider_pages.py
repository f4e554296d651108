"""Accounts at providers in a browser: added field by field, asked, and changed."""

from playwright.sync_api import expect

from sidecar.storage import accounts

from .site import Site
from .visitor import Visitor


def test_an_account_is_added_asked_and_given_new_keys(operator: Visitor, site: Site) -> None:
    page = operator.go("/admin/providers")
    expect(page.get_by_text("No account yet.")).to_be_visible()
    operator.check()
    page.get_by_role("link", name="Add an account").click()
    page.get_by_label("Provider").select_option("twilio")
    page.get_by_role("button", name="Choose").click()
    operator.check()
    page.get_by_label("Name").fill("main")
    page.get_by_label("account sid").fill("AC0123456789abcdef")
    page.get_by_label("auth token").fill("secret")
    page.get_by_label("from", exact=True).fill("+15005550006")
    page.get_by_label("base url").fill(site.gateway.url)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("The account is added.")
    operator.check()
    page.get_by_role("button", name="Ask it now").click()
    expect(page.locator(".notice")).to_be_visible()
    assert [request.method for request in site.gateway.requests] == ["GET"]
    page.get_by_label("auth token").fill("another")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    with site.recado.database.read() as connection:
        [account] = accounts.every(connection)
        assert accounts.options(connection, site.recado.vault, account.id)["auth_token"] == "another"


def test_many_of_every_kind(operator: Visitor, site: Site) -> None:
    for number in range(40):
        site.add_account(f"gateway with a rather long name {number:02}")
    page = operator.go("/admin/providers")
    expect(page.locator("table.list tbody tr")).to_have_count(40)
    operator.check()
    page.get_by_role("link", name="gateway with a rather long name 00").click()
    operator.check()
