"""kill -9 in the middle of a wave: nobody is told twice, nobody is lost, and no more than the stock can serve."""

import json
import random
import time
from collections import Counter
from datetime import UTC, datetime
from functools import partial

import requests
from sqlalchemy import func, select
from standardwebhooks.webhooks import Webhook

from sidecar.domain.stock import StockRecord
from sidecar.storage import alerts, stock
from sidecar.storage.database import Database
from sidecar.storage.tables import stock_alerts
from tests.acceptance.processes import Sidecar, child, kill_9, wait_until
from tests.alerting import many
from tests.bench import procs
from tests.bench.twilio_process import TwilioProcess
from tests.bench.woo_requests import e164

WAITING, QUANTITY = 400, 250
SETTLED_WITHIN = 100.0
FLAGS = {"mode": "6", "stock_managed": "true", "alerts_enabled": "true", "transactional_window": "always"}


def test_kill_9_between_writing_a_wave_and_sending_it(sidecar: Sidecar, slow_to_tell: TwilioProcess) -> None:
    shop = sidecar.open_shop(**FLAGS)
    sidecar.route_by_twilio(shop["shop_id"], slow_to_tell)
    slow_to_tell.control(delay_ms=200)
    database = _database(sidecar)
    _have_wait(database, shop["shop_id"])
    serve = sidecar.start_ready("serve")
    second = sidecar.start("worker")
    _tell(sidecar, shop)
    chance = random.Random(seed := time.time_ns())
    print(f"seed {seed}")
    for _ in range(3):
        time.sleep(chance.uniform(0.2, 1.2))
        for pid in procs.tree(wait_until(partial(child, serve, "worker"), 20)):
            kill_9(pid)
        procs.kill(second)
        second = sidecar.start("worker")
    wait_until(lambda: _states(database) == {"texted": QUANTITY, "waiting": WAITING - QUANTITY}, SETTLED_WITHIN, 1.0)
    arrived = Counter(number for _, number, _ in slow_to_tell.arrivals())
    assert arrived == {e164(person): 1 for person in range(QUANTITY)}
    database.close()


def _database(sidecar: Sidecar) -> Database:
    url = sidecar.environment.get("RECADO_DATABASE_URL")
    return Database(url or f"sqlite:///{sidecar.environment['RECADO_DATA_DIR']}/recado.sqlite3")


def _have_wait(database: Database, shop_id: str) -> None:
    sold_out = StockRecord("Caneca Azul", "https://loja.example/caneca", False, 0, datetime(2026, 1, 1, tzinfo=UTC))
    with database.write() as connection:
        stock.save(connection, {(shop_id, "11", ""): sold_out})
        alerts.add_all(connection, many(shop_id, WAITING, now=datetime.now(UTC)))


def _tell(sidecar: Sidecar, shop: dict[str, str]) -> None:
    now = datetime.now(UTC)
    data = {"product_id": "11", "saleable": True, "quantity": QUANTITY, "modified_at": now.isoformat()}
    body = json.dumps({"type": "product.stock", "data": data})
    signature = Webhook(shop["events_secret"]).sign("evt_1", now, body)
    headers = {"webhook-id": "evt_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    assert requests.post(f"{sidecar.url}/hooks/events/{shop['shop_id']}", body, headers=headers, timeout=10).ok


def _states(database: Database) -> dict[str, int]:
    with database.read() as connection:
        rows = connection.execute(select(stock_alerts.c.state, func.count()).group_by(stock_alerts.c.state))
        return {row[0]: row[1] for row in rows}
