"""Two web and two worker processes on one PostgreSQL: they share the work and double nothing."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain, islice, repeat
from subprocess import Popen

from sqlalchemy import select

from sidecar.storage.database import Database
from sidecar.storage.tables import timeline
from tests.acceptance.processes import Sidecar, deliver, kill_9, wait_until
from tests.bench.twilio_process import TwilioProcess
from tests.bench.woo_requests import e164, order_requests
from tests.databases import Postgres

ORDERS = 300
Install = Callable[..., Sidecar]


class Pair:
    """Two installations on one database, in one data folder, known by the first one's public address."""

    def __init__(self, install: Install, database_url: str, twilio: TwilioProcess) -> None:
        self.one = install(DATABASE_URL=database_url)
        self.other = install(DATABASE_URL=database_url, PUBLIC_URL=self.one.url)
        shop = self.one.open_shop()
        self.one.route_by_twilio(shop["shop_id"], twilio)
        self.hook = self.one.hook(shop)
        self.addresses = [("127.0.0.1", sidecar.port) for sidecar in (self.one, self.other)]
        self.webs = [sidecar.start("web") for sidecar in (self.one, self.other)]
        self.workers = [self.one.start("worker"), self.other.start("worker")]
        for sidecar in (self.one, self.other):
            wait_until(lambda sidecar=sidecar: sidecar.is_up("/readyz"), 30)

    def living_workers(self) -> list[Popen[str]]:
        return [worker for worker in self.workers if worker.poll() is None]


def test_each_order_is_texted_once_however_often_and_wherever_it_is_told(
    install: Install, postgres: Postgres, twilio: TwilioProcess
) -> None:
    """Every third is told twice, one web after the other, and every tenth three times at once."""
    pair = Pair(install, postgres.fresh_database(), twilio)
    orders = enumerate(islice(order_requests(pair.hook), ORDERS))
    told = chain.from_iterable(repeat(r, 3 if n % 10 == 0 else 2 if n % 3 == 0 else 1) for n, r in orders)
    tries = deliver(pair.addresses, told)
    assert len(tries) > 1.4 * ORDERS
    _all_arrive_once(pair, twilio, 40)
    wait_until(lambda: {message["status"] for message in pair.one.messages()} == {"delivered"}, 20, pause=0.5)
    for sidecar in (pair.one, pair.other):
        counted = sidecar.get("/metrics").text
        assert 'answer="accepted"' in counted, "this web took no delivery"
        assert 'recado_send_seconds_count{outcome="Accepted"' in counted, "this worker sent nothing"
    assert len(pair.living_workers()) == 2


def test_a_worker_killed_midway_leaves_nothing_undone_and_nothing_done_twice(
    install: Install, postgres: Postgres, slow_to_tell: TwilioProcess
) -> None:
    """What it had in hand is settled by look-up: receipts come too late to help."""
    pair = Pair(install, database_url := postgres.fresh_database(), slow_to_tell)
    slow_to_tell.control(delay_ms=300)
    requests = islice(order_requests(pair.hook), ORDERS)
    with ThreadPoolExecutor(1) as pool:
        posting = pool.submit(deliver, pair.addresses, requests, pause=0.01)
        wait_until(lambda: slow_to_tell.stats()["received"] > ORDERS / 4, 30)
        time.sleep(random.uniform(0, 1))
        kill_9(random.choice(pair.workers).pid)
        posting.result(60)
    wait_until(lambda: _given_up(database_url) > 0, 20, pause=0.5)
    _all_arrive_once(pair, slow_to_tell, 90)
    assert len(pair.living_workers()) == 1


def _all_arrive_once(pair: Pair, twilio: TwilioProcess, timeout: float) -> None:
    wait_until(lambda: len(_settled(pair)) == ORDERS, timeout, pause=0.5)
    arrived = Counter(number for _, number, _ in twilio.arrivals())
    assert arrived == {e164(index): 1 for index in range(ORDERS)}
    assert len(pair.one.messages()) == ORDERS
    assert {row["state"] for row in pair.one.json("inbox", "--limit", "10000")} == {"done"}


def _settled(pair: Pair) -> list[str]:
    return [message["id"] for message in pair.one.messages() if message["status"] in ("accepted", "delivered")]


def _given_up(database_url: str) -> int:
    """How many messages were in the hands of a worker that died."""
    with closing(Database(database_url)) as database, database.read() as connection:
        told = select(timeline.c.detail).where(timeline.c.state == "unknown")
        return sum(detail["reason"] == "worker_died" for detail in connection.scalars(told))
