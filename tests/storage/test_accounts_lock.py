"""Two people who change one provider account at the same moment are both heeded."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection

from sidecar.keeping.accounts import change_options, change_use
from sidecar.storage import accounts
from sidecar.storage.accounts import Account
from sidecar.storage.database import Database
from sidecar.storage.vault import Vault
from tests.world import NOON

VAULT = Vault("a key of tests, of thirty-two characters")
OPTIONS = {"account_sid": "AC0123456789abcdef", "auth_token": "old", "from": "+15005550006"}


@pytest.fixture
def account(database: Database) -> Account:
    with database.write() as connection:
        accounts.add(connection, VAULT, "acc_1", "twilio", "main", OPTIONS, NOON)
        return accounts.every(connection)[0]


def at_once(one: Database, other: Database, first: Callable[..., object], second: Callable[..., object]) -> None:
    """The second begins while the first is not yet written for good."""

    def late() -> None:
        with other.write() as connection:
            second(connection)

    with ThreadPoolExecutor(1) as hand:
        with one.write() as connection:
            first(connection)
            waiting = hand.submit(late)
            with pytest.raises(TimeoutError):
                waiting.result(0.2)
        waiting.result(10)


def test_two_options_changed_at_once_are_both_changed(database: Database, other: Database, account: Account) -> None:
    def give(**options: str) -> Callable[[Connection], None]:
        return lambda connection: change_options(connection, VAULT, account, options)

    at_once(database, other, give(auth_token="new"), give(**{"from": "+15005550001"}))
    with database.read() as connection:
        assert accounts.options(connection, VAULT, account.id) == {
            **OPTIONS,
            "auth_token": "new",
            "from": "+15005550001",
        }


def test_two_senders_given_at_once_are_both_kept(database: Database, other: Database, account: Account) -> None:
    def use(country: str, **changes: object) -> Callable[[Connection], Account]:
        return lambda connection: change_use(connection, account.id, changes, {country: f"Ana{country}"})

    at_once(database, other, use("BR", rate=5), use("PT"))
    with database.read() as connection:
        [saved] = accounts.every(connection)
    assert (saved.senders, saved.rate) == ({"BR": "AnaBR", "PT": "AnaPT"}, 5)
