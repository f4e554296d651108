"""The migrations lead to the tables, by one way."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from sidecar.storage.database import Database
from sidecar.storage.schema import alembic_config, missing_migrations
from sidecar.storage.tables import metadata


def test_there_is_one_head_and_one_beginning() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1
    revisions = list(scripts.walk_revisions())
    assert all(revision.doc.strip() for revision in revisions)
    numbers = [revision.revision for revision in reversed(revisions)]
    assert numbers == sorted(numbers)


def test_a_migrated_database_has_the_tables_as_written(database_url: str) -> None:
    database = Database(database_url)
    assert not missing_migrations(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()
