"""What the plugin costs the shopper, and how soon the sidecar knows: `python -m tests.shops.woo.bench`.

Exits with 1 if a target was missed."""

import argparse
import json
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from sqlalchemy import select

from sidecar.storage.database import Database
from sidecar.storage.tables import inbox
from tests.acceptance.processes import Sidecar, wait_until
from tests.bench import procs
from tests.bench.report import Limit, Report, Row, below

from ..servers import CannotServe, missing
from .checkout import Placed, buy
from .shop import Sources, Wanted, WooShop
from .sidecars import ShopSidecar, sidecar_of

WITHOUT = {"X_Without_Recado": "1"}
WARM_UP = 6
PAUSE = 0.2
MOST_ADDED = 1.05
# A shop that nobody visits, on a server that cannot answer before it is done.
STILL = Wanted(wp_cron=False, ini={"disable_functions": "fastcgi_finish_request"})


@dataclass
class Times:
    """Seconds that shoppers waited, pair by pair, and that the processor was busy with them; with the plugin "on"
    and "off"."""

    waited: dict[str, list[float]] = field(default_factory=lambda: {"on": [], "off": []})
    busy: dict[str, list[float]] = field(default_factory=lambda: {"on": [], "off": []})

    def row(self, state: str) -> Row:
        on, off = ([1e3 * seconds for seconds in self.waited[name]] for name in ("on", "off"))
        pair = median(a - b for a, b in zip(on, off, strict=True))
        busy = {name: 1e3 * median(seconds) for name, seconds in self.busy.items()}
        return Row(
            f"Store API checkout with the plugin, sidecar {state}",
            "ms",
            on,
            below(MOST_ADDED * median(off)),
            Limit("without the plugin", off),
            f"{len(on)} pairs in turn, {pair:+.1f} ms within a pair; "
            f"processor {busy['on']:.0f} ms, without {busy['off']:.0f} ms",
        )


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for name in [name for name in os.environ if name.startswith(("RECADO_", "PROMETHEUS_"))]:
        del os.environ[name]
    report = Report("Recado in a real WooCommerce")
    with _folder() as folder:
        for name in options.only:
            print(f"{name} ...", file=sys.stderr, flush=True)
            _MEASURES[name](report, folder, options)
    report.show()
    report.write(options.json)
    sys.exit(0 if report.all_met else 1)


def _checkouts(report: Report, folder: Path, options: argparse.Namespace) -> None:
    with _shop(folder / "shop", options.sources, Wanted()) as shop, sidecar_of(shop, folder / "sidecar") as sidecar:
        report.details["versions"] = shop.facts["versions"]
        _install_switch(shop)
        for state in options.states:
            with _address_of(state, sidecar) as address:
                sidecar.connect(address)
                report.add(_pairs(shop, options.pairs).row(state))


def _pairs(shop: WooShop, pairs: int) -> Times:
    times, log = Times(), shop.folder / "cpu.log"
    log.unlink(missing_ok=True)
    for number in range(-WARM_UP, pairs):
        for name in random.sample(("on", "off"), 2):
            placed = _buy(shop, WITHOUT if name == "off" else {})
            if number >= 0:
                times.waited[name].append(placed.seconds)
            time.sleep(PAUSE)
    for line in log.read_text(encoding="ascii").splitlines()[2 * WARM_UP :]:
        name, seconds = line.split()
        times.busy[name].append(float(seconds))
    return times


def _latency(report: Report, folder: Path, options: argparse.Namespace) -> None:
    with _shop(folder / "swift", options.sources, Wanted()) as shop, sidecar_of(shop, folder / "s2") as sidecar:
        seconds = _arrivals(sidecar, options.orders, apart=0.5)
    report.add(Row("from the order to the sidecar's disk, php-fpm", "s", seconds, below(2)))


