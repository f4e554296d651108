import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

import pytest

from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Callback,
    Found,
    Inbound,
    NotFound,
    OutcomeUnknown,
    Rejected,
    SendOutcome,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import AccountContext, CallbackUnreadable
from sidecar.providers.simulator import Simulator

from .contract import INBOUND_URL, MESSAGE, NOW, STATUS_URL, InboundCase, ProviderContract, ReceiptCase
from .server import Request, Server, answer

ACCEPTED = Accepted("sim-msg_1")
USUAL = [("sent", ""), ("delivered", "")]
ANSWER = {
    "id": f"sim-{MESSAGE.id}-answer",
    "customer": MESSAGE.to,
    "shop": "LojaDaAna",
    "text": "STOP",
    "channel": "whatsapp",
    "answers": f"sim-{MESSAGE.id}",
    "at": NOW.isoformat(),
}


class TestSimulator(ProviderContract):
    kind = "simulator"
    options: ClassVar = {"receipt_delay": "0"}
    receipts = (
        ReceiptCase("sent", MessageState.SENT),
        ReceiptCase("delivered", MessageState.DELIVERED),
        ReceiptCase("undelivered", MessageState.UNDELIVERED, "handset_unreachable"),
        ReceiptCase("read", MessageState.READ),
    )
    inbound = (
        InboundCase(
            Callback("POST", INBOUND_URL, {}, json.dumps(ANSWER).encode()),
            (
                Inbound(
                    ANSWER["id"],
                    MESSAGE.to,
                    "LojaDaAna",
                    "STOP",
                    channel="whatsapp",
                    at=NOW,
                    in_reply_to=ANSWER["answers"],
                ),
            ),
        ),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        report = {"id": f"sim-{MESSAGE.id}", "message": MESSAGE.id, "status": case.word, "at": NOW.isoformat()}
        return Callback("POST", STATUS_URL, {}, json.dumps({**report, "reason": case.reason}).encode())


def message(number: str, message_id: str = "msg_1") -> OutgoingMessage:
    return OutgoingMessage(id=message_id, to=number, text="Oi")


def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.005)
    assert condition()


class Stage:
    """A simulator, the sidecar's web it reports to, and what it slept."""

    def __init__(self, server: Server, delay: float = 0.0, reply_delay: float = 0.0) -> None:
        self.server = server
        self.slept: list[float] = []
        callbacks = f"{server.url}/callbacks/acc_1/tok_7"
        self.simulator = Simulator(
            Simulator.Options(receipt_delay=delay, reply_delay=reply_delay),
            AccountContext("acc_1", f"{callbacks}/status", lambda: NOW, f"{callbacks}/inbound"),
            sleep=self.slept.append,
            retry_delays=(0.01, 0.01, 0.01),
        )

    def reported(self) -> list[tuple[str, str]]:
        bodies = [json.loads(request.body) for request in self.posted("status")]
        return [(body["status"], body["reason"]) for body in bodies]

    def posted(self, box: str) -> list[Request]:
        return [request for request in self.server.requests if request.target == f"/callbacks/acc_1/tok_7/{box}"]

    def answered(self) -> list[Inbound]:
        callbacks = [Callback("POST", INBOUND_URL, {}, request.body) for request in self.posted("inbound")]
        return [message for callback in callbacks for message in self.simulator.read_inbound(callback)]


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    made = Stage(server)
    yield made
    made.simulator.close()


@pytest.mark.parametrize(
    ("number", "outcome", "receipts"),
    [
        ("+5511987654321", ACCEPTED, USUAL),
        ("+5511900009901", Rejected("invalid_number", permanent=True, code="9901"), []),
        ("+5511900009902", TemporarilyFailed("provider_down", code="9902"), []),
        ("+5511900009903", TemporarilyFailed("throttled", retry_after=5.0, code="9903"), []),
        ("+5511900009904", ACCEPTED, []),
        ("+5511900009905", OutcomeUnknown("answer_lost"), USUAL),
        ("+5511900009906", ACCEPTED, USUAL),
        ("+5511900009907", ACCEPTED, [("sent", ""), ("undelivered", "handset_unreachable")]),
        ("+5511900009908", ACCEPTED, USUAL),
        ("+5511900009909", ACCEPTED, USUAL),
        ("+5511900009910", ACCEPTED, [*USUAL, ("read", "")]),
    ],
)
def test_magic_numbers(stage: Stage, number: str, outcome: SendOutcome, receipts: list[tuple[str, str]]) -> None:
    assert stage.simulator.send(message(number)) == outcome
    stage.simulator.send(message("+5511987654321", "msg_2"))
    until(lambda: len(stage.reported()) == len(receipts) + len(USUAL))
    assert stage.reported() == receipts + USUAL


@pytest.mark.parametrize(("number", "text"), [("+5511900009908", "STOP"), ("+5511900009909", "1")])
def test_customers_who_answer(stage: Stage, number: str, text: str) -> None:
    stage.simulator.send(message(number))
    until(lambda: len(stage.server.requests) == 3)
    assert stage.server.requests[2].target.endswith("/inbound"), "it answers what it has got"
    assert stage.answered() == [
        Inbound("sim-msg_1-answer", number, "simulator", text, channel="sms", at=NOW, in_reply_to="sim-msg_1")
    ]


def test_a_customer_answers_by_the_same_way(stage: Stage) -> None:
    stage.simulator.send(replace(message("+5511900009909"), sender="LojaDaAna", channel="whatsapp"))
    until(stage.answered)
    [answered] = stage.answered()
    assert (answered.channel, answered.recipient) == ("whatsapp", "LojaDaAna")


def test_others_keep_silent(stage: Stage) -> None:
    for number in ("+5511987654321", "+5511900009907", "+5511900009910"):
        stage.simulator.send(message(number))
    stage.simulator.send(message("+5511900009908"))
    until(stage.answered)
    until(lambda: len(stage.reported()) == 2 + 2 + 3 + 2)
    assert len(stage.answered()) == 1


def test_a_customer_answers_what_has_arrived(server: Server) -> None:
    stage = Stage(server, delay=0.05)
    stage.simulator.send(message("+5511900009908"))
    until(lambda: len(server.requests) == 3)
    assert [request.target.rpartition("/")[2] for request in server.requests] == ["status", "status", "inbound"]
    stage.simulator.close()


def test_a_customer_takes_a_moment_to_answer(server: Server) -> None:
    stage = Stage(server, reply_delay=0.15)
    begun = time.monotonic()
    stage.simulator.send(message("+5511900009908"))
    until(stage.answered)
    assert time.monotonic() - begun >= 0.15
    stage.simulator.close()


