"""The door for events in our own envelope, signed by Standard Webhooks."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from standardwebhooks.webhooks import Webhook
from werkzeug.test import TestResponse

from sidecar.app import create_app
from sidecar.ledger import reports
from sidecar.settings import read_settings
from sidecar.storage import shops
from sidecar.wiring import Recado
from tests.world import World, order

BODY = json.dumps({"type": "order.created", "data": order("processing")})


class Door:
    def __init__(self, client: FlaskClient, recado: Recado, secret: str) -> None:
        self.client = client
        self.recado = recado
        self.secret = secret

    def post(self, body: str = BODY, *, at: datetime | None = None, signed: str | None = None) -> TestResponse:
        moment = at or datetime.now(UTC)
        signature = Webhook(self.secret).sign("evt_1", moment, signed or body)
        headers = {
            "webhook-id": "evt_1",
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature,
        }
        return self.client.post("/hooks/events/shop_one", data=body, headers=headers)

    def kept(self) -> int:
        with self.recado.database.read() as connection:
            return len(reports.list_inbox(connection))


@pytest.fixture
def door(sqlite_url: str, tmp_path: Path) -> Iterator[Door]:
    World(sqlite_url).close()
    settings = read_settings(
        {
            "RECADO_DATA_DIR": str(tmp_path),
            "RECADO_DATABASE_URL": sqlite_url,
            "RECADO_SECRET_KEY": "a secret key of at least 32 characters",
        }
    )
    recado = Recado(settings)
    app = create_app(recado)
    with recado.database.read() as connection:
        secret = shops.events_secret(connection, recado.vault, "shop_one")
    assert secret is not None
    yield Door(app.test_client(), recado, secret)
    recado.close()


def test_a_signed_event_is_kept_and_answered(door: Door) -> None:
    assert door.post().status_code == 202
    assert door.kept() == 1


@pytest.mark.parametrize("minutes", [-10, 10])
def test_an_event_signed_at_another_time_is_refused(door: Door, minutes: int) -> None:
    answer = door.post(at=datetime.now(UTC) + timedelta(minutes=minutes))
    assert (answer.status_code, answer.get_json()["code"]) == (401, "bad_signature")
    assert door.kept() == 0


def test_a_changed_event_is_refused(door: Door) -> None:
    assert door.post(signed=BODY.replace("processing", "completed")).status_code == 401
    assert door.kept() == 0


@pytest.mark.parametrize("signature", ["", "v1", "v1,", "v1,???", "v2,abc", "v1,é", ","])
def test_garbage_for_a_signature_is_refused(door: Door, signature: str) -> None:
    headers = {
        "webhook-id": "x",
        "webhook-timestamp": str(int(datetime.now(UTC).timestamp())),
        "webhook-signature": signature,
    }
    assert door.client.post("/hooks/events/shop_one", data=b"\xff", headers=headers).status_code == 401


def test_an_unknown_shop_is_told_so(door: Door) -> None:
    assert door.client.post("/hooks/events/nobody", data=BODY).status_code == 404


def test_plugin_and_webhook_reporting_one_change_make_one_message(world: World) -> None:
    world.deliver("order.created", order("processing"))
    world.deliver("", {"type": "order.created", "data": order("processing")}, source="plugin")
    world.settle()
    assert world.states() == [("order_placed", "accepted")]
