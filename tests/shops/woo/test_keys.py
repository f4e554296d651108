"""A real shop, asked and written to by its keys."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from connectors.woocommerce.about import about
from connectors.woocommerce.poller import Poller
from connectors.woocommerce.rest import Keys, Rest
from connectors.woocommerce.scribe import Scribe
from connectors.woocommerce.subscriptions import ORDER_TOPICS, Subscriptions
from sidecar.domain.backoffice import Writing
from sidecar.http.addresses import Guard
from sidecar.http.client import HttpClient

from .shop import WooShop

HOOK = "https://sms.example/hooks/woocommerce/shop_1"
ORDER = {"status": "processing", "billing": {"first_name": "Ana", "country": "BR", "phone": "(11) 91234-5678"}}


@pytest.fixture
def rest(shop: WooShop) -> Iterator[Rest]:
    client = HttpClient(shop.url, plain_anywhere=True, resolve=Guard((ip_network("127.0.0.0/8"),)))
    keys = shop.facts["keys"]
    yield Rest(shop.url, Keys(keys["consumer_key"], keys["consumer_secret"]), client.exchange)
    client.close()


def test_orders_are_found_page_by_page_though_they_share_a_second(rest: Rest, shop: WooShop) -> None:
    """Trashed ones too, which the list of all leaves out."""
    started = datetime.now(UTC) - timedelta(seconds=2)
    batch = rest.post("orders/batch", {"create": [ORDER] * 7})
    made = {str(row["id"]) for row in batch["create"]}
    shop.php(f"return wc_get_order({min(made)})->delete(false);")
    pages = list(Poller(rest).orders(started, 2))
    found = {each.key for page in pages for each in page.found}
    assert made <= found
    assert max(len(page.found) for page in pages) == 2
    newest = pages[-1].up_to
    assert newest and newest >= started


def test_a_shop_tells_about_itself(rest: Rest) -> None:
    found = about(rest)
    assert (found.country, found.currency, found.stock_managed) == ("BR", "BRL", True)
    assert found.timezone and found.version


def test_webhooks_are_made_and_woken(rest: Rest, shop: WooShop) -> None:
    """Finding 4: what WooCommerce switches off stays off until somebody looks."""
    ours = Subscriptions(rest, shop.url, HOOK, "s3cret")
    assert ours.keep(products=False).made == list(ORDER_TOPICS)
    [updated] = [row for row in rest.get_list("webhooks", {"per_page": "100"}) if row["topic"] == "order.updated"]
    shop.php(f"$w = wc_get_webhook({updated['id']}); $w->set_status('disabled'); $w->save(); return true;")
    kept = ours.keep(products=False)
    assert (kept.made, kept.revived) == ([], ["order.updated"])
    assert rest.get_object(f"webhooks/{updated['id']}")["status"] == "active"
    for row in rest.get_list("webhooks", {"per_page": "100"}):
        if row["delivery_url"] == HOOK:
            shop.php(f"return wc_get_webhook({row['id']})->delete(true);")


def test_a_note_is_written_once_and_its_mark_shows_nowhere(rest: Rest, shop: WooShop) -> None:
    number = str(rest.post("orders", ORDER)["id"])
    task = Writing("tsk_1", number, "A cliente respondeu: 1 & <3", "completed", again=False)
    Scribe(rest).write(task)
    Scribe(rest).write(Writing(task.mark, task.order_id, task.note, task.status, again=True))
    notes = [row["note"] for row in rest.get_list(f"orders/{number}/notes") if "respondeu" in row["note"]]
    assert notes == ["A cliente respondeu: 1 & <3<!-- tsk_1 -->"]
    assert rest.get_object(f"orders/{number}")["status"] == "completed"
