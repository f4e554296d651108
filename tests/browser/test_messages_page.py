"""The messages in a browser: found, told, handled, and what a button does looked up where it counts."""

from playwright.sync_api import Page, expect

from sidecar.domain.status import MessageState as S
from tests.acceptance.processes import wait_until

from .site import Site
from .visitor import Visitor


def test_empty_ordinary_and_huge(operator: Visitor, site: Site) -> None:
    operator.go("/admin/messages")
    expect(operator.page.get_by_text("No messages yet.")).to_be_visible()
    operator.check()
    shop = site.add_shop()
    ids = site.add_messages(shop, *S)
    operator.go("/admin/messages")
    expect(operator.page.locator("table.messages tbody tr")).to_have_count(len(S))
    operator.check()
    operator.go(f"/admin/shops/{shop.id}/messages/{ids[0]}")
    operator.check()
    site.add_many(shop, 20_000)
    operator.go(f"/admin/shops/{shop.id}/messages")
    expect(operator.page.locator("table.messages tbody tr")).to_have_count(30)
    operator.page.get_by_role("link", name="Older").click()
    expect(operator.page.get_by_role("link", name="Newest")).to_be_visible()
    operator.check()


class TestFinding:
    def rows(self, page: Page) -> list[str]:
        return [row.inner_text() for row in page.locator("table.messages tbody tr").all()]

    def search(self, page: Page, words: str) -> list[str]:
        page.get_by_role("searchbox").fill(words)
        page.get_by_role("button", name="Search").click()
        page.wait_for_load_state()
        return self.rows(page)

    def test_by_order_number_digits_and_id(self, operator: Visitor, site: Site) -> None:
        shop, other = site.add_shop(), site.add_shop("Other")
        ids = site.add_messages(shop, *[S.DELIVERED] * 12)
        site.add_messages(other, S.DELIVERED, to="+5511777770000", order_id="9")
        page = operator.go("/admin/messages")
        assert ["#1003" in row for row in self.search(page, "1003")] == [True]
        assert len(self.search(page, "0007")) == 1
        assert len(self.search(page, "+5511777770000")) == 1
        assert len(self.search(page, "(11) 77777-0000")) == 1
        assert len(self.search(page, ids[4])) == 1
        assert self.search(page, "nothing like it") == []
        operator.go(f"/admin/shops/{shop.id}/messages")
        assert self.search(page, "+5511777770000") == []

    def test_by_what_became_of_them(self, operator: Visitor, site: Site) -> None:
        site.add_messages(site.add_shop(), S.DELIVERED, S.READ, S.HELD, S.REJECTED, S.DELIVERED)
        page = operator.go("/admin/messages")
        for name, count in (("Arrived", 3), ("Waiting", 1), ("Failed", 1), ("Not sent", 0), ("All", 5)):
            page.get_by_role("link", name=name, exact=True).click()
            expect(page.locator("table.messages tbody tr")).to_have_count(count)


class TestHandling:
    def choose(self, page: Page, *numbers: int) -> None:
        for number in numbers:
            page.locator("input[name=id]").nth(number).check()

    def test_cancelled_are_those_that_wait_and_no_other(self, operator: Visitor, site: Site) -> None:
        ids = site.add_messages(site.add_shop(), S.HELD, S.DELIVERED)
        page = operator.go("/admin/messages")
        page.locator("[data-pick-all]").check()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("heading")).to_have_text("Cancel 1 message?")
        expect(page.get_by_text("with these it cannot be done")).to_be_visible()
        operator.check()
        assert site.message(ids[0]).state == S.HELD
        page.get_by_role("button", name="Cancel 1 message").click()
        expect(page.get_by_role("status")).to_have_text("1 message is cancelled.")
        assert [site.message(i).state for i in ids] == [S.CANCELLED, S.DELIVERED]
        operator.go("/admin/people/log")
        expect(operator.page.get_by_text("messages.cancel")).to_be_visible()

    def test_released_they_leave(self, operator: Visitor, site: Site) -> None:
        account = site.add_account()
        ids = site.add_messages(site.add_shop(account_id=account), S.HELD, account_id=account)
        page = operator.go("/admin/messages")
        self.choose(page, 0)
        page.get_by_role("button", name="Release").click()
        page.get_by_role("button", name="Release 1 message").click()
        wait_until(site.sent, 15)
        assert [text["to"] for text in site.sent()] == [site.message(ids[0]).to]
        wait_until(lambda: site.message(ids[0]).state == S.ACCEPTED, 15)

    def test_sent_again_once_however_often_it_is_pressed(self, operator: Visitor, site: Site) -> None:
        account = site.add_account()
        shop = site.add_shop(account_id=account)
        failed = site.add_messages(shop, S.UNDELIVERED, account_id=account)[0]
        page = operator.go(f"/admin/shops/{shop.id}/messages/{failed}")
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_text("no tariff is set")).to_be_visible()
        form = page.locator("form.actions").evaluate("form => [...new FormData(form)]")
        page.get_by_role("button", name="Send 1 message again").click()
        expect(page.get_by_role("status")).to_have_text("1 message is sent once more.")
        operator.page.request.post(f"/admin/shops/{shop.id}/messages/do", form=dict(form))
        wait_until(site.sent, 15)
        texts = site.sent()
        assert [text["text"] for text in texts] == [site.message(failed).text]
        operator.go(f"/admin/shops/{shop.id}/messages?state=underway")
        page.locator("td.text a").click()
        expect(page.get_by_text("A person had the text of another message sent once more:")).to_be_visible()
        operator.check()

    def test_all_that_a_search_finds(self, operator: Visitor, site: Site) -> None:
        shop = site.add_shop()
        site.add_messages(shop, *[S.HELD] * 60)
        page = operator.go("/admin/messages?state=waiting")
        page.locator("input[name=all]").check()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Cancel 60 messages").click()
        expect(page.get_by_role("status")).to_have_text("60 messages are cancelled.")
        page.get_by_role("link", name="Waiting").click()
        expect(page.get_by_text("No message is like that.")).to_be_visible()


def test_exported_as_a_table(operator: Visitor, site: Site) -> None:
    shop = site.add_shop()
    site.add_messages(shop, S.DELIVERED, text="=HYPERLINK(1)")
    page = operator.go("/admin/messages")
    page.get_by_text("Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    table = download.value.path().read_text(encoding="utf-8-sig")
    assert table.splitlines()[0].startswith("id,shop_id,order_id")
    assert "'=HYPERLINK(1)" in table
    assert "+5511900000000" not in table


def test_an_owner_sees_their_shop_alone(site: Site, operator: Visitor) -> None:
    ana, bob = site.add_shop(), site.add_shop("Bob's")
    site.add_messages(bob, S.DELIVERED)
    site.add_owner(ana)
    operator.page.context.clear_cookies()
    operator.sign_in("ana@loja.example")
    expect(operator.page.get_by_role("heading", level=1)).to_have_text("Loja da Ana")
    expect(operator.page.get_by_text("Bob's")).to_have_count(0)
    operator.check()
    assert operator.page.goto(f"/admin/shops/{bob.id}/messages").status == 404  # type: ignore[union-attr]
