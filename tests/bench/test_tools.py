"""The bench's own tools do what they say. Nothing here is timed."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

import phonenumbers
import pytest
import requests
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from . import http1, procs, woo_requests
from .bare_loop import ACCOUNT_SID, PATH, bare_loop
from .loadgen import LoadGenerator
from .tools_cost import send_requests
from .twilio_messages import segments
from .twilio_process import TwilioProcess, fake_twilio

TOKEN = "a-token-of-the-test"


@pytest.fixture(scope="module")
def _process() -> Iterator[TwilioProcess]:
    with fake_twilio("--auth-token", TOKEN, "--receipt-sent", "--receipt-delay", "1") as process:
        yield process


@pytest.fixture
def twilio(_process: TwilioProcess) -> TwilioProcess:
    _process.control(reset=True, mode="ok", receipts=False, delay_ms=0)
    return _process


def load(twilio: TwilioProcess, connections: int = 16, timeout: float = 10.0) -> LoadGenerator:
    return LoadGenerator(("127.0.0.1", twilio.port), connections, timeout)


def sends(number: int) -> Iterator[bytes]:
    return islice(send_requests("http://127.0.0.1:9/status"), number)


class Receiver(BaseHTTPRequestHandler):
    """Keeps the callbacks it is sent; the first is answered 500."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, dict[str, str], str]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        url = f"http://{self.headers['Host']}{self.path}"
        self.seen.append((url, dict(parse_qsl(body)), self.headers["X-Twilio-Signature"]))
        self.send_response(500 if len(self.seen) == 1 else 204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[ThreadingHTTPServer]:
    Receiver.seen = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def eventually(twilio: TwilioProcess, **wanted: int) -> dict[str, Any]:
    receipts: dict[str, Any] = {}
    for _ in range(200):
        receipts = twilio.stats()["receipts"]
        if wanted.items() <= receipts.items():
            return receipts
        threading.Event().wait(0.01)
    raise AssertionError(receipts)


# --- load generator


def test_a_closed_loop_sends_each_request_once(twilio: TwilioProcess) -> None:
    result = load(twilio).closed_loop(sends(500))
    assert (result.answered, result.statuses, result.failed) == (500, {201: 500}, 0)
    assert len(result.sent_at) == 500
    counted = twilio.stats()
    assert (counted["received"], counted["unique"], counted["duplicates"]) == (500, 500, 0)


def test_a_closed_loop_stops_at_its_count(twilio: TwilioProcess) -> None:
    assert load(twilio).closed_loop(sends(500), count=20).answered == 20
    assert twilio.stats()["received"] == 20


def test_an_open_loop_keeps_its_rate_and_counts_waiting_from_the_moment_due(twilio: TwilioProcess) -> None:
    twilio.control(delay_ms=20)
    result = load(twilio, connections=1).open_loop(sends(100), rate=400, seconds=0.1)
    assert result.accepted == 40
    steps = [later - earlier for earlier, later in zip(result.sent_at, result.sent_at[1:], strict=False)]
    assert steps == pytest.approx([1 / 400] * 39, abs=1e-4)
    assert max(result.latencies) > 0.5


@pytest.mark.parametrize(("mode", "errors"), [("down", {"closed": 10}), ("hang", {"timeout": 10})])
def test_requests_that_got_no_answer_are_errors(twilio: TwilioProcess, mode: str, errors: dict[str, int]) -> None:
    twilio.control(mode=mode)
    result = load(twilio, 10, timeout=0.1).closed_loop(sends(10))
    assert (result.errors, result.answered, result.failed) == (errors, 0, 10)
    assert twilio.stats()["received"] == 0


def test_refusals_are_answers_but_failures(twilio: TwilioProcess) -> None:
    twilio.control(mode="503")
    result = load(twilio).closed_loop(sends(10))
    assert (result.statuses, result.accepted, result.failed) == ({503: 10}, 0, 10)


def test_a_server_that_stays_away_ends_the_run() -> None:
    result = LoadGenerator(("127.0.0.1", procs.free_port()), 2, timeout=0.1).closed_loop(sends(10))
    assert result.answered == 0
    assert result.errors["connect"] >= 2


@pytest.mark.parametrize(
    ("data", "length"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 27),
        (b"HTTP/1.1 200 OK\r\ncontent-length:  2\r\n\r\nokHTTP", 41),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", 0),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 59),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", 0),
        (b"HTTP/1.1 200 OK\r\n", 0),
    ],
)
def test_the_end_of_a_message_is_found(data: bytes, length: int) -> None:
    assert http1.message_length(data) == length


# --- signed orders


def parsed(request: bytes) -> tuple[str, dict[str, str], bytes]:
    head, body = request.split(http1.HEAD_END, 1)
    first, *lines = head.decode().split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), body


def test_orders_are_signed_as_woocommerce_signs() -> None:
    hook = woo_requests.Hook("shop_7", "s3cret", "127.0.0.1:8000")
    for request in islice(woo_requests.order_requests(hook), 20):
        first, headers, body = parsed(request)
        assert first == "POST /hooks/woocommerce/shop_7 HTTP/1.1"
        expected = base64.b64encode(hmac.new(b"s3cret", body, hashlib.sha256).digest()).decode()
        assert headers["X-WC-Webhook-Signature"] == expected
        assert headers["X-WC-Webhook-Topic"] == "order.created"
        assert http1.message_length(request) == len(request)


