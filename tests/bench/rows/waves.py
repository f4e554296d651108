"""A product is back, and very many have waited for it: how long a wave takes to write, and whether memory grows."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from statistics import quantiles
from typing import Any

from sidecar.domain.stock import AlertState, StockRecord
from sidecar.storage import alerts, stock
from sidecar.storage.alerts import Alert

from .. import procs
from ..bench import Bench
from ..report import Row, below, none
from ..sidecars import Sidecar
from ..woo_requests import e164

FEW = 2_000
LONG_TRANSACTION = 0.5
MOST_GROWTH = 16.0
_BATCH = 5_000


def measure(bench: Bench) -> list[Row]:
    few, many = (_wave(bench, number) for number in (FEW, bench.scale.waiting))
    long = quantiles(many.pop("transactions"), n=100)[-1]
    few.pop("transactions")
    growth = (many["peak"] - few["peak"]) / 1e6
    bench.note("waves", few=few, many=many)
    rate = f"{many['written'] / many['seconds']:,.0f}/s written, all told in {many['turns']:,} turns"
    what = f"a wave to {bench.scale.waiting:,} who wait for one product"
    return [
        Row(f"{what}: a long transaction, of a hundred the longest", "s", [long], below(LONG_TRANSACTION), note=rate),
        Row(f"{what}: memory over one to {FEW:,}", "MB", [growth], below(MOST_GROWTH)),
        Row(f"{what}: told twice or not at all", "people", [many["astray"]], none()),
    ]


def _wave(bench: Bench, number: int) -> dict[str, Any]:
    with bench.sidecar() as sidecar:
        _have_wait(sidecar, number)
        sidecar.run("shop", "set", sidecar.shop_id, *_ON)
        command = [sys.executable, "-m", "tests.bench.waving", sidecar.database_url, sidecar.shop_id]
        done = subprocess.run(command, cwd=procs.ROOT, check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(done.stdout)
    return {**told, "astray": abs(number - told["told"]) + abs(number - told["written"])}


_ON = ("--mode", "6", "--stock-managed", "true", "--alerts-enabled", "true", "--transactional-window", "always")


def _have_wait(sidecar: Sidecar, number: int) -> None:
    now = datetime.now(UTC)
    back = StockRecord("Caneca Azul", "https://loja.example/caneca", True, None, now, next_wave_at=now)
    with sidecar.database() as database:
        for first in range(0, number, _BATCH):
            with database.write() as connection:
                few = range(first, min(first + _BATCH, number))
                alerts.add_all(connection, [_alert(sidecar.shop_id, person, now) for person in few])
        with database.write() as connection:
            stock.save(connection, {(sidecar.shop_id, "11", ""): back})


def _alert(shop_id: str, person: int, now: datetime) -> Alert:
    return Alert(
        shop_id=shop_id,
        id=f"alr_{int(now.timestamp() * 1000):011x}{person:016x}",
        product_id="11",
        variation_id="",
        number=e164(person),
        customer_id="",
        locale="pt_BR",
        wording="Avise-me quando voltar",
        ip="203.0.113.7",
        state=AlertState.WAITING,
        reason="",
        wave=0,
        place=0,
        created_at=now,
        confirmed_at=now,
        texted_at=None,
        ended_at=None,
        expires_at=now.replace(year=now.year + 1),
    )
