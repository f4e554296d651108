"""The schema as migrations make it is the schema as the tables are written, on both kinds of database."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import sidecar
from sidecar.storage import schema
from sidecar.storage.database import Database
from sidecar.storage.tables import metadata
from tests.databases import Postgres

CODE = Path(sidecar.__file__).parent.parent
UPGRADE = """
import sys
from sidecar.storage import schema
from sidecar.storage.database import Database
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
schema.upgrade(database)
print(schema.missing_migrations(database))
"""


def nothing_in(database_url: str) -> str:
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.close()
    return database_url


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.sqlite3"
    server: Postgres = request.getfixturevalue("postgres")
    return nothing_in(server.fresh_database())


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def details(database: Database) -> list[str]:
    """What a comparison of tables does not look at: the conditions of indexes, and how SQLite lays tables out."""
    query = (
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql <> '' UNION ALL "
        "SELECT name || ' ' || (sql LIKE '%WITHOUT ROWID%') FROM sqlite_master WHERE type = 'table'"
        if database.is_sqlite
        else "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    )
    with database.read() as connection:
        found = [re.sub(r'[\s"]+', " ", told) for told in connection.scalars(text(query))]
    return sorted(told for told in found if "alembic_version" not in told)


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(schema.alembic_config()).get_heads()) == 1


def test_every_migration_says_what_it_does() -> None:
    for revision in ScriptDirectory.from_config(schema.alembic_config()).walk_revisions():
        assert revision.doc.strip()


def test_an_empty_database_comes_up_to_date(empty: Database) -> None:
    assert schema.missing_migrations(empty)
    schema.upgrade(empty)
    assert not schema.missing_migrations(empty)
    assert tables(empty) == set(metadata.tables)


def test_upgrading_again_does_nothing(empty: Database) -> None:
    schema.upgrade(empty)
    before = details(empty)
    schema.upgrade(empty)
    assert details(empty) == before


def test_migrations_make_exactly_the_tables_as_they_are_written(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_make_the_same_indexes_and_layout_as_the_tables(empty: Database) -> None:
    schema.upgrade(empty)
    migrated = details(empty)
    with empty.write() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    assert migrated == details(empty)
    assert any("WHERE" in detail for detail in migrated)


def test_down_to_nothing_and_up_again(empty: Database) -> None:
    schema.upgrade(empty)
    fresh = details(empty)
    config = schema.alembic_config()
    with empty.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert tables(empty) == set()
    assert schema.missing_migrations(empty)
    schema.upgrade(empty)
    assert details(empty) == fresh


def test_a_migration_that_fails_leaves_nothing_half_done(empty: Database) -> None:
    with empty.write() as connection:
        connection.execute(text("CREATE TABLE shops (id TEXT)"))
    with pytest.raises(Exception, match="already exists"):
        schema.upgrade(empty)
    assert tables(empty) == {"shops"}
    with empty.write() as connection:
        connection.execute(text("DROP TABLE shops"))
    schema.upgrade(empty)
    assert not schema.missing_migrations(empty)


def test_of_processes_that_start_together_one_upgrades_and_the_others_wait(empty_url: str) -> None:
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, empty_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CODE
        )
        for _ in range(3)
    ]
    for process in starting:
        assert process.stdout and process.stdout.readline() == b"ready\n"
    for process in starting:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    assert [process.communicate(timeout=30)[0] for process in starting] == [b"False\n"] * 3
