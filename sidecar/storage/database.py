"""One door to the database: `read()` and `write()` transactions, alike on SQLite and PostgreSQL."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
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
            pool_pre_ping=not self.is_sqlite,
            # An error's text would hold the row it is about: a customer's number and text.
            hide_parameters=True,
        )
        self._gate: AbstractContextManager[Any] = nullcontext()
        if self.is_sqlite:
            self._gate = WriteGate(str(parsed.database))
            _prepare_sqlite(self.engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._gate, self.engine.connect().execution_options(immediate=True) as connection, connection.begin():
            yield connection

    def ring(self, connection: Connection) -> None:
        """Tell other processes, on commit, that there is work. SQLite's readers see the change themselves."""
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})

    def close(self) -> None:
        self.engine.dispose()


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


class Bell:
    """Wakes whoever waits when the database has changed: polls SQLite's change counter, which costs no
    disk access, or listens to PostgreSQL's notifications."""

    POLL_SECONDS = 0.02

    def __init__(self, database: Database) -> None:
        self._database = database
        self._condition = threading.Condition()
        self._rings = 0
        self._subscribers: list[Callable[[], None]] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self.ring()
        self._thread.join(timeout=5)

    def ring(self) -> None:
        with self._condition:
            self._rings += 1
            self._condition.notify_all()
        for subscriber in self._subscribers:
            subscriber()

    def subscribe(self, subscriber: Callable[[], None]) -> None:
        """Have `subscriber` called at every ring; it must not block."""
        self._subscribers.append(subscriber)

    @property
    def rings(self) -> int:
        return self._rings

    def wait(self, heard: int, timeout: float) -> int:
        """Wait until it has rung more than `heard` times, or `timeout` seconds; returns the count."""
        with self._condition:
            self._condition.wait_for(lambda: self._rings > heard, timeout)
            return self._rings

    def _run(self) -> None:
        watch = self._watch_sqlite if self._database.is_sqlite else self._watch_postgres
        while not self._stopping.is_set():
            try:
                watch()
            except Exception:
                self._stopping.wait(1.0)

    def _watch_sqlite(self) -> None:
        with self._database.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            seen = None
            while not self._stopping.wait(self.POLL_SECONDS):
                version = raw.execute("PRAGMA data_version").fetchone()[0]
                if version != seen:
                    seen = version
                    self.ring()

    def _watch_postgres(self) -> None:
        with self._database.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.autocommit = True
            raw.execute(f"LISTEN {CHANNEL}")
            while not self._stopping.is_set():
                for _ in raw.notifies(timeout=0.5, stop_after=1):
                    self.ring()
            connection.invalidate()
