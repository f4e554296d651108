"""The front door in this process, and installations in processes of their own."""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from hmac import digest
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool
from werkzeug.test import TestResponse

from sidecar.app import create_app
from sidecar.callbacks.station import CallbackStation
from sidecar.dispatch.otherway import OtherWay
from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.intake.reception import Reception
from sidecar.ledger import reports
from sidecar.settings import read_settings
from sidecar.storage import accounts, inbox, routes, shops
from sidecar.wiring import READERS, Recado, utc_now
from tests.acceptance.processes import AUTH_TOKEN, Sidecar
from tests.bench.twilio_process import TwilioProcess, fake_twilio
from tests.conftest import fresh_sqlite
from tests.world import SETTINGS, order

TWILIO = {"account_sid": "AC0123456789abcdef0123456789abcdef", "auth_token": AUTH_TOKEN, "from": "+15005550006"}
OCTOPUSH = {"api_login": "a@b.example", "api_key": "key", "sender": "Loja"}


class House:
    """The web application and the worker's stations on one database, with nothing running by itself."""

    TOKEN = AUTH_TOKEN

    def __init__(self, database_url: str, folder: Path) -> None:
        self.folder = folder
        self.recado = Recado(
            read_settings(
                {"RECADO_DATA_DIR": str(folder), "RECADO_DATABASE_URL": database_url, "RECADO_SENDING": "live"}
            )
        )
        self.client: FlaskClient = create_app(self.recado).test_client()
        self.reception = Reception(self.recado.database, self.recado.intake, READERS, self.recado.hearing.hear, utc_now)
        recado = self.recado
        self.callbacks = CallbackStation(
            recado.database,
            recado.messages,
            recado.optouts,
            recado.replies,
            OtherWay(recado.messages, lambda bits: 7),
            recado.providers,
            utc_now,
            lambda bits: 7,
        )
        self.shops = 0
        self.add_account("twilio", TWILIO)
        self.add_account("octopush", OCTOPUSH)
        self.add_account("simulator", {})

    def add_account(self, kind: str, options: dict[str, str]) -> None:
        with self.recado.database.write() as connection:
            accounts.add(connection, self.recado.vault, f"acc_{kind}", kind, kind, options, utc_now())

    def open_shop(self, **settings: Any) -> "ShopFront":
        self.shops += 1
        return ShopFront(self, f"shop_{self.shops}", settings)

    def status_path(self, account_id: str) -> str:
        with self.recado.database.read() as connection:
            return f"/callbacks/{account_id}/{accounts.token(connection, self.recado.vault, account_id)}/status"

    def inbound_path(self, account_id: str) -> str:
        return self.status_path(account_id).removesuffix("status") + "inbound"

    def metric(self, name: str, **labels: str) -> float:
        """A counter of /metrics, summed over the labels not named."""
        lines = [line for line in self.client.get("/metrics").text.splitlines() if line.startswith(f"{name}{{")]
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(float(line.rpartition(" ")[2]) for line in lines if all(pair in line for pair in wanted))

    def other_program(self) -> AbstractContextManager[Connection]:
        """A connection that knows nothing of our gates and manners."""
        return create_engine(
            self.recado.settings.database_url, isolation_level="AUTOCOMMIT", poolclass=NullPool
        ).connect()


