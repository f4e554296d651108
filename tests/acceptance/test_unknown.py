"""An answer that got lost: the text may be on its way, so it is asked after and never sent again on a guess."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from sidecar.dispatch.dispatcher import Dispatcher
from sidecar.dispatch.sending import Sender
from sidecar.domain.capabilities import Capabilities
from sidecar.domain.message import LostMessage, OutgoingMessage, Words
from sidecar.domain.outcome import Accepted, CannotTell, Found, LookUp, NotFound, OutcomeUnknown, SendOutcome
from sidecar.domain.status import MessageState
from sidecar.storage import outbox
from tests.world import NOON, ObedientProvider, World, new_message, order

LOST = OutcomeUnknown("answer_lost", detail="ReadTimeoutError")


def lose_the_answer(world: World) -> str:
    """Place an order whose text is sent with no answer coming back; returns the message's id."""
    world.provider.outcomes = [LOST]
    world.deliver("order.created", order("processing"))
    world.settle()
    [message] = world.all_messages()
    assert (message["status"], message["reason"]) == ("unknown", "answer_lost")
    return str(message["id"])


def wait(world: World, seconds: float) -> str:
    """Let time pass and the stations work; returns the message's state."""
    world.clock.forward(seconds=seconds)
    world.chores.beat()
    world.chores.abandon()
    world.look_ups.work()
    world.settle(rounds=1)
    [message] = world.all_messages()
    return str(message["status"])


def sends(world: World) -> int:
    return len(world.provider.sent)


def test_what_the_provider_has_is_not_sent_again(world: World) -> None:
    message_id = lose_the_answer(world)
    world.provider.look_ups = [Found("P-found", MessageState.SENT)]
    assert wait(world, 4.9) == "unknown"
    assert world.provider.asked == []
    assert wait(world, 0.2) == "sent"
    [asked] = world.provider.asked
    [sent] = world.provider.sent
    assert (asked.id, asked.to, asked.text, asked.sent_after) == (message_id, sent.to, sent.text, NOON + _A_MILLISECOND)
    [message] = world.all_messages()
    assert (message["provider_id"], message["reason"]) == ("P-found", "")
    assert world.timeline(message)[-1]["look_up"] == "found"
    assert wait(world, 86_400) == "sent"
    assert sends(world) == 1


_A_MILLISECOND = timedelta(milliseconds=1)


def test_the_provider_is_asked_by_the_channel_the_text_went_by(world: World) -> None:
    world.provider.capabilities = Capabilities(channels=frozenset({"sms", "whatsapp"}), look_up=True)
    known = {"obedient": {"code": "T_1", "language": "pt_BR", "parameters": []}}
    with world.database.write() as connection:
        world.messages.add(connection, [new_message(1, channel="whatsapp", templates=known)], NOON)
        world.messages.add(connection, [new_message(2)], NOON)
    world.provider.outcomes = [LOST, LOST]
    world.dispatch()
    world.clock.forward(seconds=6)
    world.look_ups.work()
    assert {asked.id: asked.channel for asked in world.provider.asked} == {"msg_00001": "whatsapp", "msg_00002": "sms"}


def test_a_text_kept_sealed_is_looked_for_by_what_was_sent(world: World) -> None:
    sealed = world.vault.seal(Words("Your code is 481516").to_seal())
    with world.database.write() as connection:
        world.messages.add(connection, [new_message(1, text="Your code is ******", sealed=sealed)], NOON)
    world.provider.outcomes = [LOST]
    world.dispatch()
    world.clock.forward(seconds=6)
    world.look_ups.work()
    assert [asked.text for asked in world.provider.asked] == ["Your code is 481516"]


def test_what_was_found_has_its_price(world: World) -> None:
    lose_the_answer(world)
    found = Found("P-found", MessageState.SENT, price=Decimal("0.0075"), currency="USD" * 10)
    world.provider.look_ups = [found]
    assert wait(world, 6) == "sent"
    [message] = world.all_messages()
    assert (Decimal(message["price"]), message["currency"]) == (Decimal("0.0075"), "USDUSDUS")


