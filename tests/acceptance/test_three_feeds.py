"""Plugin, webhooks and poller all tell of every change, and any of them may be cut off: each change is one text."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.woocommerce.outbox import PluginOutbox
from connectors.woocommerce.poller import Poller
from connectors.woocommerce.rest import Keys, Rest
from sidecar.domain.exchange import Answer, NotSent
from sidecar.domain.shop import Platform, Shop
from sidecar.polling.changes import ChangeRound
from sidecar.polling.outbox import OutboxRound
from sidecar.polling.rounds import Rounds
from sidecar.storage import feeds, inbox, shops
from sidecar.storage.inbox import PLUGIN, WEBHOOK, Delivery
from sidecar.storage.polls import ORDERS, OUTBOX
from sidecar.wiring import utc_now
from tests.woo import FakeWoo
from tests.world import World, order

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
STEPS_TO_COMPLETION = 3
STATUSES = ("processing", "completed")


class Street:
    """One shop with all three ways to tell us; `cut` names those that are cut off now."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance, self.cut = world, chance, set[str]()
        with world.database.write() as connection:
            secret = shops.events_secret(connection, world.vault, world.shop.id) or ""
            feeds.note(connection, world.shop.id, PLUGIN, 1, 0, "", world.clock())
        self.shop = FakeWoo(plugin_secret=secret, before=self._out_of_order)
        self.numbers = iter(range(1, 1_000_000))
        self.late: list[bytes] = []
        plugin = OutboxRound(self._outbox)
        errands = {ORDERS: ChangeRound(self._poller, Poller.orders, plugin=plugin), OUTBOX: plugin}
        self.rounds = Rounds(
            world.database, {Platform.WOOCOMMERCE: errands}, world.clock, lambda: 0.5, chance.getrandbits, threads=1
        )
        with world.database.write() as connection:
            self.rounds.enrol(connection, world.shop, has_keys=True)

    @contextmanager
    def _poller(self, _shop: Shop) -> Iterator[Poller]:
        yield Poller(Rest("https://shop.example", Keys("ck_1", "cs_1"), self.shop))

    @contextmanager
    def _outbox(self, _shop: Shop) -> Iterator[PluginOutbox]:
        yield PluginOutbox(self.shop, self.shop.plugin_secret, real_now)

    def _out_of_order(self, _method: str, path: str, _query: dict[str, str]) -> Answer | None:
        if ("plugin" if "outbox" in path else "poller") in self.cut:
            raise NotSent("cut off")
        return None

    def change(self, number: int, status: str) -> None:
        """What happens in the shop when an order changes: it is saved, and everybody who can tells of it."""
        moment = self.world.clock()
        before = self.shop.orders.get(number, {}).get("status", "pending")
        row = order(status, order_id=number, modified=moment, billing=buyer(number))
        self.shop.put(row)
        self._plugin_tells({**row, "transition": {"from": before, "to": status, "at": moment.isoformat()}})
        if "webhook" not in self.cut:
            self.late.append(json.dumps(row).encode())
        self.world.clock.forward(milliseconds=1100)

    def _plugin_tells(self, row: dict[str, Any]) -> None:
        """It goes at once, or waits to be fetched, or both, where the answer to what went at once was lost."""
        event_id = f"evt_{next(self.numbers)}"
        body = json.dumps({"type": "order.updated", "data": row})
        fate = "waits" if "plugin" in self.cut else self.chance.choice(["goes", "waits", "both"])
        if fate != "goes":
            self.shop.waiting[event_id] = body
        if fate != "waits":
            self._arrive(PLUGIN, "", body.encode(), event_id)

    def webhooks_leave(self) -> None:
        """From a queue, later and in any order, some twice."""
        self.chance.shuffle(self.late)
        for body in self.late + self.late[::7]:
            self._arrive(WEBHOOK, "order.updated", body, "")
        self.late = []

    def _arrive(self, source: str, topic: str, body: bytes, event_id: str) -> None:
        delivery_id = f"in_{int(self.world.clock().timestamp() * 1000):011x}{next(self.numbers):016x}"
        row = Delivery(self.world.shop.id, delivery_id, source, topic, body, self.world.clock(), event_id)
        with self.world.database.write() as connection:
            inbox.add(connection, [row])

    def minute(self, due: list[tuple[int, str]]) -> None:
        ends = self.world.clock() + MINUTE
        for number, status in due:
            self.change(number, status)
        self.webhooks_leave()
        self.rounds.run_due()
        self.world.settle(rounds=1)
        self.world.clock.now = max(ends, self.world.clock.now)


def real_now() -> datetime:
    """The shop looks at its own clock when it checks a signature."""
    return utc_now()


def buyer(number: int) -> dict[str, str]:
    return {"first_name": "Maria", "country": "BR", "phone": f"11 9{number + 11_000_000:08}"}


def live(street: Street, orders: int, minutes: int, cuts: dict[int, set[str]]) -> None:
    """Orders spread over the minutes, each completed some minutes after it was placed; `cuts` by minute."""
    agenda: dict[int, list[tuple[int, str]]] = {}
    for number in range(1, orders + 1):
        start = (number - 1) * minutes // orders
        for stage, status in enumerate(STATUSES):
            agenda.setdefault(start + stage * STEPS_TO_COMPLETION, []).append((number, status))
    for now in range(minutes + STEPS_TO_COMPLETION + 2):
        street.cut = cuts.get(now, street.cut)
        street.minute(agenda.get(now, []))
    street.cut = set()
    for _ in range(3):
        street.minute([])


def assert_each_change_is_one_text(world: World, orders: int) -> None:
    told = Counter((m["order_id"], m["event"]) for m in world.all_messages())
    wanted = {(str(number), event) for number in range(1, orders + 1) for event in ("order_placed", "status_changed")}
    assert told == dict.fromkeys(wanted, 1)
    assert Counter(message.id for message in world.provider.sent) == Counter(m["id"] for m in world.all_messages())
    assert world.failed() == []


def test_500_orders_with_each_feed_cut_off_in_turn_get_each_text_once(sqlite_url: str) -> None:
    world = World(sqlite_url)
    street = Street(world, random.Random(5))
    cuts = {
        4: {"plugin", "webhook"},
        9: set[str](),
        11: {"webhook", "poller"},
        16: {"plugin", "poller"},
        21: set[str](),
    }
    live(street, orders=500, minutes=26, cuts=cuts)
    assert_each_change_is_one_text(world, 500)
    assert not street.shop.waiting
    street.rounds.stop()
    world.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_feed_that_is_cut_off_at_any_moment_costs_no_text_and_makes_none_twice(world: World, seed: int) -> None:
    chance = random.Random(seed)
    street = Street(world, chance)
    every = ["plugin", "webhook", "poller"]
    cuts = {minute: set(chance.sample(every, chance.randint(0, 2))) for minute in range(14)}
    live(street, orders=25, minutes=12, cuts=cuts)
    assert_each_change_is_one_text(world, 25)
    street.rounds.stop()
