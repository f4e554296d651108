"""A product is back: who is told, how many, when, and what happens when it is not so any more."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from sidecar.alerts.lastlook import LastLook
from sidecar.alerts.waves import MOST_UNDER_WAY
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.outcome import Rejected, TemporarilyFailed
from sidecar.domain.shop import Shop
from sidecar.domain.stock import StockRecord
from sidecar.intake import byhand
from sidecar.intake.spine import ByHand
from sidecar.storage import alerts as storage
from sidecar.storage import stock
from sidecar.storage.consents import Saying
from sidecar.storage.database import Database
from tests.alerting import (
    ENDED,
    TEXTED,
    TEXTING,
    WAITING,
    again,
    asked,
    many,
    number_of,
    open_shop,
    record,
    run,
    states,
    tell,
    told,
    wait_for,
)
from tests.connectors.woo_recording import body_of, payload
from tests.web.conftest import together
from tests.world import World


@pytest.fixture
def shop(world: World) -> World:
    open_shop(world)
    return world


def numbers(first: int, last: int) -> list[str]:
    return [number_of(person) for person in range(first, last + 1)]


def test_finding_24_those_who_asked_first_are_told_as_many_as_the_stock_can_serve(shop: World) -> None:
    wait_for(shop, 5)
    tell(shop, 2)
    run(shop)
    assert sorted(told(shop)) == numbers(1, 2)
    assert states(shop) == {TEXTED: 2, WAITING: 3}
    text = next(message.text for message in shop.provider.sent if "Voltou" in message.text)
    assert "Caneca Azul" in text and "https://loja.example/caneca" in text and "https://r.example/e/" in text


def test_each_text_tells_which_wave_it_was_and_which_place(shop: World) -> None:
    wait_for(shop, 3)
    tell(shop, 2)
    run(shop)
    lines = [shop.timeline(m)[0] for m in shop.all_messages() if m["event"] == "stock_alert"]
    assert sorted((line["wave"], line["place"]) for line in lines) == [(1, 1), (1, 2)]


@pytest.mark.parametrize(("factor", "reached"), [(1.0, 2), (1.5, 3), (2.0, 4), (10.0, 5), (0.4, 1)])
def test_the_shop_says_how_many_more_than_the_stock(world: World, factor: float, reached: int) -> None:
    open_shop(world, alert_factor=factor)
    wait_for(world, 5)
    tell(world, 2)
    run(world)
    assert len(told(world)) == reached


def test_what_is_not_counted_is_enough_for_all(shop: World) -> None:
    wait_for(shop, 5)
    tell(shop, None)
    run(shop)
    assert sorted(told(shop)) == numbers(1, 5)
    assert record(shop).next_wave_at is None


def test_the_next_wave_comes_after_a_pause_for_what_is_left(shop: World) -> None:
    wait_for(shop, 5)
    tell(shop, 2)
    run(shop)
    shop.clock.forward(minutes=30)
    tell(shop, 1)
    run(shop)
    assert len(told(shop)) == 2
    shop.clock.forward(minutes=31)
    run(shop)
    assert told(shop)[2:] == numbers(3, 3)


def test_bought_by_the_first_nobody_else_is_told(shop: World) -> None:
    wait_for(shop, 5)
    tell(shop, 2)
    run(shop)
    tell(shop, 0)
    shop.clock.forward(hours=3)
    run(shop)
    assert len(told(shop)) == 2
    assert record(shop).next_wave_at is None


def test_back_again_the_wave_does_not_wait_for_a_pause(shop: World) -> None:
    wait_for(shop, 3)
    tell(shop, 1)
    run(shop)
    tell(shop, 0)
    shop.clock.forward(minutes=5)
    tell(shop, 1)
    run(shop)
    assert told(shop) == numbers(1, 2)


def test_out_again_before_sending_nobody_is_texted_and_all_keep_their_places(shop: World) -> None:
    first, *_ = wait_for(shop, 3)
    tell(shop, 2)
    shop.waves.work()
    assert states(shop) == {TEXTING: 2, WAITING: 1}
    tell(shop, 0)
    run(shop)
    assert told(shop) == []
    assert states(shop) == {WAITING: 3}
    cancelled = [m for m in shop.all_messages() if m["event"] == "stock_alert"]
    assert {(m["status"], m["reason"]) for m in cancelled} == {("cancelled", "out_of_stock_again")}
    assert again(shop, first).reason == "out_of_stock_again"
    tell(shop, 2)
    run(shop)
    assert sorted(told(shop)) == numbers(1, 2)


def test_finding_24_out_again_between_claim_and_send_is_seen_at_the_last_moment(shop: World) -> None:
    """A cancelled order puts stock back for a moment of somebody else's checkout."""
    wait_for(shop, 1)
    tell(shop, 1)
    shop.waves.work()
    tell(shop, 0)
    shop.dispatch()
    assert told(shop) == []
    assert [(m["status"], m["reason"]) for m in shop.all_messages() if m["event"] == "stock_alert"] == [
        ("cancelled", "out_of_stock_again")
    ]
    run(shop)
    assert states(shop) == {WAITING: 1}


