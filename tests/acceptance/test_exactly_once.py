"""One change, one text: whoever reports it, however often, and whatever stands against it."""

import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import delete

from connectors.woocommerce.events import read_event as read_plugin
from connectors.woocommerce.normalise import read as read_woocommerce
from sidecar.dispatch.chores import Chores
from sidecar.dispatch.dispatcher import Dispatcher
from sidecar.dispatch.sending import Sender
from sidecar.domain.event import ShopEvent
from sidecar.domain.outcome import Accepted
from sidecar.intake.spine import Report
from sidecar.ledger import reports
from sidecar.storage import inbox
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages
from sidecar.storage.tables import routes
from tests.world import NOON, World, order

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def poll(world: World, *payloads: dict[str, Any]) -> list[str]:
    """What the poller fetched goes straight to the intake."""
    told = []
    for payload in payloads:
        event = read_woocommerce("order.updated", json.dumps(payload).encode(), "UTC")
        assert isinstance(event, ShopEvent)
        told.append(Report("shop_one", event, "poller", world.clock()))
    with world.database.write() as connection:
        return world.intake.accept(connection, told)


def notes(world: World) -> list[str]:
    """What became of each delivery, oldest first."""
    with world.database.read() as connection:
        return [row.note for row in reversed(reports.list_inbox(connection, limit=1000))]


def test_webhook_first_and_poller_second_is_one_message(world: World) -> None:
    world.deliver("order.created", order("processing"))
    world.settle()
    assert poll(world, order("processing"), order("processing")) == ["unchanged", "unchanged"]
    world.settle()
    [message] = world.all_messages()
    assert world.timeline(message)[0]["source"] == "webhook"
    assert len(world.provider.sent) == 1


def test_poller_first_and_webhook_second_is_one_message(world: World) -> None:
    assert poll(world, order("processing")) == ["placed"]
    world.deliver("order.created", order("processing"))
    world.deliver("order.updated", order("processing"))
    world.settle()
    [message] = world.all_messages()
    assert world.timeline(message)[0]["source"] == "poller"
    assert len(world.provider.sent) == 1


def test_the_poller_catches_up_with_what_the_webhooks_missed(world: World) -> None:
    world.deliver("order.created", order("processing"))
    world.settle()
    newest = order("completed", modified=NOON + MINUTE)
    assert poll(world, newest) == ["status changed"]
    world.deliver("order.updated", newest)
    world.settle()
    assert world.timeline(world.all_messages()[-1])[0]["before"] == "processing"
    assert world.states() == [("order_placed", "accepted"), ("order_completed", "accepted")]


def test_all_that_was_delivered_can_be_replayed_without_a_second_text(world: World) -> None:
    for minute, status in enumerate(["pending", "processing", "on-hold", "processing", "completed"]):
        world.deliver("order.updated", order(status, modified=NOON + minute * MINUTE))
        world.settle()
    sent = len(world.provider.sent)
    with world.database.write() as connection:
        for row in reports.list_inbox(connection):
            inbox.replay(connection, row.id)
    world.settle()
    assert len(world.provider.sent) == sent == 4


class Pair:
    """A worker's reception and dispatcher with connections of their own, as another process has them."""

    def __init__(self, world: World, worker_id: str, seed: int) -> None:
        self.database = Database(world.database_url)
        bits = random.Random(seed).getrandbits
        messages = Messages(bits)
        intake = world.intake_of(messages, replace(world.stationery, random_bits=bits))
        self.reception = world.reception_of(intake, self.database)
        sender = Sender(world.clock, world.provider_of, world.switch.objection, lambda *_: None, world.carrying)
        self.dispatcher = Dispatcher(self.database, messages, sender, lambda: 0.0, worker_id=worker_id, threads=4)
        self.chores = Chores(self.database, messages, world.clock, worker_id)
        self.chores.sign_in()

    def work(self) -> None:
        """Until both have found nothing to do three times running."""
        idle, ends = 0, monotonic() + 30
        while idle < 3 and monotonic() < ends:
            moved = self.reception.work(limit=9) + self.dispatcher.turn()
            if self.dispatcher.in_hand:
                self.dispatcher.collect()
                moved += 1
            idle = 0 if moved else idle + 1

    def close(self) -> None:
        self.dispatcher.stop(timeout=1)
        self.database.close()


