"""One order from delivery to receipt, and every way in which it must not become two messages."""

from datetime import timedelta

from tests.world import NOON, World, order


def test_a_new_order_becomes_one_delivered_text(world: World) -> None:
    world.deliver("order.created", order("processing"))
    world.settle()
    [message] = world.all_messages()
    assert message["status"] == "accepted"
    assert message["to"] == "+5511912345678"
    assert message["text"].startswith("Loja: ")
    assert message["text"].endswith("x@loja.example")
    world.report("delivered", message)
    world.settle()
    [message] = world.all_messages()
    assert message["status"] == "delivered"
    assert [step["state"] for step in world.timeline(message)] == ["queued", "sending", "accepted", "delivered"]


def test_the_same_delivery_twice_is_one_message(world: World) -> None:
    for _ in range(3):
        world.deliver("order.created", order("processing"))
    world.settle()
    assert world.states() == [("order_placed", "accepted")]


def test_created_and_updated_for_one_change_are_one_message_in_either_order(world: World) -> None:
    world.deliver("order.created", order("processing", order_id=1))
    world.deliver("order.updated", order("processing", order_id=1))
    world.deliver("order.updated", order("processing", order_id=2))
    world.deliver("order.created", order("processing", order_id=2))
    world.settle()
    assert len(world.provider.sent) == 2


def test_a_late_older_delivery_says_nothing(world: World) -> None:
    world.deliver("order.updated", order("completed", modified=NOON))
    world.settle()
    world.deliver("order.updated", order("processing", modified=NOON - timedelta(minutes=5)))
    world.settle()
    assert world.states() == [("order_placed", "accepted")]


def test_a_return_to_an_earlier_status_is_a_new_change(world: World) -> None:
    for minute, status in enumerate(["processing", "on-hold", "processing"]):
        world.deliver("order.updated", order(status, modified=NOON + timedelta(minutes=minute)))
        world.settle()
    assert world.states() == [
        ("order_placed", "accepted"),
        ("order_on_hold", "accepted"),
        ("order_processing", "accepted"),
    ]


def test_within_the_settling_time_only_the_latest_change_is_sent(world: World) -> None:
    world.configure(settle_seconds=60)
    for second, status in enumerate(["processing", "on-hold", "completed"]):
        world.deliver("order.updated", order(status, modified=NOON + timedelta(seconds=second)))
        world.settle()
    world.clock.forward(seconds=61)
    world.settle()
    assert world.states() == [
        ("order_placed", "superseded"),
        ("order_on_hold", "superseded"),
        ("order_completed", "accepted"),
    ]
    assert len(world.provider.sent) == 1
