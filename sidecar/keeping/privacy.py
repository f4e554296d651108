"""Everything held under a number, told or taken out.

Rows are found by the number itself, by its orders, and consents by its keyed hash. What shops delivered and providers
called back is kept as it came: there the number's last digits are looked for, however they are written, in what has
been worked on; and the callbacks that a message's timeline names. A callback that came in by an account which shops
share is found for one of them only by such a timeline."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from sidecar.domain import phone
from sidecar.domain.phone import Number
from sidecar.domain.shop import E164_PATTERN, Shop
from sidecar.domain.status import WAITING, MessageState
from sidecar.ledger import reports
from sidecar.storage import personal, shops, tryouts
from sidecar.storage.blanks import CALLBACK, DELIVERY, MESSAGE, ORDER, Blank, Key, blank_messages
from sidecar.storage.consents import Consents
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages, Step
from sidecar.storage.types import AnyRow

Json = dict[str, Any]

_TOGETHER = 200
_HIDDEN = frozenset({"code_digest", "sealed", "number_hash"})


class NotANumber(Exception):
    """What was given cannot be read as a phone number."""


def read_number(written: str, country: str = "") -> str:
    """As people write it, or +5511912345678. Raises `NotANumber`."""
    found = phone.read(written, country)
    if isinstance(found, Number):
        return found.e164
    if E164_PATTERN.fullmatch(written.strip()):
        return written.strip()
    raise NotANumber(written)


@dataclass(frozen=True, slots=True)
class Privacy:
    database: Database
    messages: Messages
    consents: Consents
    clock: Callable[[], datetime]

    def export(self, number: str, shop: Shop | None = None) -> Json:
        """Everything that is held under a number, by one shop or by all."""
        with self.database.read() as connection:
            shop_ids, account_ids = _scope(connection, shop)
            found = personal.orders_of(connection, number, shop_ids)
            order_keys = [ORDER.key(row) for row in found]
            about = personal.messages_about(connection, number, shop_ids, order_keys)
            standing, said = self.consents.of(connection, number, shop_ids)
            return {
                "number": number,
                "messages": [_with_timeline(connection, row) for row in about],
                "replies": _plain(personal.replies_of(connection, number, shop_ids)),
                "consents": _plain(standing),
                "consent_log": _plain(said),
                "alerts": _plain(personal.alerts_of(connection, number, shop_ids)),
                "verifications": _plain(personal.codes_of(connection, number, shop_ids)),
                "orders": _plain(found),
                "tasks": _plain(personal.tasks_about(connection, order_keys)),
                "receipts": _plain(personal.receipts_of(connection, number, account_ids)),
                "deliveries": _plain(_deliveries(connection, number, shop_ids)),
                "callbacks": _plain(_callbacks(connection, number, account_ids, about)),
            }

    def erase(self, number: str, shop: Shop | None = None) -> Json:
        """Take a number and all that was said out of everything, and cancel what has not left; an opt-out still
        holds. Tells how many rows of which kind. What is in a provider's hands at this moment cannot be taken out
        before its fate is known: `on_their_way` counts that, and erasing again later finds it."""
        with self.database.read() as connection:
            shop_ids, account_ids = _scope(connection, shop)
            order_keys = [ORDER.key(row) for row in personal.orders_of(connection, number, shop_ids)]
            about = personal.messages_about(connection, number, shop_ids, order_keys)
        counts: Json = {"number": phone.mask(number)}
        counts["cancelled"] = self._cancel(about)
        counts["messages"] = sum(self._in_batches(about, MESSAGE, blank_messages))
        counts["on_their_way"] = len(about) - counts["messages"]
        bodies = self._erase_bodies(number, shop_ids, account_ids, about)
        with self.database.write() as connection:
            receipts = personal.receipts_of(connection, number, account_ids)
            counts |= {"receipts": personal.erase_receipts(connection, receipts), **bodies}
            tryouts.forget(connection, shop_ids)
            counts["consents"] = self.consents.erase(connection, number, shop_ids)
            if not counts["on_their_way"]:
                counts |= personal.erase_rows(connection, number, shop_ids, self.clock())
        return counts

    def _cancel(self, about: Sequence[AnyRow]) -> int:
        cancelled = 0
        waiting = [row for row in about if row.state in WAITING]
        while batch := waiting[:_TOGETHER]:
            del waiting[:_TOGETHER]
            told = {"reason": "erased"}
            steps = [Step(row.shop_id, row.id, MessageState.CANCELLED, told, told) for row in batch]
            with self.database.write() as connection:
                # What a worker has claimed since then is on its way; the step would say what is not known.
                held = personal.still_waiting(connection, [step.key for step in steps])
                mine = [step for step in steps if step.key in held]
                cancelled += sum(self.messages.advance(connection, mine, self.clock()))
        return cancelled

    def _erase_bodies(
        self, number: str, shop_ids: Collection[str], account_ids: Collection[str], about: Sequence[AnyRow]
    ) -> dict[str, int]:
        with self.database.read() as connection:
            deliveries = [DELIVERY.key(row) for row in _deliveries(connection, number, shop_ids)]
            callbacks = [CALLBACK.key(row) for row in _callbacks(connection, number, account_ids, about)]
        return {"deliveries": self._put(DELIVERY, deliveries), "callbacks": self._put(CALLBACK, callbacks)}

    def _put(self, blank: Blank, keys: Sequence[Key]) -> int:
        done = 0
        for at in range(0, len(keys), _TOGETHER):
            with self.database.write() as connection:
                done += blank.put(connection, keys[at : at + _TOGETHER])
        return done

    def _in_batches(
        self, rows: Sequence[AnyRow], blank: Blank, work: Callable[[Connection, Sequence[Key]], int]
    ) -> Iterator[int]:
        keys = iter([blank.key(row) for row in rows])
        while batch := list(islice(keys, _TOGETHER)):
            with self.database.write() as connection:
                yield work(connection, batch)


def _scope(connection: Connection, shop: Shop | None) -> tuple[list[str], list[str]]:
    """The shops, and the accounts that are theirs alone."""
    shop_ids = [shop.id] if shop else [each.id for each in shops.every(connection)]
    return shop_ids, personal.own_accounts(connection, shop_ids)


def _deliveries(connection: Connection, number: str, shop_ids: Collection[str]) -> Iterator[AnyRow]:
    for shop_id in shop_ids:
        yield from personal.deliveries_with(connection, number, shop_id)


def _callbacks(
    connection: Connection, number: str, account_ids: Collection[str], about: Sequence[AnyRow]
) -> list[AnyRow]:
    named = personal.callbacks_told_of(connection, [MESSAGE.key(row) for row in about])
    found = {CALLBACK.key(row): row for row in personal.callbacks_named(connection, named)}
    for account_id in account_ids:
        found |= {CALLBACK.key(row): row for row in personal.callbacks_with(connection, number, account_id)}
    return [found[key] for key in sorted(found)]


def _with_timeline(connection: Connection, row: AnyRow) -> Json:
    return {**reports.as_json(row, reveal=True), "timeline": reports.timeline_of(connection, row.shop_id, row.id)}


def _plain(rows: Collection[AnyRow] | Iterator[AnyRow]) -> list[Json]:
    return [{str(name): _told(value) for name, value in row._mapping.items() if name not in _HIDDEN} for row in rows]


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.decode(errors="replace") if isinstance(value, bytes) else value
