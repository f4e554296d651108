"""Two people who change the order of a shop's accounts at the same moment: the second is told, and undoes nothing."""

import pytest
from sqlalchemy import Connection

from sidecar.domain.refused import Refused
from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.keeping.routing import Place, order_at, put, reorder
from sidecar.storage import accounts, shops
from sidecar.storage.database import Database
from tests.storage.test_accounts_lock import VAULT, at_once
from tests.world import NOON

SHOP = Shop("shop_1", Platform.WOOCOMMERCE, "Ana", "https://shop.example", ShopSettings())
ONE, TWO, THREE = "acc_1", "acc_2", "acc_3"


@pytest.fixture(autouse=True)
def routed(database: Database) -> None:
    with database.write() as connection:
        shops.add(connection, VAULT, SHOP, shops.new_secrets(), {}, NOON)
        for name in (ONE, TWO, THREE):
            accounts.add(connection, VAULT, name, "simulator", name, {}, NOON)
        reorder(connection, SHOP.id, Place(), [], [ONE])


def test_of_two_orders_saved_at_once_the_second_is_refused(database: Database, other: Database) -> None:
    def late(connection: Connection) -> None:
        with pytest.raises(Refused) as refusal:
            reorder(connection, SHOP.id, Place(), [ONE], [THREE, ONE])
        assert refusal.value.code == "changed_meanwhile"

    at_once(database, other, lambda connection: reorder(connection, SHOP.id, Place(), [ONE], [TWO, ONE]), late)
    with database.read() as connection:
        assert order_at(connection, SHOP.id, Place()) == [TWO, ONE]


def test_orders_for_different_texts_saved_at_once_are_both_kept(database: Database, other: Database) -> None:
    abroad, codes = Place("FR"), Place("", "code")
    at_once(
        database,
        other,
        lambda connection: reorder(connection, SHOP.id, abroad, [], [TWO]),
        lambda connection: reorder(connection, SHOP.id, codes, [], [THREE]),
    )
    with database.read() as connection:
        found = [order_at(connection, SHOP.id, place) for place in (Place(), abroad, codes)]
    assert found == [[ONE], [TWO], [THREE]]


def test_of_two_whole_orders_named_at_once_the_second_stands_alone(database: Database, other: Database) -> None:
    at_once(
        database,
        other,
        lambda connection: put(connection, SHOP.id, Place(), [TWO, ONE]),
        lambda connection: put(connection, SHOP.id, Place(), [THREE, ONE]),
    )
    with database.read() as connection:
        assert order_at(connection, SHOP.id, Place()) == [THREE, ONE]
