"""A sidecar at its HTTP border, on a real database of its own, of each kind."""

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from sidecar.app import create_app
from sidecar.domain.address import AllowedAddresses
from sidecar.domain.ids import new_id
from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.keeping.users import Users
from sidecar.policy.replying import Meaning
from sidecar.policy.switch import Sending, Switch
from sidecar.settings import Settings
from sidecar.storage import accounts, replies, routes, shops, tasks
from sidecar.storage.replies import NewReply
from sidecar.storage.tables import inbox
from sidecar.storage.tasks import Task
from sidecar.web.admin import language
from sidecar.wiring import Recado, utc_now

from .pages import PASSWORD, csrf_of, sign_in

SECRET_KEY = "a-secret-key-for-tests-only-0123456789"


@dataclass(frozen=True)
class ShopCaller:
    """A shop with its token, calling the API."""

    shop: Shop
    token: str
    client: FlaskClient

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str) -> TestResponse:
        return self.call("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", path, json=body, headers=named)

    def patch(self, body: Any) -> TestResponse:
        return self.call("PATCH", "/settings", json=body)

    def message(self, **wish: Any) -> Any:
        """Send by hand; the answer's JSON."""
        answer = self.post("/messages", {"to": "+5511987654321", "text": "Hello", **wish})
        assert answer.status_code == 201, answer.json
        return answer.json


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_in(tmp_path, database_url)


@pytest.fixture
def recado(settings: Settings) -> Iterator[Recado]:
    made = Recado(settings)
    # Passwords that are costly to try are costly to test.
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    vars(made)["users"] = Users(made.database, made.vault, utc_now, secrets.randbits, quick)
    yield made
    made.close()


@pytest.fixture
def app(recado: Recado) -> Flask:
    return create_app(recado)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


AddShop = Callable[..., ShopCaller]


@pytest.fixture
def add_shop(recado: Recado, client: FlaskClient) -> AddShop:
    """Add a shop with these settings and a simulator to send by."""

    def add(
        name: str = "Ana", routed: bool = True, platform: Platform = Platform.WOOCOMMERCE, **changes: Any
    ) -> ShopCaller:
        values = {"mode": 3, "country": "BR", "sender": name, "transactional_window": "always", **changes}
        shop = Shop(
            f"shop_{name.lower()}",
            platform,
            name,
            "https://shop.example",
            ShopSettings.model_validate(values),
        )
        made = shops.new_secrets()
        with recado.database.write() as connection:
            shops.add(connection, recado.vault, shop, made, {}, utc_now())
            if routed:
                account = f"acc_{name.lower()}"
                accounts.add(connection, recado.vault, account, "simulator", f"{name}'s account", {}, utc_now())
                routes.set_route(connection, shop.id, [account])
        return ShopCaller(shop, made.api_token, client)

    return add


@pytest.fixture
def ana(add_shop: AddShop) -> ShopCaller:
    return add_shop("Ana", contact="(11) 4002-8922", locale="pt_BR", timezone="America/Sao_Paulo")


@pytest.fixture
def bob(add_shop: AddShop) -> ShopCaller:
    return add_shop("Bob")


def hear(
    recado: Recado,
    shop: ShopCaller,
    text: str = "Oi",
    number: str = "+5511987654321",
    meaning: Meaning = Meaning.REPLY,
) -> tuple[str, str]:
    """A customer wrote about an order; returns the ids of the message and of the task that the shop has by it."""
    now = utc_now()
    reply = NewReply(
        shop.shop.id,
        new_id("rpl", now, secrets.randbits),
        "acc",
        secrets.token_hex(8),
        number,
        "sms",
        text,
        "7",
        None,
        now,
    )
    task = Task(shop.shop.id, f"reply:{reply.id}", "order_note", "7", {"note": text})
    with recado.database.write() as connection:
        replies.keep(connection, [reply])
        replies.understood(connection, reply, meaning, "7", None)
        tasks.add(connection, [task], secrets.randbits, now)
        task_id = tasks.take(connection, shop.shop.id, "plugin", now, 200)[-1].id
    return reply.id, str(task_id)


Post = Callable[[str], TestResponse]


@pytest.fixture
def inside(client: FlaskClient) -> FlaskClient:
    assert sign_in(client).status_code == 303
    return client


@pytest.fixture
def post(inside: FlaskClient) -> Post:
    def post(path: str) -> TestResponse:
        return inside.post(path, data={"csrf": csrf_of(inside.get("/admin/"))})

    return post


AddFailed = Callable[..., str]


@pytest.fixture
def add_failed(recado: Recado) -> AddFailed:
    """A delivery that could not be understood."""

    def add(shop: ShopCaller, delivery_id: str = "in_1", note: str = "not_json: The body is not JSON.") -> str:
        with recado.database.write() as connection:
            connection.execute(
                insert(inbox).values(
                    shop_id=shop.shop.id,
                    id=delivery_id,
                    source="webhook",
                    topic="order.updated",
                    delivery_id="d",
                    body=b"{",
                    received_at=utc_now(),
                    state="failed",
                    note=note,
                )
            )
        return delivery_id

    return add


def together(tasks: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def settings_in(folder: Path, database_url: str, **changes: Any) -> Settings:
    values = {
        "data_dir": folder,
        "database_url": database_url,
        "secret_keys": (SECRET_KEY,),
        "bind": "127.0.0.1:8000",
        "public_url": "http://127.0.0.1:8000",
        "switch": Switch(Sending.DRY_RUN),
        "admin_password": PASSWORD,
        "admin_addresses": AllowedAddresses(),
        "api_addresses": AllowedAddresses(),
        "proxies": 0,
        "send_threads": 2,
        "shop_threads": 2,
        "shop_networks": (),
        "web_threads": 2,
        "log_level": "warning",
        "low_credit": 5,
        "keep_texts_days": 365,
        "keep_bodies_days": 30,
        "keep_codes_days": 30,
    }
    return Settings(**{**values, **changes})


@pytest.fixture(scope="module")
def pages() -> Iterator[None]:
    """A page to be made, in English."""
    app = Flask("sidecar.web", static_folder=None)
    language.install(app)
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield
