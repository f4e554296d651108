"""A Magento store's changes by module and poller at once: each is one text, whichever is cut off."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.magento.payload import named
from connectors.magento.poller import Poller
from connectors.magento.rest import Keys, Rest
from connectors.magento.stores import Stores
from sidecar.domain.shop import PLACED_STATUSES, Platform, Shop
from sidecar.polling.changes import ChangeRound
from sidecar.polling.rounds import Rounds
from sidecar.storage.polls import ORDERS, SHIPMENTS, TRACKS
from sidecar.storage.tables import shops
from tests.magento import FakeMagento, recorded
from tests.world import NOON, World

SETTINGS = {"placed_statuses": PLACED_STATUSES[Platform.MAGENTO], "locale": "en", "delays": {"order_shipped": "0m"}}


class Store:
    """Two orders that live through a day, told by the module where it works and shown to the poller where that does."""

    def __init__(self, world: World, module: bool, poller: bool) -> None:
        self.world = world
        self._module, self._poller = module, poller
        self.fake = FakeMagento()
        with world.database.write() as connection:
            connection.execute(shops.update().values(platform=Platform.MAGENTO))
        world.configure(**SETTINGS)
        self.rounds = Rounds(
            world.database,
            {
                Platform.MAGENTO: {
                    ORDERS: ChangeRound(self._office, Poller.orders),
                    SHIPMENTS: ChangeRound(self._office, Poller.shipments),
                    TRACKS: ChangeRound(self._office, Poller.shipments, 1200.0, timedelta(days=5)),
                }
            },
            world.clock,
            lambda: 0.5,
            world._bits,
            threads=1,
        )
        shop = Shop("shop_one", Platform.MAGENTO, "shop_one", "https://shop.example", world.shop.settings)
        with world.database.write() as connection:
            self.rounds.enrol(connection, shop, has_keys=True)

    @contextmanager
    def _office(self, _shop: Shop) -> Iterator[Poller]:
        rest = Rest("https://shop.example", Keys("tok"), self.fake)
        yield Poller(rest, Stores(rest, []))

    def change(self, number: int, state: str, status: str, before: tuple[str, str] | None, **beside: str) -> None:
        self.world.clock.forward(minutes=1)
        at = named(self.world.clock())
        found = [row for row in self.fake.orders if row["entity_id"] == number]
        row = found[0] if found else {**recorded("order_pending"), "entity_id": number, "created_at": at}
        row |= {"state": state, "status": status, "updated_at": at, "increment_id": f"00000{number}"}
        if not found:
            self.fake.orders.append(row)
        moved = {"from_state": before[0] if before else None, "from_status": before[1] if before else None}
        transition = {**moved, "state": state, "status": status, "at": at}
        self.tell("order.updated", {**row, **beside, "transition": transition})

    def ship(self, number: int, track: str | None) -> None:
        self.world.clock.forward(minutes=1)
        at = named(self.world.clock())
        shipment = {**recorded("shipment_2_track_added_later"), "entity_id": number, "order_id": number}
        shipment |= {"created_at": at, "tracks": []}
        self.fake.shipments.append(shipment)
        if track:
            self.add_track(number, track)
        else:
            self.tell_parcel(shipment)

    def add_track(self, number: int, track: str) -> None:
        [shipment] = [each for each in self.fake.shipments if each["entity_id"] == number]
        told = {"entity_id": number, "track_number": track, "title": "DHL", "carrier_code": "dhl"}
        shipment["tracks"] = [told]
        self.tell_parcel(shipment)

    def tell_parcel(self, shipment: dict[str, Any]) -> None:
        self.tell("order.parcel", {"order_id": shipment["order_id"], "shipment": shipment})

    def tell(self, kind: str, data: dict[str, Any]) -> None:
        if self._module:
            self.world.deliver("", json.dumps({"type": kind, "data": data}).encode(), source="plugin")
        self.look()

    def look(self) -> None:
        if self._poller:
            self.world.clock.forward(seconds=70)
            self.rounds.run_due()
        self.world.settle()


@pytest.mark.parametrize(("module", "poller"), [(True, True), (True, False), (False, True)])
def test_each_change_is_one_text(world: World, module: bool, poller: bool) -> None:
    world.clock.now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert world.clock() > NOON
    store = Store(world, module, poller)
    store.change(1, "new", "pending", None)
    store.change(2, "new", "pending", None)
    store.change(1, "processing", "processing", ("new", "pending"))
    store.ship(1, "TRACK1")
    store.change(1, "complete", "complete", ("processing", "processing"))
    store.ship(2, None)
    world.clock.forward(minutes=30)
    store.add_track(2, "TRACK2")
    store.look()
    store.change(2, "canceled", "canceled", ("new", "pending"))
    told = [(message["order_id"], message["template"]) for message in world.all_messages()]
    assert sorted(told) == [
        ("1", "order_completed"),
        ("1", "order_placed"),
        ("1", "order_processing"),
        ("1", "order_shipped"),
        ("2", "order_cancelled"),
        ("2", "order_placed"),
        ("2", "order_shipped"),
        ("2", "order_shipped"),
    ]
    assert {message["status"] for message in world.all_messages()} == {"accepted"}
    assert any("TRACK2" in message["text"] for message in world.all_messages())


def test_finding_3_3_a_store_whose_clock_is_slow_is_missed_nothing(world: World) -> None:
    store = Store(world, module=False, poller=True)
    before = {**recorded("order_pending"), "entity_id": 1, "updated_at": named(world.clock() - timedelta(minutes=45))}
    store.fake.orders = [before]
    store.look()
    slow = named(world.clock() - timedelta(minutes=40))
    store.fake.orders.append({**before, "entity_id": 2, "increment_id": "000002", "updated_at": slow})
    store.look()
    assert [message["order_id"] for message in world.all_messages()] == ["2"]


def test_a_change_that_was_rolled_back_or_made_before_the_store_was_connected_is_not_told(world: World) -> None:
    store = Store(world, module=False, poller=True)
    store.fake.orders = [{**recorded("order_pending"), "updated_at": named(NOON - timedelta(hours=1))}]
    store.look()
    assert world.all_messages() == []
