"""How soon the pages are painted with a great many messages in the database: in Chromium, from a real web process."""

import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import text

from sidecar.domain.shop import Shop
from sidecar.ledger.counting import KEPT, Days
from sidecar.storage import schema
from sidecar.storage.database import Database
from sidecar.storage.tables import messages
from sidecar.wiring import utc_now
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.chromium import chromium

from ..bench import Bench
from ..report import Row, below

SEED = 10_000
VISITS = 9
_PAINT = """() => new Promise((done) => new PerformanceObserver((seen) => {
    for (const entry of seen.getEntriesByName("first-contentful-paint")) done(entry.startTime);
}).observe({ type: "paint", buffered: true }))"""


def measure(bench: Bench) -> list[Row]:
    with TemporaryDirectory() as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        url = f"sqlite:///{Path(folder) / 'recado.sqlite3'}"
        database = Database(url)
        schema.upgrade(database)
        database.close()
        site = Site(Path(folder) / "data", url, working=False)
        site.start()
        try:
            shop = _fill(site, bench.scale.held)
            return _visits(bench, site, shop)
        finally:
            site.stop()


def _visits(bench: Bench, site: Site, shop: Shop) -> list[Row]:
    paths = {
        "the overview": "/admin/",
        "a shop's overview": f"/admin/shops/{shop.id}/",
        "the messages": "/admin/messages",
        "those that failed": f"/admin/shops/{shop.id}/messages?state=failed",
        "those of an order": "/admin/messages?q=1777",
        "those to last digits": "/admin/messages?q=0000-1777",
        "the conversations": f"/admin/shops/{shop.id}/conversations",
    }
    rows, note = [], f"{bench.scale.held:,} messages"
    with chromium() as browser:
        visitor = Visitor(browser, site).sign_in()
        for what, path in paths.items():
            paints = [_paint(visitor, path) for _ in range(VISITS)]
            rows.append(Row(f"first paint of {what}", "ms", [median(paints)], below(100), note=note))
        visitor.close()
    return rows


def _paint(visitor: Visitor, path: str) -> float:
    return float(visitor.go(path).evaluate(_PAINT))


def _fill(site: Site, number: int) -> Shop:
    """Messages of a month: some, and copies of them at moments between."""
    shop = site.add_shop(account_id=site.add_account())
    site.add_many(shop, SEED)
    changed = {"id": "id || printf('%04x', i)", "dedupe_key": "dedupe_key || ':' || i"}
    names = [f'"{column.name}"' for column in messages.columns]
    values = [changed.get(column.name, f'"{column.name}"') for column in messages.columns]
    with site.recado.database.write() as connection:
        connection.execute(
            text(
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number // SEED - 1}) "
                f"INSERT INTO messages ({', '.join(names)}) SELECT {', '.join(values)} FROM messages, n"
            )
        )
    Days(site.recado.database, utc_now).count(range(KEPT))
    return shop
