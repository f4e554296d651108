"""Orders of a real store, by REST as other systems and headless shops do, and the texts that come of them."""

import json
import time

from tests.acceptance.processes import wait_until

from ..sidecars import SidecarOfShop
from .rest import Rest, guest_address
from .store import Store

PASSWORD = "Recado-2-test"


IN_THE_ADMIN = """
$product = $make(\\Magento\\Catalog\\Api\\ProductRepositoryInterface::class)->get('tee');
$address = json_decode(%s, true);
$quote = $new(\\Magento\\Quote\\Model\\Quote::class)->setStoreId(1)->setCustomerIsGuest(true);
$quote->setCustomerEmail('guest@example.com')->addProduct($product, 1);
$quote->getBillingAddress()->addData($address);
$quote->getShippingAddress()->addData($address)->setCollectShippingRates(true)->setShippingMethod('flatrate_flatrate');
$quote->getPayment()->setQuote($quote)->importData(['method' => 'checkmo']);
$make(\\Magento\\Quote\\Api\\CartRepositoryInterface::class)->save($quote->collectTotals());
return (int)$make(\\Magento\\Quote\\Model\\QuoteManagement::class)->submit($quote)->getId();
"""


def texts(sidecar: SidecarOfShop, order_id: int) -> list[str]:
    """The keys of an order's texts, in the order in which they were written."""
    return [m["template"] for m in sidecar.messages() if m["order_id"] == str(order_id)]


def told(store: Store, order_id: int) -> list[tuple[str | None, str]]:
    """Status before and after, of each change that was noted."""
    rows = store.outbox("facts", f"order_id = {order_id} AND type = 'order.updated' AND state = 'waiting'")
    return [(facts["from_status"], facts["status"]) for facts in (json.loads(row[0]) for row in rows)]


def send(store: Store, sidecar: SidecarOfShop) -> None:
    """All that waits, and wait until the sidecar has worked through it."""
    assert "0 waiting, 0 given up" in store.send()
    inbox = sidecar.installation
    wait_until(lambda: all(row["state"] != "received" for row in inbox.json("inbox", "--limit", "1000")), 60, 0.2)


def test_the_whole_life_of_orders_becomes_the_expected_texts(
    store: Store, rest: Rest, connected: SidecarOfShop
) -> None:
    rest.product("tee", 1000)
    guest = rest.place_as_guest("tee", "BR", 3)
    french = rest.place_as_customer(rest.customer(f"ana{time.time_ns()}@example.com", PASSWORD), "tee", "FR")
    # Findings 4.2 and 6.3: of a partial shipment over REST neither the order nor a poll of orders tells.
    [item] = [row for row in rest.order(guest)["items"] if not row.get("parent_item_id")]
    part = rest.ship(guest, "BR000000001", items=[{"order_item_id": item["item_id"], "qty": 1}])
    rest.track(guest, part, "BR000000002")
    rest.invoice(guest)
    rest.ship(guest)
    rest.comment(guest, "Left at your door", visible=True)
    rest.comment(guest, "Nobody's business", visible=False)
    rest.refund(guest, shipping=15)
    for change in ("hold", "unhold", "cancel"):
        assert rest.admin("POST", f"orders/{french}/{change}") is True
    assert told(store, guest) == [
        (None, "pending"),
        ("pending", "processing"),
        ("processing", "complete"),
        ("complete", "closed"),
    ]
    assert told(store, french) == [
        (None, "pending"),
        ("pending", "holded"),
        ("holded", "pending"),
        ("pending", "canceled"),
    ]
    send(store, connected)
    assert sorted(texts(connected, guest)) == [
        "customer_note",
        "order_completed",
        "order_placed",
        "order_processing",
        "order_refunded",
        "order_shipped",
        "order_shipped",
        "order_shipped",
    ]
    assert (texts(connected, french)[0], texts(connected, french)[-1]) == ("order_placed", "order_cancelled")
    numbers = {m["order_id"]: m["to"] for m in connected.messages()}
    assert (numbers[str(guest)], numbers[str(french)]) == ("+5511987654321", "+33612345678")


def test_an_order_that_staff_enters_is_told_and_needs_no_code(
    store: Store, rest: Rest, connected: SidecarOfShop
) -> None:
    """In the admin's area of the store; shoppers would have to confirm their number."""
    rest.product("tee", 1000)
    store.save_settings({"checkout": {"verification": ["always"]}})
    store.flush()
    try:
        order = store.php(IN_THE_ADMIN % repr(json.dumps(guest_address("BR"))))
    finally:
        store.save_settings({"checkout": {"verification": []}})
        store.flush()
    send(store, connected)
    assert texts(connected, order) == ["order_placed"]
