"""Tables for other programs; messages are written while they are read."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from flask import Response

from sidecar.domain.phone import mask
from sidecar.ledger import search
from sidecar.ledger.search import Sought
from sidecar.storage.database import Database
from sidecar.storage.types import AnyRow

MOST = 200_000
COLUMNS = (
    "id",
    "shop_id",
    "order_id",
    "event",
    "template",
    "category",
    "channel",
    "to",
    "text",
    "encoding",
    "segments",
    "credits",
    "state",
    "reason",
    "provider",
    "provider_id",
    "price",
    "currency",
    "attempts",
    "created_at",
    "due_at",
    "sent_at",
    "delivered_at",
)
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def answer(database: Database, sought: Sought, whole_numbers: bool) -> Response:
    return _file("messages", COLUMNS, _lines(database, sought, whole_numbers))


def table(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    return _file(name, columns, (_line([_harmless(_written(value)) for value in row]) for row in rows))


def _file(name: str, columns: Sequence[str], lines: Iterable[str]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(_begun(columns, lines), headers=headers, content_type="text/csv; charset=utf-8")


def _begun(columns: Sequence[str], lines: Iterable[str]) -> Iterator[str]:
    """With a mark by which spreadsheets know that it is UTF-8."""
    yield "\ufeff" + _line(columns)
    yield from lines


def _lines(database: Database, sought: Sought, whole_numbers: bool) -> Iterator[str]:
    with database.read() as connection:
        for rows in search.find_all(connection, sought, MOST):
            yield "".join(_line(_cells(row, whole_numbers)) for row in rows)


def _cells(row: AnyRow, whole_numbers: bool) -> list[str]:
    values = {**row._mapping, "to": row.to if whole_numbers or not row.to else mask(row.to)}
    return [_harmless(_written(values[name])) for name in COLUMNS]


def _written(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _harmless(word: str) -> str:
    """What a spreadsheet would take for a formula is only text."""
    return f"'{word}" if word.startswith(_FORMULAS) else word


def _line(cells: Sequence[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