def test_two_workers_at_once_send_each_of_a_hundred_orders_its_two_texts_once(world: World) -> None:
    for number in range(100):
        placed, completed = order("processing", order_id=number + 1), order("completed", order_id=number + 1)
        completed["date_modified_gmt"] = (NOON + MINUTE).replace(tzinfo=None).isoformat()
        world.deliver("order.created", placed)
        world.deliver("order.updated", placed)
        world.deliver("order.updated", completed)
        world.deliver("order.updated", completed)
    pairs = [Pair(world, "wrk_a", 1), Pair(world, "wrk_b", 2)]
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(pair.work) for pair in pairs]:
            done.result(60)
    for pair in pairs:
        pair.close()
    # An overtaken first report may find its order completed already, and then it says nothing.
    sent = Counter(message.id for message in world.provider.sent)
    assert set(sent.values()) == {1}
    placed_texts = [m for m in world.all_messages() if m["event"] == "order_placed"]
    assert len(placed_texts) == 100
    assert {m["status"] for m in world.all_messages()} == {"accepted"}
    assert len({(m["order_id"], m["event"]) for m in world.all_messages()}) == len(world.all_messages())
    assert world.failed() == []


def test_an_order_number_that_two_shops_share_is_two_orders(world: World) -> None:
    world.add_shop("shop_two")
    for shop_id in ("shop_one", "shop_two"):
        world.deliver("order.created", order("processing"), shop_id=shop_id)
    world.settle()
    assert sorted(message["shop_id"] for message in world.all_messages()) == ["shop_one", "shop_two"]
    assert len(world.provider.sent) == 2


@pytest.mark.parametrize(
    ("topic", "body", "note"),
    [
        ("coupon.updated", {"id": 5, "status": "publish"}, "ignored: topic coupon.updated"),
        ("coupon.created", {"id": 5}, "ignored: topic coupon.created"),
        ("order.updated", order("processing", parent_id=7), "ignored: part of another order"),
        ("order.created", order("processing", type="shop_order_refund"), "ignored: a refund, not an order"),
        ("order.created", order("checkout-draft"), "ignored: a draft"),
        ("order.updated", order("auto-draft"), "ignored: a draft"),
    ],
)
def test_what_is_no_order_of_a_customer_is_ignored(world: World, topic: str, body: dict[str, Any], note: str) -> None:
    world.deliver(topic, body)
    world.settle()
    assert (world.all_messages(), notes(world), world.failed()) == ([], [note], [])


def test_a_draft_that_becomes_an_order_is_announced_as_placed(world: World) -> None:
    for second, status in enumerate(["checkout-draft", "pending", "processing"]):
        world.deliver("order.updated", order(status, modified=NOON + second * MINUTE))
    world.settle()
    assert world.states() == [("order_placed", "accepted")]


def test_trash_and_restore_announce_nothing_and_later_changes_do(world: World) -> None:
    world.deliver("order.created", order("processing"))
    world.settle()
    world.deliver("order.deleted", {"id": 101})
    world.deliver("order.restored", order("processing", modified=NOON + MINUTE))
    world.deliver("order.updated", order("processing", modified=NOON + MINUTE))
    world.settle()
    assert world.states() == [("order_placed", "accepted")]
    world.deliver("order.updated", order("completed", modified=NOON + 2 * MINUTE))
    world.settle()
    assert world.states() == [("order_placed", "accepted"), ("order_completed", "accepted")]


@pytest.mark.parametrize(
    ("topic", "body"),
    [("order.deleted", {"id": 101}), ("order.updated", order("trash", modified=NOON + MINUTE))],
)
def test_what_is_held_for_an_order_goes_when_the_order_is_trashed(
    world: World, topic: str, body: dict[str, Any]
) -> None:
    world.configure(settle_seconds=600)
    world.deliver("order.created", order("processing"))
    world.deliver("order.created", order("processing", order_id=102))
    world.settle()
    world.deliver(topic, body)
    world.settle()
    world.clock.forward(seconds=601)
    world.settle()
    assert [(m["order_id"], m["status"], m["reason"]) for m in world.all_messages()] == [
        ("101", "cancelled", "order_trashed"),
        ("102", "accepted", ""),
    ]