class ShopFront:
    """A WooCommerce shop at the door of a house: what it posts, and what becomes of it."""

    def __init__(self, house: House, shop_id: str, settings: dict[str, Any]) -> None:
        self.house = house
        self.id = shop_id
        self.path = f"/hooks/woocommerce/{shop_id}"
        made = shops.new_secrets()
        self.secret = made.webhook_secret
        wanted = ShopSettings.model_validate({**SETTINGS, "transactional_window": "always", **settings})
        shop = Shop(shop_id, Platform.WOOCOMMERCE, shop_id, "https://loja.example", wanted)
        with house.recado.database.write() as connection:
            shops.add(connection, house.recado.vault, shop, made, {}, utc_now())
            routes.set_route(connection, shop_id, ["acc_twilio"])

    def post(self, body: bytes, *, topic: str | None = "order.updated", **headers: str) -> TestResponse:
        """Exactly these bytes and headers (`x_wc_webhook_signature`), signed with nothing."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        topics = {"X-WC-Webhook-Topic": topic} if topic else {}
        return self.house.client.post(self.path, data=body, headers={**topics, **named})

    def sign(self, body: bytes) -> str:
        return b64encode(digest(self.secret.encode(), body, "sha256")).decode()

    def deliver(self, told: dict[str, Any] | bytes, topic: str = "order.updated", **headers: str) -> TestResponse:
        """As WooCommerce does, signed, and asserted to be answered 2xx."""
        body = told if isinstance(told, bytes) else json.dumps(told).replace("/", "\\/").encode()
        answer = self.post(
            body, topic=topic, content_type="application/json", x_wc_webhook_signature=self.sign(body), **headers
        )
        assert answer.status_code in (200, 202), answer.text
        # What is kept sorts by the millisecond in which it came.
        time.sleep(0.002)
        return answer

    def tell(self, *statuses: str, topic: str = "order.updated", **fields: Any) -> None:
        """One order in these statuses, one after the other, and all of it worked through."""
        for status in statuses:
            self.deliver(order(status, **{"modified": utc_now(), **fields}), topic)
            self.settle()

    def settle(self) -> None:
        while self.house.reception.work():
            pass

    def fates(self) -> list[tuple[str, str]]:
        """State and note of each delivery on disk, oldest first."""
        self.settle()
        return [(row.state, row.note) for row in reversed(self.kept())]

    def kept(self) -> list[Any]:
        with self.house.recado.database.read() as connection:
            return [row for row in reports.list_inbox(connection, limit=10_000) if row.shop_id == self.id]

    def replay(self) -> None:
        with self.house.recado.database.write() as connection:
            for row in self.kept():
                inbox.replay(connection, row.id)

    def messages(self) -> list[dict[str, Any]]:
        """Oldest first, numbers in full."""
        self.settle()
        with self.house.recado.database.read() as connection:
            rows = reports.list_messages(connection, self.id, limit=10_000)
        return [reports.as_json(row, reveal=True) for row in reversed(rows)]

    def told(self) -> list[tuple[str, str]]:
        """Template and state of each message, or in place of the state why it stays."""
        return [(message["template"], message["reason"] or message["status"]) for message in self.messages()]

    def feed(self) -> dict[str, Any]:
        with self.house.recado.database.read() as connection:
            rows = reports.feeds_of(connection, self.id)
        return dict(rows[0]._mapping) if rows else {}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    house = House(fresh_sqlite(folder), folder)
    yield house
    house.recado.close()


@pytest.fixture
def lonely(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """A house of the test's own, for what would disturb others."""
    house = House(sqlite_url, tmp_path)
    yield house
    house.recado.close()


@pytest.fixture
def front(house: House) -> ShopFront:
    return house.open_shop()


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Callable[..., Sidecar]]:
    """`install(**settings)` makes one more installation; all share the test's folder unless told otherwise."""
    installed: list[Sidecar] = []

    def one_more(folder: str = "data", **settings: str) -> Sidecar:
        installed.append(Sidecar(tmp_path / folder, **settings))
        return installed[-1]

    yield one_more
    for sidecar in installed:
        sidecar.close()


@pytest.fixture
def sidecar(install: Callable[..., Sidecar]) -> Sidecar:
    return install()


@pytest.fixture
def slow_to_tell() -> Iterator[TwilioProcess]:
    """The same, with its receipts only after a dead worker has been given up."""
    with fake_twilio("--receipts", "--receipt-delay", "16000", "--auth-token", AUTH_TOKEN) as running:
        yield running


@pytest.fixture
def twilio() -> Iterator[TwilioProcess]:
    """Takes every message and reports its delivery."""
    with fake_twilio("--receipts", "--auth-token", AUTH_TOKEN) as running:
        yield running