def _without_visitors(report: Report, folder: Path, options: argparse.Namespace) -> None:
    # Without REST keys: only the plugin's outbox is fetched. Seventeen divides no half minute, so that orders come at
    # any moment between two turns.
    with _shop(folder / "still", options.sources, STILL) as shop, sidecar_of(shop, folder / "s3") as sidecar:
        seconds = _arrivals(sidecar, options.still_orders, apart=17)
    what = "the same without visitors, WP-Cron off, no answer before the end: by the sidecar's pull"
    note = f"the slowest of {len(seconds)}; median {median(seconds):.1f} s"
    report.add(Row(what, "s", [max(seconds)], below(60), note=note))


def _arrivals(sidecar: ShopSidecar, orders: int, apart: float) -> list[float]:
    """From each order's sending to its first row in the inbox."""
    sidecar.connect()
    sidecar.start()
    placed = []
    for _ in range(orders):
        placed.append(_buy(sidecar.shop, {}))
        time.sleep(apart)
    wanted = {order.order_id for order in placed}
    wait_until(lambda: wanted <= _arrived(sidecar.installation).keys(), timeout=180, pause=0.5)
    arrived = _arrived(sidecar.installation)
    return [arrived[order.order_id] - order.sent_at for order in placed]


def _arrived(sidecar: Sidecar) -> dict[int, float]:
    """When the sidecar first had each order on disk."""
    database = Database(f"sqlite:///{sidecar.log.parent / 'recado.sqlite3'}")
    try:
        with database.read() as connection:
            rows = connection.execute(select(inbox.c.body, inbox.c.received_at).order_by(inbox.c.id.desc())).all()
    finally:
        database.close()
    return {_order_in(row.body): row.received_at.timestamp() for row in rows}


def _order_in(body: bytes) -> int:
    """Of an event, or of an order as the poller keeps it."""
    told = json.loads(body)
    told = told.get("data", told)
    return int(told.get("order", told).get("id", 0))


def _buy(shop: WooShop, headers: Mapping[str, str]) -> Placed:
    return buy(shop.url, shop.facts["goods"]["simple"], headers)


def _install_switch(shop: WooShop) -> None:
    folder = shop.root / "wp-content" / "mu-plugins"
    folder.mkdir()
    shutil.copy(Path(__file__).parent / "without.php", folder)


@contextmanager
def _address_of(state: str, sidecar: ShopSidecar) -> Iterator[str]:
    """Of a sidecar that is up, down (nobody listens) or hanging (takes the call and never answers)."""
    if state == "up":
        sidecar.start()
        yield sidecar.url
        sidecar.stop()
    elif state == "down":
        yield f"http://127.0.0.1:{procs.free_port()}"
    else:
        with socket.create_server(("127.0.0.1", 0), backlog=128) as silent:
            yield f"http://127.0.0.1:{silent.getsockname()[1]}"


@contextmanager
def _shop(folder: Path, sources: Sources, wanted: Wanted) -> Iterator[WooShop]:
    shop = WooShop.lay(folder, sources, wanted)
    try:
        yield shop
    finally:
        shop.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="recado-shop-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_MEASURES = {"checkout": _checkouts, "latency": _latency, "still": _without_visitors}
_STATES = ("up", "down", "hanging")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.shops.woo.bench", description=__doc__)
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--orders", type=int, default=20, help="of which the way to the sidecar is timed")
    parser.add_argument("--still-orders", type=int, default=5, help="the same in the shop without visitors")
    parser.add_argument("--only", nargs="+", choices=list(_MEASURES), default=list(_MEASURES), metavar="NAME")
    parser.add_argument("--states", nargs="+", choices=_STATES, default=_STATES, metavar="STATE")
    parser.add_argument("--json", type=Path, default=procs.ROOT / "build" / "bench-shop.json", metavar="PATH")
    options = parser.parse_args()
    options.sources = Sources.given(os.environ)
    if reason := missing() or options.sources.missing():
        parser.error(reason)
    return options


if __name__ == "__main__":
    try:
        main()
    except CannotServe as reason:
        sys.exit(str(reason))