def test_an_order_placed_and_trashed_in_one_batch_says_nothing(world: World) -> None:
    world.configure(settle_seconds=600)
    world.deliver("order.created", order("processing"))
    world.deliver("order.deleted", {"id": 101})
    world.settle()
    [message] = world.all_messages()
    assert (message["status"], message["reason"]) == ("cancelled", "order_trashed")
    assert world.timeline(message)[0]["reason"] == "order_trashed"
    assert world.provider.sent == []


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (0, [("order_placed", "suppressed", "mode_disabled"), ("order_completed", "suppressed", "mode_disabled")]),
        (1, [("order_placed", "suppressed", "mode_manual"), ("order_completed", "suppressed", "mode_manual")]),
        (2, [("order_placed", "accepted", ""), ("order_completed", "suppressed", "mode_new_orders_only")]),
        (3, [("order_placed", "accepted", ""), ("order_completed", "accepted", "")]),
    ],
)
def test_what_a_mode_does_not_send_is_shown_with_its_reason(
    world: World, mode: int, expected: list[tuple[str, str, str]]
) -> None:
    world.configure(mode=mode)
    world.deliver("order.created", order("processing"))
    world.settle()
    world.deliver("order.updated", order("completed", modified=NOON + MINUTE))
    world.settle()
    assert [(m["template"], m["status"], m["reason"]) for m in world.all_messages()] == expected
    assert len(world.provider.sent) == [status for _, status, _ in expected].count("accepted")


def test_a_suppressed_change_does_not_overtake_the_thank_you_that_settles(world: World) -> None:
    world.configure(mode=2, settle_seconds=60)
    world.deliver("order.created", order("processing"))
    world.deliver("order.updated", order("completed", modified=NOON + MINUTE))
    world.settle()
    world.clock.forward(seconds=61)
    world.settle()
    assert world.states() == [("order_placed", "accepted"), ("order_completed", "suppressed")]


def test_a_mode_chosen_later_does_not_send_what_was_suppressed_before(world: World) -> None:
    world.configure(mode=0)
    world.deliver("order.created", order("processing"))
    world.settle()
    world.configure(mode=3)
    world.deliver("order.updated", order("processing"))
    world.settle()
    assert world.states() == [("order_placed", "suppressed")]


@pytest.mark.parametrize(
    ("phone", "country", "reason"),
    [
        ("", "BR", "no_number"),
        ("(11) 3123-4567", "BR", "landline"),
        ("12345", "BR", "invalid_number"),
        ("0800 123 4567", "BR", "not_mobile"),
    ],
)
def test_an_order_that_cannot_be_texted_is_shown_with_the_reason(
    world: World, phone: str, country: str, reason: str
) -> None:
    world.deliver("order.created", order(billing={"first_name": "Maria", "country": country, "phone": phone}))
    world.settle()
    [message] = world.all_messages()
    assert (message["status"], message["reason"], message["to"]) == ("suppressed", reason, "")
    assert message["text"].startswith("Loja: ")
    assert world.timeline(message)[0]["decision"] == "suppress"
    assert world.provider.sent == []


def test_a_shop_without_a_route_is_shown_as_such(world: World) -> None:
    with world.database.write() as connection:
        connection.execute(delete(routes))
    world.deliver("order.created", order("processing"))
    world.settle()
    [message] = world.all_messages()
    assert (message["status"], message["reason"], message["provider"]) == ("suppressed", "no_route", "")


def test_a_shop_that_edits_its_old_orders_does_not_thank_their_customers(world: World) -> None:
    old = (NOON - 31 * DAY).replace(tzinfo=None).isoformat()
    world.deliver("order.updated", order("completed", date_created_gmt=old))
    world.settle()
    [message] = world.all_messages()
    assert (message["template"], message["status"], message["reason"]) == ("order_placed", "suppressed", "old_order")