def test_an_answer_is_tried_again_while_the_web_is_not_up(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.server.react = lambda request: answer(200 if request.target.endswith("/status") else 503)
    stage.simulator.send(message("+5511900009908"))
    until(lambda: caplog.messages)
    assert caplog.messages == ["answer to msg_1 given up"]
    assert len(stage.posted("inbound")) == 4


@pytest.mark.parametrize("customer", ["", "+0511900009908", "LojaDaAna"])
def test_an_answer_comes_from_a_number(stage: Stage, customer: str) -> None:
    body = json.dumps({**ANSWER, "customer": customer}).encode()
    with pytest.raises(CallbackUnreadable):
        stage.simulator.read_inbound(Callback("POST", INBOUND_URL, {}, body))


def test_a_batch_is_played_one_by_one(stage: Stage) -> None:
    numbers = ["+5511987654321", "+5511900009901", "+5511900009905"]
    messages = [message(number, f"msg_{at}") for at, number in enumerate(numbers)]
    assert stage.simulator.capabilities.batch_size == 100
    assert stage.simulator.send_batch(messages) == [
        Accepted("sim-msg_0"),
        Rejected("invalid_number", permanent=True, code="9901"),
        OutcomeUnknown("answer_lost"),
    ]


def test_only_the_slow_number_is_slow(stage: Stage) -> None:
    stage.simulator.send(message("+5511987654321"))
    assert stage.slept == []
    stage.simulator.send(message("+5511900009906"))
    assert stage.slept == [2.0]


def test_a_resend_is_the_same_message(stage: Stage) -> None:
    assert stage.simulator.send(message("+5511987654321")) == stage.simulator.send(message("+5511987654321"))
    assert stage.simulator.send(message("+5511987654321", "msg_2")) != ACCEPTED


def test_it_reads_its_own_receipts(stage: Stage) -> None:
    stage.simulator.send(message("+5511900009907"))
    until(lambda: len(stage.server.requests) == 2)
    request = stage.server.requests[1]
    assert request.target == "/callbacks/acc_1/tok_7/status"
    (receipt,) = stage.simulator.read_receipts(Callback("POST", STATUS_URL, dict(request.headers), request.body))
    assert (receipt.provider_id, receipt.message_id) == ("sim-msg_1", "msg_1")
    assert (receipt.state, receipt.reason, receipt.at) == (MessageState.UNDELIVERED, "handset_unreachable", NOW)


def test_receipts_wait_for_their_delay(server: Server) -> None:
    stage = Stage(server, delay=0.15)
    begun = time.monotonic()
    stage.simulator.send(message("+5511987654321"))
    until(lambda: len(stage.reported()) == 1)
    first = time.monotonic() - begun
    until(lambda: len(stage.reported()) == 2)
    assert first >= 0.15
    assert time.monotonic() - begun >= 0.3
    stage.simulator.close()


def test_a_shorter_delay_overtakes(server: Server) -> None:
    stage = Stage(server, reply_delay=30)
    stage.simulator.send(message("+5511900009908"))
    until(lambda: stage.reported() == USUAL)
    stage.simulator.send(message("+5511987654321", "msg_2"))
    until(lambda: stage.reported() == USUAL + USUAL)
    assert stage.answered() == []
    stage.simulator.close()


def test_a_receipt_is_tried_again_while_the_web_is_not_up(stage: Stage) -> None:
    stage.server.script(answer(503), answer(503), answer(200))
    stage.simulator.send(message("+5511987654321"))
    until(lambda: len(stage.reported()) == 4)
    assert sorted(stage.reported()[2:]) == sorted(USUAL)


def test_a_receipt_is_given_up_in_the_end(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.server.script(answer(404))
    stage.simulator.send(message("+5511987654321"))
    until(lambda: len(caplog.messages) == 2)
    assert caplog.messages == ["receipt sent of msg_1 given up", "receipt delivered of msg_1 given up"]
    assert len(stage.reported()) == 2 * 4


def test_one_connection_carries_all_receipts(stage: Stage) -> None:
    for number in range(20):
        stage.simulator.send(message("+5511987654321", f"msg_{number}"))
    until(lambda: len(stage.reported()) == 40)
    assert stage.server.connections == 1


def test_nothing_is_posted_after_closing(stage: Stage) -> None:
    stage.simulator.close()
    stage.simulator.send(message("+5511987654321"))
    time.sleep(0.05)
    assert stage.reported() == []


def test_the_look_up_needs_no_memory(server: Server) -> None:
    simulator = Stage(server).simulator
    lost = LostMessage("msg_1", "+5511900009905", "Oi", NOW)
    assert simulator.look_up(lost) == Found("sim-msg_1", MessageState.ACCEPTED)
    assert simulator.look_up(LostMessage("msg_1", "+5511987654321", "Oi", NOW)) == NotFound()


def test_it_reaches_nobody() -> None:
    assert not Simulator.reaches_people
    assert Simulator.capabilities.idempotent
