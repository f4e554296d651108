"""What people told a shop while it could not tell us, and what they ticked when they bought."""

from typing import Any

import pytest

from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.stock import AlertState
from sidecar.storage import alerts as storage
from sidecar.storage.alerts import Alert
from tests.alerting import ON
from tests.world import MARIA, World, order

ASKED = {
    "product_id": "11",
    "name": "Caneca",
    "url": "https://loja.example/caneca",
    "number": "11 91234-5678",
    "wording": "Avise-me",
    "ip": "203.0.113.7",
}
NO_MORE = {"number": MARIA, "purpose": "marketing", "standing": "out", "source": "account"}
TICKED = {"purpose": "orders", "wording": "Text me about my order", "ip": "203.0.113.7", "locale": "pt_BR"}


def tell(world: World, kind: str, data: dict[str, Any]) -> None:
    world.deliver("", {"type": kind, "data": data}, source="plugin")
    world.reception.work()


def buy(world: World, *consents: Any, source: str = "plugin", **fields: Any) -> None:
    """An order as WooCommerce's REST interface shows it, with the meta that the plugin keeps."""
    meta = [{"id": 1, "key": "_recado_consents", "value": list(consents)}]
    told = order(meta_data=meta, **fields)
    if source == "plugin":
        tell(world, "order.updated", told)
    else:
        world.deliver("order.updated", told)
    world.settle()


def wishes(world: World) -> list[Alert]:
    with world.database.read() as connection:
        return storage.of_person(connection, world.shop.id, MARIA, "", 10)


def said(world: World) -> list[tuple[str, str, str]]:
    with world.database.read() as connection:
        log = world.consents.history(connection, (world.shop.id, MARIA))
    return [(row.purpose, row.standing, row.source) for row in log]


def standing(world: World, purpose: Purpose) -> Standing | None:
    person = (world.shop.id, MARIA)
    with world.database.read() as connection:
        return world.consents.standings(connection, [person]).get(person, {}).get(purpose)


def test_a_wish_told_later_is_asked_about_like_any_other(world: World) -> None:
    world.configure(**ON)
    tell(world, "alert.asked", ASKED)
    tell(world, "alert.asked", ASKED)
    world.settle()
    (wish,) = wishes(world)
    assert (wish.state, wish.wording, wish.ip) == (AlertState.PENDING, "Avise-me", "203.0.113.7")
    assert world.states() == [("alert_confirm_link", "accepted")]
    tell(world, "alert.ended", {"id": wish.id})
    assert [(each.state, each.reason) for each in wishes(world)] == [(AlertState.ENDED, "by_shop")]


def test_a_no_told_later_counts_once_however_often_it_arrives(world: World) -> None:
    for _ in range(2):
        tell(world, "consent.said", {**NO_MORE, "evidence": "evt_1"})
    assert said(world) == [("marketing", "out", "account")]
    yes = {**NO_MORE, "standing": "in", "wording": "Novidades por SMS", "evidence": "evt_2"}
    tell(world, "consent.said", yes)
    tell(world, "consent.said", {**NO_MORE, "evidence": "evt_1"})
    assert standing(world, Purpose.MARKETING) is Standing.IN, "an old no does not come back"


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        ("alert.asked", {**ASKED, "number": "4002-8922"}, "not_mobile"),
        ("alert.asked", {**ASKED, "surprise": 1}, "bad_field: The event's `surprise` is wrong"),
        ("alert.asked", {**ASKED, "ip": "here"}, "bad_field: The event's `ip` is wrong: write it as"),
        ("alert.ended", {"id": "alr_nobody"}, "unknown_alert"),
        ("consent.said", {**NO_MORE, "standing": "in"}, "wording_needed"),
        ("consent.said", {**NO_MORE, "purpose": "all"}, "bad_field: The event's `purpose` is wrong"),
    ],
)
def test_what_cannot_be_kept_stays_visible_with_its_reason(
    world: World, kind: str, data: dict[str, Any], why: str
) -> None:
    world.configure(**ON)
    tell(world, kind, data)
    (failed,) = world.failed()
    assert why in failed
    assert not wishes(world) and not said(world)


@pytest.mark.parametrize("source", ["plugin", "webhook"])
def test_what_was_ticked_at_the_checkout_stands_before_the_order_is_decided_on(world: World, source: str) -> None:
    world.configure(order_consent="opt_in")
    buy(world, TICKED, source=source)
    assert world.states() == [("order_placed", "accepted")]
    world.clock.forward(minutes=1)
    buy(world, TICKED, source=source, status="completed", modified=world.clock())
    assert said(world) == [("orders", "in", "checkout")]


def test_an_order_without_the_tick_is_not_texted_about_where_one_is_needed(world: World) -> None:
    world.configure(order_consent="opt_in")
    buy(world, "nonsense", {"purpose": "orders"}, {**TICKED, "purpose": "everything"})
    assert world.states() == [("order_placed", "suppressed")]
    assert not said(world)


def test_a_tick_undoes_no_stop(world: World) -> None:
    buy(world)
    world.hear("STOP")
    world.settle()
    buy(world, TICKED, {**TICKED, "purpose": "marketing"}, order_id=102)
    assert standing(world, Purpose.ORDERS) is Standing.OUT
    assert standing(world, Purpose.MARKETING) is Standing.OUT
