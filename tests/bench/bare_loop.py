"""The most that `requests` can send: sessions in threads and nothing around them.

`lean` spares what a careful caller can spare: the search for proxies and .netrc in the environment, signing
in anew and encoding the form in each request.

`python -m tests.bench.bare_loop http://127.0.0.1:PORT --threads 8 --count 10000`
"""

import argparse
import json
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from itertools import count, islice
from urllib.parse import urlencode

import requests

from .stats import Result
from .woo_requests import e164

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "bench-auth-token"
PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"


def forms(callback_url: str = "http://127.0.0.1:9/callbacks/account/token/status") -> Iterator[dict[str, str]]:
    """Endless: what a send of one order message carries."""
    for index in count():
        yield {
            "To": e164(index),
            "From": "+15005550006",
            "Body": f"Loja Exemplo: recebemos o seu pedido {index}. Obrigado! Dúvidas: (11) 4000-0000",
            "StatusCallback": f"{callback_url}?message=msg_{index:027x}",
        }


def bare_loop(base_url: str, *, threads: int, number: int, lean: bool = False) -> Result:
    """`threads` sessions share `number` messages; the rate is of all of them together."""
    result = Result()
    messages = islice(forms(), number)
    taking = threading.Lock()
    workers = [
        threading.Thread(target=_work, args=(base_url + PATH, messages, taking, result, lean)) for _ in range(threads)
    ]
    cpu, started = time.process_time(), time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    result.seconds = time.perf_counter() - started
    result.cpu_seconds = time.process_time() - cpu
    return result


def _work(url: str, messages: Iterator[dict[str, str]], taking: threading.Lock, result: Result, lean: bool) -> None:
    with _session(lean) as session:
        while (form := _next(messages, taking)) is not None:
            sent_at, started = time.time(), time.perf_counter()
            answer = session.post(url, data=urlencode(form) if lean else form, timeout=10)
            answer.json()
            with taking:
                result.sent_at.append(sent_at)
                result.latencies.append(time.perf_counter() - started)
                result.statuses[answer.status_code] += 1


def _session(lean: bool) -> requests.Session:
    session = requests.Session()
    session.trust_env = not lean
    if lean:
        session.headers["Authorization"] = basic_authorization()
        session.headers["Content-Type"] = "application/x-www-form-urlencoded"
    else:
        session.auth = (ACCOUNT_SID, AUTH_TOKEN)
    return session


def _next(messages: Iterator[dict[str, str]], taking: threading.Lock) -> dict[str, str] | None:
    with taking:
        return next(messages, None)


def basic_authorization() -> str:
    return "Basic " + b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base_url")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--lean", action="store_true")
    options = parser.parse_args()
    result = bare_loop(options.base_url, threads=options.threads, number=options.count, lean=options.lean)
    print(json.dumps(result.as_dict()))


if __name__ == "__main__":
    main()
