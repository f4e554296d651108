"""What people were asked by text and may still answer by one."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.order_record import OrderRecord
from sidecar.policy.replying import Question
from sidecar.storage import orders, replies
from sidecar.storage.consents import Consents, Person
from sidecar.storage.types import AnyRow

CONFIRM_ORDER, CONFIRM_MARKETING = "confirm_order", "confirm_marketing"
OPEN_FOR = timedelta(days=7)
"""How long a question waits for its answer."""

_SETTLED = frozenset(
    {"completed", "complete", "cancelled", "canceled", "refunded", "failed", "closed", "shipped", "delivered"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question, and the order it is about."""

    question: Question
    order_id: str | None = None


class Questions:
    """Those to some people, with the orders they are about locked until the transaction ends."""

    def __init__(self, connection: Connection, consents: Consents, people: Collection[Person], now: datetime) -> None:
        self._connection = connection
        self._consents = consents
        keys = (CONFIRM_ORDER, CONFIRM_MARKETING)
        since = now - OPEN_FOR
        self._asked = {person: replies.questions_to(connection, *person, keys, since) for person in people}
        about = {(row.shop_id, row.order_id) for rows in self._asked.values() for row in rows if row.order_id}
        self._records = orders.lock(connection, about)

    def open_to(self, shop_id: str, number: str, message_id: str | None) -> Asked | None:
        """The one that this message asked, else the latest that is open."""
        rows = self._asked[shop_id, number]
        named = [row for row in rows if row.id == message_id]
        found = (self._open(row, (shop_id, number)) for row in (*named, *rows))
        return next((asked for asked in found if asked), None)

    def record(self, shop_id: str, order_id: str | None) -> OrderRecord | None:
        if order_id is None:
            return None
        return self._records.get((shop_id, order_id)) or orders.find(self._connection, shop_id, order_id)

    def close(self, shop_id: str, order_id: str, answer: str) -> None:
        key = shop_id, order_id
        self._records[key] = replace(self._records[key], asked=answer)
        orders.save(self._connection, {key: self._records[key]})

    def _open(self, row: AnyRow, person: Person) -> Asked | None:
        if row.template == CONFIRM_MARKETING:
            standing = self._consents.standings(self._connection, [person]).get(person, {})
            return Asked(Question.MARKETING) if standing.get(Purpose.MARKETING) is Standing.PENDING else None
        record = self._records.get((row.shop_id, row.order_id))
        return Asked(Question.ORDER, row.order_id) if record and _is_open(record) else None


def _is_open(record: OrderRecord) -> bool:
    """An order that the shop has meanwhile sent, ended or thrown away is not the customer's to decide on."""
    return record.asked == "open" and not record.trashed and record.status.lower() not in _SETTLED
