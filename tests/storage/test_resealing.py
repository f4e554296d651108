"""A new secret key: the old one opens until all is sealed anew, and is needed no more after that."""

import pytest
from sqlalchemy import select

from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.storage import accounts, fingerprints, shops
from sidecar.storage.database import Database
from sidecar.storage.resealing import reseal, sealed_columns
from sidecar.storage.vault import SealBroken, Vault
from tests.world import NOON

OLD, NEW = "the key before, of thirty-two characters", "the key that is new, of the same length"
SHOP = Shop("shop_1", Platform.WOOCOMMERCE, "Ana", "https://shop.example", ShopSettings())


@pytest.fixture
def filled(database: Database) -> Database:
    before = Vault(OLD)
    with database.write() as connection:
        accounts.add(connection, before, "acc_1", "http", "main", {"token": "s3cret"}, NOON)
        shops.add(connection, before, SHOP, shops.new_secrets(), {"consumer_key": "ck_1"}, NOON)
    fingerprints.kept(database, before)
    return database


def test_after_resealing_the_new_key_opens_everything(filled: Database) -> None:
    count = reseal(filled, Vault(NEW, OLD))
    after, opened = Vault(NEW), 0
    with filled.read() as connection:
        for column in sealed_columns():
            for sealed in connection.scalars(select(column).where(column.is_not(None))):
                assert after.open(sealed)
                opened += 1
        assert accounts.options(connection, after, "acc_1") == {"token": "s3cret"}
    assert (opened, count) == (6, 6)


def test_it_may_be_run_again(filled: Database) -> None:
    assert reseal(filled, Vault(NEW, OLD)) == reseal(filled, Vault(NEW)) == 6


def test_without_the_old_key_nothing_is_touched(filled: Database) -> None:
    with pytest.raises(SealBroken):
        reseal(filled, Vault(NEW))
    with filled.read() as connection:
        assert accounts.options(connection, Vault(OLD), "acc_1") == {"token": "s3cret"}


def test_what_others_write_meanwhile_is_left_as_it_is(filled: Database) -> None:
    both, late = Vault(NEW, OLD), Vault(NEW).seal_map({"token": "newer"})

    class Interrupted(Vault):
        def seal_anew(self, sealed: str) -> str:
            with filled.write() as connection:
                accounts.change(connection, "acc_1", options=late)
            return both.seal_anew(sealed)

    reseal(filled, Interrupted(NEW, OLD))
    with filled.read() as connection:
        assert accounts.options(connection, Vault(NEW), "acc_1") == {"token": "newer"}
