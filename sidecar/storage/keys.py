"""Rows looked up by many two-part keys at once."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, tuple_


def among(first: Column[Any], second: Column[Any], keys: Collection[tuple[str, str]]) -> ColumnElement[bool]:
    """Whether (first, second) is one of `keys`. The last condition says all, but for `(a, b) IN (VALUES ...)`
    SQLite reads the whole table; by the first two it uses the index."""
    firsts, seconds = (sorted({key[side] for key in keys}) for side in (0, 1))
    return and_(first.in_(firsts), second.in_(seconds), tuple_(first, second).in_(sorted(keys)))
