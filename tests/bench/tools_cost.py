"""What the tools themselves cost: `python -m tests.bench.tools_cost`. To be small beside what they measure."""

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from multiprocessing.connection import Connection
from urllib.parse import urlencode

from . import http1
from .bare_loop import PATH, bare_loop, basic_authorization, forms
from .loadgen import Address, LoadGenerator
from .report import Report, Row
from .stats import Result, summary
from .twilio_process import TwilioProcess, fake_twilio
from .woo_requests import Hook, order_requests

SECONDS = 3.0
SENDS = 20_000
RATES = (100, 1000, 5000)
_ANSWER = http1.response(200, "OK", b"{}")


class _Answers(asyncio.Protocol):
    """A server that does nothing: answers every complete request alike."""

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if http1.message_length(self._buffer):
            self._buffer = b""
            self._transport.write(_ANSWER)


async def _serve(port: "Connection[int, None]") -> None:
    server = await asyncio.get_running_loop().create_server(_Answers, "127.0.0.1", 0, backlog=512)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _run(port: "Connection[int, None]") -> None:
    asyncio.run(_serve(port))


@contextmanager
def trivial_server() -> Iterator[Address]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield "127.0.0.1", int(ours.recv())
    finally:
        process.terminate()
        process.join()


def send_requests(callback_url: str) -> Iterator[bytes]:
    """Sends as a Twilio client makes them, ready-made."""
    headers = {
        "Host": "127.0.0.1",
        "User-Agent": "python-requests/2.32",
        "Accept": "*/*",
        "Authorization": basic_authorization(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    for form in forms(callback_url):
        yield http1.request("POST", PATH, headers, urlencode(form).encode())


def _generator_rows(report: Report) -> None:
    started = time.process_time()
    orders = list(islice(order_requests(Hook("shop_1", "secret")), SENDS))
    report.add(Row("making a signed order", "µs", [(time.process_time() - started) / len(orders) * 1e6]))
    with trivial_server() as address:
        closed = LoadGenerator(address).closed_loop(cycle(orders), seconds=SECONDS)
        report.add(Row("load generator, closed loop, 16 connections", "requests/s", [closed.rate]))
        report.add(Row("its processor time", "µs/request", [_own_cost(closed)]))
        for rate in RATES:
            opened = LoadGenerator(address).open_loop(cycle(orders), rate=rate, seconds=SECONDS)
            report.add(Row(f"its processor time, open loop at {rate}/s", "µs/request", [_own_cost(opened)]))
            report.add(Row(f"its p99 latency, open loop at {rate}/s", "ms", [summary(opened.latencies)["p99"] * 1e3]))


def _own_cost(result: Result) -> float:
    return result.cpu_seconds / result.answered * 1e6


def _twilio_rows(report: Report) -> None:
    with trivial_server() as (host, port), fake_twilio() as twilio:
        sends = list(islice(send_requests(f"http://{host}:{port}/callbacks/account/token/status"), SENDS))
        generator = LoadGenerator(("127.0.0.1", twilio.port))
        flat_out = _twilio_cost(twilio, partial(generator.closed_loop, iter(sends)))
        report.add(Row("stand-in for Twilio, flat out", "µs/message", [flat_out]))
        for rate in RATES:
            cost = _twilio_cost(twilio, partial(generator.open_loop, iter(sends), rate=rate, seconds=SECONDS))
            report.add(Row(f"stand-in for Twilio, at {rate}/s", "µs/message", [cost]))
        twilio.control(receipts=True)
        cost = _twilio_cost(twilio, partial(generator.open_loop, iter(sends), rate=1000, seconds=SECONDS))
        report.add(Row("with receipts, at 1000/s", "µs/message", [cost]))


def _twilio_cost(twilio: TwilioProcess, run: Callable[[], Result]) -> float:
    """Processor time of the other process for each message it took, its receipts included."""
    before = twilio.control(reset=True)["cpu_seconds"]
    run()
    while (after := twilio.stats())["receipts"]["waiting"]:
        time.sleep(0.05)
    return float(after["cpu_seconds"] - before) / max(int(after["received"]), 1) * 1e6


def _requests_rows(report: Report) -> None:
    with fake_twilio() as twilio:
        for threads in (1, 4, 8, 16):
            for lean in (False, True):
                result = bare_loop(twilio.url, threads=threads, number=SENDS // 4, lean=lean)
                what = f"bare requests loop, {threads} threads" + (", lean" if lean else "")
                report.add(Row(what, "messages/s", [result.rate], note=f"{_own_cost(result):.0f} µs of processor time"))


def main() -> None:
    report = Report("What the tools cost")
    for rows in (_generator_rows, _twilio_rows, _requests_rows):
        rows(report)
    report.show()


if __name__ == "__main__":
    main()