def test_what_was_found_takes_receipts_like_any_other(world: World) -> None:
    lose_the_answer(world)
    world.provider.look_ups = [Found("P-found", MessageState.ACCEPTED)]
    assert wait(world, 6) == "accepted"
    [message] = world.all_messages()
    world.report("delivered", {"id": "found"})
    world.settle()
    [message] = world.all_messages()
    assert message["status"] == "delivered"


def test_what_was_found_without_the_provider_s_id_has_none(world: World) -> None:
    lose_the_answer(world)
    world.provider.look_ups = [Found("", MessageState.ACCEPTED)]
    assert wait(world, 6) == "accepted"
    [message] = world.all_messages()
    assert message["provider_id"] is None


def test_a_text_found_delivered_has_a_moment_of_delivery(world: World) -> None:
    lose_the_answer(world)
    world.provider.look_ups = [Found("P-found", MessageState.DELIVERED)]
    assert wait(world, 6) == "delivered"
    [message] = world.all_messages()
    assert message["delivered_at"] is not None


def test_what_is_not_found_is_asked_after_again_before_it_is_believed(world: World) -> None:
    """Providers' own lists lag behind."""
    lose_the_answer(world)
    assert [wait(world, seconds) for seconds in (6, 11)] == ["unknown", "unknown"]
    assert (len(world.provider.asked), sends(world)) == (2, 1)
    world.provider.look_ups = [Found("P-late", MessageState.ACCEPTED)]
    assert wait(world, 21) == "accepted"
    assert sends(world) == 1


def test_what_the_provider_certainly_does_not_have_is_sent_once_more(world: World) -> None:
    lose_the_answer(world)
    for seconds in (6, 11, 21):
        wait(world, seconds)
    assert sends(world) == 2
    [message] = world.all_messages()
    assert (message["status"], message["attempts"]) == ("accepted", 2)
    states = [step["state"] for step in world.timeline(message)]
    assert states == ["queued", "sending", "unknown", "queued", "sending", "accepted"]
    assert wait(world, 86_400) == "accepted"
    assert sends(world) == 2
    assert len({sent.id for sent in world.provider.sent}) == 1


def test_a_provider_that_does_not_answer_the_question_is_asked_again_until_it_is_too_late(world: World) -> None:
    lose_the_answer(world)
    world.provider.look_ups = [CannotTell("HTTP 503")] * 500
    for _ in range(20):
        wait(world, 3600)
    assert len(world.provider.asked) == 20
    for _ in range(40):
        assert wait(world, 3600) == "unknown"
    asked = len(world.provider.asked)
    assert asked < 60
    assert wait(world, 7 * 86_400) == "unknown"
    assert len(world.provider.asked) == asked
    assert sends(world) == 1


def test_a_look_up_that_breaks_its_promise_is_no_answer(world: World) -> None:
    class Broken(ObedientProvider):
        def look_up(self, message: LostMessage) -> LookUp:
            self.asked.append(message)
            raise KeyError(message.to)

    world.provider = Broken()
    lose_the_answer(world)
    assert [wait(world, 60) for _ in range(3)] == ["unknown"] * 3
    assert (len(world.provider.asked), sends(world)) == (3, 1)


class WithoutLookUp(ObedientProvider):
    capabilities = Capabilities(look_up=False)

    def look_up(self, message: LostMessage) -> LookUp:
        self.asked.append(message)
        return CannotTell("this provider has no look-up", never=True)


def test_without_a_look_up_a_doubt_stays_and_nothing_is_sent_again(world: World) -> None:
    world.provider = WithoutLookUp()
    lose_the_answer(world)
    assert [wait(world, seconds) for seconds in (6, 60, 3600, 30 * 86_400)] == ["unknown"] * 4
    assert (len(world.provider.asked), sends(world)) == (1, 1)


def test_without_a_look_up_a_receipt_settles_the_doubt(world: World) -> None:
    world.provider = WithoutLookUp()
    message_id = lose_the_answer(world)
    wait(world, 6)
    world.report("delivered", {"id": "unheard-of"}, message=message_id)
    assert wait(world, 1) == "delivered"
    assert sends(world) == 1


class Remembering(ObedientProvider):
    """Takes a repeated send for the same one, as long as it remembers our reference."""

    capabilities = Capabilities(look_up=False, idempotent=True, idempotent_hours=24)


