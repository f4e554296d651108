"""The overview in a browser: empty, ordinary and huge, and every number leads to what it counts."""

import pytest
from playwright.sync_api import expect

from sidecar.domain.status import MessageState as S
from sidecar.ledger.counting import KEPT, Days
from sidecar.wiring import utc_now

from .site import Site
from .visitor import Visitor


def where_it_is_noon() -> str:
    """So that what was a quarter of an hour ago was today. These zones count the other way round."""
    hours = utc_now().hour - 12
    return f"Etc/GMT{hours:+d}" if hours else "UTC"


def count(site: Site) -> None:
    Days(site.recado.database, utc_now).count(range(KEPT))


def test_empty_ordinary_and_huge(operator: Visitor, site: Site) -> None:
    operator.go("/admin/")
    expect(operator.page.get_by_text("No shop yet.")).to_be_visible()
    operator.check()
    shop = site.add_shop(account_id=site.add_account())
    site.add_messages(shop, *S)
    count(site)
    for path in ("/admin/", f"/admin/shops/{shop.id}/"):
        operator.go(path)
        expect(operator.page.locator(".tiles dd").first).to_contain_text(str(len(S)))
        expect(operator.page.locator(".u-over")).to_have_count(3)
        operator.check()
    site.add_many(shop, 20_000)
    count(site)
    operator.go("/admin/")
    operator.page.get_by_text("As a table").click()
    operator.check()


@pytest.mark.parametrize(
    ("tile", "rows"), [("Messages today", len(S)), ("Delivered", 2), ("Read", 1), ("Oldest in line", 1)]
)
def test_a_number_leads_to_its_messages(operator: Visitor, site: Site, tile: str, rows: int) -> None:
    shop = site.add_shop(account_id=site.add_account(), timezone=where_it_is_noon())
    site.add_messages(shop, *S)
    count(site)
    operator.go(f"/admin/shops/{shop.id}/")
    operator.page.locator(".tiles > div").filter(has_text=tile).get_by_role("link").first.click()
    expect(operator.page.locator("table.messages tbody tr")).to_have_count(rows)


def test_why_they_are_held_leads_to_them_too(operator: Visitor, site: Site) -> None:
    shop = site.add_shop()
    site.add_messages(shop, S.HELD, S.HELD, S.DELIVERED)
    count(site)
    operator.go(f"/admin/shops/{shop.id}/")
    operator.page.locator(".checks").filter(has_text="It waits a moment").get_by_role("link", name="2").click()
    expect(operator.page.locator("table.messages tbody tr")).to_have_count(2)
