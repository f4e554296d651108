"""`recado serve` and its children as processes: they start, stop, come back, and leave nothing behind."""

import json
import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import islice

from tests.acceptance.processes import Sidecar, child, kill_9, living, post, wait_until
from tests.bench import procs
from tests.bench.http1 import succeeded
from tests.bench.twilio_process import TwilioProcess
from tests.bench.woo_requests import e164, order_id, order_requests

PORT_LETS_GO = 5.0


def test_the_whole_road_from_an_order_to_its_receipt(sidecar: Sidecar, twilio: TwilioProcess) -> None:
    """Set up by the command line alone, each command a process, as the README has it."""
    assert sidecar.recado("db", "upgrade").stdout == "The database is up to date.\n"
    shop = sidecar.open_shop()
    sidecar.route_by_twilio(shop["shop_id"], twilio)
    sidecar.start_ready("serve")
    assert sidecar.get("/healthz").json() == {"status": "ok"}
    assert sidecar.get("/readyz").json() == {"status": "ready"}
    for request in islice(order_requests(sidecar.hook(shop)), 20):
        assert post(("127.0.0.1", sidecar.port), request) == 202
    wait_until(lambda: twilio.stats()["receipts"]["accepted"] == 20, 20)
    wait_until(lambda: {message["status"] for message in sidecar.messages()} == {"delivered"}, 10, pause=0.5)
    messages = {message["order_id"]: message for message in sidecar.messages()}
    assert {order: message["to"] for order, message in messages.items()} == {
        str(order_id(index)): e164(index) for index in range(20)
    }
    told = sidecar.json("message", "show", messages[str(order_id(0))]["id"])
    assert [step["state"] for step in told["timeline"]] == ["queued", "sending", "accepted", "delivered"]
    assert twilio.stats()["duplicates"] == 0


def test_fact_6_a_delivery_is_answered_at_once_though_no_worker_lives(sidecar: Sidecar) -> None:
    shop = sidecar.open_shop()
    web = sidecar.start("web")
    procs.wait_ready(f"{sidecar.url}/healthz", 30, web)
    [request] = islice(order_requests(sidecar.hook(shop)), 1)
    assert post(("127.0.0.1", sidecar.port), request) == 202
    ready = sidecar.get("/readyz")
    assert (ready.status_code, ready.json()["code"]) == (503, "worker_silent")
    assert [row["state"] for row in sidecar.json("inbox")] == ["received"]


def test_a_body_without_a_length_is_read_to_its_end(sidecar: Sidecar) -> None:
    """In chunks, as proxies send it on; and over the limit it is refused for its size."""
    shop = sidecar.open_shop()
    procs.wait_ready(f"{sidecar.url}/healthz", 30, sidecar.start("web"))
    [request] = islice(order_requests(sidecar.hook(shop)), 1)
    head, _, body = request.partition(b"\r\n\r\n")
    head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length"))
    chunked = head + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = b"".join(
        b"%x\r\n%b\r\n" % (len(body[at : at + 500]), body[at : at + 500]) for at in range(0, len(body), 500)
    )
    assert post(("127.0.0.1", sidecar.port), chunked + pieces + b"0\r\n\r\n") == 202
    huge = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    assert post(("127.0.0.1", sidecar.port), chunked + huge + b"1\r\nx\r\n0\r\n\r\n") == 413


def test_sigterm_ends_all_within_ten_seconds_and_leaves_no_orphan(sidecar: Sidecar) -> None:
    shop = sidecar.open_shop()
    sidecar.route_by("simulator", shop["shop_id"])
    serve = sidecar.start_ready("serve")
    family = procs.tree(serve.pid)
    assert len(family) >= 4
    serve.send_signal(signal.SIGTERM)
    assert serve.wait(10) == 0
    assert living(family) == []
    assert not sidecar.is_up()


def test_sigterm_while_it_still_starts_is_heard_too(sidecar: Sidecar) -> None:
    sidecar.open_shop()
    serve = sidecar.start("serve")
    wait_until(lambda: child(serve, "worker"), 10)
    family = procs.tree(serve.pid)
    serve.send_signal(signal.SIGTERM)
    assert serve.wait(10) == 0
    assert living(family) == []


def test_a_killed_child_comes_back(sidecar: Sidecar) -> None:
    shop = sidecar.open_shop()
    serve = sidecar.start_ready("serve")
    for command in ("web", "worker"):
        dead = child(serve, command)
        kill_9(dead)
        wait_until(lambda command=command, dead=dead: child(serve, command) not in (0, dead), 10)
        procs.wait_ready(f"{sidecar.url}/readyz", 15, serve)
    [request] = islice(order_requests(sidecar.hook(shop)), 1)
    wait_until(lambda: succeeded(post(("127.0.0.1", sidecar.port), request)), 10)
    wait_until(lambda: [message["reason"] for message in sidecar.messages()] == ["no_route"], 10, pause=0.5)
    said = [line for line in sidecar.log_lines() if "a process ended and is started again" in line]
    assert len(said) == 2 and '"exit_code": -9' in said[0]


