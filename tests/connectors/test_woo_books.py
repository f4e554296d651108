"""The shop's webhooks and its books, and its plugin's outbox: what is changed there, and what is left alone."""

import json
from typing import Any

import pytest

from connectors.woocommerce.alarm import Alarm
from connectors.woocommerce.deliverable import objection
from connectors.woocommerce.outbox import PluginOutbox
from connectors.woocommerce.rest import Keys, Rest
from connectors.woocommerce.scribe import Scribe
from connectors.woocommerce.subscriptions import ORDER_TOPICS, PRODUCT_TOPICS, Subscriptions
from sidecar.domain.backoffice import NO_PLUGIN, ShopProblem, Writing
from sidecar.domain.exchange import AnswerLost, NotSent
from sidecar.wiring import utc_now
from tests.woo import FakeWoo, answer
from tests.world import order

HOOK = "https://sms.example/hooks/woocommerce/shop_1"
SECRET = "whsec_c2VjcmV0IG9mIHRoZSBzaG9w"


def rest(shop: FakeWoo) -> Rest:
    return Rest("https://shop.example", Keys("ck_1", "cs_1"), shop)


def subscriptions(shop: FakeWoo, url: str = HOOK) -> Subscriptions:
    return Subscriptions(rest(shop), "https://shop.example", url, "s3cret")


def test_webhooks_are_made_once_with_a_secret_of_ours() -> None:
    """Finding 14: the shop never tells a secret, so we give one."""
    shop = FakeWoo()
    assert subscriptions(shop).keep(products=False).made == list(ORDER_TOPICS)
    assert subscriptions(shop).keep(products=True).made == list(PRODUCT_TOPICS)
    assert subscriptions(shop).keep(products=True).made == []
    assert {row["secret"] for row in shop.webhooks.values()} == {"s3cret"}
    assert {(row["delivery_url"], row["status"]) for row in shop.webhooks.values()} == {(HOOK, "active")}


def test_finding_20_only_what_woocommerce_has_webhooks_for_is_asked_of_it() -> None:
    """Notes, refunds and variations have no topic: the shop refuses it, and those behind it would not be made."""
    shop = FakeWoo()
    subscriptions(shop).keep(products=True)
    assert [row["topic"] for row in shop.webhooks.values()] == [*ORDER_TOPICS, *PRODUCT_TOPICS]
    with pytest.raises(ShopProblem):
        rest(shop).post("webhooks", {"topic": "order.note"})


def test_what_the_shop_switched_off_is_woken_and_what_somebody_paused_is_left() -> None:
    """Finding 4: after seven failures in a row, in silence."""
    shop = FakeWoo()
    subscriptions(shop).keep(products=False)
    shop.webhooks[1]["status"], shop.webhooks[2]["status"] = "disabled", "paused"
    shop.webhooks[9] = {"id": 9, "topic": "order.updated", "status": "disabled", "delivery_url": "https://erp.example/"}
    kept = subscriptions(shop).keep(products=False)
    assert (kept.revived, kept.paused) == (["order.created"], ["order.updated"])
    assert [shop.webhooks[number]["status"] for number in (1, 2, 9)] == ["active", "paused", "disabled"]


def test_when_the_sidecar_moves_its_webhooks_follow() -> None:
    shop = FakeWoo()
    subscriptions(shop).keep(products=False)
    subscriptions(shop, HOOK.replace("sms.", "new.")).keep(products=False)
    assert {row["delivery_url"] for row in shop.webhooks.values()} == {HOOK.replace("sms.", "new.")}
    assert len(shop.webhooks) == len(ORDER_TOPICS)


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("https://sms.example/hooks", False),
        ("http://sms.example:8080/hooks", False),
        ("https://sms.example:8443/hooks", True),
        ("http://10.0.0.5/hooks", True),
        ("http://sidecar:5000/hooks", True),
        ("http://sidecar/hooks", True),
        ("http://192.168.1.9:9000/hooks", False),
        ("http://192.168.1.9:5000/hooks", True),
    ],
)
def test_an_address_that_wordpress_refuses_is_told_and_no_webhook_made(url: str, refused: bool) -> None:
    """Finding 5: it accepts any address, and then never delivers; its own host and port are the exception."""
    assert bool(objection(url, "http://192.168.1.9:9000")) is refused


def test_no_webhook_is_made_that_could_never_deliver() -> None:
    shop = FakeWoo()
    with pytest.raises(ShopProblem, match="RECADO_PUBLIC_URL"):
        subscriptions(shop, "http://10.0.0.5:8000/hooks/woocommerce/shop_1").keep(products=False)
    assert shop.asked == []