def test_orders_differ_in_id_number_and_phone_and_in_nothing_else() -> None:
    requests_made = list(islice(woo_requests.order_requests(woo_requests.Hook("shop_7", "s3cret"), first=5), 50))
    orders = [json.loads(http1.body_of(request)) for request in requests_made]
    assert [order["id"] for order in orders] == [woo_requests.order_id(index) for index in range(5, 55)]
    assert all(order["number"] == str(order["id"]) for order in orders)
    assert all(str(order["id"]) in order["_links"]["self"][0]["href"] for order in orders)
    assert len({headers["X-WC-Webhook-Delivery-ID"] for _, headers, _ in map(parsed, requests_made)}) == 50
    for index, order in enumerate(orders, start=5):
        number = phonenumbers.parse(order["billing"]["phone"], "BR")
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == woo_requests.e164(index)


def test_an_order_made_now_is_dated_now() -> None:
    request = next(woo_requests.order_requests(woo_requests.Hook("shop_7", "s3cret")))
    order = json.loads(http1.body_of(request))
    assert order["date_modified_gmt"] == order["date_created_gmt"] > "2026"
    assert order["date_created"] != order["date_created_gmt"]


def test_numbers_end_rather_than_repeat() -> None:
    assert woo_requests.e164(0) == "+5511960000000"
    with pytest.raises(ValueError, match="no mobile number left"):
        woo_requests.e164(40_000_000)


# --- stand-in for Twilio


def post(twilio: TwilioProcess, **form: str) -> requests.Response:
    return requests.post(twilio.url + PATH, data=form, auth=(ACCOUNT_SID, TOKEN), timeout=5)


def test_a_taken_message_is_answered_as_twilio_answers(twilio: TwilioProcess) -> None:
    answer = post(twilio, To="+5511960000000", From="+15005550006", Body="Olá & até já")
    message = answer.json()
    assert answer.status_code == 201
    assert (message["to"], message["from"], message["body"]) == ("+5511960000000", "+15005550006", "Olá & até já")
    assert (message["status"], message["price"], message["num_segments"]) == ("queued", None, "1")
    assert (message["account_sid"], message["sid"][:2], len(message["sid"])) == (ACCOUNT_SID, "SM", 34)
    single = requests.get(f"{twilio.url}{message['uri']}", timeout=5)
    assert single.json() == message


def test_the_same_message_twice_is_one_duplicate(twilio: TwilioProcess) -> None:
    for reference in ("msg_1", "msg_2", "msg_1"):
        post(twilio, To="+5511960000000", Body="x", StatusCallback=f"http://127.0.0.1:9/s?a=1&message={reference}")
    counted = twilio.stats()
    assert (counted["received"], counted["unique"], counted["duplicates"]) == (3, 2, 1)
    assert (counted["unique_texts"], counted["duplicate_texts"]) == (1, 2)
    assert [arrival[:2] for arrival in twilio.arrivals()] == [
        ("msg_1", "+5511960000000"),
        ("msg_2", "+5511960000000"),
        ("msg_1", "+5511960000000"),
    ]


def test_a_message_whose_answer_was_lost_is_found_by_its_number(twilio: TwilioProcess) -> None:
    twilio.control(mode="lost")
    with pytest.raises(requests.ConnectionError):
        post(twilio, To="+5511960000001", Body="lost")
    twilio.control(mode="ok")
    post(twilio, To="+5511960000002", Body="other")
    found = requests.get(twilio.url + PATH, params={"To": "+5511960000001"}, timeout=5).json()["messages"]
    assert [message["body"] for message in found] == ["lost"]
    assert found[0]["date_created"].endswith("+0000")


def test_receipts_are_signed_as_twilio_signs(twilio: TwilioProcess, receiver: ThreadingHTTPServer) -> None:
    twilio.control(receipts=True)
    url = f"http://127.0.0.1:{receiver.server_port}/callbacks/a/t/status?message=msg_1"
    post(twilio, To="+5511960000000", From="+15005550006", Body="x", StatusCallback=url)
    eventually(twilio, scheduled=2, accepted=1, refused=1, waiting=0)
    assert [fields["MessageStatus"] for _, fields, _ in Receiver.seen] == ["sent", "delivered"]
    for called, fields, signature in Receiver.seen:
        assert called == url
        assert RequestValidator(TOKEN).validate(called, fields, signature)
        assert not RequestValidator("another").validate(called, fields, signature)


def test_receipts_wait_for_a_receiver_that_is_down(twilio: TwilioProcess) -> None:
    twilio.control(receipts=True)
    port = procs.free_port()
    post(twilio, To="+5511960000000", Body="x", StatusCallback=f"http://127.0.0.1:{port}/s?message=m")
    for _ in range(200):
        if twilio.stats()["receipts"]["retried"]:
            break
        threading.Event().wait(0.01)
    Receiver.seen = []
    with ThreadingHTTPServer(("127.0.0.1", port), Receiver) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        eventually(twilio, accepted=1, refused=1, waiting=0)
        server.shutdown()


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("ç" * 70, 1), ("ç" * 71, 2), ("é" * 160, 1), ("😀" * 36, 2)]
)
def test_segments_are_counted(text: str, parts: int) -> None:
    assert segments(text) == parts


@pytest.mark.parametrize("lean", [False, True])
def test_the_bare_loop_sends_each_message_once(twilio: TwilioProcess, lean: bool) -> None:
    result = bare_loop(twilio.url, threads=4, number=40, lean=lean)
    assert (result.accepted, twilio.stats()["unique"]) == (40, 40)
