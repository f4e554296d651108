"""Receipts move a text forward only; early, late, repeated and foreign ones are kept, and change nothing."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from sidecar.domain.ids import new_id
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, Callback, OutcomeUnknown, Receipt, SendOutcome
from sidecar.domain.status import MessageState
from sidecar.storage import callbacks
from sidecar.storage.tables import callbacks as callbacks_table
from sidecar.storage.tables import receipts
from tests.world import ObedientProvider, World, order

Message = dict[str, Any]


@pytest.fixture
def message(world: World) -> Message:
    """A text that the provider has taken."""
    world.deliver("order.created", order("processing"))
    world.settle()
    [message] = world.all_messages()
    assert message["status"] == "accepted"
    return message


def verdicts(world: World) -> list[tuple[str, str]]:
    """The providers' words and what became of each receipt, oldest first."""
    with world.database.read() as connection:
        rows = connection.execute(select(receipts.c.word, receipts.c.verdict).order_by(receipts.c.id))
        return [(row.word, row.verdict) for row in rows]


def callback_notes(world: World) -> list[tuple[str, str]]:
    with world.database.read() as connection:
        rows = connection.execute(select(callbacks_table).order_by(callbacks_table.c.id))
        return [(row.state, row.note) for row in rows]


def store(world: World, body: bytes, account_id: str = "acc_shop_one") -> None:
    with world.database.write() as connection:
        connection.execute(
            insert(callbacks_table).values(
                account_id=account_id,
                id=new_id("cb", world.clock(), lambda _: 7),
                kind="status",
                method="POST",
                url="https://recado.example/callbacks",
                headers={},
                body=body,
                received_at=world.clock(),
                state=callbacks.RECEIVED,
            )
        )
    world.clock.forward(milliseconds=1)


def state(world: World) -> str:
    world.callbacks.work()
    world.callbacks.match_again()
    [message] = world.all_messages()
    return str(message["status"])


def test_a_text_is_followed_to_its_reading(world: World, message: Message) -> None:
    for word in ("sent", "delivered", "read"):
        world.report(word, message)
        assert state(world) == word
    [message] = world.all_messages()
    states = [step["state"] for step in world.timeline(message)]
    assert states == ["queued", "sending", "accepted", "sent", "delivered", "read"]
    assert message["sent_at"] < message["delivered_at"]


def test_all_its_receipts_in_one_batch_do_the_same(world: World, message: Message) -> None:
    for word in ("sent", "delivered", "read"):
        world.report(word, message)
    assert state(world) == "read"
    [read] = world.all_messages()
    assert read["sent_at"] == message["sent_at"]
    assert read["delivered_at"] is not None
    assert verdicts(world) == [("sent", "applied"), ("delivered", "applied"), ("read", "applied")]


def test_a_late_sent_after_delivered_is_kept_and_changes_nothing(world: World, message: Message) -> None:
    for word in ("delivered", "sent", "accepted"):
        world.report(word, message)
        assert state(world) == "delivered"
    assert verdicts(world) == [("delivered", "applied"), ("sent", "kept"), ("accepted", "kept")]
    late = world.timeline(message)[-2:]
    assert [(step["state"], step["applied"]) for step in late] == [("sent", False), ("accepted", False)]


def test_the_same_receipt_again_changes_nothing(world: World, message: Message) -> None:
    for _ in range(3):
        world.report("delivered", message)
    assert state(world) == "delivered"
    world.report("delivered", message)
    assert state(world) == "delivered"
    assert [verdict for _, verdict in verdicts(world)] == ["applied", "kept", "kept", "kept"]
    assert [step["state"] for step in world.timeline(message) if step.get("applied", True)][-2:] == [
        "accepted",
        "delivered",
    ]


def test_an_undelivered_text_stays_undelivered(world: World, message: Message) -> None:
    for word in ("sent", "undelivered", "delivered"):
        world.report(word, message)
    assert state(world) == "undelivered"
    [message] = world.all_messages()
    assert message["delivered_at"] is None


@pytest.mark.parametrize("named", ["by our id", "by the provider's id"])
def test_a_receipt_that_overtakes_the_answer_counts_and_the_answer_does_not_undo_it(world: World, named: str) -> None:
    class QuickToReport(ObedientProvider):
        """Its callback is in before the answer to the send is."""

        def send(self, message: OutgoingMessage) -> SendOutcome:
            told = {"message": message.id} if named == "by our id" else {}
            world.report("delivered", {"id": message.id}, **told)
            world.callbacks.work()
            return super().send(message)

    world.provider = QuickToReport()
    world.deliver("order.created", order("processing"))
    world.settle()
    [message] = world.all_messages()
    assert message["status"] == "delivered"
    assert message["provider_id"] == f"P-{message['id']}"
    assert message["sent_at"] is not None
    assert message["delivered_at"] is not None
    assert verdicts(world) == [("delivered", "applied")]
    assert len(world.provider.sent) == 1
    world.clock.forward(minutes=20)
    world.look_ups.work()
    assert state(world) == "delivered"


