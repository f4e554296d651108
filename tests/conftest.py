"""What every test may use: a clock that is told, databases of both kinds, and a small world around them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The library decides where its counters live when it is imported, which a test's imports do.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="recado-metrics-"))

import pytest

from tests.databases import Postgres, postgres_missing, postgres_server, sqlite_template
from tests.world import World


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if reason := postgres_missing():
        if os.environ.get("RECADO_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, migrated database; the test runs once on each kind."""
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        return server.empty_database()
    return fresh_sqlite(request, tmp_path)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh_sqlite(request, tmp_path)


def fresh_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    copy = tmp_path / "recado.sqlite3"
    shutil.copyfile(request.getfixturevalue("migrated_sqlite"), copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """The whole road in one process, stepped by hand, on both kinds of database."""
    world = World(database_url)
    yield world
    world.close()
