"""What is held until the transaction ends, for whoever reads, decides and writes."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from sidecar.storage.tables import accounts, shops


def hold_shop(connection: Connection, shop_id: str) -> None:
    connection.execute(select(shops.c.id).where(shops.c.id == shop_id).with_for_update())


def hold_account(connection: Connection, account_id: str) -> None:
    connection.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())


def hold_people(connection: Connection, people: Collection[tuple[str, str]]) -> None:
    """Shop ids and numbers."""
    hold_names(connection, [f"{shop_id}:{number}" for shop_id, number in people])


def hold_codes(connection: Connection, shop_id: str) -> None:
    """While a shop's one-time codes are counted, and another is written."""
    hold_names(connection, [f"codes:{shop_id}"])


def hold_names(connection: Connection, names: Collection[str]) -> None:
    """For things that have no row to lock yet; always in one order, so that two transactions cannot deadlock.
    SQLite has one writer and needs no more."""
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql(
        "SELECT pg_advisory_xact_lock(k) FROM "
        "(SELECT DISTINCT hashtextextended(o, 0) AS k FROM unnest(%s::text[]) AS o ORDER BY k) AS locks",
        (list(names),),
    )