def test_a_receipt_with_our_id_finds_its_text_under_any_provider_id(world: World, message: Message) -> None:
    world.report("delivered", {"id": "another"}, message=message["id"])
    assert state(world) == "delivered"
    [delivered] = world.all_messages()
    assert delivered["provider_id"] == message["provider_id"]


def test_a_receipt_with_an_id_that_is_not_ours_is_still_found_by_the_providers(world: World, message: Message) -> None:
    world.report("delivered", message, message="msg_of_somebody_else")
    assert state(world) == "delivered"


def test_another_accounts_receipt_does_not_move_this_accounts_text(world: World, message: Message) -> None:
    world.add_shop("shop_two")
    world.report("delivered", message, account_id="acc_shop_two")
    world.report("delivered", message, account_id="acc_shop_two", message=message["id"])
    assert state(world) == "accepted"
    assert [verdict for _, verdict in verdicts(world)] == ["unmatched", "unmatched"]


def test_a_receipt_of_an_unknown_text_waits_and_is_matched_when_the_text_is_known(world: World) -> None:
    world.report("delivered", {"id": "msg_later"})
    world.settle()
    assert verdicts(world) == [("delivered", "unmatched")]
    world.clock.forward(minutes=59)
    world.settle()
    assert verdicts(world) == [("delivered", "unmatched")]

    class Late(ObedientProvider):
        def send(self, message: OutgoingMessage) -> SendOutcome:
            outcome = super().send(message)
            return type(outcome)("P-msg_later")  # type: ignore[call-arg]

    world.provider = Late()
    world.deliver("order.created", order("processing"))
    world.settle()
    assert world.states() == [("order_placed", "delivered")]
    assert verdicts(world) == [("delivered", "applied")]


def test_a_receipt_that_finds_no_text_is_given_up_after_an_hour_and_stays_readable(world: World) -> None:
    world.report("delivered", {"id": "msg_of_another_program"})
    world.settle()
    world.clock.forward(minutes=59, seconds=59)
    world.callbacks.match_again()
    assert verdicts(world) == [("delivered", "unmatched")]
    world.clock.forward(seconds=2)
    world.callbacks.match_again()
    assert verdicts(world) == [("delivered", "kept")]


class Multilingual(ObedientProvider):
    """Reads several receipts in one callback, in words that we may not know."""

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        told = json.loads(callback.body)
        if told == "boom":
            raise KeyError(told)
        return [
            Receipt(
                one["id"],
                MessageState(one["state"]) if one["state"] in list(MessageState) else None,
                one["state"],
                one.get("reason", ""),
                recipient=one.get("to"),
            )
            for one in told
        ]


def test_a_word_we_do_not_know_is_kept_and_changes_nothing(world: World, message: Message) -> None:
    world.provider = Multilingual()
    store(world, json.dumps([{"id": message["provider_id"], "state": "teleported"}]).encode())
    assert state(world) == "accepted"
    assert verdicts(world) == [("teleported", "kept")]


def test_a_reason_for_a_failure_is_shown_with_the_text(world: World, message: Message) -> None:
    world.provider = Multilingual()
    failed = {"id": message["provider_id"], "state": "undelivered", "reason": "handset_unreachable"}
    store(world, json.dumps([failed]).encode())
    assert state(world) == "undelivered"
    [undelivered] = world.all_messages()
    assert undelivered["reason"] == "handset_unreachable"


def test_one_provider_id_for_several_numbers_is_told_apart_by_the_number(world: World, message: Message) -> None:
    world.provider = Multilingual()
    told = [
        {"id": message["provider_id"], "state": "undelivered", "to": "+33612345678"},
        {"id": message["provider_id"], "state": "delivered", "to": message["to"]},
    ]
    store(world, json.dumps(told).encode())
    assert state(world) == "delivered"
    assert sorted(verdicts(world)) == [("delivered", "applied"), ("undelivered", "unmatched")]


def nameless(world: World, outcome: SendOutcome, order_id: int = 101) -> Message:
    """A text that left without our learning the provider's id for it."""
    world.provider = Multilingual()
    world.provider.outcomes = [outcome]
    world.deliver("order.created", order("processing", order_id=order_id))
    world.settle()
    message = world.all_messages()[-1]
    assert message["provider_id"] is None
    return message


def tell(world: World, to: str, state: str = "delivered", ticket: str = "T-1") -> None:
    store(world, json.dumps([{"id": ticket, "state": state, "to": to}]).encode())
    world.callbacks.work()
    world.callbacks.match_again()


LOST = OutcomeUnknown("answer_lost")
HAVE_IT = Accepted("")


@pytest.mark.parametrize("outcome", [LOST, HAVE_IT])
def test_a_text_whose_id_was_never_told_is_found_by_its_number(world: World, outcome: SendOutcome) -> None:
    message = nameless(world, outcome)
    tell(world, message["to"], "sent")
    [sent] = world.all_messages()
    assert (sent["status"], sent["provider_id"], sent["reason"]) == ("sent", "T-1", "")
    tell(world, message["to"], "delivered")
    assert world.states() == [("order_placed", "delivered")]
    assert verdicts(world) == [("sent", "applied"), ("delivered", "applied")]
    world.clock.forward(minutes=20)
    world.look_ups.work()
    assert len(world.provider.sent) == 1


