"""A whole sidecar for a browser to visit: pages, a worker, and a gateway that keeps what it was asked to send."""

import json
import logging
import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import insert, select
from werkzeug.serving import WSGIRequestHandler, make_server

from sidecar.app import create_app
from sidecar.domain.ids import new_id
from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.domain.status import MessageState
from sidecar.keeping.users import Users
from sidecar.settings import read_settings
from sidecar.storage import accounts, routes, shops
from sidecar.storage.audit import Doer
from sidecar.storage.messages import NewMessage
from sidecar.storage.tables import messages
from sidecar.storage.users import Role
from sidecar.wiring import Recado, new_worker, utc_now
from tests.providers.server import Server, answer

PASSWORD = "correct horse battery staple"
GATEWAY = {"body": json.dumps({"to": "{to}", "text": "{text}"}), "format": "json", "answer": "json", "id_at": "id"}
SETTINGS: dict[str, Any] = {
    "mode": 3,
    "sender": "Loja da Ana",
    "contact": "(11) 4002-8922",
    "country": "BR",
    "locale": "pt_BR",
    "timezone": "America/Sao_Paulo",
    "transactional_window": "always",
}


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Tests have nothing to read here."""


class Site:
    """`gateway` is the provider's end of the wire; `url` is where the pages are."""

    def __init__(self, folder: Path, database_url: str, working: bool = True, **environment: str) -> None:
        given = {"DATA_DIR": str(folder), "DATABASE_URL": database_url, "SENDING": "live", "ADMIN_PASSWORD": PASSWORD}
        named = {f"RECADO_{name}": value for name, value in {**given, **environment}.items()}
        self._server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.recado = Recado(replace(read_settings(named), public_url=self.url))
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        vars(self.recado)["users"] = Users(self.recado.database, self.recado.vault, utc_now, secrets.randbits, quick)
        self._server.app = create_app(self.recado)
        self.gateway = Server()
        self.gateway.reactions = [answer(200, {"id": "G-1"})]
        self._worker = new_worker(self.recado) if working else None
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def start(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self.gateway.__enter__()
        self._thread.start()
        if self._worker:
            self._worker.start()

    def stop(self) -> None:
        if self._worker:
            self._worker.stop()
        self._server.shutdown()
        self._server.server_close()
        self.gateway.__exit__(None, None, None)
        self.recado.close()

    def add_account(self, name: str = "gateway") -> str:
        account_id = f"acc_{name}"
        with self.recado.database.write() as connection:
            options = {**GATEWAY, "base_url": self.gateway.url}
            accounts.add(connection, self.recado.vault, account_id, "http", name, options, utc_now())
        return account_id

    def add_shop(self, name: str = "Loja da Ana", account_id: str = "", **settings: Any) -> Shop:
        """A shop that sends by the gateway."""
        made = ShopSettings.model_validate({**SETTINGS, **settings})
        shop_id = f"shop_{new_id('x', utc_now(), secrets.randbits)[-8:]}"
        shop = Shop(shop_id, Platform.WOOCOMMERCE, name, "https://loja.example", made)
        with self.recado.database.write() as connection:
            shops.add(connection, self.recado.vault, shop, shops.new_secrets(), {}, utc_now())
            if account_id:
                routes.set_route(connection, shop.id, [account_id])
        return shop

    def add_owner(self, shop: Shop, email: str = "ana@loja.example") -> None:
        self.recado.users.add(Doer("", "a test"), email, Role.OWNER, [shop.id], PASSWORD)

    def add_messages(self, shop: Shop, *states: MessageState, account_id: str = "", **columns: Any) -> list[str]:
        """Messages as the intake would have written them, one of each state, the last one the newest."""
        now = utc_now()
        new = []
        for number, state in enumerate(states):
            at = now - timedelta(minutes=len(states) - number)
            row = _row(shop, new_id("msg", at, secrets.randbits), number, state, at, account_id)
            new.append(
                NewMessage({**row, **columns}, {"source": "webhook", "status": "processing", "decision": "send"})
            )
        with self.recado.database.write() as connection:
            self.recado.messages.add(connection, new, now)
        return [str(message.columns["id"]) for message in new]

    def add_many(self, shop: Shop, count: int) -> None:
        """A great many, quickly."""
        now, states = utc_now(), list(MessageState)
        rows = []
        for number in range(count):
            at = now - timedelta(minutes=number * 7)
            state = states[number % len(states)] if number % 10 == 0 else MessageState.DELIVERED
            rows.append(_row(shop, new_id("msg", at, secrets.randbits), number, state, at, ""))
        with self.recado.database.write() as connection:
            connection.execute(insert(messages), rows)

    def message(self, message_id: str) -> Any:
        with self.recado.database.read() as connection:
            return connection.execute(select(messages).where(messages.c.id == message_id)).one()

    def sent(self) -> list[dict[str, str]]:
        """What has arrived at the gateway."""
        return [json.loads(request.body) for request in self.gateway.requests]


def _row(shop: Shop, message_id: str, number: int, state: MessageState, at: Any, account_id: str) -> dict[str, Any]:
    gone = state in (MessageState.DELIVERED, MessageState.READ, MessageState.SENT, MessageState.ACCEPTED)
    return {
        "shop_id": shop.id,
        "id": message_id,
        "dedupe_key": f"{message_id}:placed",
        "order_id": str(1000 + number),
        "event": "order_placed",
        "template": "order_placed",
        "category": "transactional",
        "channel": "sms",
        "to": f"+5511{900_000_000 + number}",
        "text": f"Loja da Ana: Oi, Maria! Recebemos o seu pedido #{1000 + number}. Muito obrigado! (11) 4002-8922",
        "encoding": "GSM-7",
        "segments": 1,
        "country": "BR",
        "locale": "pt_BR",
        "state": state,
        "reason": "settling" if state is MessageState.HELD else "",
        "account_id": account_id or None,
        "provider": "http",
        "provider_id": f"P-{message_id}" if gone else None,
        "attempts": 1 if gone else 0,
        "checks": 0,
        "event_at": at,
        "created_at": at,
        "due_at": at + timedelta(hours=12) if state is MessageState.HELD else at,
        "expires_at": at + timedelta(days=3),
        "sent_at": at + timedelta(seconds=2) if gone else None,
        "delivered_at": at + timedelta(seconds=6) if state in (MessageState.DELIVERED, MessageState.READ) else None,
    }
