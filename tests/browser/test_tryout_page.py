"""A mode tried out and gone live with, in a browser: old orders stay untold, the next one is texted once."""

import json
import secrets
from datetime import datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from sidecar.domain.ids import new_id
from sidecar.domain.shop import Shop
from sidecar.storage import inbox, tryouts
from sidecar.storage.inbox import WEBHOOK, Delivery
from sidecar.storage.tables import inbox as inbox_table
from sidecar.storage.tables import tryouts as table
from sidecar.wiring import utc_now
from tests.acceptance.processes import wait_until
from tests.world import order

from .site import Site
from .visitor import Visitor


def deliver(site: Site, shop: Shop, number: int, at: datetime) -> None:
    body = json.dumps(order("processing", order_id=number, modified=at)).encode()
    new = Delivery(shop.id, new_id("in", utc_now(), secrets.randbits), WEBHOOK, "order.created", body, utc_now(), "")
    with site.recado.database.write() as connection:
        inbox.add(connection, [new])
    wait_until(lambda: all_read(site), 15)


def all_read(site: Site) -> bool:
    with site.recado.database.read() as connection:
        return not connection.scalars(select(inbox_table.c.id).where(inbox_table.c.state == "received")).all()


def test_tried_and_gone_live(operator: Visitor, site: Site) -> None:
    shop = site.add_shop(account_id=site.add_account(), mode=0, settle_seconds=0)
    page = operator.go(f"/admin/shops/{shop.id}/try-out")
    expect(page.get_by_text("Nothing tried yet.")).to_be_visible()
    operator.check()
    for number in range(1, 4):
        deliver(site, shop, number, utc_now())
    page.get_by_label("Mode").select_option("3")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("table.list tbody tr")).to_have_count(3)
    operator.check()
    assert site.sent() == []
    page.get_by_role("button", name="Go live").click()
    expect(page.get_by_role("status")).to_contain_text("Mode 3 is on")
    deliver(site, shop, 2, utc_now() - timedelta(minutes=10))
    deliver(site, shop, 9, utc_now() + timedelta(seconds=1))
    wait_until(site.sent, 15)
    assert ["#9" in text["text"] for text in site.sent()] == [True]


def test_huge_and_what_is_missing(operator: Visitor, site: Site) -> None:
    shop = site.add_shop(sender="")
    line = {"order": "1", "at": utc_now().isoformat(), "key": "order_placed", "to": "+55•••••5678", "text": "Oi " * 60}
    line |= {"segments": 2, "fate": "blocked", "reason": "landline", "credits": 0, "price": None, "currency": None}
    lines = [{**line, "order": str(number)} for number in range(3000)]
    with site.recado.database.write() as connection:
        tryouts.ask(connection, shop.id, 3, 30, utc_now())
        connection.execute(table.update().values(state="done", lines=lines, orders=3000))
    page = operator.go(f"/admin/shops/{shop.id}/try-out")
    expect(page.locator("table.list tbody tr")).to_have_count(200)
    operator.check()
    page.get_by_role("button", name="Go live").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody carries the shop's texts yet")