def writing(**changes: Any) -> Writing:
    return Writing(**{"mark": "tsk_1", "order_id": "7", "note": "Confirmed", "status": "", "again": False, **changes})


def test_a_note_whose_answer_was_lost_is_not_written_again() -> None:
    shop = FakeWoo(orders={7: order("on-hold", order_id=7)}, lose=["POST"])
    with pytest.raises(ShopProblem) as met:
        Scribe(rest(shop)).write(writing())
    assert met.value.uncertain
    Scribe(rest(shop)).write(writing(again=True))
    Scribe(rest(shop)).write(writing(mark="tsk_2", again=True))
    assert [note["note"] for note in shop.notes[7]] == ["Confirmed<!-- tsk_2 -->", "Confirmed<!-- tsk_1 -->"]
    assert not any(note["customer_note"] for note in shop.notes[7])


@pytest.mark.parametrize(
    ("now", "wanted", "then"),
    [
        ("on-hold", "processing", "processing"),
        ("processing", "wc-cancelled", "cancelled"),
        ("completed", "cancelled", "completed"),
        ("refunded", "processing", "refunded"),
    ],
)
def test_a_status_is_set_unless_the_shop_has_ended_the_order(now: str, wanted: str, then: str) -> None:
    shop = FakeWoo(orders={7: order(now, order_id=7)})
    Scribe(rest(shop)).write(writing(status=wanted))
    assert shop.orders[7]["status"] == then
    assert len(shop.notes[7]) == 1


def test_an_order_that_is_not_there_any_more_is_hopeless() -> None:
    with pytest.raises(ShopProblem) as met:
        Scribe(rest(FakeWoo())).write(writing())
    assert (met.value.code, met.value.hopeless) == ("not_there", True)


def test_the_plugin_hands_out_what_waits_and_forgets_what_is_done() -> None:
    shop = FakeWoo(waiting={"evt_1": '{"type":"a"}', "evt_2": '{"type":"ç"}'}, plugin_secret=SECRET)
    outbox = PluginOutbox(shop, SECRET, utc_now)
    handed = outbox.take(50, [], "pull_1")
    assert [(each.event_id, each.body) for each in handed.events] == [
        ("evt_1", b'{"type":"a"}'),
        ("evt_2", '{"type":"ç"}'.encode()),
    ]
    assert not outbox.take(50, ["evt_1", "evt_2"], "pull_2").events
    assert shop.waiting == {}


@pytest.mark.parametrize(
    ("came", "code"),
    [
        (answer(404, {"code": "rest_no_route"}), NO_PLUGIN),
        (answer(200, b"<html>the shop's front page</html>"), NO_PLUGIN),
        (answer(200, {"events": "none"}), NO_PLUGIN),
        (answer(401, {"code": "recado_bad_signature"}), "plugin_refused"),
        (answer(500, b"Fatal error"), "shop_failing"),
    ],
)
def test_a_shop_without_our_plugin_is_told_from_one_that_fails(came: Any, code: str) -> None:
    with pytest.raises(ShopProblem) as met:
        PluginOutbox(lambda *_: came, SECRET, utc_now).take(50, [], "pull_1")
    assert met.value.code == code


def test_waking_needs_no_answer_but_somebody_there() -> None:
    """Finding 2: wp-cron.php moves the queue, and where PHP cannot answer first it takes as long as the work."""
    asked = []

    def slow(method: str, path: str, *_: object) -> Any:
        asked.append((method, path))
        raise AnswerLost("TimeoutError")

    def away(*_: object) -> Any:
        raise NotSent("no connection")

    Alarm(slow).wake()
    assert asked == [("GET", "/wp-cron.php?doing_wp_cron")]
    with pytest.raises(ShopProblem):
        Alarm(away).wake()


def test_the_body_of_a_take_is_what_was_agreed_with_the_plugin() -> None:
    bodies = []

    def plugin(_method: str, path: str, headers: Any, body: bytes) -> Any:
        bodies.append((path, json.loads(body), sorted(headers)))
        return answer(200, {"events": [], "left": 0, "plugin": "1"})

    PluginOutbox(plugin, SECRET, utc_now).take(50, ["evt_1"], "pull_1")
    headers = ["Accept", "Content-Type", "webhook-id", "webhook-signature", "webhook-timestamp"]
    assert bodies == [("/?rest_route=/recado/v1/outbox", {"take": 50, "done": ["evt_1"]}, headers)]
