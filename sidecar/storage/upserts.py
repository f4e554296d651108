"""An insert that may say what to do where the row is there already: written alike for both databases."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or(connection: Connection, table: Table) -> Any:
    """To be followed by `on_conflict_do_nothing` or `on_conflict_do_update`."""
    make_insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return make_insert(table)
