"""What the module's outbox holds through: roll-backs, partial saves, a sidecar that is away, slow, broken or killed."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest
from standardwebhooks.webhooks import Webhook

from tests.acceptance.processes import wait_until

from ..servers import program
from ..sidecars import SidecarOfShop
from .receiver import Receiver, receiver
from .rest import Rest
from .store import Store

DUE_NOW = "UPDATE recado_sms_outbox SET due_at = UTC_TIMESTAMP() WHERE state = 'waiting'"
WAIT = "TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), due_at)"


@pytest.fixture
def empty(store: Store, connected: SidecarOfShop) -> Iterator[None]:
    store.sql("DELETE FROM recado_sms_outbox")
    yield
    store.sql("DELETE FROM recado_sms_outbox")


@pytest.fixture
def elsewhere(store: Store, connected: SidecarOfShop, empty: None) -> Iterator[Receiver]:
    """The same shop, at another address."""
    with receiver() as there:
        store.set("recado_sms/connection/address", there.url)
        store.magento("cache:clean", "config")
        yield there
        store.set("recado_sms/connection/address", connected.url)
        store.magento("cache:clean", "config")


def note(store: Store, text: str) -> None:
    facts = json.dumps({"note": text}).replace("'", "")
    store.sql(
        "INSERT INTO recado_sms_outbox (event_id, type, store_id, facts, due_at) "
        f"VALUES ('mag_{text}', 'note.of.tests', 1, '{facts}', UTC_TIMESTAMP())"
    )


@pytest.mark.usefixtures("empty")
def test_finding_7_1_what_is_rolled_back_was_never_told(store: Store, rest: Rest) -> None:
    rest.product("tee", 1000)
    order = rest.place_as_guest("tee")
    before = store.outbox("id")
    seen_inside = store.php(
        f"""
        $resource = $make(\\Magento\\Framework\\App\\ResourceConnection::class);
        $connection = $resource->getConnection('sales');
        $connection->beginTransaction();
        $orders = $make(\\Magento\\Sales\\Api\\OrderRepositoryInterface::class);
        $order = $orders->get({order});
        $order->setState('processing')->setStatus('processing');
        $orders->save($order);
        $count = $connection->fetchOne('SELECT COUNT(*) FROM recado_sms_outbox');
        $connection->rollBack();
        return (int)$count;
        """
    )
    assert (seen_inside, store.outbox("id")) == (len(before) + 1, before)


@pytest.mark.usefixtures("empty")
def test_findings_6_2_a_and_c_partial_saves_are_seen_and_saves_without_a_change_are_not(
    store: Store, rest: Rest
) -> None:
    order = rest.place_as_guest("tee")
    rest.admin("POST", "orders", {"entity": {"entity_id": order, "state": "processing", "status": "processing"}})
    for _ in range(2):
        rest.admin("POST", "orders", {"entity": {"entity_id": order, "customer_note": "again and again"}})
    facts = [json.loads(row[0]) for row in store.outbox("facts", f"order_id = {order}")]
    assert [(f["from_status"], f["status"]) for f in facts] == [(None, "pending"), ("pending", "processing")]


@pytest.mark.usefixtures("empty")
def test_finding_6_1_an_order_is_told_without_a_table_to_tell_it_in(store: Store, rest: Rest) -> None:
    store.sql("RENAME TABLE recado_sms_outbox TO recado_sms_away")
    try:
        order = rest.place_as_guest("tee")
    finally:
        store.sql("RENAME TABLE recado_sms_away TO recado_sms_outbox")
    assert rest.order(order)["status"] == "pending"


def test_events_are_signed_and_wait_as_long_as_they_are_told_to(
    store: Store, connected: SidecarOfShop, elsewhere: Receiver
) -> None:
    elsewhere.answers = [(429, {"Retry-After": "500"})]
    note(store, "one")
    note(store, "two")
    assert "2 waiting" in store.send()
    [[attempts, wait, said], [untried, _, _]] = store.outbox(f"attempts, {WAIT}, note")
    assert (attempts, untried, said) == ("1", "0", "HTTP 429")
    assert 400 < int(wait) <= 500
    [(headers, body)] = elsewhere.posted
    assert Webhook(connected.made["events_secret"]).verify(body, headers)["data"] == {"note": "one"}
    elsewhere.answers = [(202, {})]
    store.sql(DUE_NOW)
    assert "2 told, 0 waiting" in store.send()
    assert [h["webhook-id"] for h, _ in elsewhere.posted] == ["mag_one", "mag_one", "mag_two"]


def test_what_is_refused_or_breaks_the_sidecar_ten_times_is_given_up_and_can_be_tried_again(
    store: Store, elsewhere: Receiver
) -> None:
    note(store, "refused")
    note(store, "poison")
    note(store, "good")
    store.sql("UPDATE recado_sms_outbox SET attempts = 9 WHERE event_id = 'mag_poison'")
    elsewhere.answers = [(413, {}), (500, {}), (202, {})]
    assert "1 told, 0 waiting, 2 given up" in store.send()
    assert store.outbox("state, note") == [["dead", "HTTP 413"], ["dead", "HTTP 500"], ["sent", ""]]
    assert "2 will be tried again" in store.magento("recado:sms:requeue")
    assert "2 told, 0 waiting, 0 given up" in store.send()


def test_what_the_module_itself_cannot_tell_is_given_up_and_holds_nothing_back(
    store: Store, elsewhere: Receiver
) -> None:
    note(store, "unreadable")
    note(store, "good")
    newest = "(SELECT MAX(entity_id) FROM sales_order)"
    faulty = f"type = 'order.updated', attempts = 9, order_id = {newest}"
    store.sql(f"UPDATE recado_sms_outbox SET {faulty} WHERE event_id = 'mag_unreadable'")
    elsewhere.answers = [(202, {})]
    assert "1 told, 0 waiting, 1 given up" in store.send()
    [[state, said], [other, _]] = store.outbox("state, note")
    assert (state, other) == ("dead", "sent") and said.startswith("Exception in ")


def test_a_wrong_secret_or_a_host_that_is_down_gives_nothing_up(store: Store, elsewhere: Receiver) -> None:
    elsewhere.answers = [(401, {})]
    note(store, "patient")
    for _ in range(2):
        store.sql(f"{DUE_NOW}; UPDATE recado_sms_outbox SET attempts = 40")
        assert "1 waiting, 0 given up" in store.send()
    assert store.outbox(f"{WAIT} BETWEEN 250 AND 300") == [["1"]]


@pytest.mark.usefixtures("empty")
def test_a_sidecar_killed_midway_loses_nothing_and_doubles_nothing(
    store: Store, rest: Rest, connected: SidecarOfShop
) -> None:
    orders = [rest.place_as_guest("tee") for _ in range(12)]
    php = [program("php"), "bin/magento", "recado:sms:send"]
    sending = subprocess.Popen(php, cwd=store.root, stdout=subprocess.DEVNULL)
    wait_until(lambda: store.outbox("id", "state = 'sent'"), 60, 0.02)
    connected.kill()
    orders.append(rest.place_as_guest("tee"))
    sending.wait(120)
    waiting = len(store.outbox("id", "state = 'waiting'"))
    assert waiting > 0
    connected.start()
    store.sql(DUE_NOW)
    assert f"{waiting} told, 0 waiting, 0 given up" in store.send()

    def placed() -> Counter[str]:
        return Counter(m["order_id"] for m in connected.messages() if m["template"] == "order_placed")

    wait_until(lambda: all(placed()[str(order)] for order in orders), 60, 0.5)
    assert {placed()[str(order)] for order in orders} == {1}


def test_cron_runs_the_module_by_itself(store: Store, rest: Rest, connected: SidecarOfShop) -> None:
    order = rest.place_as_guest("tee")
    store.sql("DELETE FROM cron_schedule WHERE job_code LIKE 'recado%'")
    for _ in range(2):
        # It starts a process of its own for the group, and does not wait for it.
        store.magento("cron:run", "--group=recado_sms")
        store.sql("UPDATE cron_schedule SET scheduled_at = UTC_TIMESTAMP() WHERE job_code LIKE 'recado%'")
    wait_until(lambda: store.outbox("state", f"order_id = {order}") == [["sent"]], 120, 0.5)
    wait_until(lambda: "!!" not in store.magento("recado:sms:status", ok=False), 60, 1)
