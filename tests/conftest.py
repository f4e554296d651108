"""What every test may use: a clock that is told, databases of both kinds, and a small world around them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The library decides where its counters live when it is imported, which a test's imports do.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="recado-metrics-"))

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests.chromium import chromium, chromium_missing
from tests.databases import Postgres, migrated_sqlite, postgres_missing, postgres_server
from tests.once import remember_routes
from tests.world import World

remember_routes()

# How long an example takes says how busy the machine is.
settings.register_profile("recado", deadline=None)
settings.load_profile("recado")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if reason := postgres_missing():
        if os.environ.get("RECADO_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all: no process can have two."""
    if reason := chromium_missing():
        if os.environ.get("RECADO_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium() as browser:
        yield browser


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All cases of a test run on SQLite, and the first of them on PostgreSQL as well: how a query is run there does not
    depend on what it is asked about. Where it does, the test is marked `every_case_on_both`."""
    seen: set[str] = set()
    kept, left_out = [], []
    for item in items:
        test = item.nodeid.partition("[")[0]
        (left_out if _is_another_case(item) and test in seen else kept).append(item)
        if _is_another_case(item):
            seen.add(test)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def _is_another_case(item: pytest.Item) -> bool:
    cases = getattr(item, "callspec", None)
    on_postgres = cases is not None and "postgres" in cases.params.values()
    return on_postgres and len(cases.params) > 1 and item.get_closest_marker("every_case_on_both") is None


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, migrated database; the test runs once on each kind."""
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        return server.empty_database()
    return fresh_sqlite(tmp_path)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return fresh_sqlite(tmp_path)


def fresh_sqlite(folder: Path) -> str:
    copy = folder / "recado.sqlite3"
    shutil.copyfile(migrated_sqlite(), copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """The whole road in one process, stepped by hand, on both kinds of database."""
    world = World(database_url)
    yield world
    world.close()
