"""What a person does with messages that are there already: cancel what waits, release what waits, send once more what
did not arrive. Each is asked one by one whether it can be done; sending again passes all rules anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from sidecar.catalog.compose import ComposedText
from sidecar.catalog.context import Context
from sidecar.catalog.kinds import own_kind
from sidecar.catalog.templates import Template
from sidecar.domain import phone
from sidecar.domain.shop import Shop
from sidecar.domain.status import RETRYABLE, WAITING, MessageState
from sidecar.intake.desk import Stationery
from sidecar.intake.wish import Wish
from sidecar.money.pricing import Prices
from sidecar.policy.occasion import Entrance
from sidecar.storage import shops
from sidecar.storage.credits import NO_CREDIT
from sidecar.storage.messages import Messages, Step
from sidecar.storage.tables import messages
from sidecar.storage.types import AnyRow

MOST_AT_ONCE = 1000
BY_HAND = "by_hand"
_NEVER_AGAIN = frozenset({"code", "request", "answer", "staff", "test", "opt_in_request"})
_VALIDITY_HOURS = 24


class Action(StrEnum):
    CANCEL = "cancel"
    RELEASE = "release"
    RESEND = "resend"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an action would do. `left_out` counts those with which it cannot be done."""

    action: Action
    rows: Sequence[AnyRow] = ()
    left_out: int = 0
    segments: int = 0
    credits: int = 0
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    count: int
    left_out: int


def can(action: Action, row: AnyRow) -> bool:
    state = MessageState(row.state)
    if action is Action.CANCEL:
        return state in WAITING
    if action is Action.RELEASE:
        return state is MessageState.HELD and row.reason != NO_CREDIT
    again = state in RETRYABLE or state is MessageState.SUPPRESSED
    return again and bool(row.to) and row.event not in _NEVER_AGAIN


class Handling:
    def __init__(self, messages: Messages, stationery: Stationery, clock: Callable[[], datetime]) -> None:
        self._messages = messages
        self._stationery = stationery
        self._clock = clock

    def plan(self, connection: Connection, action: Action, ids: Sequence[str], shop_id: str = "") -> Plan:
        """What would be done with these messages, and what that costs; with `shop_id`, with those of this shop."""
        every = _rows(connection, ids, shop_id)
        rows = [row for row in every if can(action, row)]
        if action is not Action.RESEND:
            return Plan(action, rows, len(every) - len(rows))
        return self._priced(connection, Plan(action, rows, len(every) - len(rows)))

    def carry_out(
        self, connection: Connection, action: Action, ids: Sequence[str], token: str, shop_id: str = ""
    ) -> Done:
        """The same `token` sends once more only once, however often the button is pressed."""
        every = _rows(connection, ids, shop_id)
        rows = [row for row in every if can(action, row)]
        if action is Action.RESEND:
            count = self._resend(connection, rows, token)
        else:
            count = sum(self._messages.advance(connection, [self._step(action, row) for row in rows], self._clock()))
        return Done(count, len(every) - count)

    def _step(self, action: Action, row: AnyRow) -> Step:
        if action is Action.CANCEL:
            ended = {"reason": BY_HAND, "sealed": None}
            return Step(row.shop_id, row.id, MessageState.CANCELLED, ended, {"reason": BY_HAND})
        columns = {"reason": "", "due_at": self._clock(), "settles_at": None}
        return Step(row.shop_id, row.id, MessageState.QUEUED, columns, {"rule": BY_HAND})

    def _resend(self, connection: Connection, rows: Sequence[AnyRow], token: str) -> int:
        known = shops.several(connection, {row.shop_id for row in rows})
        wishes = [_wish(known[row.shop_id], row, token, self._clock()) for row in rows]
        people = {someone for wish in wishes if (someone := wish.person)}
        desk = self._stationery.desk(connection, set(known), people, self._clock())
        self._messages.add(connection, [desk.write(wish) for wish in wishes], self._clock())
        return len(wishes)

    def _priced(self, connection: Connection, plan: Plan) -> Plan:
        prices, known = Prices(connection), shops.several(connection, {row.shop_id for row in plan.rows})
        each = [prices.of(known[row.shop_id], row.country, row.segments) for row in plan.rows]
        sums: dict[str, Decimal] = {}
        for price in each:
            if price["price"] is not None:
                sums[price["currency"]] = sums.get(price["currency"], Decimal()) + Decimal(price["price"])
        return Plan(
            plan.action,
            plan.rows,
            plan.left_out,
            segments=sum(row.segments for row in plan.rows),
            credits=sum(price["credits"] for price in each),
            prices=sums,
            unpriced=sum(price["price"] is None for price in each),
        )


def _rows(connection: Connection, ids: Sequence[str], shop_id: str) -> list[AnyRow]:
    query: Any = select(messages).where(messages.c.id.in_(sorted(set(ids))[:MOST_AT_ONCE]))
    if shop_id:
        query = query.where(messages.c.shop_id == shop_id)
    return list(connection.execute(query.order_by(messages.c.id)))


def _wish(shop: Shop, row: AnyRow, token: str, now: datetime) -> Wish:
    """The same words to the same number, as a message of its own."""
    kind = own_kind(row.template, row.category, _VALIDITY_HOURS)
    return Wish(
        shop=shop,
        entrance=Entrance.MANUAL,
        event=Entrance.MANUAL.value if row.event == Entrance.CONVERSATION else row.event,
        dedupe_key=f"again:{row.id}:{token}"[:120],
        template=Template(kind, row.locale or shop.settings.locale, ""),
        context=Context(),
        number=phone.read(row.to, row.country or shop.settings.country),
        event_at=now,
        order_id=row.order_id,
        words=ComposedText(row.text, row.encoding, row.segments),
        why={"source": "again", "instead_of": row.id},
    )
