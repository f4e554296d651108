"""What was accepted is sent, and sent once: kill -9 at any moment, answers that get lost, a provider that is away."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

import pytest

from sidecar.domain.status import FINAL, MessageState
from tests.acceptance.processes import AUTH_TOKEN, Sidecar, child, deliver, kill_9, wait_until
from tests.bench import procs
from tests.bench.twilio_process import TwilioProcess, fake_twilio
from tests.bench.woo_requests import e164, order_requests

ORDERS = 300
SETTLED_WITHIN = 75.0
"""A dead worker is given up after 10 s, and what it had in hand is sent again when a look-up finds nothing
for 30 s: the last of it may take some 45 s, on a busy machine more."""

TAKEN = FINAL | {MessageState.ACCEPTED}
MOST_TRIES = 3 * 24 + 8
"""In an outage: what was in hand before it was noticed, three times the threads at most, and then one try every
two seconds. Without the breaker it would be two for each order."""


def test_kill_9_at_any_moment_loses_nothing_and_sends_nothing_twice(
    sidecar: Sidecar, slow_to_tell: TwilioProcess
) -> None:
    """Receipts come late, so that what a dead worker had in hand must be settled without them."""
    twilio = slow_to_tell
    shop = sidecar.open_shop()
    sidecar.route_by_twilio(shop["shop_id"], twilio)
    twilio.control(delay_ms=300)
    serve = sidecar.start_ready("serve")
    chance = random.Random(seed := time.time_ns())
    print(f"seed {seed}")
    requests = islice(order_requests(sidecar.hook(shop)), ORDERS)
    with ThreadPoolExecutor(1) as pool:
        posting = pool.submit(deliver, [("127.0.0.1", sidecar.port)], requests, pause=0.03)
        for victim in chance.sample(["web", "worker", "group", "worker", "web"], 5):
            time.sleep(chance.uniform(0.5, 2.5))
            if victim == "group":
                procs.kill(serve)
                serve = sidecar.start("serve")
            else:
                _kill_9_with_family(wait_until(partial(child, serve, victim), 20))
        tries = posting.result(90)
    print(f"posted {sum(tries)} times for {len(tries)} orders")
    wait_until(lambda: not _unsettled(sidecar), SETTLED_WITHIN, pause=1.0)
    arrived = Counter(number for _, number, _ in twilio.arrivals())
    assert arrived == {e164(index): 1 for index in range(ORDERS)}
    assert len(sidecar.messages()) == ORDERS
    assert sidecar.json("inbox", "--failed") == []


def test_a_lost_answer_is_settled_by_asking_and_not_by_sending_again(sidecar: Sidecar, silent: TwilioProcess) -> None:
    """Without receipts, so that nothing but the look-up can tell."""
    shop = sidecar.open_shop()
    sidecar.route_by_twilio(shop["shop_id"], silent)
    sidecar.start_ready("serve")
    silent.control(mode="lost")
    deliver([("127.0.0.1", sidecar.port)], islice(order_requests(sidecar.hook(shop)), 4))
    wait_until(lambda: silent.stats()["received"] == 4, 15)
    wait_until(lambda: {message["status"] for message in sidecar.messages()} == {"unknown"}, 5)
    silent.control(mode="ok")
    wait_until(lambda: {message["status"] for message in sidecar.messages()} == {"accepted"}, 30, pause=0.5)
    assert silent.stats()["received"] == 4
    steps = _steps(sidecar, sidecar.messages()[0])
    assert [step["state"] for step in steps] == ["queued", "sending", "unknown", "accepted"]
    assert steps[-1]["look_up"] == "found"


@pytest.mark.parametrize("outage", ["503", "gone"])
def test_an_outage_is_not_hammered_and_its_end_is_noticed(sidecar: Sidecar, outage: str) -> None:
    """Ten seconds of errors, or of nobody listening on the port."""
    port = procs.free_port()
    sending = ("--port", str(port), "--receipts", "--auth-token", AUTH_TOKEN)
    shop = sidecar.open_shop()
    with fake_twilio(*sending, "--mode", "503") as twilio:
        sidecar.route_by_twilio(shop["shop_id"], twilio)
        sidecar.start_ready("serve")
        if outage == "gone":
            procs.kill(twilio.process)
        orders = order_requests(sidecar.hook(shop))
        for count, seconds in ((4, 3.0), (96, 7.0)):
            # The first are tried twice before all is given up, and would wait for half a minute.
            deliver([("127.0.0.1", sidecar.port)], islice(orders, count))
            time.sleep(seconds)
        waiting = sidecar.messages()
        assert {message["status"] for message in waiting} <= {"queued", "sending"}
        reason = "unreachable" if outage == "gone" else "provider_down"
        assert reason in {message["reason"] for message in waiting}
        assert sum(message["attempts"] for message in waiting) <= MOST_TRIES
        problems = [account["problem"] for account in sidecar.json("provider", "list")]
        assert problems == [reason]
        if outage == "503":
            assert twilio.stats()["turned_away"] <= MOST_TRIES
            _all_goes_at_once(sidecar, twilio, lambda: twilio.control(mode="ok"))
    if outage == "gone":
        with fake_twilio(*sending) as back:
            _all_goes_at_once(sidecar, back, lambda: None)


def _all_goes_at_once(sidecar: Sidecar, twilio: TwilioProcess, returns: Any) -> None:
    returns()
    wait_until(lambda: twilio.stats()["received"] == 100, 2 * 5.0)
    wait_until(lambda: {message["status"] for message in sidecar.messages()} == {"delivered"}, 10, pause=0.5)
    assert twilio.stats()["unique_texts"] == twilio.stats()["received"] == 100
    assert [account["problem"] for account in sidecar.json("provider", "list")] == [""]


@pytest.fixture
def silent() -> Any:
    with fake_twilio("--auth-token", AUTH_TOKEN) as running:
        yield running


def _kill_9_with_family(pid: int) -> None:
    for one in procs.tree(pid):
        kill_9(one)


def _unsettled(sidecar: Sidecar) -> list[Any]:
    rows = [row for row in sidecar.json("inbox", "--limit", "10000") if row["state"] == "received"]
    return rows + [message for message in sidecar.messages() if message["status"] not in TAKEN]


def _steps(sidecar: Sidecar, message: dict[str, Any]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = sidecar.json("message", "show", message["id"])["timeline"]
    return steps
