"""Each provider's adapter by itself: messages a second to a server on this machine, one by one and in the largest
batches, beside a bare `requests` loop that sends the same request."""

import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import requests

from sidecar.domain.exchange import Limits
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, SendOutcome
from sidecar.providers.base import Provider
from sidecar.providers.registry import build
from tests.providers.contract import context
from tests.providers.http_contract import HttpProviderContract
from tests.providers.server import Request, Server
from tests.providers.server import answer as answering

from .. import procs, provider_end
from ..bench import SEND_THREADS, Bench
from ..report import Limit, Row, none

_LIMITS = Limits(pool_size=SEND_THREADS)
_BATCHES = 20


def measure(bench: Bench) -> list[Row]:
    rows: list[Row] = []
    with procs.running([sys.executable, "-m", "tests.bench.provider_end"]) as process:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{int(process.stdout.readline())}"
        for kind, contract in sorted(provider_end.MEASURED.items()):
            rows += _measured(bench, contract, f"{url}/{kind}")
    return rows


def _measured(bench: Bench, contract: type[HttpProviderContract], url: str) -> list[Row]:
    number, repeats = bench.scale.provider_messages, range(bench.scale.repeats)
    provider = _connected(contract, url)
    largest = provider.capabilities.batch_size
    bare = [_bare(_one_request(contract), url, number) for _ in repeats]
    single = [_sent(provider, _messages(contract, number), 1) for _ in repeats]
    rows = [_row(f"{contract.kind}, one by one", single, bare)]
    if largest > 1:
        many = min(largest * _BATCHES, number * 10)
        batched = [_sent(provider, _messages(contract, many), largest) for _ in repeats]
        rows.append(_row(f"{contract.kind}, {largest} in a request", batched, bare))
        single += batched
    provider.close()
    return [*rows, Row(f"{contract.kind}: not accepted", "messages", [lost for _, lost in single], none())]


def _row(what: str, measured: Sequence[tuple[float, int]], bare: Sequence[float]) -> Row:
    return Row(what, "/s", [rate for rate, _ in measured], limit=Limit("bare requests loop, one by one", bare))


def _connected(contract: type[HttpProviderContract], url: str) -> Provider:
    return build(contract.kind, {**contract.options, "base_url": url}, context(), _LIMITS)


def _messages(contract: type[HttpProviderContract], number: int) -> list[OutgoingMessage]:
    message = contract.message
    head = message.to[:-7]
    return [replace(message, id=f"msg_{index:027x}", to=f"{head}{index:07}") for index in range(number)]


def _sent(provider: Provider, messages: Sequence[OutgoingMessage], together: int) -> tuple[float, int]:
    """Messages a second, and how many were not accepted."""
    groups = [messages[at : at + together] for at in range(0, len(messages), together)]

    def send(group: Sequence[OutgoingMessage]) -> Sequence[SendOutcome]:
        return provider.send_batch(group) if together > 1 else [provider.send(group[0])]

    started = time.perf_counter()
    with ThreadPoolExecutor(SEND_THREADS) as pool:
        outcomes = list(itertools.chain.from_iterable(pool.map(send, groups)))
    rate = len(messages) / (time.perf_counter() - started)
    return rate, sum(not isinstance(outcome, Accepted) for outcome in outcomes)


def _one_request(contract: type[HttpProviderContract]) -> Request:
    """What the adapter writes for one message."""
    with Server() as server:
        server.react = lambda request: answering(200, _answer(contract, request))
        provider = _connected(contract, server.url)
        provider.send(contract.message)
        provider.close()
        return server.requests[-1]


def _answer(contract: type[HttpProviderContract], request: Request) -> bytes:
    return provider_end.answer(f"/{contract.kind}{request.target}", request.body)


def _bare(request: Request, url: str, number: int) -> float:
    """The same request again and again, by as many sessions as there are threads."""
    left, taking = iter(range(number)), threading.Lock()
    headers = {name: value for name, value in request.headers if name.lower() not in ("host", "content-length")}

    def work() -> None:
        with requests.Session() as session:
            while _next(left, taking) is not None:
                session.request(request.method, url + request.target, data=request.body, headers=headers).json()

    return number / _seconds([work] * SEND_THREADS)


def _seconds(tasks: Iterable[Callable[[], None]]) -> float:
    threads = [threading.Thread(target=task) for task in tasks]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def _next(left: Iterable[int], taking: threading.Lock) -> int | None:
    with taking:
        return next(iter(left), None)
