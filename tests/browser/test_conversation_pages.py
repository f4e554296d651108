"""Conversations in a browser: unread first, read by looking, answered in words that reach the gateway."""

import secrets
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from sidecar.domain.ids import new_id
from sidecar.domain.shop import Shop
from sidecar.domain.status import MessageState as S
from sidecar.storage import replies
from sidecar.storage.replies import NewReply
from sidecar.storage.tables import replies as table
from sidecar.wiring import utc_now
from tests.acceptance.processes import wait_until

from .site import Site
from .visitor import Visitor


def hear(site: Site, shop: Shop, text: str, number: str = "+5511912345678", minutes: int = 1) -> None:
    at = utc_now() - timedelta(minutes=minutes)
    new = NewReply(
        shop.id, new_id("rpl", at, secrets.randbits), "acc", secrets.token_hex(6), number, "sms", text, None, None, at
    )
    with site.recado.database.write() as connection:
        replies.keep(connection, [new])
        replies.understood(connection, new, "reply", None, None)


def unread(site: Site) -> int:
    with site.recado.database.read() as connection:
        return len(connection.execute(select(table).where(table.c.read_at.is_(None))).all())


def test_empty_ordinary_and_huge(operator: Visitor, site: Site) -> None:
    shop = site.add_shop()
    operator.go(f"/admin/shops/{shop.id}/conversations")
    expect(operator.page.get_by_text("Nobody has written.")).to_be_visible()
    operator.check()
    for number in range(40):
        hear(site, shop, f"Oi {number} " + "muito " * number, f"+55119123456{number:02}", minutes=number + 1)
    operator.go(f"/admin/shops/{shop.id}/conversations")
    expect(operator.page.locator(".talks li")).to_have_count(30)
    operator.check()
    operator.page.get_by_role("link", name="Older").click()
    expect(operator.page.locator(".talks li")).to_have_count(10)


def test_looked_at_it_is_read(operator: Visitor, site: Site) -> None:
    shop = site.add_shop()
    hear(site, shop, "Quando chega?")
    page = operator.go(f"/admin/shops/{shop.id}/conversations")
    page.locator(".talks a").click()
    expect(page.get_by_text("Quando chega?")).to_be_visible()
    wait_until(lambda: unread(site) == 0, 10)
    operator.check()


def test_an_answer_reaches_the_gateway_once(operator: Visitor, site: Site) -> None:
    account = site.add_account()
    shop = site.add_shop(account_id=account)
    site.add_messages(shop, S.DELIVERED, account_id=account, to="+5511912345678")
    hear(site, shop, "Quando chega?")
    page = operator.go(f"/admin/shops/{shop.id}/conversations")
    page.locator(".talks a").click()
    page.get_by_label("Your answer").fill("Amanhã!")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Your answer is on its way.")
    wait_until(site.sent, 15)
    assert [(text["to"], "Amanhã!" in text["text"]) for text in site.sent()] == [("+5511912345678", True)]
    expect(page.locator(".bubbles .out")).to_have_count(2)


def test_nothing_is_sent_without_words(operator: Visitor, site: Site) -> None:
    shop = site.add_shop(account_id=site.add_account())
    hear(site, shop, "Oi")
    page = operator.go(f"/admin/shops/{shop.id}/conversations")
    page.locator(".talks a").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert site.sent() == []
