"""The schema's version: bring the database up to date, or say that it is not."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from sidecar.storage.database import Database

_MIGRATIONS = Path(__file__).parent.parent / "migrations"
_UPGRADE_LOCK = 7_236_237_201


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def upgrade(database: Database) -> None:
    """Run what migrations are missing. Of several processes that start together, one does it and the others wait."""
    config = alembic_config()
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def missing_migrations(database: Database) -> bool:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head
