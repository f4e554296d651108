"""What a shop's settings and a customer's word do to the texts: whose number, who agreed, how many, and who else."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.event import EventKind, Order, ShopEvent
from sidecar.intake.spine import Report
from sidecar.storage.consents import Saying
from tests.world import NOON, World, order

MARIA, LEA = "+5511912345678", "+33612345678"
GIFT = {"first_name": "Léa", "country": "FR", "phone": "06 12 34 56 78"}


def say(world: World, standing: Standing, purpose: Purpose = Purpose.ORDERS, number: str = MARIA) -> None:
    with world.database.write() as connection:
        world.consents.record(connection, [Saying("shop_one", number, purpose, standing, "checkout")], world.clock())


def place(world: World, number: int = 101, status: str = "processing", **fields: Any) -> None:
    world.deliver("order.created", order(status, order_id=number, modified=world.clock(), **fields))
    world.settle(rounds=1)


def fates(world: World) -> list[tuple[str, str]]:
    return [(m["status"], m["reason"]) for m in world.all_messages()]


@pytest.mark.parametrize(
    ("settings", "fields", "to"),
    [
        ({}, {}, MARIA),
        ({}, {"shipping": GIFT}, MARIA),
        ({"recipient": "receiver"}, {"shipping": GIFT}, LEA),
        ({"recipient": "receiver"}, {}, MARIA),
        (
            {"phone_meta_key": "_mobile"},
            {"meta_data": [{"key": "_mobile", "value": "11 99999-0000"}]},
            "+5511999990000",
        ),
        ({"phone_meta_key": "_mobile"}, {"meta_data": [{"key": "_mobile", "value": "3123-4567"}]}, MARIA),
        ({"phone_meta_key": "_mobile"}, {"meta_data": [{"key": "_mobile", "value": {"a": 1}}]}, MARIA),
    ],
)
def test_the_shop_chooses_whose_number_is_texted(
    world: World, settings: dict[str, Any], fields: dict[str, Any], to: str
) -> None:
    world.configure(**settings)
    place(world, **fields)
    assert [m["to"] for m in world.all_messages()] == [to]


def test_the_text_greets_whoever_has_the_number(world: World) -> None:
    world.configure(recipient="receiver", locale="fr")
    place(world, shipping=GIFT)
    assert "Léa" in world.all_messages()[0]["text"]


@pytest.mark.parametrize(
    ("consent", "standing", "fate"),
    [
        ("implied", None, ("accepted", "")),
        ("implied", Standing.IN, ("accepted", "")),
        ("implied", Standing.OUT, ("suppressed", "opted_out")),
        ("opt_in", None, ("suppressed", "no_consent")),
        ("opt_in", Standing.IN, ("accepted", "")),
        ("opt_in", Standing.OUT, ("suppressed", "opted_out")),
        ("opt_in", Standing.PENDING, ("suppressed", "needs_double_opt_in")),
    ],
)
def test_nobody_is_texted_who_said_no_or_has_not_said_yes_where_that_is_asked(
    world: World, consent: str, standing: Standing | None, fate: tuple[str, str]
) -> None:
    world.configure(order_consent=consent)
    if standing:
        say(world, standing)
    place(world)
    assert fates(world) == [fate]


def test_the_last_word_counts_and_a_word_to_one_shop_is_none_to_another(world: World) -> None:
    world.add_shop("shop_two")
    say(world, Standing.IN)
    say(world, Standing.OUT)
    place(world)
    world.deliver("order.created", order("processing"), shop_id="shop_two")
    world.settle(rounds=1)
    assert fates(world) == [("suppressed", "opted_out"), ("accepted", "")]
    say(world, Standing.IN)
    place(world, 102)
    assert fates(world)[-1] == ("accepted", "")


@pytest.mark.parametrize(("setting", "reason"), [("cap_per_hour", "cap_hour"), ("cap_per_day", "cap_day")])
def test_a_number_is_not_texted_more_often_than_its_shop_wants(world: World, setting: str, reason: str) -> None:
    world.configure(**{setting: 3})
    for number in range(101, 106):
        world.deliver("order.created", order("processing", order_id=number))
    world.settle(rounds=1)
    assert fates(world) == [("accepted", "")] * 3 + [("suppressed", reason)] * 2
    assert world.timeline(world.all_messages()[3])[0]["reason"] == reason
    world.clock.forward(days=1, seconds=1)
    place(world, 106)
    assert fates(world)[-1] == ("accepted", "")


def test_what_is_switched_off_is_not_sent_and_says_so(world: World) -> None:
    world.configure(texts_off=["order_completed"])
    place(world)
    place(world, status="completed", date_modified_gmt="2026-11-22T16:00:00")
    assert fates(world) == [("accepted", ""), ("suppressed", "texts_off")]


TRACKED = [
    {
        "key": "_wc_shipment_tracking_items",
        "value": [{"tracking_provider": "correios", "tracking_number": "LB1BR", "date_shipped": "1795348800"}],
    }
]


def templates(world: World) -> list[str]:
    return [m["template"] for m in world.all_messages()]


def test_a_parcel_is_told_once_whichever_way_it_is_reported(world: World) -> None:
    place(world)
    later = {"date_modified_gmt": "2026-11-22T16:00:00", "meta_data": TRACKED}
    for _ in range(2):
        world.deliver("order.updated", order("processing", **later))
    parcel = {"tracking_number": "LB1BR", "carrier": "correios"}
    world.deliver("", {"type": "order.parcel", "data": {"order_id": 101, "parcel": parcel}}, source="plugin")
    world.settle(rounds=1)
    assert templates(world) == ["order_placed", "order_shipped"]
    text = world.all_messages()[1]["text"]
    assert "LB1BR" in text and "Correios" in text
    arrived = {**parcel, "status": "delivered"}
    world.deliver("", {"type": "order.parcel", "data": {"order_id": 101, "parcel": arrived}}, source="plugin")
    world.settle(rounds=1)
    assert templates(world)[-1] == "delivered"


def test_parcels_that_left_before_the_sidecar_came_are_not_news(world: World) -> None:
    place(world, meta_data=TRACKED)
    place(world, meta_data=TRACKED, total="1.00", date_modified_gmt="2026-11-22T16:00:00")
    assert templates(world) == ["order_placed"]


def test_a_note_to_the_customer_is_told_once(world: World) -> None:
    place(world)
    note = {"order_id": 101, "note_id": 7, "note": "Please ring the bell"}
    for _ in range(2):
        world.deliver("", {"type": "order.note", "data": note}, source="plugin")
    world.settle(rounds=1)
    assert templates(world) == ["order_placed", "customer_note"]
    assert "ring the bell" in world.all_messages()[1]["text"]


def test_parcels_and_notes_do_not_supersede_and_are_not_superseded(world: World) -> None:
    world.configure(settle_seconds=60)
    place(world)
    world.deliver("", {"type": "order.note", "data": {"order_id": 101, "note_id": 7, "note": "Hi"}}, source="plugin")
    place(world, status="completed", date_modified_gmt="2026-11-22T16:00:00")
    assert [m["status"] for m in world.all_messages()] == ["superseded", "held", "held"]


def test_the_staff_are_told_of_new_orders_each_once(world: World) -> None:
    staff = ["+5511988887777", "+5511988886666"]
    world.configure(staff_numbers=staff, settle_seconds=60)
    place(world)
    place(world, status="completed", date_modified_gmt="2026-11-22T16:00:00")
    told = [m for m in world.all_messages() if m["event"] == "staff"]
    assert [(m["to"], m["template"], m["status"]) for m in told] == [(n, "staff_new_order", "accepted") for n in staff]


def test_staff_are_told_of_other_texts_if_the_shop_wants(world: World) -> None:
    world.configure(staff_numbers=["+5511988887777"], staff_events=["order_cancelled"])
    place(world)
    place(world, status="cancelled", date_modified_gmt="2026-11-22T16:00:00")
    assert [m["template"] for m in world.all_messages() if m["event"] == "staff"] == ["order_cancelled"]


def edited(world: World, events: Sequence[Order]) -> list[tuple[str, str]]:
    reports = [
        Report("shop_one", ShopEvent(EventKind.ORDER_SEEN, told.id, told), "poller", world.clock()) for told in events
    ]
    with world.database.write() as connection:
        world.intake.accept(connection, reports)
    return [(m["order_id"], m["template"]) for m in world.all_messages()]


def test_an_order_edited_into_a_new_one_is_neither_cancelled_nor_placed(world: World) -> None:
    first = Order("1", "1", "processing", NOON, phone="11 91234-5678", country="BR")
    copy = replace(first, id="2", number="1-1", replaces="1")
    gone = replace(first, status="cancelled", replaced_by="2", modified_at=world.clock.now.replace(hour=16))
    assert edited(world, [first, copy, gone]) == [("1", "order_placed")]
    done = replace(copy, status="completed", modified_at=world.clock.now.replace(hour=17))
    assert edited(world, [done])[-1] == ("2", "order_completed")


@pytest.mark.parametrize(
    ("wanted", "payment", "template"),
    [
        ("never", "cod", "order_placed"),
        ("cash_on_delivery", "cod", "confirm_order"),
        ("cash_on_delivery", "pix", "order_placed"),
        ("always", "pix", "confirm_order"),
    ],
)
def test_an_order_can_be_asked_to_be_confirmed(world: World, wanted: str, payment: str, template: str) -> None:
    world.configure(confirm_orders=wanted)
    place(world, payment_method=payment)
    assert templates(world) == [template]
