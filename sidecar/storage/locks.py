"""Rows held until the transaction ends, for whoever reads, decides and writes."""

from sqlalchemy import Connection, select

from sidecar.storage.tables import shops


def hold_shop(connection: Connection, shop_id: str) -> None:
    connection.execute(select(shops.c.id).where(shops.c.id == shop_id).with_for_update())
