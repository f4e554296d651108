"""One door to the database: `read()` and `write()` transactions, alike on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

from sidecar.storage.gate import WriteGate

CHANNEL = "recado"
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
    "PRAGMA temp_store=MEMORY",
)


class Database:
    """`url` as SQLAlchemy takes it. On SQLite every write transaction begins IMMEDIATE and passes a gate
    shared by all processes, because SQLite's own waiting sleeps and starves."""

    def __init__(self, url: str, pool_size: int = 20) -> None:
        parsed = make_url(url)
        self.url = url
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine: Engine = create_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=20,
            pool_use_lifo=True,
            pool_pre_ping=not self.is_sqlite,
            # An error's text would hold the row it is about: a customer's number and text.
            hide_parameters=True,
        )
        self.gate = WriteGate(str(parsed.database)) if self.is_sqlite else None
        if self.is_sqlite:
            _prepare_sqlite(self.engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, *, quietly: bool = False) -> Iterator[Connection]:
        """`quietly` is for what gives nobody work: on SQLite every other write rings."""
        with self.gate or nullcontext(), self._immediate() as connection, connection.begin():
            yield connection
        if self.gate and not quietly:
            self.gate.ring()

    def ring(self, connection: Connection) -> None:
        """Tell other processes, on commit, that there is work. On SQLite the write itself tells them."""
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})

    def close(self) -> None:
        self.engine.dispose()

    def _immediate(self) -> Connection:
        return self.engine.connect().execution_options(immediate=True)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(dbapi_connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own BEGIN handling would start deferred transactions, which fail late instead of waiting.
        dbapi_connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            dbapi_connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