def test_two_texts_whose_ids_were_never_told_are_not_mistaken_for_each_other(world: World) -> None:
    message = nameless(world, LOST)
    nameless(world, LOST, order_id=102)
    tell(world, message["to"])
    assert [message["status"] for message in world.all_messages()] == ["unknown", "unknown"]
    assert verdicts(world) == [("delivered", "unmatched")]


def test_a_receipt_with_another_id_than_the_first_is_of_another_text(world: World) -> None:
    message = nameless(world, LOST)
    told = [{"id": ticket, "state": "sent", "to": message["to"]} for ticket in ("T-1", "T-2", "T-1")]
    store(world, json.dumps(told).encode())
    assert state(world) == "sent"
    tell(world, message["to"], "undelivered", "T-3")
    assert world.all_messages()[0]["provider_id"] == "T-1"
    words = [verdict for _, verdict in sorted(verdicts(world))]
    assert sorted(words) == ["applied", "kept", "unmatched", "unmatched"]


def test_a_text_is_not_found_by_number_where_it_cannot_be_meant(world: World) -> None:
    message = nameless(world, LOST)
    world.add_shop("shop_two")
    tell(world, "+33612345678")
    store(world, json.dumps([{"id": "T-1", "state": "delivered", "to": message["to"]}]).encode(), "acc_shop_two")
    assert state(world) == "unknown"
    world.clock.forward(days=3, seconds=1)
    tell(world, message["to"])
    assert world.states() == [("order_placed", "unknown")]
    assert {verdict for _, verdict in verdicts(world)} == {"unmatched", "kept"}


def test_a_text_whose_id_is_known_takes_no_other(world: World, message: Message) -> None:
    world.provider = Multilingual()
    tell(world, message["to"])
    assert world.states() == [("order_placed", "accepted")]


def test_a_receipt_from_before_the_text_left_is_not_its_own(world: World) -> None:
    store(world, json.dumps([{"id": "T-1", "state": "delivered", "to": "+5511912345678"}]).encode())
    assert nameless(world, LOST)["to"] == "+5511912345678"
    assert world.states() == [("order_placed", "unknown")]
    assert verdicts(world) == [("delivered", "unmatched")]


def test_a_receipt_with_an_id_of_ours_is_not_looked_for_by_number(world: World) -> None:
    class Exact(Multilingual):
        def read_receipts(self, callback: Callback) -> list[Receipt]:
            return [replace(receipt, message_id="msg_elsewhere") for receipt in super().read_receipts(callback)]

    message = nameless(world, LOST)
    world.provider = Exact()
    tell(world, message["to"])
    assert world.states() == [("order_placed", "unknown")]


def test_a_callback_that_cannot_be_read_is_kept_as_failed_and_holds_up_nobody(world: World, message: Message) -> None:
    store(world, b"<html>")
    world.report("delivered", message)
    assert state(world) == "delivered"
    assert callback_notes(world) == [("failed", "unreadable: not JSON"), ("done", "")]


def test_a_callback_that_breaks_the_adapter_is_kept_as_failed_and_holds_up_nobody(
    world: World, message: Message
) -> None:
    world.provider = Multilingual()
    store(world, b'"boom"')
    store(world, json.dumps([{"id": message["provider_id"], "state": "delivered"}]).encode())
    assert state(world) == "delivered"
    [(failed, note), (done, _)] = callback_notes(world)
    assert (failed, done) == ("failed", "done")
    assert note.startswith("internal_error: KeyError")


@pytest.mark.every_case_on_both
@pytest.mark.parametrize("provider_id", ["P-\x00", "P" * 500, "", "\ud800"])
def test_a_callback_that_no_database_takes_holds_up_nobody(world: World, message: Message, provider_id: str) -> None:
    world.provider = Multilingual()
    store(world, json.dumps([{"id": provider_id, "state": "delivered"}]).encode())
    store(world, json.dumps([{"id": message["provider_id"], "state": "delivered"}]).encode())
    assert state(world) == "delivered"
    assert len(callback_notes(world)) == 2
    assert "received" not in {state for state, _ in callback_notes(world)}


def test_a_receipt_does_not_bring_back_what_never_left(world: World) -> None:
    world.configure(settle_seconds=600)
    world.deliver("order.created", order("processing"))
    world.settle()
    [message] = world.all_messages()
    world.report("delivered", message, message=message["id"])
    assert state(world) == "held"
    world.clock.forward(seconds=601)
    world.settle()
    assert world.states() == [("order_placed", "accepted")]


def test_callbacks_are_worked_in_batches(world: World, message: Message) -> None:
    for _ in range(7):
        world.report("sent", message)
    assert [world.callbacks.work(limit=3) for _ in range(4)] == [3, 3, 1, 0]


def test_receipts_long_after_the_text_still_count(world: World, message: Message) -> None:
    world.clock.forward(days=30)
    world.report("delivered", message)
    assert state(world) == "delivered"
    [delivered] = world.all_messages()
    assert delivered["delivered_at"] == (world.clock() - timedelta(milliseconds=1)).isoformat()
