"""The same database opened twice, as two processes open it."""

from collections.abc import Iterator

import pytest

from sidecar.storage.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def other(database_url: str) -> Iterator[Database]:
    """What another process would hold: its own connections, its own gate."""
    database = Database(database_url)
    yield database
    database.close()
