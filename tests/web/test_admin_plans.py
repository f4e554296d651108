"""No page reads a whole table of those that grow with every order: SQLite says how it runs each query."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, event

from sidecar.storage.tables import metadata
from sidecar.wiring import Recado
from tests.bench.rows.pages import PAGES

from .conftest import AddFailed, ShopCaller, hear

GROWING = (
    *("messages", "orders", "timeline", "inbox", "replies", "receipts", "callbacks", "short_links"),
    *("stock_alerts", "consent_log", "credit_ledger"),
)
NEWEST_FIRST = "ix_messages_id"
"""Read only as far as a page is full, where nothing is left out of it."""
SMALL = {
    index.name
    for name in GROWING
    for index in metadata.tables[name].indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
"""Of what waits, or has failed."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def asked(recado: Recado) -> dict[str, object]:
    """Every query, with what it was asked with."""
    seen: dict[str, object] = {}

    @event.listens_for(recado.database.engine, "before_cursor_execute")
    def listen(_c: Connection, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            seen[statement] = parameters

    return seen


def test_every_query_has_an_index(
    inside: FlaskClient, recado: Recado, ana: ShopCaller, add_failed: AddFailed, asked: dict[str, object]
) -> None:
    add_failed(ana)
    heard, _ = hear(recado, ana)
    sent = ana.message(order_id="7")
    known = {
        **dict.fromkeys(("shop", "of_shop"), ana.shop.id),
        **{"account": "acc_ana", "order": "7", "day": "2026-11-11", "early": sent["id"], "conversation": heard},
        **{"number": "%2B5511987654321", "digits": "8765-4321", "last": "4321", "message": sent["id"]},
    }
    for path in PAGES.values():
        answer = inside.get(path.format_map(known))
        assert answer.status_code == 200 or "product=" in path, path
    assert len(asked) > 60
    with recado.database.read() as connection:
        for statement, parameters in dict(asked).items():
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):  # type: ignore[arg-type]
                words = step[3].split()
                narrow = SMALL if "WHERE" in statement else {NEWEST_FIRST}
                is_whole = words[0] == "SCAN" and words[1] in GROWING and words[-1] not in narrow
                assert not is_whole, f"{step[3]}: {statement}"
