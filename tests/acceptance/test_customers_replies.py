"""What customers write: understood once, acted upon once, and never lost."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from sidecar.callbacks.station import CallbackStation
from sidecar.consent.agreeing import Agreement
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.outcome import Rejected, TemporarilyFailed
from sidecar.domain.status import MessageState
from sidecar.storage import orders
from sidecar.storage.database import Database
from sidecar.storage.tables import callbacks, consent_log, replies, shop_tasks
from tests.web.conftest import together
from tests.world import MARIA, NOON, World, new_message, order

GERMAN = "+4915112345678"
EVERYTHING_OUT = dict.fromkeys(Purpose, Standing.OUT)


def _rows(world: World, table: Any) -> list[Any]:
    with world.database.read() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def _standings(world: World, shop_id: str = "shop_one", number: str = MARIA) -> Mapping[Purpose, Standing]:
    with world.database.read() as connection:
        return world.consents.standings(connection, [(shop_id, number)]).get((shop_id, number), {})


def _order(world: World, order_id: int = 101, shop_id: str = "shop_one", status: str = "processing") -> None:
    world.deliver("order.created", order(status, order_id=order_id, modified=world.clock()), shop_id=shop_id)
    world.settle()


def _says(world: World, text: str, **told: Any) -> str:
    world.hear(text, **told)
    world.settle()
    return str(_rows(world, replies)[-1].meaning)


def _answers(world: World) -> list[str]:
    return [m["template"] for m in world.all_messages() if m["event"] == "answer"]


def test_a_reply_joins_its_order_unread_and_is_told_to_the_shop(world: World) -> None:
    _order(world)
    assert _says(world, "Que horas chega?") == "reply"
    [reply] = _rows(world, replies)
    assert (reply.shop_id, reply.order_id, reply.number, reply.read_at) == ("shop_one", "101", MARIA, None)
    [task] = _rows(world, shop_tasks)
    assert (task.kind, task.order_id, task.state) == ("order_note", "101", "waiting")
    assert task.data["note"] == "O cliente respondeu: “Que horas chega?”"
    assert _answers(world) == []
    [placed] = world.all_messages()
    last = world.timeline(placed)[-1]
    assert (last["reply"], last["meaning"]) == (reply.id, "reply")
    assert "chega" not in str(last)


def test_the_same_message_brought_twice_counts_once(world: World) -> None:
    _order(world)
    world.hear("Oi", id="IN-7")
    world.hear("Oi", id="IN-7")
    world.settle()
    world.hear("Oi", id="IN-7")
    world.settle()
    assert len(_rows(world, replies)) == len(_rows(world, shop_tasks)) == 1
    assert {row.state for row in _rows(world, callbacks)} == {"done"}


def test_messages_without_an_id_are_kept_each(world: World) -> None:
    _order(world)
    world.call_back("inbound", {"id": "", "from": MARIA, "text": "a"}, "acc_shop_one")
    world.call_back("inbound", {"id": "", "from": MARIA, "text": "b"}, "acc_shop_one")
    world.settle()
    assert [row.text for row in _rows(world, replies)] == ["a", "b"]


def test_stop_ends_all_texts_of_that_shop_with_proof_and_is_answered_once(world: World) -> None:
    _order(world)
    with world.database.write() as connection:
        held = new_message(7, MessageState.HELD, due_at=NOON + timedelta(hours=5))
        other = new_message(8, MessageState.HELD, to="+5511912340000", due_at=NOON + timedelta(hours=5))
        staff = new_message(9, MessageState.HELD, event="staff", due_at=NOON + timedelta(hours=5))
        world.messages.add(connection, [held, other, staff], world.clock())
    assert _says(world, "Sair!") == "opt_out"
    [reply] = _rows(world, replies)
    assert _standings(world) == EVERYTHING_OUT
    proofs = _rows(world, consent_log)
    assert {(p.source, p.wording, p.evidence, p.standing) for p in proofs} == {("reply", "Sair!", reply.id, "out")}
    by_id = {m["id"]: m for m in world.all_messages()}
    assert (by_id["msg_00007"]["status"], by_id["msg_00007"]["reason"]) == ("cancelled", "opted_out")
    assert by_id["msg_00008"]["status"] == by_id["msg_00009"]["status"] == "held"
    assert world.timeline(by_id["msg_00007"])[-1]["evidence"] == reply.id
    assert _says(world, "STOP") == "opt_out"
    assert _answers(world) == ["opted_out"]
    [answer] = [m for m in world.all_messages() if m["event"] == "answer"]
    assert answer["status"] == "accepted" and world.timeline(answer)[0]["reply"] == reply.id
    assert reply.read_at is not None
    _order(world, 102)
    assert [m["reason"] for m in world.all_messages(order_id="102")][-1] == "opted_out"


def test_a_stop_of_one_shop_leaves_another_shop_alone(world: World) -> None:
    world.add_shop("shop_two")
    _order(world)
    _order(world, 201, "shop_two")
    _says(world, "STOP")
    assert _standings(world) == EVERYTHING_OUT
    assert _standings(world, "shop_two") == {}


@pytest.mark.parametrize(("told", "answered"), [("yes", []), ("unknown", []), ("no", ["opted_out"])])
def test_a_stop_is_not_answered_where_the_provider_does(world: World, told: str, answered: list[str]) -> None:
    world.add_account("acc_two", answers_stop=told)
    world.route("acc_two")
    _order(world)
    _says(world, "STOP", account_id="acc_two")
    assert (_standings(world), _answers(world)) == (EVERYTHING_OUT, answered)


def test_what_the_provider_took_for_a_stop_is_one_and_is_not_answered(world: World) -> None:
    _order(world)
    assert _says(world, "chega disso", wish="stop") == "opt_out"
    assert (_standings(world), _answers(world)) == (EVERYTHING_OUT, [])


def test_start_undoes_it_and_brings_back_only_the_advertising_once_agreed_to(world: World) -> None:
    _order(world)
    assert _says(world, "START") == "opt_in"
    assert _answers(world) == []
    _says(world, "STOP")
    _says(world, "start")
    both = {Purpose.ORDERS: Standing.IN, Purpose.STOCK_ALERTS: Standing.IN}
    assert _standings(world) == {**both, Purpose.MARKETING: Standing.OUT}
    assert _answers(world) == ["opted_out", "opted_in"]


def test_a_provider_that_refuses_because_of_a_stop_has_told_us(world: World) -> None:
    world.provider.outcomes = [Rejected("opted_out", permanent=True, code="21610")]
    with world.database.write() as connection:
        held = new_message(7, MessageState.HELD, due_at=NOON + timedelta(hours=5))
        world.messages.add(connection, [held], world.clock())
    _order(world)
    assert _standings(world) == EVERYTHING_OUT
    assert {row.source for row in _rows(world, consent_log)} == {"provider"}
    assert ("order_placed", "cancelled") in world.states()


def test_a_receipt_that_tells_of_a_stop_counts_too_and_once(world: World) -> None:
    _order(world)
    [message] = world.all_messages()
    world.report("undelivered", message, reason="opted_out")
    world.report("undelivered", message, reason="opted_out")
    world.settle()
    assert _standings(world) == EVERYTHING_OUT
    assert len(_rows(world, consent_log)) == len(Purpose)


def test_a_stop_while_a_text_is_under_way_ends_its_further_tries(world: World) -> None:
    _order(world)
    world.provider.outcomes = [TemporarilyFailed("provider_down")]
    world.deliver("order.updated", order("completed", modified=NOON + timedelta(minutes=1)))
    world.reception.work()
    world.chores.release()
    world.dispatcher.turn()
    world.hear("STOP")
    world.callbacks.work()
    while world.dispatcher.in_hand:
        world.dispatcher.collect()
        world.dispatcher.turn()
    world.clock.forward(hours=1)
    world.settle()
    [second] = [m for m in world.all_messages() if m["template"] == "order_completed"]
    assert (second["status"], second["reason"]) == ("cancelled", "opted_out")


def _asked_order(world: World, **settings: Any) -> None:
    world.configure(confirm_orders="always", **settings)
    _order(world)


@pytest.mark.parametrize(
    ("text", "meaning", "stands", "answers"),
    [
        ("yes", "agreed", Standing.IN, ["subscribed"]),
        ("1", "agreed", Standing.IN, ["subscribed"]),
        ("2", "declined", Standing.OUT, []),
        ("maybe", "reply", Standing.PENDING, []),
    ],
)
def test_a_second_yes_is_asked_for_where_a_country_wants_it(
    world: World, text: str, meaning: str, stands: Standing, answers: list[str]
) -> None:
    told = Agreement(GERMAN, "", Purpose.MARKETING, Standing.IN, "checkout", "Angebote", locale="de")
    assert world.agreements.say(world.shop, told) is Standing.PENDING
    world.settle()
    [asked] = world.all_messages()
    assert (asked["template"], asked["status"]) == ("confirm_marketing", "accepted")
    assert _says(world, text, sender=GERMAN) == meaning
    assert _standings(world, number=GERMAN)[Purpose.MARKETING] is stands
    assert _answers(world) == answers
    assert _says(world, "yes", sender=GERMAN) == ("reply" if stands is not Standing.PENDING else "agreed")


@pytest.mark.parametrize(
    ("text", "meaning", "answer", "asked", "status"),
    [
        ("1", "order_confirmed", "order_confirmed_reply", "confirmed", "processing"),
        ("Sim!", "order_confirmed", "order_confirmed_reply", "confirmed", "processing"),
        ("2", "order_cancelled", "order_cancel_reply", "cancelled", "cancelled"),
        ("não", "order_cancelled", "order_cancel_reply", "cancelled", "cancelled"),
    ],
)
def test_an_order_is_confirmed_or_cancelled_by_reply(
    world: World, text: str, meaning: str, answer: str, asked: str, status: str
) -> None:
    _asked_order(world, confirmed_status="processing", cancelled_status="cancelled")
    assert _says(world, text) == meaning
    with world.database.read() as connection:
        record = orders.find(connection, "shop_one", "101")
    assert record and record.asked == asked
    [task] = _rows(world, shop_tasks)
    assert (task.data["status"], task.data["meaning"]) == (status, meaning)
    assert _answers(world) == [answer]
    assert _says(world, "2") == "reply", "a second answer is a message to the owner"
    assert _answers(world) == [answer]
    assert _standings(world) == {}


def test_without_a_setting_the_answer_changes_no_status(world: World) -> None:
    _asked_order(world)
    _says(world, "1")
    [task] = _rows(world, shop_tasks)
    assert "status" not in task.data


def test_nobody_else_answers_for_the_one_who_was_asked(world: World) -> None:
    _asked_order(world)
    assert _says(world, "1", sender="+5511912340000") == "reply"


def test_a_late_answer_and_one_about_a_settled_order_are_messages(world: World) -> None:
    _asked_order(world)
    world.clock.forward(days=8)
    assert _says(world, "1") == "reply"
    world.clock.forward(hours=1)
    _order(world, 102)
    world.deliver("order.updated", order("cancelled", order_id=102, modified=world.clock() + timedelta(minutes=1)))
    world.settle()
    assert _says(world, "1") == "reply"


def test_the_order_that_the_reply_names_is_the_one_answered(world: World) -> None:
    _asked_order(world)
    _order(world, 102)
    [first, _] = world.all_messages()
    _says(world, "2", answers=f"P-{first['id']}")
    with world.database.read() as connection:
        asked = [getattr(orders.find(connection, "shop_one", each), "asked", "") for each in ("101", "102")]
    assert asked == ["cancelled", "open"]


def test_the_shops_own_words_are_answered_but_not_for_ever(world: World) -> None:
    world.configure(answers={"Horário": "test_message"})
    _order(world)
    assert _says(world, "horario?") == "keyword"
    assert _says(world, "HORARIO") == "keyword"
    assert _answers(world) == ["test_message"]
    world.clock.forward(hours=2)
    _says(world, "horario")
    assert _answers(world) == ["test_message"] * 2
    assert all(row.read_at is None for row in _rows(world, replies))


def test_the_shop_is_the_one_whose_text_was_the_latest_by_that_account(world: World) -> None:
    world.add_account("acc_shared")
    world.add_shop("shop_two")
    world.route("acc_shared")
    world.route("acc_shared", shop_id="shop_two")
    _order(world)
    world.clock.forward(seconds=1)
    _order(world, 201, "shop_two")
    world.hear("para quem?", account_id="acc_shared")
    world.hear("de ninguém", sender="+5511912340000", account_id="acc_shared")
    [first] = world.all_messages(shop_id="shop_one")
    world.hear("primeira", account_id="acc_shared", answers=f"P-{first['id']}")
    world.settle()
    by_text = {row.text: row.shop_id for row in _rows(world, replies)}
    assert by_text == {"para quem?": "shop_two", "de ninguém": "", "primeira": "shop_one"}


def test_an_account_of_one_shop_is_that_shops(world: World) -> None:
    assert _says(world, "Oi, vocês abrem hoje?", sender="+5511912340000") == "reply"
    assert _rows(world, replies)[0].shop_id == "shop_one"
    assert _rows(world, shop_tasks) == []


def test_two_workers_that_read_one_message_act_once(world: World) -> None:
    _asked_order(world)
    world.hear("1", id="IN-1")
    world.hear("1", id="IN-1")
    other = Database(world.database_url)
    together([lambda: _work_one(world.callbacks), lambda: _work_one(world.callbacks_of(other))])
    world.settle()
    other.close()
    assert len(_rows(world, replies)) == len(_rows(world, shop_tasks)) == 1
    assert _answers(world) == ["order_confirmed_reply"]


def _work_one(station: CallbackStation) -> None:
    station.work(1)


class _Killed(BaseException):
    """Like kill -9: nothing after it runs."""


@contextmanager
def _dying_at(world: World, statement: str) -> Iterator[None]:
    def die(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith(statement):
            raise _Killed

    event.listen(world.database.engine, "before_cursor_execute", die)
    with pytest.raises(_Killed):
        yield
    event.remove(world.database.engine, "before_cursor_execute", die)


@pytest.mark.parametrize("at", ["INSERT INTO replies", "UPDATE replies", "UPDATE callbacks"])
def test_dying_in_the_middle_leaves_all_to_the_next(world: World, at: str) -> None:
    _asked_order(world)
    world.hear("2")
    with _dying_at(world, at):
        world.callbacks.work()
    assert _rows(world, replies) == [] and _rows(world, shop_tasks) == []
    world.settle()
    assert [row.meaning for row in _rows(world, replies)] == ["order_cancelled"]
    assert len(_rows(world, shop_tasks)) == 1