def test_killing_the_supervisor_leaves_nobody_on_the_port(sidecar: Sidecar) -> None:
    sidecar.open_shop()
    serve = sidecar.start_ready("serve")
    family = procs.tree(serve.pid)
    kill_9(serve.pid)
    serve.wait()
    wait_until(lambda: not living(family), 3 * PORT_LETS_GO)
    assert not sidecar.is_up()
    sidecar.start_ready("serve")


def test_a_second_serve_on_the_same_port_says_so_and_harms_nothing(sidecar: Sidecar) -> None:
    shop = sidecar.open_shop()
    sidecar.start_ready("serve")
    [request] = islice(order_requests(sidecar.hook(shop)), 1)
    assert post(("127.0.0.1", sidecar.port), request) == 202
    started = time.monotonic()
    second = sidecar.recado("serve")
    assert second.returncode == 2 and time.monotonic() - started < 10
    assert second.stderr.startswith("Error: [bind_failed] ") and second.stderr.count("\n") == 1
    assert sidecar.is_up("/readyz")
    assert 'answer="accepted"' in sidecar.get("/metrics").text


def test_what_crashes_at_once_is_started_ever_more_rarely(sidecar: Sidecar) -> None:
    """Both children refuse to run on a database that is behind; once it is upgraded, they run."""
    serve = sidecar.start("serve")
    wait_until(lambda: '"wait": 2.0' in "\n".join(sidecar.log_lines()), 60)
    ends = [line for line in sidecar.log_lines() if "a process ended and is started again" in line]
    waits = [json.loads(line)["wait"] for line in ends if '"process": "web"' in line]
    assert waits == [0.5, 1.0, 2.0][: len(waits)]
    assert any("[database_behind]" in line for line in sidecar.log_lines())
    assert "Traceback" not in "\n".join(sidecar.log_lines())
    assert sidecar.command("db", "upgrade").exit_code == 0
    procs.wait_ready(f"{sidecar.url}/readyz", 60, serve)


def test_two_installations_keep_out_of_each_others_way(install: Callable[..., Sidecar]) -> None:
    one, other = install("one"), install("other")
    for sidecar in (one, other):
        sidecar.open_shop()
        sidecar.start_ready("serve")
    one_secret, other_secret = ((sidecar.log.parent / "secret_key").read_text() for sidecar in (one, other))
    assert one_secret != other_secret
    assert oct((one.log.parent / "secret_key").stat().st_mode)[-3:] == "600"


def test_the_worker_stops_within_ten_seconds_in_the_middle_of_its_work(sidecar: Sidecar, twilio: TwilioProcess) -> None:
    """Twilio takes its time: what is under way is finished, the rest waits for the next start, and goes once."""
    shop = sidecar.open_shop()
    sidecar.route_by_twilio(shop["shop_id"], twilio)
    serve = sidecar.start_ready("serve")
    twilio.control(delay_ms=1500)
    for request in islice(order_requests(sidecar.hook(shop)), 60):
        assert post(("127.0.0.1", sidecar.port), request) == 202
    wait_until(lambda: twilio.stats()["received"] >= 24, 20)
    serve.send_signal(signal.SIGTERM)
    assert serve.wait(10) == 0
    states = {message["status"] for message in sidecar.messages()}
    assert "sending" not in states and "unknown" not in states and "queued" in states
    twilio.control(delay_ms=0)
    sidecar.start_ready("serve")
    wait_until(lambda: twilio.stats()["receipts"]["accepted"] == 60, 20)
    assert twilio.stats()["received"] == twilio.stats()["unique_texts"] == 60


def test_clients_that_stop_in_the_middle_do_not_hold_up_the_others(install: Callable[..., Sidecar]) -> None:
    """A shop's server that dies while it delivers says nothing more, and does not even close its connection."""
    sidecar = install(WEB_THREADS="2")
    shop = sidecar.open_shop()
    procs.wait_ready(f"{sidecar.url}/healthz", 30, sidecar.start("web"))
    request, *others = islice(order_requests(sidecar.hook(shop)), 3)
    with ExitStack() as stack:
        for part in (others[0][:40], others[1][:-40]):
            stack.enter_context(socket.create_connection(("127.0.0.1", sidecar.port))).sendall(part)
        assert post(("127.0.0.1", sidecar.port), request, timeout=45) == 202
    assert len(sidecar.json("inbox")) == 1
