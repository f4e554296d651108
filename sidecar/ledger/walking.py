"""Messages down an index, newest first: of one shop, or of all. Indexes begin with the shop; of many shops those come
first whose newest message is the newest, so that only those are asked whose turn it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain, repeat
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, select, true

from sidecar.storage.tables import messages, shops

_PIECES = (64, 512)
_PIECES_WHERE_FEW_FIT = (512,)
_LARGEST_PIECE = 2048


@dataclass(frozen=True, slots=True)
class Way:
    """Messages with one of these values in an indexed column, or all where no column is named; all shops' where no
    shop is. `others` are the conditions that the index does not serve."""

    shop_id: str
    column: str
    values: Sequence[str]
    bounds: Sequence[ColumnElement[bool]]
    others: Sequence[ColumnElement[bool]]


def walk(connection: Connection, way: Way) -> Iterator[tuple[str, bool]]:
    """Ids, and whether the other conditions hold as well."""
    return ((step.id, step.fits) for step in merge(*_paths(connection, way), reverse=True) if not step.is_head)


class _Step(NamedTuple):
    """`is_head`: a shop's newest, known before its path is asked for."""

    id: str
    fits: bool
    is_head: bool


def _paths(connection: Connection, way: Way) -> Iterator[Iterable[_Step]]:
    if not way.column:
        yield _path(connection, way, *([messages.c.shop_id == way.shop_id] if way.shop_id else []))
        return
    for value in way.values:
        has_value = messages.c[way.column] == value
        if way.shop_id:
            yield _path(connection, way, messages.c.shop_id == way.shop_id, has_value)
        else:
            for shop_id, newest in _heads(connection, way, has_value):
                path = _path(connection, way, messages.c.shop_id == shop_id, has_value)
                yield chain([_Step(newest, True, True)], path)


def _heads(connection: Connection, way: Way, has_value: ColumnElement[bool]) -> Iterator[tuple[str, str]]:
    """The newest of each shop: one probe of the index for each."""
    of_shop = select(messages.c.id).where(messages.c.shop_id == shops.c.id, has_value, *way.bounds)
    newest = of_shop.order_by(messages.c.id.desc()).limit(1).scalar_subquery()
    return ((row[0], row[1]) for row in connection.execute(select(shops.c.id, newest)) if row[1])


def _path(connection: Connection, way: Way, *conditions: ColumnElement[bool]) -> Iterator[_Step]:
    """Read piece by piece, by and by larger ones."""
    query = select(messages.c.id, and_(true(), *way.others)).where(*conditions, *way.bounds)
    query = query.order_by(messages.c.id.desc())
    after: list[ColumnElement[bool]] = []
    for size in chain(_PIECES_WHERE_FEW_FIT if way.others else _PIECES, repeat(_LARGEST_PIECE)):
        rows = connection.execute(query.where(*after).limit(size)).all()
        yield from (_Step(message_id, bool(fits), False) for message_id, fits in rows)
        if len(rows) < size:
            return
        after = [messages.c.id < rows[-1][0]]
