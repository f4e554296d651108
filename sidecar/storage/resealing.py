"""All secrets at rest sealed anew under the first key, so that the one before can be forgotten."""

from collections.abc import Iterator

from sqlalchemy import Column, ColumnElement, and_, select, update

from sidecar.storage.database import Database
from sidecar.storage.tables import metadata
from sidecar.storage.types import AnyRow, Sealed
from sidecar.storage.vault import Vault

_PAGE = 200


def reseal(database: Database, vault: Vault) -> int:
    """Returns how many secrets there are. May be called off and run again at any moment, beside running workers: what
    somebody else has written meanwhile is left as it is. Raises `SealBroken`."""
    return sum(_reseal_column(database, vault, column) for column in sealed_columns())


def sealed_columns() -> Iterator[Column[str]]:
    for table in metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Sealed))


def _reseal_column(database: Database, vault: Vault, column: Column[str]) -> int:
    table, keys = column.table, tuple(column.table.primary_key.columns)
    with database.read() as connection:
        rows = connection.execute(select(*keys, column).where(column.is_not(None))).all()
    for start in range(0, len(rows), _PAGE):
        anew = [(row, vault.seal_anew(row[-1])) for row in rows[start : start + _PAGE]]
        with database.write() as connection:
            for row, sealed in anew:
                connection.execute(update(table).where(_is(row, keys), column == row[-1]).values({column.name: sealed}))
    return len(rows)


def _is(row: AnyRow, keys: tuple[Column[str], ...]) -> ColumnElement[bool]:
    return and_(*(key == value for key, value in zip(keys, row[:-1], strict=True)))