def test_a_provider_that_remembers_our_reference_is_simply_asked_again(world: World) -> None:
    world.provider = Remembering()
    lose_the_answer(world)
    assert wait(world, 31) == "accepted"
    assert (sends(world), world.provider.asked) == (2, [])
    assert len({sent.id for sent in world.provider.sent}) == 1


def test_a_provider_that_has_forgotten_our_reference_is_not(world: World) -> None:
    world.provider = Remembering()
    lose_the_answer(world)
    assert [wait(world, seconds) for seconds in (24 * 3600, 3600, 86_400)] == ["unknown"] * 3
    assert sends(world) == 1


@pytest.mark.parametrize(
    ("batch_key", "batch_size", "ends"), [("k", 5, "unknown"), ("k", 1, "accepted"), (None, 5, "accepted")]
)
def test_what_may_have_left_in_a_batch_is_not_sent_again(
    world: World, batch_key: str | None, batch_size: int, ends: str
) -> None:
    """Whether its answer was lost or its worker died: the batch had another reference."""
    world.provider = Remembering()
    world.provider.capabilities = replace(Remembering.capabilities, batch_size=batch_size)
    with world.database.write() as connection:
        world.messages.add(connection, [new_message(number, batch_key=batch_key) for number in (1, 2)], NOON)
    world.provider.outcomes = [LOST, LOST]
    world.dispatch()
    for _ in range(3):
        world.clock.forward(seconds=31)
        world.chores.beat()
        world.look_ups.work()
        world.settle(rounds=1)
    assert [message["status"] for message in world.all_messages()] == [ends, ends]
    assert sends(world) == (2 if ends == "unknown" else 4)


def claim_and_die(world: World) -> None:
    """Another worker takes the text in hand and is heard of no more."""
    dying = world.chores_of("wrk_dying")
    dying.sign_in()
    world.deliver("order.created", order("processing"))
    world.reception.work()
    with world.database.write() as connection:
        assert outbox.claim(connection, "wrk_dying", "acc_shop_one", 10, world.clock())


def test_what_a_dead_worker_had_in_hand_is_in_doubt_after_ten_seconds(world: World) -> None:
    claim_and_die(world)
    assert wait(world, 9.9) == "sending"
    assert wait(world, 0.2) == "unknown"
    [message] = world.all_messages()
    assert message["reason"] == "worker_died"
    assert sends(world) == 0
    world.provider.look_ups = [Found("P-1", MessageState.DELIVERED)]
    assert wait(world, 30) == "delivered"
    assert sends(world) == 0


def test_what_a_dead_worker_certainly_did_not_send_is_sent(world: World) -> None:
    claim_and_die(world)
    wait(world, 11)
    for _ in range(4):
        wait(world, 10)
    assert world.states() == [("order_placed", "accepted")]
    assert sends(world) == 1


def test_a_worker_that_lives_keeps_what_it_has_in_hand(world: World) -> None:
    claim_and_die(world)
    living = world.chores_of("wrk_dying")
    for _ in range(30):
        living.beat()
        assert wait(world, 3) == "sending"


def test_a_late_answer_settles_the_doubt(world: World) -> None:
    claim_and_die(world)
    wait(world, 11)
    [message] = world.all_messages()
    world.report("sent", message, message=message["id"])
    assert wait(world, 1) == "sent"
    assert sends(world) == 0


def test_a_receipt_for_a_text_that_is_queued_once_more_saves_the_second_send(world: World) -> None:
    message_id = lose_the_answer(world)
    world.clock.forward(seconds=40)
    world.look_ups.work()
    assert world.states() == [("order_placed", "queued")]
    world.report("delivered", {"id": "late"}, message=message_id)
    world.callbacks.work()
    assert wait(world, 1) == "delivered"
    assert sends(world) == 1


class Gate:
    """Holds up whoever comes by, until it is opened."""

    def __init__(self) -> None:
        self._open, self.reached = threading.Event(), threading.Event()

    def open(self) -> None:
        self._open.set()

    def pass_through(self) -> None:
        self.reached.set()
        assert self._open.wait(20)


