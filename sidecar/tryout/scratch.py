"""A database of one shop, made for a try-out and thrown away: what decides about its texts is copied, nothing else."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, insert, select

from sidecar.domain.mode import Mode
from sidecar.domain.shop import Shop
from sidecar.storage import shops
from sidecar.storage.database import Database
from sidecar.storage.tables import (
    accounts,
    consents,
    credits,
    metadata,
    routes,
    tariffs,
    text_codes,
    texts,
)
from sidecar.storage.tables import shops as shops_table

_OF_THE_SHOP = (shops_table, consents, credits, routes, texts)
_OF_ALL = (accounts, tariffs, text_codes)
_TOGETHER = 1000
_PREFIX = "recado-tryout-"


@contextmanager
def scratch_of(source: Database, shop: Shop, mode: Mode) -> Iterator[Database]:
    """With the shop in this mode, telling of everything."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        scratch = Database(f"sqlite:///{Path(folder) / 'tryout.sqlite3'}")
        try:
            metadata.create_all(scratch.engine)
            with source.read() as reading, scratch.write() as writing:
                for table in _OF_ALL:
                    _copy(reading, writing, table)
                for table in _OF_THE_SHOP:
                    _copy(reading, writing, table, shop.id)
                tried = shop.settings.model_copy(update={"mode": mode, "told_from": "", "redirect_to": ""})
                shops.save_settings(writing, shop.id, tried)
            yield scratch
        finally:
            scratch.close()


def clear_left(before: datetime) -> None:
    """Of who was killed in the middle: there are customers' numbers in it."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if max(path.stat().st_mtime for path in (folder, *folder.glob("*"))) < before.timestamp():
            shutil.rmtree(folder, ignore_errors=True)


def _copy(reading: Connection, writing: Connection, table: Table, shop_id: str = "") -> None:
    query = select(table)
    if shop_id:
        query = query.where((table.c.id if table is shops_table else table.c.shop_id) == shop_id)
    for rows in reading.execution_options(yield_per=_TOGETHER).execute(query).partitions():
        writing.execute(insert(table), [dict(row._mapping) for row in rows])