def test_a_text_for_the_night_is_held_until_the_shop_opens_and_then_sent_once(world: World) -> None:
    world.clock.now = NOON + 11 * HOUR  # 23:00 in São Paulo
    world.deliver("order.created", order("processing"))
    world.settle()
    [message] = world.all_messages()
    assert (message["status"], message["reason"], message["due_at"]) == (
        "held",
        "sending_hours",
        "2026-11-23T12:00:00+00:00",
    )
    world.clock.now = NOON + 21 * HOUR - timedelta(seconds=1)
    world.settle()
    assert world.provider.sent == []
    world.clock.forward(seconds=1)
    world.settle()
    world.clock.forward(hours=1)
    world.settle()
    [message] = world.all_messages()
    assert [step["state"] for step in world.timeline(message)] == ["held", "queued", "sending", "accepted"]
    assert len(world.provider.sent) == 1


def test_a_text_released_late_in_the_day_waits_for_the_next_opening(world: World) -> None:
    """A worker that was down all afternoon does not text at night."""
    world.configure(settle_seconds=600)
    world.clock.now = NOON + 5 * HOUR  # 17:00 in São Paulo
    world.deliver("order.created", order("processing"))
    world.settle()
    world.clock.forward(hours=6)
    world.settle()
    assert world.provider.sent == []
    world.clock.now = NOON + 21 * HOUR
    world.settle()
    assert world.states() == [("order_placed", "accepted")]


def test_changes_within_one_second_are_each_announced_once(world: World) -> None:
    for status in ("pending", "processing", "completed", "processing", "pending", "completed"):
        world.deliver("order.updated", order(status, modified=NOON))
        world.settle()
    assert world.states() == [("order_placed", "accepted"), ("order_completed", "accepted")]


def test_what_changed_before_the_shop_began_to_tell_is_noted_only(world: World) -> None:
    world.configure(told_from=(NOON + MINUTE).isoformat())
    world.deliver("order.created", order("processing", modified=NOON))
    world.deliver("order.updated", order("completed", modified=NOON + 2 * MINUTE))
    world.settle()
    assert world.states() == [("order_placed", "suppressed"), ("order_completed", "accepted")]
    assert world.all_messages()[0]["reason"] == "before_start"


def test_a_redirected_shop_texts_one_number_only(world: World) -> None:
    world.configure(redirect_to="+5511900000000")
    world.deliver("order.created", order("processing"))
    world.settle()
    assert [message.to for message in world.provider.sent] == ["+5511900000000"]


def test_a_provider_is_told_what_it_needs_and_how_long_to_try(world: World) -> None:
    world.provider.outcomes = [Accepted("P-1")]
    world.deliver("order.created", order("processing"))
    world.settle()
    [sent], [message] = world.provider.sent, world.all_messages()
    assert (sent.id, sent.to, sent.text) == (message["id"], message["to"], message["text"])
    assert (sent.channel, sent.category, sent.encoding) == ("sms", "transactional", message["encoding"])
    assert sent.validity_seconds
    assert timedelta(seconds=sent.validity_seconds) == 48 * HOUR


def test_a_refund_of_a_part_is_told_once_with_its_amount(world: World) -> None:
    world.deliver("order.created", order("processing"))
    world.settle()
    told = {"order_id": 101, "refund": {"id": "22", "amount": "5.00", "currency": "BRL"}, "order": order("processing")}
    event = read_plugin("", json.dumps({"type": "order.refund", "data": told}).encode(), "UTC")
    assert isinstance(event, ShopEvent)
    for _ in range(2):
        with world.database.write() as connection:
            world.intake.accept(connection, [Report("shop_one", event, "plugin", world.clock())])
        world.settle()
    assert world.states() == [("order_placed", "accepted"), ("order_part_refunded", "accepted")]
    assert "R$\xa05,00" in world.provider.sent[-1].text or "R$5,00" in world.provider.sent[-1].text.replace(" ", "")
