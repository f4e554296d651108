"""What an operator sees of alerts."""

import json
from collections.abc import Iterator

import pytest

from sidecar.domain.stock import StockRecord
from sidecar.settings import read_settings
from sidecar.storage import alerts, stock
from sidecar.wiring import Recado
from tests.acceptance.processes import Sidecar
from tests.alerting import many
from tests.world import NOON

ON = {"mode": "6", "stock_managed": "true", "alerts_enabled": "true"}


@pytest.fixture
def shop(sidecar: Sidecar) -> Iterator[dict[str, str]]:
    shop = sidecar.open_shop(**ON)
    sidecar.route_by("simulator", shop["shop_id"])
    recado = Recado(read_settings(sidecar.environment))
    with recado.database.write() as connection:
        stock.save(connection, {(shop["shop_id"], "11", ""): StockRecord("Caneca", "", False, 0, NOON)})
        alerts.add_all(connection, many(shop["shop_id"], 3))
    recado.close()
    yield shop


def test_who_waits_by_product(sidecar: Sidecar, shop: dict[str, str]) -> None:
    [row] = sidecar.json("alerts", shop["shop_id"])
    assert (row["product"], row["name"], row["stock"], row["waiting"]) == ("11", "Caneca", "sold out", 3)
    assert sidecar.json("alerts", shop["shop_id"], "--product", "12") == []
    told = sidecar.command("alerts", shop["shop_id"])
    assert "Caneca" in told.stdout and "pause" not in told.stderr
    assert "Nobody has asked" in sidecar.command("alerts", shop["shop_id"], "--product", "12").stdout


def test_a_pause_is_said_wherever_one_looks(sidecar: Sidecar, shop: dict[str, str]) -> None:
    assert sidecar.json("shop", "show", shop["shop_id"])["alerts"] == "on"
    assert not _found(sidecar, "alerts pause")
    sidecar.json("shop", "set", shop["shop_id"], "--stock-managed", "false")
    assert sidecar.json("shop", "show", shop["shop_id"])["mode"] == 6
    assert "alerts pause" in sidecar.json("shop", "show", shop["shop_id"])["alerts"]
    assert "alerts pause" in sidecar.command("alerts", shop["shop_id"]).stderr
    [finding] = _found(sidecar, "alerts pause")
    assert "3 wait" in finding["finding"] and "mode from 0 to 3" in finding["do"]


def test_an_unknown_shop_is_told_in_a_sentence(sidecar: Sidecar, shop: dict[str, str]) -> None:
    refused = sidecar.command("alerts", "nobody")
    assert refused.exit_code == 2 and "unknown_shop" in refused.output


def _found(sidecar: Sidecar, words: str) -> list[dict[str, str]]:
    examined = json.loads(sidecar.command("doctor", "--json").stdout)
    return [finding for finding in examined if words in finding["finding"]]