class Slow(ObedientProvider):
    """Answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = Gate()

    def send(self, message: OutgoingMessage) -> SendOutcome:
        self.sent.append(message)
        self.answer.pass_through()
        return Accepted("P-1")


def dispatcher(world: World, worker_id: str, clock: Callable[[], datetime]) -> Dispatcher:
    sender = Sender(clock, world.provider_of, world.switch.objection, lambda *_: None, world.carrying)
    return Dispatcher(world.database, world.messages, sender, lambda: 0.0, worker_id=worker_id, threads=1)


def test_a_worker_that_was_frozen_does_not_send_what_others_have_given_up(world: World) -> None:
    thaw = Gate()

    def frozen_clock() -> datetime:
        if threading.current_thread().name.startswith("send"):
            thaw.pass_through()
        return world.clock()

    frozen = dispatcher(world, "wrk_frozen", frozen_clock)
    world.deliver("order.created", order("processing"))
    world.reception.work()
    frozen.turn()
    assert thaw.reached.wait(10)
    wait(world, 11)
    world.provider.look_ups = [Found("P-1", MessageState.SENT)]
    assert wait(world, 31) == "sent"
    thaw.open()
    world.dispatch(frozen)
    frozen.stop(timeout=1)
    assert world.states() == [("order_placed", "sent")]
    assert sends(world) == 0


def test_a_worker_that_was_frozen_does_not_take_the_text_out_of_anothers_hands(world: World) -> None:
    """While it slept, its text was given up, looked for, queued again, and is now being sent by another."""
    thaw = Gate()

    def frozen_clock() -> datetime:
        if threading.current_thread().name.startswith("send"):
            thaw.pass_through()
        return world.clock()

    provider = world.provider = Slow()
    frozen, other = dispatcher(world, "wrk_frozen", frozen_clock), dispatcher(world, "wrk_other", world.clock)
    world.deliver("order.created", order("processing"))
    world.reception.work()
    frozen.turn()
    assert thaw.reached.wait(10)
    world.clock.forward(seconds=11)
    world.chores.beat()
    world.chores.abandon()
    world.clock.forward(seconds=31)
    provider.look_ups = [NotFound()]
    world.look_ups.work()
    other.turn()
    assert provider.answer.reached.wait(10)
    thaw.open()
    world.dispatch(frozen)
    provider.answer.open()
    world.dispatch(other)
    for _ in range(4):
        wait(world, 60)
    for each in (frozen, other):
        each.stop(timeout=1)
    assert [sent.id for sent in provider.sent] == [message["id"] for message in world.all_messages()]
    assert world.states() == [("order_placed", "accepted")]


def test_an_answer_that_comes_after_all_saves_the_second_send(world: World) -> None:
    """It was so late that the text had been given up, not found, and queued once more."""
    provider = world.provider = Slow()
    sleepy = dispatcher(world, "wrk_sleepy", world.clock)
    world.deliver("order.created", order("processing"))
    world.reception.work()
    sleepy.turn()
    assert provider.answer.reached.wait(10)
    for seconds in (11, 31):
        world.clock.forward(seconds=seconds)
        world.chores.beat()
        world.chores.abandon()
    provider.look_ups = [NotFound()]
    world.look_ups.work()
    assert world.states() == [("order_placed", "queued")]
    provider.answer.open()
    for _ in range(2):
        sleepy.collect()
    world.dispatch(sleepy)
    sleepy.stop(timeout=1)
    for _ in range(3):
        wait(world, 60)
    assert world.states() == [("order_placed", "accepted")]
    assert sends(world) == 1


def test_a_check_that_fails_before_the_send_leaves_no_doubt(world: World) -> None:
    """Nothing has left, so there is nothing to ask the provider about."""

    def hours_unknown(_message: outbox.Claimed, _now: datetime) -> datetime:
        raise ConnectionError("the database is away")

    sender = Sender(
        world.clock, world.provider_of, world.switch.objection, lambda *_: None, world.carrying, hours_unknown
    )
    cut_off = Dispatcher(world.database, world.messages, sender, lambda: 0.0, worker_id="wrk_one", threads=1)
    world.deliver("order.created", order("processing"))
    world.reception.work()
    world.clock.forward(seconds=1)
    cut_off.turn()
    for _ in range(20):
        cut_off.collect()
        if not cut_off.turn() and not cut_off.in_hand:
            break
    cut_off.stop(timeout=1)
    assert world.states() == [("order_placed", "queued")]
    wait(world, 31)
    assert world.states() == [("order_placed", "accepted")]
    assert sends(world) == 1
