"""People who wait for a product, in the small world."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from sidecar.domain.spoken import NewAlert
from sidecar.domain.stock import AlertState, StockRecord
from sidecar.storage import alerts as storage
from sidecar.storage import shops, stock
from sidecar.storage.alerts import Alert
from sidecar.storage.tables import stock_alerts
from tests.bench.woo_requests import e164
from tests.world import NOON, World

ON = {"mode": 6, "stock_managed": True, "alerts_enabled": True, "country": "BR"}
KEY = ("shop_one", "11", "")


def number_of(person: int) -> str:
    return f"+5511912{person:06}"


def asked(person: int = 1, **changes: Any) -> NewAlert:
    told: dict[str, Any] = {
        "product_id": "11",
        "name": "Caneca Azul",
        "url": "https://loja.example/caneca",
        "number": number_of(person),
        "country": "BR",
        "locale": "pt_BR",
        "wording": "Avise-me quando voltar",
        "ip": f"203.0.{person // 256}.{person % 256}",
    }
    return NewAlert(**{**told, **changes})


def open_shop(world: World, **settings: Any) -> None:
    world.configure(**{**ON, **settings})
    with world.database.read() as connection:
        found = shops.find(connection, world.shop.id)
    assert found
    world.shop = found


def wait_for(world: World, people: int, first: int = 1, **changes: Any) -> list[Alert]:
    """So many ask and confirm, one after the other."""
    alerts = []
    for person in range(first, first + people):
        alert = world.alerts.ask(world.shop, asked(person, **changes))
        alerts.append(world.alerts.confirm(alert, "link"))
        world.clock.forward(milliseconds=2)
    return alerts


def tell(world: World, quantity: int | None, *, saleable: bool | None = None, at: datetime | None = None) -> None:
    """The shop tells of its stock, by the plugin's own event."""
    there = quantity is None or quantity > 0 if saleable is None else saleable
    data = {
        "product_id": "11",
        "name": "Caneca Azul",
        "url": "https://loja.example/caneca",
        "saleable": there,
        "quantity": quantity,
        "modified_at": (at or world.clock()).isoformat(),
    }
    world.deliver("", {"type": "product.stock", "data": data}, source="plugin")
    world.reception.work()


def told(world: World) -> list[str]:
    """Who has been texted that it is back, in order."""
    return [message.to for message in world.provider.sent if "Voltou" in message.text]


def record(world: World) -> StockRecord:
    with world.database.read() as connection:
        found = stock.find(connection, KEY)
    assert found
    return found


def states(world: World) -> dict[str, int]:
    with world.database.read() as connection:
        rows = connection.execute(select(stock_alerts.c.state, func.count()).group_by(stock_alerts.c.state))
        return {row[0]: row[1] for row in rows}


def many(shop_id: str, people: int, first: int = 0, product_id: str = "11", now: datetime = NOON) -> list[Alert]:
    """So many who have confirmed, as rows."""
    return [
        Alert(
            shop_id=shop_id,
            id=f"alr_{int(now.timestamp() * 1000):011x}{person:016x}",
            product_id=product_id,
            variation_id="",
            number=e164(person),
            customer_id="",
            locale="pt_BR",
            wording="Avise-me",
            ip="203.0.113.7",
            state=AlertState.WAITING,
            reason="",
            wave=0,
            place=0,
            created_at=now,
            confirmed_at=now,
            texted_at=None,
            ended_at=None,
            expires_at=now + timedelta(days=90),
        )
        for person in range(first, first + people)
    ]


def again(world: World, alert: Alert) -> Alert:
    with world.database.read() as connection:
        found = storage.find(connection, alert.id)
    assert found
    return found


def run(world: World, rounds: int = 4) -> None:
    """Everything but the clock."""
    world.settle(rounds)


WAITING, TEXTING, TEXTED, ENDED, PENDING = (
    AlertState.WAITING,
    AlertState.TEXTING,
    AlertState.TEXTED,
    AlertState.ENDED,
    AlertState.PENDING,
)
