"""A small world: the real stations on a real database, with a clock that is told and a provider that obeys."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from pydantic import BaseModel

from sidecar.alerts.codes import AlertCodes
from sidecar.alerts.lastlook import LastLook
from sidecar.alerts.requests import Alerts
from sidecar.alerts.waves import Waves
from sidecar.callbacks.replies import Replies, asker
from sidecar.callbacks.station import CallbackStation
from sidecar.codes import Codes
from sidecar.consent.agreeing import Agreements
from sidecar.consent.optouts import OptOuts
from sidecar.dispatch.carrying import Carrying
from sidecar.dispatch.chores import Chores
from sidecar.dispatch.dispatcher import Dispatcher
from sidecar.dispatch.failover import Failover
from sidecar.dispatch.hours import SendingHours
from sidecar.dispatch.lookups import LookUps
from sidecar.dispatch.otherway import OtherWay
from sidecar.dispatch.sending import Sender
from sidecar.domain.capabilities import Capabilities, Carrier
from sidecar.domain.ids import in_sequence, new_id
from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import Accepted, Callback, Inbound, LookUp, NotFound, Receipt, SendOutcome
from sidecar.domain.outcome import Wish as Inbounds
from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.domain.status import MessageState
from sidecar.hearing import Hearing
from sidecar.intake.desk import Stationery
from sidecar.intake.reception import Reader, Reception
from sidecar.intake.spine import Intake
from sidecar.keeping.approval import Approval
from sidecar.keeping.privacy import Privacy
from sidecar.ledger import reports
from sidecar.links import Links
from sidecar.money.crediting import Crediting
from sidecar.policy.calendars import next_working_day
from sidecar.policy.switch import Sending, Switch
from sidecar.providers.base import CallbackUnreadable, Provider, carrier_of
from sidecar.storage import accounts, callbacks, inbox, routes, shops
from sidecar.storage.consents import Consents
from sidecar.storage.database import Database
from sidecar.storage.fingerprints import Fingerprints
from sidecar.storage.messages import Messages, NewMessage
from sidecar.storage.tables import callbacks as callbacks_table
from sidecar.storage.tables import inbox as inbox_table
from sidecar.storage.vault import Vault
from sidecar.wiring import READERS

MARIA = "+5511912345678"
NOON = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
SETTINGS: dict[str, Any] = {
    "mode": 3,
    "sender": "Loja",
    "contact": "x@loja.example",
    "country": "BR",
    "locale": "pt_BR",
    "timezone": "America/Sao_Paulo",
    "settle_seconds": 0,
    "spread_seconds": 0,
    "cap_per_hour": 0,
    "cap_per_day": 0,
}


class ObedientProvider(Provider):
    """Keeps what it was asked to send; `outcomes` answers the next sends, then all are accepted."""

    kind = "obedient"
    capabilities = Capabilities(look_up=True)
    Options = BaseModel

    def __init__(self, *_: Any) -> None:
        self.sent: list[OutgoingMessage] = []
        self.outcomes: list[SendOutcome] = []
        self.asked: list[LostMessage] = []
        self.look_ups: list[LookUp] = []

    def send(self, message: OutgoingMessage) -> SendOutcome:
        self.sent.append(message)
        return self.outcomes.pop(0) if self.outcomes else Accepted(f"P-{message.id}")

    def look_up(self, message: LostMessage) -> LookUp:
        self.asked.append(message)
        return self.look_ups.pop(0) if self.look_ups else NotFound()

    def read_receipts(self, callback: Callback) -> list[Receipt]:
        try:
            told = json.loads(callback.body)
        except ValueError as error:
            raise CallbackUnreadable("not JSON") from error
        state = MessageState(told["state"])
        return [Receipt(told["id"], state, told["state"], told.get("reason", ""), message_id=told.get("message"))]

    def read_inbound(self, callback: Callback) -> list[Inbound]:
        told = json.loads(callback.body)
        wish = Inbounds(told["wish"]) if "wish" in told else None
        return [Inbound(told["id"], told["from"], "shop", told["text"], in_reply_to=told.get("answers"), wish=wish)]


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


@dataclass
class World:
    database_url: str
    switch: Switch = field(default_factory=lambda: Switch(Sending.LIVE))

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.database = Database(self.database_url)
        self.vault = Vault("a secret key of at least 32 characters")
        self.provider = ObedientProvider()
        self.providers: dict[str, ObedientProvider] = {}
        self._bits = in_sequence(random.Random(7).getrandbits)
        self._heard = count(1)
        self.messages = Messages(self._bits)
        self.fingerprints = Fingerprints(b"a key that never changes")
        self.consents = Consents(self.fingerprints, self._bits)
        self.stationery = Stationery(self.consents, self.vault, self._bits, self.switch, self.carrier_of)
        self.carrying = Carrying(self.database, self.vault.open)
        self.optouts = OptOuts(self.messages, self.consents)
        self.agreements = Agreements(
            self.database, self.messages, self.stationery, self.optouts, lambda country: country == "DE", self.clock
        )
        self.links = Links(self.fingerprints, "https://r.example")
        codes = AlertCodes(self.fingerprints, self._bits, lambda _: 123_456, self.clock)
        self.alerts = Alerts(self.database, self.messages, self.stationery, codes, self.links, self.clock)
        self.hearing = Hearing(self.alerts, self.agreements)
        self.intake = self.intake_of(self.messages, self.stationery)
        self.reception = self.reception_of(self.intake)
        self.approval = Approval(self.database, self._bits, self.clock)
        self.draws: list[int] = []
        self.codes = Codes(self.database, self.messages, self.stationery, self.fingerprints, self.draw, self.clock)
        self.callbacks = self.callbacks_of(self.database)
        self.look_ups = LookUps(self.database, self.messages, self.provider_of, self.clock, self.vault.open)
        self.crediting = Crediting(
            self.database,
            self.messages,
            self.clock,
            self._bits,
            next_working_day,
            SendingHours(self.database),
            low=5,
        )
        self.privacy = Privacy(self.database, self.messages, self.consents, self.clock)
        self.failover = Failover(self.database, self.messages, self.clock)
        self.waves = self.waves_of()
        self.chores = self.chores_of("wrk_one")
        self.chores.sign_in()
        self.dispatcher = self.dispatcher_of("wrk_one")
        self.shop = self.add_shop("shop_one")

    def intake_of(self, messages: Messages, stationery: Stationery) -> Intake:
        return Intake(messages, self.clock, stationery, self.agreements.of_order)

    def reception_of(
        self,
        intake: Intake,
        database: Database | None = None,
        readers: Mapping[tuple[Platform, str], Reader] = READERS,
    ) -> Reception:
        return Reception(database or self.database, intake, readers, self.hearing.hear, self.clock)

    def draw(self, below: int) -> int:
        """What one-time codes are made of."""
        self.draws.append(random.Random(len(self.draws)).randrange(below))
        return self.draws[-1]

    def provider_of(self, account_id: str) -> Provider:
        return self.providers.get(account_id, self.provider)

    def carrier_of(self, account: accounts.Account) -> Carrier:
        return carrier_of(self.provider_of(account.id))

    def add_account(self, account_id: str, **columns: Any) -> ObedientProvider:
        """An account of its own provider, on no route yet."""
        self.providers[account_id] = ObedientProvider()
        with self.database.write() as connection:
            accounts.add(connection, self.vault, account_id, "obedient", account_id, {}, self.clock())
            if columns:
                accounts.change(connection, account_id, **columns)
        return self.providers[account_id]

    def route(self, *account_ids: str, country: str = "", category: str = "", shop_id: str = "shop_one") -> None:
        with self.database.write() as connection:
            routes.set_route(connection, shop_id, account_ids, country, category)

    def chores_of(self, worker_id: str) -> Chores:
        return Chores(self.database, self.messages, self.clock, worker_id)

    def waves_of(self, database: Database | None = None) -> Waves:
        return Waves(database or self.database, self.messages, self.stationery, self.links, self.clock)

    def callbacks_of(self, database: Database) -> CallbackStation:
        replies = Replies(self.messages, self.stationery, self.optouts, asker(self.provider_of))
        return CallbackStation(
            database,
            self.messages,
            self.optouts,
            replies,
            OtherWay(self.messages, self._bits),
            self.provider_of,
            self.clock,
            self._bits,
        )

    def dispatcher_of(self, worker_id: str, threads: int = 4) -> Dispatcher:
        sender = Sender(
            self.clock,
            self.provider_of,
            self.switch.objection,
            lambda *_: None,
            self.carrying,
            SendingHours(self.database),
            LastLook(self.database),
        )
        return Dispatcher(
            self.database, self.messages, sender, lambda: 0.0, self.optouts, worker_id=worker_id, threads=threads
        )

    def add_shop(self, shop_id: str, **settings: Any) -> Shop:
        """A shop with its own account at the obedient provider."""
        shop = Shop(
            shop_id,
            Platform.WOOCOMMERCE,
            shop_id,
            "https://shop.example",
            ShopSettings.model_validate({**SETTINGS, **settings}),
        )
        with self.database.write() as connection:
            shops.add(connection, self.vault, shop, shops.new_secrets(), {}, self.clock())
            accounts.add(connection, self.vault, f"acc_{shop_id}", "obedient", f"acc_{shop_id}", {}, self.clock())
            routes.set_route(connection, shop_id, [f"acc_{shop_id}"])
        return shop

    def configure(self, **settings: Any) -> None:
        changed = ShopSettings.model_validate({**self.shop.settings.model_dump(), **settings})
        with self.database.write() as connection:
            shops.save_settings(connection, self.shop.id, changed)

    def deliver(
        self, topic: str, body: bytes | dict[str, Any], shop_id: str = "shop_one", source: str = "webhook"
    ) -> str:
        """Put a delivery into the inbox as the web does; returns its inbox id."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        delivery_id = new_id("in", self.clock(), self._bits)
        with self.database.write() as connection:
            connection.execute(
                inbox_table.insert().values(
                    shop_id=shop_id,
                    id=delivery_id,
                    source=source,
                    topic=topic,
                    delivery_id="",
                    body=raw,
                    received_at=self.clock(),
                    state=inbox.RECEIVED,
                )
            )
        self.clock.forward(milliseconds=1)
        return delivery_id

    def report(self, state: str, message: dict[str, Any], /, account_id: str = "acc_shop_one", **told: Any) -> None:
        """A provider's callback about a message; `message=` names it by our own id too."""
        self.call_back("status", {"id": f"P-{message['id']}", "state": state, **told}, account_id)

    def hear(self, text: str, sender: str = MARIA, account_id: str = "acc_shop_one", **told: Any) -> str:
        """A customer's message comes in; returns the provider's id of it."""
        provider_id = told.pop("id", None) or f"IN-{next(self._heard)}"
        self.call_back("inbound", {"id": provider_id, "from": sender, "text": text, **told}, account_id)
        return provider_id

    def call_back(self, kind: str, told: dict[str, Any], account_id: str) -> None:
        with self.database.write() as connection:
            connection.execute(
                callbacks_table.insert().values(
                    account_id=account_id,
                    id=new_id("cb", self.clock(), self._bits),
                    kind=kind,
                    method="POST",
                    url="https://recado.example/callbacks",
                    headers={},
                    body=json.dumps(told).encode(),
                    received_at=self.clock(),
                    state=callbacks.RECEIVED,
                )
            )
        self.clock.forward(milliseconds=1)

    def settle(self, rounds: int = 3) -> None:
        """Let every station work until nothing moves."""
        for _ in range(rounds):
            self.chores.beat()
            self.reception.work()
            self.waves.work()
            self.chores.release()
            self.chores.expire()
            self.dispatch()
            self.callbacks.work()
            self.callbacks.match_again()

    def dispatch(self, dispatcher: Dispatcher | None = None) -> None:
        """Claim, send and record until the dispatcher has nothing in hand."""
        working = dispatcher or self.dispatcher
        working.turn()
        while working.in_hand:
            working.collect()
            working.turn()

    def all_messages(self, **filters: Any) -> list[dict[str, Any]]:
        """Oldest first, numbers in full."""
        with self.database.read() as connection:
            rows = reports.list_messages(connection, limit=10_000, **filters)
        return [reports.as_json(row, reveal=True) for row in reversed(rows)]

    def states(self) -> list[tuple[str, str]]:
        return [(m["template"], m["status"]) for m in self.all_messages()]

    def timeline(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return reports.timeline_of(connection, message["shop_id"], message["id"])

    def failed(self) -> list[str]:
        with self.database.read() as connection:
            return [row.note for row in reports.list_inbox(connection, failed_only=True)]

    def close(self) -> None:
        self.dispatcher.stop(timeout=1)
        self.database.close()


Deliver = Callable[..., str]


def order(
    status: str = "processing", *, order_id: int = 101, modified: datetime | None = None, **fields: Any
) -> dict[str, Any]:
    """The parts of a WooCommerce order that matter, `modified` by the shop's own clock."""
    moment = (modified or NOON).astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return {
        "id": order_id,
        "parent_id": 0,
        "status": status,
        "number": str(order_id),
        "currency": "BRL",
        "total": "34.90",
        "date_created_gmt": moment,
        "date_modified_gmt": moment,
        "billing": {"first_name": "Maria", "country": "BR", "phone": "11 91234-5678"},
        "shipping": {},
        **fields,
    }


def new_message(number: int, state: MessageState = MessageState.QUEUED, **columns: Any) -> NewMessage:
    """A row for the outbox of `shop_one`, due at noon."""
    row = {
        "shop_id": "shop_one",
        "id": f"msg_{number:05}",
        "dedupe_key": f"{number}:placed",
        "order_id": str(number),
        "event": "order_placed",
        "template": "order_placed",
        "category": "transactional",
        "channel": "sms",
        "to": "+5511912345678",
        "text": f"Your order {number}",
        "encoding": "GSM-7",
        "segments": 1,
        "batch_key": None,
        "country": "BR",
        "state": state,
        "reason": "",
        "account_id": "acc_shop_one",
        "provider": "obedient",
        "attempts": 0,
        "checks": 0,
        "event_at": NOON,
        "created_at": NOON,
        "due_at": NOON,
        "expires_at": NOON + timedelta(hours=48),
    }
    return NewMessage({**row, **columns}, {"why": "a test"})