def test_what_is_bought_meanwhile_takes_the_last_places(shop: World) -> None:
    wait_for(shop, 3)
    tell(shop, 3)
    shop.waves.work()
    tell(shop, 1)
    run(shop)
    assert told(shop) == numbers(1, 1)
    assert states(shop) == {TEXTED: 1, WAITING: 2}
    shop.clock.forward(minutes=61)
    run(shop)
    assert sorted(told(shop)) == numbers(1, 2)


def test_finding_24_flapping_before_anything_left_does_not_double_the_wave(shop: World) -> None:
    wait_for(shop, 6)
    tell(shop, 2)
    shop.waves.work()
    tell(shop, 0)
    tell(shop, 2)
    shop.waves.write()
    assert states(shop) == {TEXTING: 2, WAITING: 4}
    run(shop)
    assert len(told(shop)) == 2


def test_outside_the_sending_hours_the_wave_is_written_at_the_opening(shop: World) -> None:
    """For the stock as it is then: what is written in the evening would have grown old."""
    wait_for(shop, 3)
    shop.clock.forward(hours=9)
    tell(shop, 3)
    run(shop)
    assert (told(shop), states(shop)) == ([], {WAITING: 3})
    shop.clock.forward(hours=11)
    tell(shop, 2)
    run(shop)
    assert told(shop) == []
    shop.clock.forward(hours=1)
    run(shop)
    assert sorted(told(shop)) == numbers(1, 2)


@pytest.mark.parametrize("off", [{"mode": 3}, {"stock_managed": False}, {"alerts_enabled": False}, {"mode": 0}])
def test_while_alerts_are_paused_nothing_leaves_and_nothing_is_lost(shop: World, off: dict[str, Any]) -> None:
    wait_for(shop, 2)
    shop.configure(**off)
    tell(shop, 2)
    run(shop)
    assert told(shop) == []
    assert states(shop) == {WAITING: 2}
    open_shop(shop)
    shop.clock.forward(seconds=61)
    run(shop)
    assert sorted(told(shop)) == numbers(1, 2)


def test_paused_between_writing_and_sending_nothing_leaves(shop: World) -> None:
    wait_for(shop, 1)
    tell(shop, 1)
    shop.waves.work()
    shop.configure(mode=3)
    run(shop)
    assert told(shop) == []
    assert states(shop) == {WAITING: 1}


def test_who_said_stop_is_not_told_and_the_next_is(shop: World) -> None:
    first, _ = wait_for(shop, 2)
    with shop.database.write() as connection:
        stop = Saying("shop_one", first.number, Purpose.STOCK_ALERTS, Standing.OUT, "reply", "STOP")
        shop.consents.record(connection, [stop], shop.clock())
    assert (again(shop, first).state, again(shop, first).reason) == (ENDED, "opted_out")
    tell(shop, 1)
    run(shop)
    assert told(shop) == numbers(2, 2)


def test_stop_while_the_text_waits_is_heard(shop: World) -> None:
    alert, *_ = wait_for(shop, 1)
    tell(shop, 1)
    shop.waves.work()
    shop.alerts.end(shop.shop, alert.id)
    run(shop)
    assert told(shop) == []
    assert [m["reason"] for m in shop.all_messages() if m["event"] == "stock_alert"] == ["request_ended"]
    assert again(shop, alert).reason == "by_shop"


def test_a_wish_ends_after_90_days(shop: World) -> None:
    alert, *_ = wait_for(shop, 1)
    shop.clock.forward(days=89, hours=23)
    shop.waves.expire()
    assert again(shop, alert).state == WAITING
    shop.clock.forward(hours=2)
    assert shop.waves.expire() == 1
    assert (again(shop, alert).state, again(shop, alert).reason) == (ENDED, "waited_too_long")
    tell(shop, 1)
    run(shop)
    assert told(shop) == []


def test_who_asks_at_night_is_asked_to_confirm_at_once(shop: World) -> None:
    shop.clock.forward(hours=10)
    shop.alerts.ask(shop.shop, asked())
    run(shop)
    assert ["Confirme aqui: https://r.example/a/" in message.text for message in shop.provider.sent] == [True]


def test_a_wish_that_nobody_confirms_ends_sooner(shop: World) -> None:
    alert = shop.alerts.ask(shop.shop, asked())
    shop.clock.forward(hours=25)
    shop.waves.expire()
    assert (again(shop, alert).state, again(shop, alert).reason) == (ENDED, "not_confirmed")


def _hello(shop: Shop, connection: Connection, text: str) -> ByHand:
    return byhand.wish(connection, shop, number_of(1), None, text, None)


def test_a_cap_lets_the_next_go_first_and_loses_nobody(shop: World) -> None:
    shop.configure(cap_per_hour=2)
    wait_for(shop, 2)
    for _ in range(2):
        wish_for = partial(_hello, shop.shop, text=f"Hello {_}")
        byhand.send(shop.database, shop.intake, shop.shop, wish_for)
    run(shop)
    tell(shop, 1)
    run(shop)
    assert told(shop) == numbers(2, 2)
    shop.clock.forward(minutes=61)
    run(shop)
    assert sorted(told(shop)) == numbers(1, 2)


def test_a_number_that_cannot_be_reached_ends_and_any_other_refusal_waits_on(shop: World) -> None:
    bad, fine = wait_for(shop, 2)
    run(shop)
    shop.provider.outcomes = [Rejected("invalid_number", True), Rejected("content_refused", True)]
    shop.dispatcher = shop.dispatcher_of("wrk_one", threads=1)
    tell(shop, 2)
    run(shop)
    assert sorted((again(shop, a).state, again(shop, a).reason) for a in (bad, fine)) == [
        (ENDED, "invalid_number"),
        (WAITING, "content_refused"),
    ]
    shop.clock.forward(minutes=61)
    run(shop)
    assert states(shop) == {ENDED: 1, TEXTED: 1}


def test_a_provider_that_is_away_delays_and_the_stock_is_looked_at_again(shop: World) -> None:
    wait_for(shop, 1)
    run(shop)
    shop.provider.outcomes = [TemporarilyFailed("provider_down")]
    tell(shop, 1)
    run(shop, 1)
    tell(shop, 0)
    shop.clock.forward(minutes=2)
    run(shop)
    assert len(told(shop)) == 1
    assert states(shop) == {WAITING: 1}


def test_whoever_confirms_while_it_is_for_sale_is_told_at_once(shop: World) -> None:
    tell(shop, 3)
    wait_for(shop, 1)
    run(shop)
    assert told(shop) == numbers(1, 1)


def test_an_older_report_of_the_shop_changes_nothing(shop: World) -> None:
    wait_for(shop, 1)
    tell(shop, 0)
    tell(shop, 5, at=shop.clock() - timedelta(minutes=1))
    run(shop)
    assert told(shop) == []


def test_finding_21_a_product_that_is_saved_while_it_is_there_is_not_back(shop: World) -> None:
    """Any save is delivered, and none tells what was before: only a product that was away is news."""
    wait_for(shop, 2)
    restocked = {**payload(61), "stock_quantity": 1}
    for minute, name in enumerate(("Caneca", "Caneca Azul", "Caneca azul")):
        saved = {**restocked, "name": name, "date_modified_gmt": f"2026-11-22T13:{minute:02}:00"}
        shop.deliver("product.updated", json.dumps(saved).encode())
        run(shop)
        shop.clock.forward(minutes=1)
    assert told(shop) == numbers(1, 1)


def test_a_real_webhook_of_a_restocked_product_tells_who_waits(shop: World) -> None:
    wait_for(shop, 5)
    shop.deliver("product.updated", body_of(60))
    shop.deliver("product.updated", body_of(61))
    run(shop)
    assert sorted(told(shop)) == numbers(1, 4)


def test_only_so_many_are_under_way_at_once(shop: World) -> None:
    """So that all can be taken back at once, and no batch is long."""
    wait_for(shop, 3)
    tell(shop, None)
    shop.waves.work()
    assert states(shop) == {TEXTING: 3}
    assert MOST_UNDER_WAY < 5000


def test_two_workers_at_once_write_a_wave_once(shop: World) -> None:
    wait_for(shop, 12)
    tell(shop, 5)
    others = [Database(shop.database_url) for _ in range(2)]
    try:
        workers = [shop.waves_of(database) for database in others]
        together([worker.write for worker in workers])
        assert states(shop) == {TEXTING: 5, WAITING: 7}
    finally:
        for database in others:
            database.close()
    run(shop)
    assert sorted(told(shop)) == numbers(1, 5)


def test_the_last_look_passes_other_texts_without_a_look(sqlite_url: str) -> None:
    class Message:
        event = "order_placed"

    assert LastLook(Database("sqlite:////nowhere/at/all"))(Message()) is None  # type: ignore[arg-type]


def test_what_goes_wrong_with_one_product_keeps_no_other_waiting(shop: World) -> None:
    odd = replace(many("shop_one", 1, first=900, product_id="9")[0], id="not an id of ours")
    due = StockRecord("Odd", "", True, 1, shop.clock(), next_wave_at=shop.clock() - timedelta(hours=1))
    with shop.database.write() as connection:
        storage.add_all(connection, [odd])
        stock.save(connection, {("shop_one", "9", ""): due})
    wait_for(shop, 1)
    tell(shop, 1)
    run(shop)
    assert told(shop) == numbers(1, 1)
    assert states(shop) == {WAITING: 1, TEXTED: 1}
